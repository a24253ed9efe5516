/** What serves what tasks require, and why the rest does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Endpoint } from '../../../../src/protocol/settings.ts';
import {
  endpointsThatServe,
  entriesOf,
  isCompatible,
  matchOne,
} from '../../../../src/core/team/capabilities.ts';

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

test('an endpoint has no version: the numbers in a name like mixtral-8x7b are none', () => {
  const entries = entriesOf({ endpoints: [endpoint({ model: 'mixtral-8x7b' })] }, { roles: [], tools: [] });
  for (const requires of ['a@8', 'endpoint:a@4.1'])
    assert.deepEqual(matchOne(requires, entries), {
      requires,
      by: [],
      refused: [
        {
          kind: 'endpoint',
          id: 'a',
          why: `it has no version, and ${requires.split('@')[1] ?? ''} is required`,
        },
      ],
    });
});

test('versions: the same major, not older', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['1.4', '1.4', true],
    ['1.10', '1.9', true],
    ['1.4.1', '1.4', true],
    ['1.3', '1.4', false],
    ['2.0', '1.4', false],
  ];
  for (const [has, wanted, is] of cases) assert.equal(isCompatible(has, wanted), is, `${has} for ${wanted}`);
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
