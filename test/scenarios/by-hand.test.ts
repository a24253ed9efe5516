/** What a person does by hand is never lost: not by a second take, another plan, a planner, a conflict, or another version of the story. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { Change, HandKept } from '../../src/protocol/people.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, type Played, type Scenario, type World } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';
import { rewrite } from './rewrite.ts';
import { recorded, worldSaying } from './saying.ts';

const FILES = {
  'src/a.txt': 'a\n',
  'src/b.txt': 'b\n',
  'test/all.spec': 'a stays: src/a.txt has a\n',
};
const MINE = 'an hour of work by hand\n';
const LATER = 'and an hour more\n';
const one = (id: string, more: object = {}): Record<string, unknown> =>
  task({ id, title: `Change ${id}`, files: [`src/${id}.txt`], ...more });
const planOf = (...tasks: readonly object[]): PlanSpec => PlanSpec.parse({ summary: 'The plan.', tasks });
const coder = (id: string, attempt: number, text: string): Record<string, unknown> =>
  agent('coder', [[edit(`src/${id}.txt`, id, text), result(`Changed ${id}.`)]], { task: id, attempt });
const TEAM = [
  coder('a', 1, 'aa'),
  coder('b', 1, 'never'),
  coder('b', 3, 'by the team'),
  agent('reviewer', [[approve], [approve], [approve]]),
  agent('qa', [[call('submit_diagnosis', { summary: 'It broke a.', causes: [] })]]),
  agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
];
const settings = {
  interactive: true,
  approvals: { plan: false, commands: false, changes: false },
  limits: { concurrency: 2 },
};
const TWO: Scenario = {
  files: FILES,
  settings,
  script: script(agent('planner', [[plan(one('a'), one('b'))]]), ...TEAM),
};
const TAKE: Change = { do: 'take', task: 'b' };
const AT_B = { 'coder/b/1/1': TAKE };

/** The person at work on a task. */
interface Person {
  readonly read: (path: string) => string | undefined;
  readonly write: (path: string, text: string) => void;
  readonly change: (change: Change) => Promise<void>;
  readonly recorded: (is: (line: JournalLine) => boolean) => Promise<void>;
}

/** What they do before they answer, by question. `false`: they do not answer. */
type Doings = Readonly<Record<string, (person: Person) => unknown>>;

const GIVE = { decision: 'give' } as const;

interface How {
  readonly said?: Parameters<typeof worldSaying>[1];
  readonly decisions?: Readonly<Record<string, { readonly decision: 'give' | 'drop' }>>;
  /** A run that goes on. */
  readonly from?: Played;
}

async function playByHand(scenario: Scenario, doings: Doings, how: How = {}): Promise<Played> {
  const world = how.from ?? worldSaying(scenario, how.said ?? AT_B);
  const { store, disk, copies } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    const root = copies.rootOf(`${run}-${folderName(signal.name)}`);
    const person: Person = {
      read: (path) => disk.text(root, path),
      write: (path, text) => disk.put(root, path, text),
      change: (value) => put(run, { name: 'change', value, from: 'person' }),
      recorded: (is) => recorded(world, run, is),
    };
    if ((await doings[signal.name]?.(person)) === false) return;
    await put(run, signal);
  };
  const gives = Object.fromEntries(Object.keys(doings).map((name) => [name, GIVE]));
  const played = await play({ ...scenario, answers: { ...gives, ...how.decisions } }, world, how.from?.id);
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  return played;
}

/** The folder stays the first one whatever attempt the question is of. */
const folderName = (signal: string): string => (signal.includes('/a.b/') ? 'a.b-2' : 'b-2');

function assertDone({ end }: Played): void {
  assert.equal(end.kind === 'finished' && end.outcome, 'done', end.message);
}

const refusals = (lines: readonly JournalLine[]): string =>
  lines.flatMap((line) => (line.type === 'change.refused' ? line.data.problems : [])).join('\n');
const isRefused = ({ type }: JournalLine): boolean => type === 'change.refused';
const asked = (lines: readonly JournalLine[], name: string) => {
  const line = lines.find(({ type, key }) => type === 'signal.opened' && key === name);
  return line?.type === 'signal.opened' ? line.data : assert.fail(`${name} was not asked`);
};
const keptIn = (lines: readonly JournalLine[]): readonly HandKept[] =>
  lines.flatMap((line) => (line.type === 'hand.kept' ? [line.data] : []));

/** The one thing that is kept, as text of a file. */
async function kept({ lines, ports }: Played, path: string): Promise<{ why: string; text: string }> {
  const [only, ...more] = keptIn(lines);
  assert.ok(only && more.length === 0, JSON.stringify(keptIn(lines)));
  const bytes = await ports.copies.read(only.tree, path);
  return { why: only.why, text: new TextDecoder().decode(bytes) };
}

const REFUSED: readonly (readonly [what: string, change: Change, why: RegExp])[] = [
  ['taken twice', TAKE, /^You work on "b" yourself already, in \/copies\/\S+-b-2\. Give it back, or leave/u],
  [
    'a task that there is not',
    { do: 'take', task: 'nobody' },
    /^There is no task "nobody"\. Tasks: a, b\.$/u,
  ],
];
for (const [what, change, why] of REFUSED)
  test(`refused while a task is done by hand, which goes on: ${what}`, async () => {
    const played = await playByHand(TWO, {
      'hand/b/2/0': async (person) => {
        person.write('src/b.txt', MINE);
        await person.change(change);
        await person.recorded(isRefused);
      },
    });
    assertDone(played);
    assert.match(refusals(played.lines), why);
    assert.equal(played.file('src/b.txt'), MINE);
    assert.deepEqual(keptIn(played.lines), []);
  });

test('its text is changed in the plan: the person goes on in the same folder', async () => {
  const next = planOf(one('a'), one('b', { description: 'Clearer words.' }));
  const played = await playByHand(TWO, {
    'hand/b/2/0': async ({ write, change }) => {
      write('src/b.txt', MINE);
      await change({ do: 'plan', plan: next });
      return false;
    },
    'hand/b/3/0': ({ read }) => {
      assert.equal(read('src/b.txt'), MINE);
    },
  });
  assertDone(played);
  assert.equal(played.file('src/b.txt'), MINE);
  const [first, second] = ['hand/b/2/0', 'hand/b/3/0'].map((name) => asked(played.lines, name));
  assert.equal(second?.folder, first?.folder);
  assert.match(second?.detail ?? '', /lies in the folder as you left it[\s\S]*Clearer words\./u);
  // What only agents are told about is not shown to a person.
  assert.doesNotMatch(first?.detail ?? '', /^(Task|Attempt|Title):/mu);
  assert.ok(!played.requests.some((request) => request.startsWith('coder/b/3')), 'no agent got it');
});

test('it is taken out of the plan: what was done is kept and named', async () => {
  const played = await playByHand(TWO, {
    'hand/b/2/0': async ({ write, change }) => {
      write('src/b.txt', MINE);
      await change({ do: 'plan', plan: planOf(one('a')) });
      return false;
    },
  });
  assertDone(played);
  assert.equal(played.file('src/b.txt'), 'b\n');
  assert.deepEqual(await kept(played, 'src/b.txt'), {
    why: 'The task is no part of the plan any more.',
    text: MINE,
  });
});

test('it is left to the team: what was done is kept and named', async () => {
  const played = await playByHand(
    TWO,
    { 'hand/b/2/0': ({ write }) => write('src/b.txt', MINE) },
    { decisions: { 'hand/b/2/0': { decision: 'drop' } } },
  );
  assertDone(played);
  assert.equal(played.file('src/b.txt'), 'by the team\n');
  assert.deepEqual(await kept(played, 'src/b.txt'), {
    why: 'The person left the task to the team.',
    text: MINE,
  });
});

test('nothing was done before it is left to the team: nothing is kept', async () => {
  const decisions = { 'hand/b/2/0': { decision: 'drop' } } as const;
  const played = await playByHand(TWO, {}, { decisions });
  assertDone(played);
  assert.deepEqual(keptIn(played.lines), []);
});

test('the tests stay red until it fails: what was done is kept', async () => {
  const limits = { ...settings.limits, gateRounds: 0 };
  const played = await playByHand(
    { ...TWO, settings: { ...settings, limits } },
    { 'hand/b/2/0': ({ write }) => write('src/a.txt', 'broken\n'.replace('a', 'o')) },
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'failed');
  const { why, text } = await kept(played, 'src/a.txt');
  assert.match(why, /^The gate is red/u);
  assert.equal(text, 'broken\n');
});

test('it is sent back by its tests: what was written since it was given back lies there still', async () => {
  const played = await playByHand(
    TWO,
    {
      'hand/b/2/0': ({ write }) => {
        write('src/b.txt', MINE);
        write('src/a.txt', 'broken\n');
      },
      'hand/b/2/1': ({ read, write }) => {
        assert.equal(read('src/b.txt'), LATER);
        write('src/a.txt', 'a\n');
      },
    },
    { said: { ...AT_B, 'qa/b/2/1': writing('src/b.txt', LATER) } },
  );
  assertDone(played);
  assert.equal(played.file('src/b.txt'), LATER);
});

/** Writes into the person's folder while others work. */
const writing =
  (path: string, text: string) =>
  (run: string, { ports }: World): void =>
    ports.disk.put(ports.copies.rootOf(`${run}-b-2`), path, text);

test('it is done and edited on: the rest is kept', async () => {
  const played = await playByHand(
    TWO,
    { 'hand/b/2/0': ({ write }) => write('src/b.txt', MINE) },
    { said: { ...AT_B, 'reviewer/b/2/1': writing('src/b.txt', LATER) } },
  );
  assertDone(played);
  assert.equal(played.file('src/b.txt'), MINE);
  assert.deepEqual(await kept(played, 'src/b.txt'), {
    why: 'You went on editing after you had given it back.',
    text: LATER,
  });
});

test('it conflicts with what was merged: both versions come to the folder, beside what was written since', async () => {
  const isMerged = (line: JournalLine): boolean =>
    line.type === 'task.changed' && line.data.task === 'a' && line.data.state === 'done';
  const played = await playByHand(
    TWO,
    {
      'hand/b/2/0': async (person) => {
        await person.recorded(isMerged);
        person.write('src/a.txt', 'a by hand\n');
        person.write('src/b.txt', MINE);
      },
      'hand/b/2/1': ({ read, write }) => {
        assert.match(read('src/a.txt') ?? '', /<<<<<<<[\s\S]*>>>>>>>/u);
        assert.equal(read('src/b.txt'), LATER);
        write('src/a.txt', 'aa by hand\n');
      },
    },
    { said: { ...AT_B, 'reviewer/b/2/1': writing('src/b.txt', LATER) } },
  );
  assertDone(played);
  assert.deepEqual([played.file('src/a.txt'), played.file('src/b.txt')], ['aa by hand\n', LATER]);
});

test('it is taken again while it is reviewed: the person goes on in the same folder', async () => {
  const again = async (run: string, { ports }: World): Promise<void> => {
    await ports.store.putSignal(run, { name: 'change', value: TAKE, from: 'person' });
    await new Promise((resolve) => setTimeout(resolve, 200));
  };
  const played = await playByHand(
    TWO,
    {
      'hand/b/2/0': ({ write }) => write('src/b.txt', MINE),
      'hand/b/3/0': ({ read, write }) => {
        assert.equal(read('src/b.txt'), MINE);
        write('src/b.txt', LATER);
      },
    },
    { said: { ...AT_B, 'reviewer/b/2/1': again } },
  );
  assertDone(played);
  assert.equal(played.file('src/b.txt'), LATER);
});

const PARTED: Scenario = {
  ...TWO,
  script: script(
    agent('planner', [[plan(one('a', { files: ['src/*.txt'], tasks: [one('a'), one('b')] }))]]),
    agent('coder', [[edit('src/a.txt', 'a', 'aa'), result()]], { task: 'a.a' }),
    agent('coder', [[result()]], { task: 'a.b' }),
    ...TEAM.slice(3),
  ),
};

test('the whole is taken while a part of it is done by hand: refused', async () => {
  const played = await playByHand(
    PARTED,
    {
      'hand/a.b/2/0': async (person) => {
        person.write('src/b.txt', MINE);
        await person.change({ do: 'take', task: 'a' });
        await person.recorded(isRefused);
      },
    },
    { said: { 'coder/a.b/1/1': { do: 'take', task: 'a.b' } } },
  );
  assertDone(played);
  assert.match(refusals(played.lines), /You work on a part of "a" yourself: a\.b\. Give that back first\./u);
  assert.equal(played.file('src/b.txt'), MINE);
});

test('two that are done by hand are gated together: refused', async () => {
  const together = planOf(one('a'), one('b', { gate: { with: 'a' } }));
  const isAsked = ({ type, key }: JournalLine): boolean => type === 'signal.opened' && key === 'hand/a/2/0';
  const played = await playByHand(
    TWO,
    {
      'hand/b/2/0': async (person) => {
        person.write('src/b.txt', MINE);
        await person.recorded(isAsked);
        await person.change({ do: 'plan', plan: together });
        await person.recorded(isRefused);
      },
      'hand/a/2/0': (person) => person.recorded(isRefused),
    },
    { said: { ...AT_B, 'coder/a/1/1': { do: 'take', task: 'a' } } },
  );
  assertDone(played);
  assert.match(refusals(played.lines), /You work on a, b in folders of their own/u);
  assert.equal(played.file('src/b.txt'), MINE);
});

test('a planner who replans for another task is told to leave it', async () => {
  const stuck = call('list_files', { max: 1 });
  const otherwise = one('a', { description: 'Otherwise.' });
  const scenario: Scenario = {
    ...TWO,
    settings: { ...settings, limits: { concurrency: 2, replans: 1, attempts: 1 } },
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      agent(
        'planner',
        [[plan(otherwise, one('b', { description: 'Said better.' }))], [plan(otherwise, one('b'))]],
        { task: 'a' },
      ),
      agent(
        'coder',
        Array.from({ length: 12 }, () => [stuck]),
        { task: 'a', attempt: 1 },
      ),
      coder('a', 2, 'aa'),
      ...TEAM.slice(1),
    ),
  };
  const isTold = (line: JournalLine): boolean =>
    line.type === 'plan.suggested' && line.data.problems.some((why) => why.includes('"b" themselves'));
  const played = await playByHand(scenario, {
    'hand/b/2/0': async (person) => {
      person.write('src/b.txt', MINE);
      await person.recorded(isTold);
    },
  });
  assertDone(played);
  assert.deepEqual([played.file('src/a.txt'), played.file('src/b.txt')], ['aa\n', MINE]);
});

test('another version of the story goes on with the run: the task stays in the person’s hands', async () => {
  const first = await play(TWO, worldSaying(TWO, AT_B));
  assert.equal(first.end.kind === 'paused' && first.end.reason, 'waiting', first.end.message);
  first.ports.disk.put(first.ports.copies.rootOf(`${first.id}-b-2`), 'src/b.txt', MINE);
  await rewrite(first.ports, first.id, (line) =>
    line.type === 'run.started' ? { ...line, data: { ...line.data, engine: '0' } } : line,
  );
  const played = await playByHand(
    TWO,
    {
      'life/2/hand/b/3/0': ({ read }) => {
        assert.equal(read('src/b.txt'), MINE);
      },
    },
    { from: first },
  );
  assertDone(played);
  assert.equal(played.file('src/b.txt'), MINE);
  assert.equal(played.file('src/a.txt'), 'aa\n');
});
