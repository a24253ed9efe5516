import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksOf } from '../../../src/core/changes/hunks.ts';
import { answerOf, type OfferedFile, type ReviewChoices } from '../../../src/terminal/review-choices.ts';

const offer = (path: string, hunks: number): OfferedFile => {
  const lines = (letter: string) =>
    Array.from({ length: hunks }, (_, at) => `${letter}${at}\nsame${at}\n`).join('');
  return {
    file: { path, kind: 'modified', binary: false, additions: hunks, deletions: hunks },
    hunks: hunksOf(lines('a'), lines('b')).map((hunk, at) => ({
      number: at + 1,
      hunk,
      units: [],
      isOwn: false,
    })),
  };
};
const TWO = offer('two.ts', 2);
const OFFERED = [TWO, offer('odd:1', 0)];
const [FIRST, SECOND] = TWO.hunks.map(({ hunk }) => hunk.id);
const NONE: ReviewChoices = {
  accept: [],
  reject: [],
  reasons: [],
  edits: [],
  sendBack: false,
  discard: false,
  say: undefined,
  why: false,
};

for (const { name, choices, edited = {}, accepted, rejected } of [
  { name: 'nothing named: all is taken', choices: {}, accepted: ['two.ts', 'odd:1'], rejected: [] },
  {
    name: 'a part rejected: the rest is taken',
    choices: { reject: ['two.ts:2'], reasons: ['no'] },
    accepted: ['two.ts', 'odd:1'],
    rejected: [{ path: 'two.ts', hunk: SECOND, reason: 'no' }],
  },
  {
    name: 'something accepted: what is not named is left',
    choices: { accept: ['two.ts:1'] },
    accepted: ['two.ts'],
    rejected: [{ path: 'two.ts', hunk: SECOND }, { path: 'odd:1' }],
  },
  {
    name: 'a file rejected but for a part',
    choices: { reject: ['two.ts'], accept: ['two.ts:2', 'odd:1'], reasons: ['why'] },
    accepted: ['two.ts', 'odd:1'],
    rejected: [{ path: 'two.ts', hunk: FIRST, reason: 'why' }],
  },
  {
    name: 'a file rejected; its name may end as a number of a part does',
    choices: { reject: ['odd:1'] },
    accepted: ['two.ts'],
    rejected: [{ path: 'odd:1' }],
  },
  {
    name: 'a text of the person is taken as it is',
    choices: { accept: ['odd:1'] },
    edited: { 'two.ts': 'mine' },
    accepted: ['two.ts', 'odd:1'],
    rejected: [],
  },
  {
    name: 'sent back: what is not named stays',
    choices: { sendBack: true, accept: ['two.ts:1'], reject: ['two.ts:2'] },
    accepted: ['two.ts', 'odd:1'],
    rejected: [{ path: 'two.ts', hunk: SECOND }],
  },
]) {
  test(`review at the terminal: ${name}`, () => {
    const answer = answerOf({ ...NONE, ...choices }, OFFERED, edited);
    assert.deepEqual([answer.accepted, answer.rejected], [accepted, rejected]);
  });
}

test('review at the terminal: a part of a text that the person wrote cannot be rejected besides', () => {
  assert.throws(
    () => answerOf({ ...NONE, reject: ['two.ts:1'] }, OFFERED, { 'two.ts': 'mine' }),
    /as you edited it/u,
  );
});
