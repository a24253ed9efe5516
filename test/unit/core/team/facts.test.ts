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
