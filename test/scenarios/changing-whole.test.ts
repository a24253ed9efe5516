/** What sub-tasks are part of is changed while they are worked on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Models } from '../../src/core/models/contract.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, result, script, task } from './parts.ts';
import { recorded, worldSaying } from './saying.ts';

type Json = Readonly<Record<string, unknown>>;

const one = (id: string, more: object = {}): Json =>
  task({ id, title: `Change ${id}`, description: `Change ${id}.`, ...more });
const planOf = (tasks: readonly object[]): PlanSpec => PlanSpec.parse({ summary: 'The plan.', tasks });
/** A task of two, the second after the first. `w` and `a` are what is said of the whole and of its first sub-task. */
const parted = (w: object, a: object = {}): readonly Json[] => [
  one('w', { title: 'The whole', description: 'In the old way.', files: ['src/*.txt'], ...w }),
  one('w.a', { files: ['src/a.txt'], ...a }),
  one('w.b', { files: ['src/b.txt'], depends_on: ['w.a'] }),
];

const FILES = {
  'src/a.txt': 'a\n',
  'src/b.txt': 'b\n',
  'src/c.txt': 'c\n',
  'test/all.spec': 'a stays: src/a.txt has a\n',
};
const coder = (id: string, more: object = {}): Json => {
  const letter = id.at(-1) ?? '';
  return agent('coder', [[edit(`src/${letter}.txt`, letter, `${letter}${letter}`), result()]], {
    task: id,
    ...more,
  });
};
const reviewer = agent('reviewer', [[approve], [approve], [approve]]);
const summary = agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]);

interface Changing {
  readonly first: readonly Json[];
  readonly next: readonly Json[];
  /** Who is asked first when the person changes the plan: role/task/attempt/turn. */
  readonly at: string;
  readonly agents: readonly Json[];
  readonly restartsParts?: boolean;
  /** Of a task that they take then; they change the plan while they do it. */
  readonly hand?: string;
}

/** Plays a run whose plan a person changes. `heard`: what each was told, by "role task attempt turn". */
async function playChanging(
  changing: Changing,
): Promise<{ readonly played: Played; readonly heard: ReadonlyMap<string, string> }> {
  const { first, next, at, agents, restartsParts = true, hand } = changing;
  const heard = new Map<string, string>();
  const scenario: Scenario = {
    files: FILES,
    settings: {
      interactive: true,
      approvals: { plan: false, commands: false, changes: false },
      limits: { concurrency: 2, replans: 0 },
      ...(restartsParts && { restartsParts }),
    },
    script: script(
      agent('planner', [[call('submit_plan', { summary: 'The plan.', tasks: first })]]),
      ...agents,
      reviewer,
      summary,
    ),
  };
  const change = { do: 'plan', plan: planOf(next) } as const;
  const world = worldSaying(scenario, { [at]: hand === undefined ? change : { do: 'take', task: hand } });
  const { store } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    if (signal.name.startsWith('hand/')) {
      await put(run, { name: 'change', value: change, from: 'person' });
      await recorded(world, run, (line) => line.type === 'plan.decided' && line.data.revision === 2);
    }
    await put(run, signal);
  };
  const { models } = world.enginePorts;
  const listening: Models = {
    complete(request, context) {
      const { role, task: of = '', attempt, turn, messages } = request;
      heard.set(`${role} ${of} ${attempt} ${turn}`, messages.map(({ content }) => content).join('\n'));
      return models.complete(request, context);
    },
  };
  const enginePorts = { ...world.enginePorts, models: listening };
  const answers = { [`hand/${hand ?? ''}/2/0`]: { decision: 'give' } };
  const played = await play({ ...scenario, answers }, { ...world, enginePorts });
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  return { played, heard };
}

const attemptsOf = ({ lines }: Played, id: string): number =>
  Math.max(
    ...lines.flatMap((line) =>
      line.type === 'task.changed' && line.data.task === id ? [line.data.attempt] : [],
    ),
  );
const notesOf = (lines: readonly JournalLine[], id: string): readonly string[] =>
  lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.task === id && line.data.note !== undefined
      ? [`${line.data.state}: ${line.data.note}`]
      : [],
  );
const NEW = { description: 'In the new way.' };

test('where what a task is part of reads otherwise, whoever works on it begins anew with the new text; what comes later reads it, too', async () => {
  const { played, heard } = await playChanging({
    first: parted({}),
    next: parted(NEW),
    at: 'coder/w.a/1/1',
    agents: [coder('w.a', { attempt: 2 }), coder('w.b')],
  });
  assert.deepEqual(notesOf(played.lines, 'w.a'), ['waiting: What it is part of was changed.']);
  assert.match(heard.get('coder w.a 1 1') ?? '', /Part of w: The whole\s+In the old way\./u);
  assert.match(heard.get('coder w.a 2 1') ?? '', /Part of w: The whole\s+In the new way\./u);
  assert.match(heard.get('coder w.b 1 1') ?? '', /Part of w: The whole\s+In the new way\./u);
  assert.deepEqual([attemptsOf(played, 'w.a'), attemptsOf(played, 'w.b')], [2, 1]);
  assert.ok(!heard.has('reviewer w 1 1'), 'nothing of it was done before');
});

test('a sub-task that is done stays; what it came to is held against what the whole says now', async () => {
  const { played, heard } = await playChanging({
    first: parted({}),
    next: parted(NEW),
    at: 'coder/w.b/1/1',
    agents: [coder('w.a'), coder('w.b', { attempt: 2 })],
  });
  assert.deepEqual([attemptsOf(played, 'w.a'), attemptsOf(played, 'w.b')], [1, 2]);
  const asked = heard.get('reviewer w 1 1') ?? '';
  assert.match(asked, /The task was changed to this after some of its sub-tasks were done/u);
  assert.match(asked, /In the new way\./u);
  assert.ok(!asked.includes('Done means'), 'it says nothing of that');
  assert.deepEqual(notesOf(played.lines, 'w'), [
    'reviewing: It was changed after some of its sub-tasks were done.',
  ]);
});

test('what is done of a whole that became another is mended where it does not fit any more', async () => {
  const misfit = call('submit_review', {
    verdict: 'request_changes',
    comments: [{ path: 'src/a.txt', line: 1, severity: 'blocking', body: 'Not in the new way.' }],
  });
  const { played } = await playChanging({
    first: parted({}),
    next: parted(NEW),
    at: 'coder/w.b/1/1',
    agents: [
      coder('w.a'),
      coder('w.b', { attempt: 2 }),
      agent('reviewer', [[misfit]], { task: 'w', attempt: 1 }),
      agent('coder', [[edit('src/a.txt', 'aa', 'new a'), result()]], { task: 'w', attempt: 2 }),
    ],
  });
  assert.equal(played.file('src/a.txt'), 'new a\n');
});

test('a sub-task of a sub-task begins anew; a task beside the whole goes on', async () => {
  const deep = (w: object): readonly Json[] => [
    one('w', { files: ['src/*.txt'], ...w }),
    one('w.half', { files: ['src/a.txt'] }),
    one('w.half.a', { files: ['src/a.txt'] }),
    one('c', { files: ['src/c.txt'] }),
  ];
  const { played } = await playChanging({
    first: deep({}),
    next: deep(NEW),
    at: 'coder/w.half.a/1/1',
    agents: [coder('w.half.a', { attempt: 2 }), coder('c')],
  });
  assert.deepEqual([attemptsOf(played, 'w.half.a'), attemptsOf(played, 'c')], [2, 1]);
});

test('where a whole is to wait for another task from now on, its sub-tasks wait with it', async () => {
  const beside = one('c', { files: ['src/c.txt'] });
  const { played } = await playChanging({
    first: parted({}),
    next: [beside, ...parted({ depends_on: ['c'] })],
    at: 'coder/w.a/1/1',
    agents: [coder('c'), coder('w.a', { attempt: 2 }), coder('w.b')],
  });
  const order = played.lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.state === 'done' ? [line.data.task] : [],
  );
  assert.deepEqual(order, ['c', 'w.a', 'w.b', 'w']);
});

test('a sub-task that a person does stays with them, undisturbed', async () => {
  const { played } = await playChanging({
    first: parted({}),
    next: parted(NEW),
    at: 'coder/w.a/1/1',
    hand: 'w.a',
    agents: [coder('w.b')],
  });
  assert.equal(attemptsOf(played, 'w.a'), 2, 'the agent’s and theirs');
});

const look = call('list_files', {});
const steady = (): readonly Json[] => [
  agent('coder', [[look], [edit('src/a.txt', 'a', 'aa'), result()]], { task: 'w.a' }),
  coder('w.b'),
];

test('whoever works goes on where what they were told stands: of when the whole is done they hear, of who mends it nothing', async () => {
  const { played, heard } = await playChanging({
    first: parted({ acceptance: ['Half is there.'] }),
    next: parted({ acceptance: ['All is there.'], priority: 4 }),
    at: 'coder/w.a/1/1',
    agents: steady(),
  });
  assert.equal(attemptsOf(played, 'w.a'), 1);
  assert.match(
    heard.get('coder w.a 1 2') ?? '',
    /What your task is part of, w, is another now\. See that what you do fits it:\nThe whole\nIn the old way\.\nDone means:\n- All is there\./u,
  );
});

test('a run that began before goes as it did: whoever works is told how the whole reads now, and goes on', async () => {
  const { played, heard } = await playChanging({
    first: parted({ acceptance: ['All is there.'] }),
    next: parted({ acceptance: ['All is there.'], ...NEW }),
    at: 'coder/w.a/1/1',
    agents: steady(),
    restartsParts: false,
  });
  assert.equal(attemptsOf(played, 'w.a'), 1);
  assert.match(
    heard.get('coder w.a 1 2') ?? '',
    /What your task is part of, w, is another now\. See that what you do fits it:\nThe whole\nIn the new way\.\nDone means:\n- All is there\./u,
  );
  assert.match(heard.get('coder w.b 1 1') ?? '', /Part of w: The whole\s+In the new way\./u);
  assert.ok(!/another now/u.test(heard.get('coder w.b 1 1') ?? ''));
  assert.match(heard.get('reviewer w 1 1') ?? '', /In the new way\./u);
});
