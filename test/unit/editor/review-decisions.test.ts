import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksOf } from '../../../src/core/changes/hunks.ts';
import { revertHunks } from '../../../src/core/changes/revert.ts';
import type { ReviewHunk } from '../../../src/core/run/handover/provenance.ts';
import {
  afterEdit,
  afterHunk,
  carried,
  hasReason,
  hunkDecision,
  reviewAnswer,
  settled,
  settleOpen,
  tallyOf,
  UNDECIDED,
  type FileProgress,
} from '../../../src/editor/review/decisions.ts';
import { ReviewAnswer } from '../../../src/protocol/answers.ts';
import type { ChangedFile } from '../../../src/protocol/events.ts';

const OLD = '1\n2\n3\n4\n5\n';
const NEW = 'one\n2\nthree\n4\nfive\n';
/** As the person left it: the first change is theirs now. */
const OWN = 'ONE\n2\nthree\n4\nfive\n';

const hunks = (text: string): readonly ReviewHunk[] => {
  const proposed = hunksOf(OLD, NEW).map(({ id }) => id);
  return hunksOf(OLD, text).map((hunk, at) => ({
    number: at + 1,
    hunk,
    units: ['task'],
    isOwn: !proposed.includes(hunk.id),
  }));
};
const ALL = hunks(NEW);
const [A = '', B = '', C = ''] = ALL.map(({ hunk }) => hunk.id);
const file: ChangedFile = { path: 'a', kind: 'modified', binary: false, additions: 3, deletions: 3 };
const accepted: FileProgress = { decision: 'accepted' };

const accept = (now: FileProgress, id: string) => afterHunk(now, ALL, id, { verdict: 'accepted' });
const reject = (now: FileProgress, id: string, reason?: string) =>
  afterHunk(now, ALL, id, { verdict: 'rejected', reason });

for (const { name, progress, decision, answer } of [
  { name: 'nothing decided', progress: UNDECIDED, decision: 'undecided', answer: [[], [{ path: 'a' }]] },
  { name: 'a file accepted', progress: accepted, decision: 'accepted', answer: [['a'], []] },
  {
    name: 'one of three accepted',
    progress: accept(UNDECIDED, A),
    decision: 'undecided',
    answer: [
      ['a'],
      [
        { path: 'a', hunk: B },
        { path: 'a', hunk: C },
      ],
    ],
  },
  {
    name: 'a file accepted but for one hunk',
    progress: reject(accepted, B, 'no'),
    decision: 'accepted',
    answer: [['a'], [{ path: 'a', hunk: B, reason: 'no' }]],
  },
  {
    name: 'all hunks rejected, one by one: the file is, for all their reasons',
    progress: reject(reject(reject(UNDECIDED, A, 'x'), B, 'y'), C),
    decision: 'rejected',
    answer: [[], [{ path: 'a', reason: 'x; y' }]],
  },
  {
    name: 'a file rejected but for one hunk',
    progress: accept({ decision: 'rejected', reason: 'no' }, C),
    decision: 'accepted',
    answer: [
      ['a'],
      [
        { path: 'a', hunk: A, reason: 'no' },
        { path: 'a', hunk: B, reason: 'no' },
      ],
    ],
  },
  {
    name: 'a hunk decided again',
    progress: afterHunk(reject(accepted, A), ALL, A, { verdict: 'undecided' }),
    decision: 'undecided',
    answer: [['a'], [{ path: 'a', hunk: A }]],
  },
]) {
  test(`review decisions: ${name}`, () => {
    assert.equal(progress.decision, decision);
    const found = reviewAnswer('apply', [{ file, progress, hunks: ALL }]);
    assert.deepEqual([found.accepted, found.rejected], answer);
    assert.deepEqual(ReviewAnswer.parse(found), found);
  });
}

test('review decisions: what a person writes by hand is accepted, and other hunks stay as they were', () => {
  const before = reject(UNDECIDED, B, 'no');
  const now = hunks(OWN);
  const edited = { ...afterEdit(before, ALL, now), edited: OWN };
  assert.deepEqual(
    now.map((each) => hunkDecision(edited, each)),
    ['accepted', 'rejected', 'undecided'],
  );
  const answer = reviewAnswer('apply', [{ file, progress: settleOpen(edited, now, 'accepted'), hunks: now }]);
  assert.deepEqual(answer.edited, { a: 'ONE\n2\n3\n4\nfive\n' });
  assert.deepEqual(answer.rejected, [{ path: 'a', hunk: B, reason: 'no' }]);
});

test('review decisions: editing a rejected file accepts only what is the person’s', () => {
  const now = hunks(OWN);
  const edited = { ...afterEdit({ decision: 'rejected', reason: 'no' }, ALL, now), edited: OWN };
  assert.equal(edited.decision, 'accepted');
  assert.deepEqual(reviewAnswer('apply', [{ file, progress: edited, hunks: now }]).edited, {
    a: 'ONE\n2\n3\n4\n5\n',
  });
});

test('review decisions: editing an accepted file leaves it accepted; a file without hunks becomes so', () => {
  assert.deepEqual(afterEdit(accepted, ALL, hunks(OWN)), accepted);
  assert.equal(afterEdit({ decision: 'rejected' }, [], []).decision, 'accepted');
});

test('review decisions: sent back, what is undecided stays and is offered again', () => {
  const progress = reject(UNDECIDED, B, 'no');
  const answer = reviewAnswer('revise', [
    { file, progress, hunks: ALL },
    { file: { ...file, path: 'b' }, progress: UNDECIDED, hunks: [] },
  ]);
  assert.deepEqual(answer.rejected, [{ path: 'a', hunk: B, reason: 'no' }]);
});

test('review decisions: what was accepted before it was sent back is accepted in the next round, if it reads the same', () => {
  const next = carried({ file, progress: reject(accepted, B, 'no'), hunks: ALL });
  assert.ok(next);
  const again = hunks('one\n2\n3\n4\nfive\n');
  assert.equal(settled(next, again).decision, 'accepted');
  const changed = hunks('one\n2\nTHREE\n4\nfive\n').map((each) => ({ ...each, isOwn: false }));
  assert.equal(settled(next, changed).decision, 'undecided');
  assert.equal(carried({ file, progress: { decision: 'rejected' }, hunks: ALL }), undefined);
});

test('review decisions: counts and reasons', () => {
  const tally = (progress: FileProgress, hunks = ALL, toFix = 0) =>
    tallyOf([{ file, progress, hunks }], toFix);
  const nothing = { decided: 0, all: 3, differs: false, forTeam: 0 };
  assert.deepEqual(tally(UNDECIDED), nothing);
  assert.deepEqual(tally(reject(UNDECIDED, A)), { ...nothing, decided: 1, differs: true });
  assert.deepEqual(tally(reject(UNDECIDED, A, 'no'), ALL, 2), {
    decided: 1,
    all: 3,
    differs: true,
    forTeam: 3,
  });
  assert.deepEqual(tally(accepted), { ...nothing, decided: 3 });
  assert.deepEqual(tally(accepted, []), { ...nothing, decided: 1, all: 1 });
  assert.equal(tally({ decision: 'rejected' }, []).differs, true);
  assert.equal(tally({ ...accepted, edited: 'own\n' }).differs, true);
  assert.equal(hasReason(reject(UNDECIDED, A)), false);
  assert.equal(hasReason(reject(UNDECIDED, A, 'no')), true);
  assert.equal(hasReason({ decision: 'rejected', reason: 'no' }), true);
});

test('hunks are taken out of the new text in any number', () => {
  const all = hunksOf(OLD, NEW);
  assert.equal(revertHunks(NEW, all), OLD);
  assert.equal(revertHunks(NEW, []), NEW);
  assert.equal(revertHunks(NEW, all.slice(1, 2)), 'one\n2\n3\n4\nfive\n');
  assert.equal(revertHunks('a\n', hunksOf('a\nb\n', 'a\n')), 'a\nb\n');
  assert.equal(revertHunks('a\nb', hunksOf('a\n', 'a\nb')), 'a\n');
});
