import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointFacts, Facts } from '../../../src/core/doctor/facts.ts';
import { isIll, type Level } from '../../../src/core/doctor/finding.ts';
import { judge } from '../../../src/core/doctor/judge.ts';
import { asMarkdown, asText, summary } from '../../../src/core/doctor/report.ts';
import { filled, type Speech } from '../../../src/protocol/words.ts';

const GB = 1024 ** 3;
const endpoint = (more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  id: 'a',
  name: 'Alpha',
  kind: 'openai',
  address: 'https://host/v1',
  hasKey: true,
  hasPrice: true,
  tools: 'called',
  ...more,
});
const down = { code: 'endpoint.unreachable', message: 'It cannot be reached.' };
const models = (...endpoints: EndpointFacts[]): Facts['models'] => ({
  source: 'settings',
  endpoints,
  routes: { default: endpoints.map(({ id }) => id) },
});

const WELL: Facts = {
  versions: { quartet: '1.0.0', node: 'v24.1.0', system: 'linux' },
  folder: { path: '/project', trusted: true },
  git: { version: '2.40.0' },
  ripgrep: '/bin/rg',
  storage: { path: '/state', usedBytes: GB, freeBytes: 50 * GB },
  models: models(endpoint()),
  network: { systemAuthorities: true, unchecked: false },
  tests: { label: 'npm test', why: 'package.json says so.' },
  runs: { unfinished: [], leftovers: 0 },
};

test('doctor: where all is well there is nothing to do', () => {
  const findings = judge(WELL);
  assert.deepEqual([...new Set(findings.map(({ level }) => level))], ['ok']);
  assert.equal(summary(findings), 'All is well.');
  assert.equal(isIll(findings), false);
});

const cases: readonly (readonly [what: string, more: Partial<Facts>, level: Level, text: RegExp])[] = [
  ['an old Node', { versions: { ...WELL.versions, node: 'v18.2.0' } }, 'problem', /too old/],
  [
    'a key in the project’s words',
    { instructions: [{ path: 'AGENTS.md', characters: 100, cut: false, globs: [], secrets: true }] },
    'warning',
    /AGENTS\.md holds what looks like a key.*Agents are told "\[secret\]"/,
  ],
  ['no folder', { folder: {} }, 'problem', /No folder/],
  [
    'no trust',
    { folder: { path: '/p', trusted: false, obstacle: 'Not trusted.' } },
    'problem',
    /Not trusted/,
  ],
  ['no git', { git: { problem: 'spawn git ENOENT' } }, 'warning', /Git does not work \(spawn.*plain copies/],
  ['no room', { storage: { path: '/s', freeBytes: 1000 } }, 'problem', /1 KB are free/],
  ['little room', { storage: { path: '/s', freeBytes: GB } }, 'warning', /1\.0 GB are free/],
  ['much used', { storage: { path: '/s', freeBytes: 99 * GB, usedBytes: 20 * GB } }, 'warning', /much space/],
  [
    'read-only storage',
    { storage: { path: '/s', problem: 'EACCES' } },
    'problem',
    /cannot be written: EACCES/,
  ],
  ['no model', { models: models() }, 'problem', /No model/],
  ['settings that are wrong', { models: { ...models(), problem: 'Bad.' } }, 'problem', /Bad\./],
  ['the only model down', { models: models(endpoint({ failure: down })) }, 'problem', /cannot be reached/],
  [
    'a model down that has one behind it',
    { models: models(endpoint({ failure: down }), endpoint({ id: 'b' })) },
    'warning',
    /cannot be reached/,
  ],
  [
    'a route with nobody behind it',
    {
      models: {
        ...models(endpoint(), endpoint({ id: 'b', failure: down })),
        routes: { default: ['a'], coder: ['b'] },
      },
    },
    'problem',
    /cannot be reached/,
  ],
  [
    'a route to nowhere',
    { models: { ...models(endpoint()), routes: { coder: ['x'] } } },
    'problem',
    /coder → x/,
  ],
  ['no tools', { models: models(endpoint({ tools: 'ignored' })) }, 'warning', /called no tool/],
  ['a model that is not listed', { models: models(endpoint({ listed: false })) }, 'warning', /does not list/],
  [
    'a proxy that is not used',
    { network: { proxy: 'http://p', proxyProblem: 'Old Node.', systemAuthorities: false, unchecked: false } },
    'problem',
    /not used: Old Node/,
  ],
  [
    'an authority file that is not there',
    {
      network: {
        extraAuthorities: { path: '/ca', problem: 'ENOENT' },
        systemAuthorities: false,
        unchecked: false,
      },
    },
    'problem',
    /NODE_EXTRA_CA_CERTS/,
  ],
  [
    'certificates unchecked',
    { network: { systemAuthorities: true, unchecked: true } },
    'warning',
    /not checked/,
  ],
  [
    'a model that failed lately',
    { models: models(endpoint({ now: { health: 'open', inFlight: 2, why: 'it failed 5 times in a row' } })) },
    'warning',
    /^Alpha at the moment: it failed 5 times in a row; 2 calls under way\.$/,
  ],
  [
    'tools of others that changed',
    { team: { roles: ['coder'], tools: [{ name: 'read_file', version: '1' }], changed: ['jira'] } },
    'warning',
    /Refused.*jira/,
  ],
  [
    'an endpoint that is not well in a run',
    {
      runs: { unfinished: ['run-1'], leftovers: 0, ill: [{ run: 'run-1', name: 'Alpha', why: 'it rests' }] },
    },
    'warning',
    /In run-1, Alpha: it rests/,
  ],
  ['no tests', { tests: { why: 'Looked everywhere.' } }, 'warning', /No way to run tests/],
  ['leftovers', { runs: { unfinished: ['run-1'], leftovers: 3 } }, 'warning', /3 folders/],
  [
    'an authority that the editor passes over',
    {
      network: {
        proxy: 'http://p',
        extraAuthorities: { path: '/ca' },
        systemOnlyByProxy: true,
        systemAuthorities: true,
        unchecked: false,
      },
    },
    'warning',
    /authorities of the system only/,
  ],
];
for (const [what, more, level, text] of cases) {
  test(`doctor: ${what} is a ${level} with what to do`, () => {
    const { ripgrep, ...rest } = WELL;
    const findings = judge({ ...rest, ...(ripgrep !== undefined && { ripgrep }), ...more });
    const bad = findings.filter((finding) => finding.level !== 'ok');
    assert.equal(bad.length, 1, JSON.stringify(bad));
    assert.equal(bad[0]?.level, level);
    assert.match(bad[0].text, text);
    assert.ok((bad[0].advice ?? '').length > 5);
    assert.equal(isIll(findings), level === 'problem');
    assert.match(summary(findings), level === 'problem' ? /^1 problem/ : /^Runs can start; 1 warning/);
    assert.ok(asText(findings).includes(`→ ${bad[0].advice ?? ''}`));
  });
}

test('doctor: a door has it in its own words; only what is the same everywhere is not translated', () => {
  const marked: Speech = {
    t: (english, ...values) => `⟦${filled(english, values)}⟧`,
    told: (text) => `⟦${text}⟧`,
  };
  const said = cases.flatMap(([, more]) => judge({ ...WELL, ...more }, marked));
  const plain = said.flatMap(({ text, advice = '⟦⟧' }) => [text, advice]).filter((text) => !/⟦/u.test(text));
  assert.deepEqual(
    [...new Set(plain)].toSorted(),
    ['Not trusted.', 'Quartet 1.0.0, Node v24.1.0, linux.', 'Ripgrep: /bin/rg.'],
    'numbers, paths, and why the door has no folder',
  );
  const page = asMarkdown(said, marked.t);
  assert.deepEqual(
    page.split('\n').filter((line) => /^#/u.test(line) && !line.includes('⟦')),
    [],
  );
  assert.doesNotMatch(page, /\*\*What/u);
});

test('doctor: words of servers are no markup', () => {
  const message = '<img src=x> [a](b) *c* `d`\n# e _f_ g_h';
  const text = asMarkdown(judge({ ...WELL, models: models(endpoint({ failure: { code: 'x', message } })) }));
  assert.ok(text.includes('\\<img src=x\\> \\[a\\](b) \\*c\\* \\`d\\` \\# e \\_f\\_ g_h'));
});

test('doctor: roles and tools are told with their versions, and the load of a model that is well', () => {
  const tools = [
    { name: 'read_file', version: '1' },
    { name: 'edit_file', version: '2' },
  ];
  const now = { health: 'fine', inFlight: 1 } as const;
  const text = asText(
    judge({
      ...WELL,
      models: models(endpoint({ now })),
      team: { roles: ['coder', 'qa'], tools, granted: ['jira'] },
    }),
  );
  for (const told of [
    /Team: 2 roles: coder, qa\./,
    /Team: 2 tools, version 1 but for edit_file 2\./,
    /Team: Tools of other programs: jira\./,
    /Models: Alpha at the moment: 1 call under way\./,
  ])
    assert.match(text, told);
});
