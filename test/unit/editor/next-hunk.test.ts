import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judged } from '../../../src/editor/review/decisions.ts';
import { nextUndecided } from '../../../src/editor/review/next-hunk.ts';

/** Files by name, each with its hunks by id: decided or not. */
const files = (given: Readonly<Record<string, Readonly<Record<string, boolean>>>>): readonly Judged[] =>
  Object.entries(given).map(
    ([path, hunks]) =>
      ({
        file: { path, kind: 'modified' },
        progress: {
          decision: 'undecided',
          hunks: Object.fromEntries(
            Object.entries(hunks).flatMap(([id, is]) => (is ? [[id, { verdict: 'accepted' }]] : [])),
          ),
        },
        hunks: Object.keys(hunks).map((id, index) => ({ hunk: { id, newStart: 10 * index }, isOwn: false })),
      }) as unknown as Judged,
  );

const cases: readonly (readonly [string, Parameters<typeof files>[0], string, string | undefined])[] = [
  ['further down', { a: { p: true, q: true, r: false }, b: { s: false } }, 'a p', 'a r 20'],
  ['in the next file', { a: { p: false, q: true }, b: { s: false } }, 'a q', 'b s 1'],
  [
    'past files that are decided or whole',
    { a: { p: true }, b: {}, c: { s: true }, d: { t: false } },
    'a p',
    'd t 1',
  ],
  ['from the top again', { a: { p: false }, b: { s: true } }, 'b s', 'a p 1'],
  ['nowhere where all is decided', { a: { p: true }, b: { s: true } }, 'a p', undefined],
  ['at the first where the former is gone', { a: { p: false } }, 'z z', 'a p 1'],
];
for (const [what, given, from, expected] of cases)
  test(`goes on ${what}`, () => {
    const [path = '', id = ''] = from.split(' ');
    const next = nextUndecided(files(given), { path, id });
    assert.equal(next && `${next.path} ${next.id} ${next.line}`, expected);
  });
