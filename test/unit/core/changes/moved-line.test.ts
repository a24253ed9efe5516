import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movedLine } from '../../../../src/core/changes/moved-line.ts';

const cases: readonly (readonly [is: string, before: string, after: string, line: number, now: number])[] = [
  ['nothing changed', 'a\nb\nc\n', 'a\nb\nc\n', 2, 2],
  ['lines came before it', 'a\nb\nc\n', 'x\ny\na\nb\nc\n', 2, 4],
  ['lines went before it', 'a\nb\nc\n', 'c\n', 3, 1],
  ['lines came after it', 'a\nb\nc\n', 'a\nb\nc\nd\n', 3, 3],
  ['lines came right before it', 'a\nb\n', 'a\nx\nb\n', 2, 3],
  ['lines came right after it', 'a\nb\n', 'a\nx\nb\n', 1, 1],
  ['it was changed', 'a\nb\nc\n', 'a\nB\nc\n', 2, 0],
  ['it was removed', 'a\nb\nc\n', 'a\nc\n', 2, 0],
  ['it never was', 'a\n', 'a\n', 9, 0],
  ['it names the whole file', 'a\n', 'b\na\n', 0, 0],
];

for (const [is, before, after, line, now] of cases)
  test(`a line in a changed text: ${is}`, () => assert.equal(movedLine(before, after, line), now));
