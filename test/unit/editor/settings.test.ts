import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { configuredModels, resolveSettings } from '../../../src/editor/settings.ts';
import { BudgetLimits, Limits } from '../../../src/protocol/settings.ts';

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
const manifestPath = join(import.meta.dirname, '..', '..', '..', 'package.json');
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest;
const properties = Object.assign(
  {},
  ...manifest.contributes.configuration.map((part) => part.properties),
) as Record<string, Property>;

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
  const { limits, budget, approvals, interactive } = resolveSettings(reader(), models, undefined);
  assert.deepEqual(limits, Limits.parse({}));
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
    testCommand: ' node --test ',
  });
  const settings = resolveSettings(read, models, 'Be brief.');
  assert.equal(settings.limits.concurrency, 1);
  assert.deepEqual(settings.budget, { costUsdMax: 2.5 });
  assert.equal(settings.approvals.commands, false);
  assert.equal(settings.testCommand, ' node --test ');
  assert.equal(settings.instructions, 'Be brief.');
});

test('settings: a blank test command is none', () => {
  assert.equal('testCommand' in resolveSettings(reader({ testCommand: '  ' }), models, undefined), false);
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

test('settings: a limit out of range is refused by name', () => {
  assert.throws(() => resolveSettings(reader({ 'limits.turns': 0 }), models, undefined), /limits.*turns/);
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
