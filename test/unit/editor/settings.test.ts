import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { configuredModels, configuredRetention, resolveSettings } from '../../../src/editor/settings.ts';
import { BudgetLimits, Limits } from '../../../src/protocol/settings.ts';
import { putIn } from '../../support/l10n/manifest.mjs';
import { readTable, tablePath } from '../../support/l10n/tables.mjs';

interface Property {
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}
interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}
const root = join(import.meta.dirname, '..', '..', '..');
const manifest = putIn(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest,
  readTable(tablePath(root, 'manifest')),
);
const properties = Object.assign(
  {},
  ...manifest.contributes.configuration.map((part) => part.properties),
) as Record<string, Property>;

const NO_TEXTS = { project: [], policy: undefined };

const reader =
  (values: Readonly<Record<string, unknown>> = {}) =>
  (key: string): unknown =>
    Object.hasOwn(values, key) ? values[key] : properties[`quartet.${key}`]?.default;

const endpoint = { id: 'a', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
const models = {
  endpoints: configuredModels(reader({ endpoints: [endpoint] }))?.endpoints ?? [],
  routes: { default: ['a'] },
};

test('settings: the defaults of the manifest are those of the protocol', () => {
  const { limits, budget, approvals, interactive } = resolveSettings(reader(), models, NO_TEXTS);
  const later = { replans: 1, parked: 8 };
  assert.deepEqual(limits, Limits.parse(later), 'runs of before there were these have none');
  assert.deepEqual(budget, BudgetLimits.parse({}));
  assert.deepEqual(
    { approvals, interactive },
    { approvals: { plan: true, commands: true, changes: true }, interactive: true },
  );
});

test('settings: every limit and budget is a setting that describes itself', () => {
  for (const name of Object.keys(Limits.shape))
    assert.ok(properties[`quartet.limits.${name}`], `limits.${name}`);
  for (const name of Object.keys(BudgetLimits.shape))
    assert.ok(properties[`quartet.budget.${name}`], `budget.${name}`);
  for (const [key, { description, markdownDescription }] of Object.entries(properties)) {
    assert.ok((markdownDescription ?? description ?? '').length > 20, key);
  }
});

test('settings: what a workspace must not redirect or switch off is the machine’s', () => {
  const guarded = /^quartet\.(endpoints|routes|approve\..*|budget\..*|discoverLocalServers|resumeOnStartup)$/;
  for (const [key, { scope }] of Object.entries(properties)) {
    if (guarded.test(key)) assert.equal(scope, 'machine', key);
  }
});

test('settings: none of an untrusted folder is used', () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.deepEqual([...restrictedConfigurations].sort(), Object.keys(properties).sort());
});

test('settings: what a person sets is taken', () => {
  const read = reader({
    'limits.concurrency': 1,
    'budget.costUsdMax': 2.5,
    'budget.tokensMax': null,
    'approve.commands': false,
    'bestOf.candidates': 3,
    'bestOf.variants': [{ temperature: 0.4 }],
    testCommand: ' node --test ',
  });
  const project = [{ path: 'AGENTS.md', globs: [], text: 'Be brief.' }];
  const settings = resolveSettings(read, models, { ...NO_TEXTS, project });
  assert.equal(settings.limits.concurrency, 1);
  assert.deepEqual(settings.bestOf, { candidates: 3, variants: [{ temperature: 0.4 }], choose: 'rule' });
  assert.deepEqual(settings.budget, { costUsdMax: 2.5 });
  assert.equal(settings.approvals.commands, false);
  assert.equal(settings.testCommand, ' node --test ');
  assert.deepEqual(settings.project, project);
});

test('settings: a blank test command is none', () => {
  assert.equal('testCommand' in resolveSettings(reader({ testCommand: '  ' }), models, NO_TEXTS), false);
});

const refused: readonly (readonly [what: string, values: Record<string, unknown>, named: RegExp])[] = [
  ['an endpoint without an address', { endpoints: [{ id: 'a', model: 'm' }] }, /quartet\.endpoints.*baseUrl/],
  [
    'a model of the editor without its vendor',
    { endpoints: [{ id: 'a', kind: 'editor', model: 'gpt-4.1' }] },
    /quartet\.endpoints.*vendor\/model.*model/,
  ],
  ['a script as endpoint', { endpoints: [{ ...endpoint, kind: 'scripted' }] }, /quartet\.endpoints.*kind/],
  ['endpoints that are no list', { endpoints: 'x' }, /quartet\.endpoints/],
  ['two endpoints of one id', { endpoints: [endpoint, endpoint] }, /same id/],
  ['a group with a stranger', { endpoints: [endpoint], routes: { coder: [['a', 'b']] } }, /no endpoint "b"/],
  ['an empty group', { endpoints: [endpoint], routes: { coder: [[]] } }, /routes/],
  ['a rate of nothing', { endpoints: [{ ...endpoint, requestsPerMinute: 0 }] }, /requestsPerMinute/],
  ['a route to nowhere', { endpoints: [endpoint], routes: { coder: ['b'] } }, /no endpoint "b"/],
];
for (const [what, values, named] of refused) {
  test(`settings: refuses ${what}, naming the setting`, () => {
    assert.throws(
      () => configuredModels(reader(values)),
      (error) => error instanceof PortError && error.code === 'settings.invalid' && named.test(error.message),
    );
  });
}

test('settings: budgets of roles, and endpoints to fall down to, which must exist', () => {
  const values = { 'budget.roles': { coder: { turnsMax: 3 } }, 'budget.degradeTo': ['a'] };
  assert.deepEqual(resolveSettings(reader(values), models, NO_TEXTS).budget, {
    roles: { coder: { turnsMax: 3 } },
    degradeTo: ['a'],
  });
  assert.throws(
    () => resolveSettings(reader({ 'budget.degradeTo': ['z'] }), models, NO_TEXTS),
    /degradeTo.*no endpoint "z"/,
  );
});

test('settings: a limit out of range is refused by name', () => {
  assert.throws(() => resolveSettings(reader({ 'limits.turns': 0 }), models, NO_TEXTS), /limits.*turns/);
});

test('settings: without endpoints no models are configured', () => {
  assert.equal(configuredModels(reader()), undefined);
});

test('settings: a model of the editor needs no address; what has none else is a server', () => {
  const found = configuredModels(
    reader({ endpoints: [{ id: 'e', kind: 'editor', model: 'copilot/gpt-4.1' }, endpoint] }),
  );
  assert.deepEqual(
    found?.endpoints.map(({ kind }) => kind),
    ['editor', 'openai'],
  );
});

test('settings: the first endpoint serves what no route names', () => {
  const found = configuredModels(
    reader({ endpoints: [endpoint, { ...endpoint, id: 'b' }], routes: { planner: ['b', 'a'] } }),
  );
  assert.deepEqual(found?.routes, { default: ['a'], planner: ['b', 'a'] });
});

test('settings: finished runs are kept unless the person says otherwise', () => {
  assert.equal(configuredRetention(reader()), undefined);
  assert.deepEqual(configuredRetention(reader({ 'retention.days': 30 })), {
    daysMax: 30,
    bytesMax: undefined,
  });
  assert.deepEqual(configuredRetention(reader({ 'retention.megabytes': 0.5 })), {
    daysMax: undefined,
    bytesMax: 512 * 1024,
  });
  const wrong = () => configuredRetention(reader({ 'retention.days': 0 }));
  assert.throws(wrong, { code: 'settings.invalid', message: /quartet\.retention/u });
});

test('settings: no workspace can have runs removed', () => {
  for (const name of ['days', 'megabytes']) {
    assert.equal(properties[`quartet.retention.${name}`]?.scope, 'machine');
    assert.equal(properties[`quartet.retention.${name}`]?.default, null);
  }
});

test('pages of this machine are opened only where a person enabled that, with the browser they named', () => {
  const browseOf = (values: Readonly<Record<string, unknown>>) =>
    resolveSettings(reader(values), models, NO_TEXTS).browse;
  assert.equal(browseOf({}), undefined);
  assert.equal(browseOf({ 'browse.enabled': 'yes', 'browse.browser': '/x' }), undefined);
  assert.deepEqual(browseOf({ 'browse.enabled': true }), {});
  assert.deepEqual(browseOf({ 'browse.enabled': true, 'browse.browser': ' /opt/chrome ' }), {
    browser: '/opt/chrome',
  });
  for (const key of ['quartet.browse.enabled', 'quartet.browse.browser']) {
    assert.equal(properties[key]?.scope, 'machine');
    assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(key));
  }
});
