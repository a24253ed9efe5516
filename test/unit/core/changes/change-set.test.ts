import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptedText,
  decide,
  progress,
  rejections,
  startReview,
  statusOf,
  type FileChange,
  type FileTexts,
  type ReviewDecision,
  type ReviewState,
} from '../../../../src/core/changes/change-set.ts';
import { hunksOf } from '../../../../src/core/changes/hunks.ts';

const OLD = '1\n2\n3\n4\n5\n';
const NEW = 'one\n2\nthree\n4\nfive\n';
const TEXTS: Readonly<Record<string, FileTexts>> = {
  'mod.ts': { oldText: OLD, newText: NEW },
  'new.ts': { oldText: undefined, newText: 'n\n' },
  'old.ts': { oldText: 'o\n', newText: undefined },
  'pic.png': { oldText: 'blob one', newText: 'blob two' },
};
const [FIRST = '', SECOND = '', THIRD = ''] = hunksOf(OLD, NEW).map((hunk) => hunk.id);

const change = (path: string, kind: FileChange['kind'], binary = false): FileChange => ({
  path,
  kind,
  binary,
  additions: 0,
  deletions: 0,
});

function start(): ReviewState {
  const files = [
    change('mod.ts', 'modified'),
    change('new.ts', 'added'),
    change('old.ts', 'deleted'),
    change('pic.png', 'modified', true),
  ];
  return startReview({ files }, (file) => (file.binary ? undefined : TEXTS[file.path]));
}

const hunk = (id: string, verdict: 'accepted' | 'rejected' | null, reason?: string): ReviewDecision => ({
  about: 'hunk',
  path: 'mod.ts',
  hunk: id,
  verdict,
  ...(reason !== undefined && { reason }),
});
const file = (path: string, verdict: 'accepted' | 'rejected' | null, reason?: string): ReviewDecision => ({
  about: 'file',
  path,
  verdict,
  ...(reason !== undefined && { reason }),
});
const all = (verdict: 'accepted' | 'rejected' | null): ReviewDecision => ({ about: 'all', verdict });

interface Case {
  readonly is: string;
  readonly decisions: readonly ReviewDecision[];
  readonly path?: string;
  readonly status: string;
  readonly text: string | undefined;
}

const cases: readonly Case[] = [
  { is: 'nothing decided: nothing is taken', decisions: [], status: 'undecided', text: OLD },
  { is: 'a file accepted', decisions: [file('mod.ts', 'accepted')], status: 'accepted', text: NEW },
  { is: 'a file rejected', decisions: [file('mod.ts', 'rejected')], status: 'rejected', text: OLD },
  {
    is: 'one hunk accepted',
    decisions: [hunk(FIRST, 'accepted')],
    status: 'partly',
    text: 'one\n2\n3\n4\n5\n',
  },
  {
    is: 'one hunk rejected, the others open',
    decisions: [hunk(FIRST, 'rejected')],
    status: 'partly',
    text: OLD,
  },
  {
    is: 'all hunks accepted, one by one',
    decisions: [hunk(THIRD, 'accepted'), hunk(FIRST, 'accepted'), hunk(SECOND, 'accepted')],
    status: 'accepted',
    text: NEW,
  },
  {
    is: 'all hunks rejected, one by one',
    decisions: [hunk(FIRST, 'rejected'), hunk(SECOND, 'rejected'), hunk(THIRD, 'rejected')],
    status: 'rejected',
    text: OLD,
  },
  {
    is: 'some accepted, some rejected',
    decisions: [hunk(FIRST, 'accepted'), hunk(SECOND, 'rejected'), hunk(THIRD, 'accepted')],
    status: 'mixed',
    text: 'one\n2\n3\n4\nfive\n',
  },
  {
    is: 'a file accepted but for one hunk',
    decisions: [file('mod.ts', 'accepted'), hunk(SECOND, 'rejected')],
    status: 'mixed',
    text: 'one\n2\n3\n4\nfive\n',
  },
  {
    is: 'a file rejected but for one hunk',
    decisions: [file('mod.ts', 'rejected'), hunk(SECOND, 'accepted')],
    status: 'mixed',
    text: '1\n2\nthree\n4\n5\n',
  },
  {
    is: 'a hunk decided again',
    decisions: [hunk(FIRST, 'accepted'), hunk(FIRST, 'rejected')],
    status: 'partly',
    text: OLD,
  },
  {
    is: 'a hunk taken back',
    decisions: [hunk(FIRST, 'accepted'), hunk(FIRST, null)],
    status: 'undecided',
    text: OLD,
  },
  {
    is: 'the file after its hunks',
    decisions: [hunk(FIRST, 'rejected'), file('mod.ts', 'accepted')],
    status: 'accepted',
    text: NEW,
  },
  {
    is: 'a file taken back',
    decisions: [file('mod.ts', 'accepted'), file('mod.ts', null)],
    status: 'undecided',
    text: OLD,
  },
  { is: 'everything accepted', decisions: [all('accepted')], status: 'accepted', text: NEW },
  {
    is: 'everything accepted, then one rejected',
    decisions: [all('accepted'), file('mod.ts', 'rejected')],
    status: 'rejected',
    text: OLD,
  },
  {
    is: 'edited by hand',
    decisions: [{ about: 'text', path: 'mod.ts', text: 'mine\n' }],
    status: 'edited',
    text: 'mine\n',
  },
  {
    is: 'edited, then rejected',
    decisions: [{ about: 'text', path: 'mod.ts', text: 'mine\n' }, file('mod.ts', 'rejected')],
    status: 'rejected',
    text: OLD,
  },
  { is: 'an unknown hunk', decisions: [hunk('nope', 'accepted')], status: 'undecided', text: OLD },
  { is: 'an unknown file', decisions: [file('nope', 'accepted')], status: 'undecided', text: OLD },
  {
    is: 'a new file accepted',
    path: 'new.ts',
    decisions: [file('new.ts', 'accepted')],
    status: 'accepted',
    text: 'n\n',
  },
  {
    is: 'a new file rejected',
    path: 'new.ts',
    decisions: [file('new.ts', 'rejected')],
    status: 'rejected',
    text: undefined,
  },
  {
    is: 'a deletion accepted',
    path: 'old.ts',
    decisions: [file('old.ts', 'accepted')],
    status: 'accepted',
    text: undefined,
  },
  {
    is: 'a deletion rejected',
    path: 'old.ts',
    decisions: [file('old.ts', 'rejected')],
    status: 'rejected',
    text: 'o\n',
  },
  {
    is: 'a picture accepted',
    path: 'pic.png',
    decisions: [all('accepted')],
    status: 'accepted',
    text: 'blob two',
  },
];

for (const { is, decisions, path = 'mod.ts', status, text } of cases) {
  test(is, () => {
    const state = decisions.reduce(decide, start());
    const review = state.files.find((one) => one.file.path === path);
    assert.ok(review);
    assert.equal(statusOf(review), status);
    assert.equal(acceptedText(review, TEXTS[path] ?? assert.fail()), text);
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state, 'survives a journal');
  });
}

test('only a text that stays has hunks', () => {
  assert.deepEqual(
    start().files.map((one) => one.hunkIds.length),
    [3, 0, 0, 0],
  );
});

test('a decision leaves the state before it as it was', () => {
  const before = start();
  const copy = structuredClone(before);
  decide(before, all('accepted'));
  decide(before, hunk(FIRST, 'rejected', 'no'));
  assert.deepEqual(before, copy);
});

test('progress', () => {
  const at = (...decisions: ReviewDecision[]) => progress(decisions.reduce(decide, start()));
  assert.deepEqual(at(), {
    files: 4,
    filesDecided: 0,
    hunks: 6,
    hunksDecided: 0,
    accepted: 0,
    rejected: 0,
    done: false,
  });
  assert.deepEqual(at(hunk(FIRST, 'accepted'), file('new.ts', 'rejected')), {
    files: 4,
    filesDecided: 1,
    hunks: 6,
    hunksDecided: 2,
    accepted: 1,
    rejected: 1,
    done: false,
  });
  assert.deepEqual(at(all('accepted'), hunk(FIRST, 'rejected')), {
    files: 4,
    filesDecided: 4,
    hunks: 6,
    hunksDecided: 6,
    accepted: 5,
    rejected: 1,
    done: true,
  });
  assert.equal(at(all('rejected'), { about: 'text', path: 'mod.ts', text: 'x' }).accepted, 3);
});

test('what goes back to the coder', () => {
  const decisions = [
    file('new.ts', 'rejected', 'not needed'),
    hunk(THIRD, 'rejected'),
    hunk(FIRST, 'rejected', 'wrong'),
  ];
  assert.deepEqual(rejections(decisions.reduce(decide, start())), [
    { path: 'mod.ts', hunk: FIRST, reason: 'wrong' },
    { path: 'mod.ts', hunk: THIRD },
    { path: 'new.ts', reason: 'not needed' },
  ]);
});
