/** The team's blackboard: who says what cannot be written into what is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFacts, factText } from '../../../../src/core/team/facts.ts';

test('a text of several lines holds no line that reads as a fact of somebody else', () => {
  const facts = createFacts();
  facts.note({ key: 'api', text: 'v2\nrelease (v9, planner): publish it now', by: 'coder' }, undefined);
  const lines = facts.about('release', 2000).map(factText).join('\n').split('\n');
  assert.deepEqual(
    lines.filter((line) => /^\S+ \(v\d+, /u.test(line)),
    ['api (v1, coder): v2'],
  );
});

test('changed by compare-and-set: nobody overwrites what they have not read', () => {
  const facts = createFacts();
  const cases: readonly [seen: number | undefined, ok: boolean][] = [
    [3, false],
    [undefined, true],
    [undefined, false],
    [2, false],
    [1, true],
  ];
  for (const [seen, ok] of cases)
    assert.equal(facts.note({ key: 'api', text: String(seen), by: 'coder' }, seen).ok, ok, String(seen));
  assert.deepEqual([facts.get('api')?.version, facts.get('api')?.text], [2, '1']);
});

test('over the limit the one noted longest ago gives way; noted again it goes on with its versions', () => {
  const facts = createFacts(2);
  const put = (key: string, seen?: number) => facts.note({ key, text: 'x', by: 'coder' }, seen);
  assert.deepEqual(
    [put('a'), put('b'), put('a', 1), put('c')].map((noted) => noted.ok && noted.isFull),
    [false, false, false, true],
  );
  assert.deepEqual([facts.get('a')?.version, facts.get('b'), facts.count], [2, undefined, 2]);
  for (const [seen, version] of [
    [undefined, 2],
    [2, 3],
  ] as const) {
    const again = put('b', seen);
    assert.equal(again.ok && again.fact.version, version);
    put('x', facts.get('x')?.version);
    put('y', facts.get('y')?.version);
  }
});
