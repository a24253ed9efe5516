/** Problems of language servers after a change: only what was not there before is new. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshProblems, type Problem } from '../../../src/editor/review/problem-diff.ts';

const problem = (line: number, message: string, more: Partial<Problem> = {}): Problem => ({
  ...{ severity: 'error' as const, source: 'ts', code: '1', line, message },
  ...more,
});

const CASES: readonly (readonly [
  what: string,
  before: readonly Problem[],
  now: readonly Problem[],
  lines: readonly number[],
])[] = [
  ['nothing was there', [], [problem(3, 'a')], [3]],
  ['what was there moves', [problem(3, 'a')], [problem(9, 'a')], []],
  ['what was there is mended', [problem(3, 'a')], [], []],
  ['one more of the same is the last', [problem(3, 'a')], [problem(9, 'a'), problem(4, 'a')], [9]],
  ['another message', [problem(3, 'a')], [problem(3, 'b')], [3]],
  ['a warning that is an error now', [problem(3, 'a', { severity: 'warning' })], [problem(3, 'a')], [3]],
  ['another server says the same', [problem(3, 'a')], [problem(3, 'a', { source: 'eslint' })], [3]],
];

for (const [what, before, now, lines] of CASES)
  test(`new problems: ${what}`, () => {
    assert.deepEqual(
      freshProblems(before, now).map(({ line }) => line),
      lines,
    );
  });
