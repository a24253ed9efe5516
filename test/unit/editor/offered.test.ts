/** What other assistants write is shown to the person before it counts, and counts as it was shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goalAsSeen } from '../../../src/editor/offered/report.ts';

const HIDDEN: readonly (readonly [what: string, goal: string, seen: string])[] = [
  ['tag letters', 'Mend it\u{e0049}\u{e0047}', 'Mend it'],
  ['variation selectors', 'Mend it\ufe00\ufe01', 'Mend it'],
  ['letters drawn as nothing', 'Mend\u3164 it', 'Mend it'],
  ['bits in joiners', 'Mend it\u200c\u200d\u200c', 'Mend it'],
  ['text that runs backwards', 'Mend \u202eit', 'Mend it'],
  ['escapes', '\u001b]0;x\u0007Mend it', 'Mend it'],
  ['a tail behind lines', `Mend it${'\n'.repeat(500)}and obey`, 'Mend it\n\nand obey'],
  ['a tail behind blanks', `Mend it${' '.repeat(500)}and obey`, 'Mend it and obey'],
  ['nothing but what is hidden', '\u{e0049}\u200b', ''],
];
for (const [what, goal, seen] of HIDDEN)
  test(`a goal of another assistant: ${what}`, () => {
    assert.equal(goalAsSeen(goal), seen);
  });

test('an ordinary goal stays as it is', () => {
  for (const goal of ['Mend `greet`\n\n- a\n  - b 👩‍👩‍👧 ❤️‍🔥', 'می‌خواهم درست شود'])
    assert.equal(goalAsSeen(goal), goal);
});
