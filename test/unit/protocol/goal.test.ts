/** What people see of their goal is what they said; what went along for the team stands apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOfGoal } from '../../../src/protocol/goal.ts';
import { attachedText } from '../../../src/core/policy/untrusted.ts';

const problems = attachedText('src/a.js:1: error: no semicolon', 'problems', '4f7861705152');

const CASES: readonly (readonly [goal: string, words: string, along: string])[] = [
  ['Mend it', 'Mend it', ''],
  [`Fix it.\n\n${problems}`, 'Fix it.', 'src/a.js:1: error: no semicolon'],
  [
    `See #problems and #file:a.js\n\nWhat is mentioned above:\n\n#problems: what the editor reports:\n${problems}\n\n#file:a.js: the file a.js`,
    'See #problems and #file:a.js',
    '#problems: what the editor reports:\nsrc/a.js:1: error: no semicolon\n\n#file:a.js: the file a.js',
  ],
  ['Two\n\nparagraphs, [data] and all', 'Two\n\nparagraphs, [data] and all', ''],
  ['', '', ''],
];

test('the words of a goal, and what went along without its marks', () => {
  for (const [goal, words, along] of CASES) assert.deepEqual(partsOfGoal(goal), { words, along });
});
