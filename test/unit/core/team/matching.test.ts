/** What serves what tasks require, why the rest does not, and how many agents there is room for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Endpoint, Limits } from '../../../../src/protocol/settings.ts';
import {
  endpointsThatServe,
  entriesOf,
  isCompatible,
  matchOne,
  type Entry,
} from '../../../../src/core/team/capabilities.ts';
import { sizeOf } from '../../../../src/core/team/sizing.ts';

const endpoint = (more: object) => Endpoint.parse({ id: 'a', kind: 'openai', model: 'gpt-4.1', ...more });
const ENTRIES = entriesOf(
  {
    endpoints: [
      endpoint({ vision: true, contextTokens: 32_000 }),
      endpoint({ id: 'b', contextTokens: 200_000, baseUrl: 'http://localhost:1/v1' }),
    ],
  },
  {
    roles: [{ name: 'coder', version: '1.4', tools: ['edit_file'], submit: ['submit_result'] }],
    tools: [{ name: 'run_tests' }, { name: 'browse_page', version: '2' }],
  },
);

const SERVED: readonly (readonly [requires: string, by: readonly string[]])[] = [
  ['vision', ['a']],
  ['context>=64000', ['b']],
  ['context>=1000', ['a', 'b']],
  ['local', ['b']],
  ['endpoint:b', ['b']],
  ['tool:run_tests', ['run_tests']],
  ['tool:fetch_url', []],
  ['tool:run_tests@1', ['run_tests']],
  ['tool:browse_page@1', []],
  ['role:coder@1.2', ['coder']],
  ['role:coder@1.5', []],
  ['role:coder@2', []],
  ['uses-edit_file', ['coder']],
  ['context>=900000', []],
  ['??', []],
];

for (const [requires, by] of SERVED)
  test(`${requires} is served by ${by.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(
      matchOne(requires, ENTRIES).by.map(({ id }) => id),
      by,
    );
  });

test('the healthy before the doubtful, then the least loaded; what is down serves nobody', () => {
  const entry = (id: string, more: Partial<Entry>): Entry => ({
    kind: 'worker',
    id,
    provides: ['build'],
    ...more,
  });
  const entries = [
    entry('doubtful', { health: 'doubtful' }),
    entry('busy', { load: 3 }),
    entry('idle', { load: 0 }),
    entry('down', { health: 'down' }),
  ];
  const { by, refused } = matchOne('build', entries);
  assert.deepEqual(
    by.map(({ id }) => id),
    ['idle', 'busy', 'doubtful'],
  );
  assert.deepEqual(refused, [{ kind: 'worker', id: 'down', why: 'it does not answer now' }]);
});

test('versions: the same major, not older', () => {
  const cases: readonly (readonly [string | undefined, string, boolean])[] = [
    ['1.4', '1.4', true],
    ['1.10', '1.9', true],
    ['1.4.1', '1.4', true],
    ['1.3', '1.4', false],
    ['2.0', '1.4', false],
    [undefined, '1', false],
  ];
  for (const [has, wanted, is] of cases)
    assert.equal(isCompatible(has, wanted), is, `${String(has)} for ${wanted}`);
});

test('a task that requires nothing of endpoints keeps all, in their order', () => {
  const both = [endpoint({}), endpoint({ id: 'b', vision: true })];
  assert.equal(endpointsThatServe(both, ['tool:run_tests']).endpoints.length, 2);
  const { endpoints, why } = endpointsThatServe(both, ['vision']);
  assert.deepEqual(
    endpoints.map(({ id }) => id),
    ['b'],
  );
  assert.equal(why, 'for vision (a not: it provides no vision)');
});

for (const requires of ['large', 'b', 'endpoint:b'])
  test(`an endpoint or a model that is named is kept to: ${requires}`, () => {
    const both = [endpoint({ model: 'small' }), endpoint({ id: 'b', model: 'large' })];
    const { endpoints } = endpointsThatServe(both, [requires]);
    assert.deepEqual(
      endpoints.map(({ id }) => id),
      ['b'],
    );
  });

const SIZES: readonly {
  readonly name: string;
  readonly settings: object;
  readonly work?: object;
  readonly agents: number;
  readonly why: RegExp;
}[] = [
  { name: 'the limit', settings: {}, agents: 8, why: /limit/u },
  { name: 'the work there is', settings: {}, work: { width: 2 }, agents: 2, why: /same time/u },
  { name: 'processors', settings: { processors: 2 }, agents: 4, why: /2 processors/u },
  {
    name: 'never none',
    settings: {},
    work: { endpoints: [endpoint({ requestsPerMinute: 1 })] },
    agents: 1,
    why: /1 requests/u,
  },
  {
    name: 'rates of all endpoints together',
    settings: {},
    work: { endpoints: [endpoint({ requestsPerMinute: 10 }), endpoint({ requestsPerMinute: 10 })] },
    agents: 5,
    why: /20 requests/u,
  },
  {
    name: 'rates of the endpoints that are well',
    settings: {},
    work: {
      endpoints: [endpoint({ requestsPerMinute: 10 }), endpoint({ id: 'b', requestsPerMinute: 20 })],
      standing: (id: string) => ({ health: id === 'a' ? 'open' : 'fine' }),
    },
    agents: 5,
    why: /^20 requests/u,
  },
  {
    name: 'endpoints that ask to be left alone',
    settings: {},
    work: { endpoints: [endpoint({})], standing: () => ({ health: 'resting' }) },
    agents: 4,
    why: /^a: too many requests/u,
  },
  {
    name: 'endpoints that do not answer',
    settings: {},
    work: { endpoints: [endpoint({})], standing: () => ({ health: 'open' }) },
    agents: 1,
    why: /does not answer/u,
  },
  {
    name: 'one endpoint of two that answers',
    settings: {},
    work: {
      endpoints: [endpoint({}), endpoint({ id: 'b' })],
      standing: (id: string) => ({ health: id === 'a' ? 'resting' : 'fine' }),
    },
    agents: 8,
    why: /limit/u,
  },
  {
    name: 'the budget',
    settings: {},
    work: { budget: { atWork: 1, more: 1 } },
    agents: 2,
    why: /^budget for 1 more task$/u,
  },
  {
    name: 'a budget that is used up',
    settings: {},
    work: { budget: { atWork: 0, more: 0 } },
    agents: 1,
    why: /no more tasks/u,
  },
  {
    name: 'no rate where one endpoint has none',
    settings: {},
    work: { endpoints: [endpoint({ requestsPerMinute: 4 }), endpoint({})] },
    agents: 8,
    why: /limit/u,
  },
];

for (const { name, settings, work, agents, why } of SIZES)
  test(`as many agents as ${name} allows`, () => {
    const size = sizeOf(
      { limits: Limits.parse({ concurrency: 8 }), ...settings },
      { width: 20, endpoints: [], ...work },
    );
    assert.equal(size.agents, agents);
    assert.match(size.why, why);
  });
