/** The person's files change only by what they accepted, and only where they read as they did when shown (I5). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { play, type Scenario, type World } from './check.ts';
import { agent, approve, edit, FILES, fix, plan, result, script, task, TEAM } from './parts.ts';

const TWO = script(
  agent('planner', [[plan(task())]]),
  agent('coder', [[fix, edit('src/other.txt', 'other', 'another'), result()]]),
  agent('reviewer', [[approve]]),
);
const ASKING = { interactive: true, approvals: { plan: false, commands: true, changes: true } };

function meanwhile(change: (world: World) => void): Pick<Scenario, 'onReview'> {
  return { onReview: change };
}

test('a rejected file stays as it is, and what is accepted is gated again', async () => {
  const played = await play({
    files: FILES,
    script: TWO,
    settings: ASKING,
    answers: {
      'review/1': {
        decision: 'apply',
        accepted: ['src/greet.txt'],
        rejected: [{ path: 'src/other.txt', reason: 'not asked for' }],
      },
    },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done');
  assert.deepEqual([played.file('src/greet.txt'), played.file('src/other.txt')], ['hello\n', 'other\n']);
  assert.equal(played.view.evidence.accepted?.verdict, 'green');
});

test('a text that the person edited in the review is what is applied', async () => {
  const played = await play({
    files: FILES,
    script: TEAM,
    settings: ASKING,
    answers: {
      'review/1': {
        decision: 'apply',
        accepted: ['src/greet.txt'],
        rejected: [],
        edited: { 'src/greet.txt': 'hello, dear\n' },
      },
    },
  });
  assert.equal(played.file('src/greet.txt'), 'hello, dear\n');
});

test('an answer about some files takes those alone, and nothing that was never offered', async () => {
  const played = await play({
    files: FILES,
    script: TWO,
    settings: ASKING,
    answers: {
      'review/1': {
        decision: 'apply',
        accepted: ['src/greet.txt', 'nope.txt'],
        rejected: [{ path: '../up.txt' }],
        edited: { '.github/workflows/x.yml': 'on: push\n', '../../up.txt': 'up\n' },
      },
    },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual([played.file('src/greet.txt'), played.file('src/other.txt')], ['hello\n', 'other\n']);
  assert.equal(played.file('.github/workflows/x.yml'), undefined);
  const { accepted, rejected } = played.view.changes?.decided ?? {};
  assert.deepEqual([accepted, rejected], [['src/greet.txt'], [{ path: 'src/other.txt' }]]);
});

test('discarded: nothing is changed', async () => {
  const played = await play({
    files: FILES,
    script: TEAM,
    settings: ASKING,
    answers: { 'review/1': { decision: 'discard', accepted: [], rejected: [{ path: 'src/greet.txt' }] } },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'rejected');
  assert.equal(played.file('src/greet.txt'), 'helo\n');
});

test('sent back as a whole with words: the change stays and is worked on', async () => {
  const reworked = agent('coder', [[edit('src/greet.txt', 'hello', 'hello there'), result()]], {
    task: 'revision-1',
  });
  const first = agent('coder', [[fix, result()]], { task: 'fix' });
  const played = await play({
    files: FILES,
    script: script(agent('planner', [[plan(task())]]), reworked, first, agent('reviewer', [[approve]])),
    settings: ASKING,
    answers: {
      'review/1': {
        decision: 'revise',
        accepted: [],
        rejected: [],
        remarks: [{ body: 'friendlier' }],
      },
      'review/2': { decision: 'apply', accepted: ['src/greet.txt'], rejected: [] },
    },
  });
  assert.equal(played.file('src/greet.txt'), 'hello there\n');
});

const CHANGED: readonly {
  name: string;
  change: (world: World) => void;
  answers?: Record<string, unknown>;
  outcome: string;
  greet: string;
  other?: string;
}[] = [
  {
    name: 'another file changed meanwhile: both changes are there',
    change: ({ ports }) => {
      ports.disk.put(ports.workspace.root, 'src/other.txt', 'mine\n');
    },
    outcome: 'done',
    greet: 'hello\n',
    other: 'mine\n',
  },
  {
    name: 'unsaved text of another file counts as the file and stays',
    change: ({ ports }) => {
      ports.workspace.editors.set('src/other.txt', 'typed\n');
    },
    outcome: 'done',
    greet: 'hello\n',
  },
  {
    name: 'the same line changed meanwhile: a conflict is left to the person',
    change: ({ ports }) => {
      ports.disk.put(ports.workspace.root, 'src/greet.txt', 'hi\n');
    },
    answers: { 'apply/1/1/conflict': { apply: false } },
    outcome: 'failed',
    greet: 'hi\n',
  },
  {
    name: 'what the person made of a conflict is tested and written; nothing else of theirs is touched',
    change: ({ ports }) => {
      ports.disk.put(ports.workspace.root, 'src/greet.txt', 'hi\n');
    },
    answers: {
      'apply/1/1/conflict': {
        apply: true,
        resolved: { 'src/greet.txt': 'hi and hello\n', 'src/other.txt': 'never asked\n' },
      },
    },
    outcome: 'done',
    greet: 'hi and hello\n',
    other: 'other\n',
  },
];

for (const { name, change, answers, outcome, greet, other } of CHANGED) {
  test(name, async () => {
    const played = await play({
      files: FILES,
      script: TEAM,
      settings: ASKING,
      ...meanwhile(change),
      answers: { 'review/1': { decision: 'apply', accepted: ['src/greet.txt'], rejected: [] }, ...answers },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, outcome, played.end.message);
    assert.equal(played.file('src/greet.txt'), greet);
    if (other !== undefined) assert.equal(played.file('src/other.txt'), other);
    assert.ok(played.lines.every((line: JournalLine) => line.seq > 0));
  });
}

test('a conflict names the tree with both versions marked, for whoever resolves it', async () => {
  const played = await play({
    files: FILES,
    script: TEAM,
    settings: ASKING,
    ...meanwhile(({ ports }) => {
      ports.disk.put(ports.workspace.root, 'src/greet.txt', 'hi\n');
    }),
    answers: {
      'review/1': { decision: 'apply', accepted: ['src/greet.txt'], rejected: [] },
      'apply/1/1/conflict': { apply: false },
    },
  });
  const asked = played.lines.find(
    (line) => line.key === 'apply/1/1/conflict' && line.type === 'signal.opened',
  );
  const conflict = asked?.type === 'signal.opened' ? asked.data.conflict : undefined;
  assert.ok(conflict);
  const marked = await played.ports.copies.read(conflict.marked, 'src/greet.txt');
  assert.match(new TextDecoder().decode(marked), /^<{7}[^]*hi\n={7}\nhello\n>{7}/u);
  assert.deepEqual(conflict.paths, ['src/greet.txt']);
});
