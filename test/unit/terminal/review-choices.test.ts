import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksOf } from '../../../src/core/changes/hunks.ts';
import { keptText, parseKept, together } from '../../../src/terminal/kept-review.ts';
import { answerOf, decidedBy, type ReviewChoices } from '../../../src/terminal/review-choices.ts';
import type { OfferedFile } from '../../../src/terminal/review-decided.ts';

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
  forget: false,
  say: undefined,
  why: false,
  ask: undefined,
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
    const all = { ...NONE, ...choices };
    const answer = answerOf(all, OFFERED, decidedBy(all, OFFERED, edited));
    assert.deepEqual([answer.accepted, answer.rejected], [accepted, rejected]);
  });
}

test('review at the terminal: a part of a text that the person wrote cannot be rejected besides', () => {
  assert.throws(
    () => decidedBy({ ...NONE, reject: ['two.ts:1'] }, OFFERED, { 'two.ts': 'mine' }),
    /as you edited it/u,
  );
});

const call = (choices: Partial<ReviewChoices>, edited: Readonly<Record<string, string>> = {}) =>
  decidedBy({ ...NONE, ...choices }, OFFERED, edited);
/** What a call finds that comes after others. */
const after = (calls: readonly ReturnType<typeof call>[]) =>
  calls.reduce((kept, now) => together(parseKept(keptText(kept, OFFERED, 1), OFFERED, 1), now), call({}));

test('review at the terminal: decisions of several calls come to what one would', () => {
  const calls = [
    call({ accept: ['two.ts:1'] }),
    call({ reject: ['two.ts:2'], reasons: ['no'] }),
    call({ accept: ['odd:1'], say: 'softly' }),
  ];
  const one = call({
    accept: ['two.ts:1', 'odd:1'],
    reject: ['two.ts:2'],
    reasons: ['no'],
    say: 'softly',
  });
  assert.deepEqual(answerOf(NONE, OFFERED, after(calls)), answerOf(NONE, OFFERED, one));
});

test('review at the terminal: a later decision takes the place of an earlier one', () => {
  assert.deepEqual(
    after([call({ reject: ['two.ts:1'], reasons: ['no'] }), call({ accept: ['two.ts:1'] })]).rejects,
    [],
  );
  const whole = after([call({ reject: ['two.ts:1'] }), call({ accept: ['two.ts'] })]);
  assert.deepEqual([whole.accepts.length, whole.rejects.length], [1, 0]);
  const own = after([call({ reject: ['two.ts:1'] }), call({}, { 'two.ts': 'mine' })]);
  assert.deepEqual([own.rejects, own.edited], [[], { 'two.ts': 'mine' }]);
  assert.deepEqual(after([call({}, { 'two.ts': 'mine' }), call({ accept: ['two.ts:1'] })]).edited, {});
});

test('review at the terminal: in the next round only what was accepted and reads the same holds on', () => {
  const text = keptText(
    call({ accept: ['two.ts:2', 'odd:1'], reject: ['two.ts:1'], say: 'more' }),
    OFFERED,
    1,
  );
  const moved = { ...TWO, hunks: TWO.hunks.slice(1).map((hunk) => ({ ...hunk, number: 1 })) };
  const next = parseKept(text, [moved], 2);
  assert.deepEqual(
    [next.accepts.map(({ path, number }) => [path, number]), next.rejects, next.say],
    [[['two.ts', 1]], [], undefined],
  );
});

test('review at the terminal: what is kept and cannot be read counts as nothing', () => {
  for (const text of ['', '{', '{"revision":"one"}', undefined])
    assert.deepEqual(answerOf(NONE, OFFERED, parseKept(text, OFFERED, 1)).rejected, []);
});
