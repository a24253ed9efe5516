/** What a person changes while a run works: the plan, who does a task, limits. Every such run replays as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { Change } from '../../src/protocol/people.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';
import { worldSaying } from './saying.ts';

const FILES = {
  'src/a.txt': 'a\n',
  'src/b.txt': 'b\n',
  'test/all.spec': 'a stays: src/a.txt has a\n',
};
const one = (id: string, more: object = {}): Record<string, unknown> =>
  task({ id, title: `Change ${id}`, files: [`src/${id}.txt`], ...more });
const coder = (id: string, attempt = 1, text?: string): Record<string, unknown> => {
  const letter = id.at(-1) ?? '';
  const change = edit(`src/${letter}.txt`, letter, text ?? `${letter}${letter}`);
  return agent('coder', [[change, result(`Changed ${id}.`)]], { task: id, attempt });
};
const reviewers = agent('reviewer', [[approve], [approve], [approve]]);
const summary = agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]);
const planOf = (...tasks: readonly object[]): PlanSpec => PlanSpec.parse({ summary: 'The plan.', tasks });

async function playSaying(
  scenario: Scenario,
  said: Readonly<Record<string, Change>>,
  answers = {},
): Promise<Played> {
  const played = await play({ ...scenario, answers }, worldSaying(scenario, said));
  const { divergence } = await replayRun(played.ports, played.id);
  assert.equal(divergence, undefined);
  return played;
}

const statesOf = (lines: readonly JournalLine[], id: string): readonly string[] =>
  lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.task === id ? [`${line.data.attempt} ${line.data.state}`] : [],
  );
const alerts = (lines: readonly JournalLine[]): string =>
  lines.flatMap((line) => (line.type === 'change.refused' ? line.data.problems : [])).join('\n');
const settings = {
  interactive: true,
  approvals: { plan: false, commands: false, changes: false },
  limits: { concurrency: 2 },
};
const TWO: Scenario = {
  files: FILES,
  settings,
  script: script(
    agent('planner', [[plan(one('a'), one('b'))]]),
    coder('a'),
    coder('b'),
    coder('b', 2, 'other'),
    reviewers,
    summary,
  ),
};

test('a running task whose text changed is begun anew; one that did not change goes on', async () => {
  const next = planOf(one('a', { priority: 5 }), one('b', { description: 'Make it other.' }));
  const played = await playSaying(TWO, { 'coder/b/1/1': { do: 'plan', plan: next } });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'other\n');
  assert.equal(played.file('src/a.txt'), 'aa\n');
  assert.ok(statesOf(played.lines, 'b').includes('2 done'));
  assert.ok(statesOf(played.lines, 'a').includes('1 done'), 'a higher priority makes no other task');
  assert.equal(played.requests.filter((request) => request.startsWith('coder/a/')).length, 1);
  assert.equal(played.view.plan?.revision, 2);
});

test('a task is added and another removed while the run works', async () => {
  const files = { ...FILES, 'src/c.txt': 'c\n' };
  const scenario: Scenario = {
    ...TWO,
    files,
    script: script(
      agent('planner', [[plan(one('a'), one('b', { depends_on: ['a'] }))]]),
      coder('a'),
      coder('c'),
      reviewers,
      summary,
    ),
  };
  const next = planOf(one('a'), one('c', { depends_on: ['a'] }));
  const played = await playSaying(scenario, { 'coder/a/1/1': { do: 'plan', plan: next } });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual(
    played.view.team?.messages.map(({ to, headers }) => `${to}: ${headers?.['event'] ?? ''}`),
    ['task/a/attempt/1/coder: plan changed', 'c: task done'],
  );
  assert.equal(played.file('src/c.txt'), 'cc\n');
  assert.equal(played.file('src/b.txt'), 'b\n');
  assert.deepEqual(
    played.view.tasks.map(({ spec }) => spec.id),
    ['a', 'c'],
  );
});

const REFUSED: readonly (readonly [what: string, next: PlanSpec, why: RegExp])[] = [
  ['a circle', planOf(one('a', { depends_on: ['b'] }), one('b', { depends_on: ['a'] })), /circle/],
  [
    'a role that there is not',
    planOf(one('a', { role: 'wizard' }), one('b')),
    /"wizard", which does not exist/,
  ],
  [
    'a model that there is not',
    planOf(one('a', { model: 'huge' }), one('b')),
    /"huge", which is no endpoint/,
  ],
];
for (const [what, next, why] of REFUSED)
  test(`not changed, and the run goes on: ${what}`, async () => {
    const played = await playSaying(TWO, { 'coder/b/1/1': { do: 'plan', plan: next } });
    assert.match(alerts(played.lines), why);
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.ok(statesOf(played.lines, 'b').includes('1 done'));
  });

test('a task that is done stays as it is', async () => {
  const scenario: Scenario = {
    ...TWO,
    script: script(
      agent('planner', [[plan(one('a'), one('b', { depends_on: ['a'] }))]]),
      coder('a'),
      coder('b'),
      reviewers,
      summary,
    ),
  };
  const changed = planOf(one('a', { description: 'Another thing.' }), one('b', { depends_on: ['a'] }));
  const played = await playSaying(scenario, { 'coder/b/1/1': { do: 'plan', plan: changed } });
  assert.match(alerts(played.lines), /Task "a" is done and stays as it is/);
});

test('a person takes a task over, goes on from what the agent left, and gives it back to be gated and reviewed', async () => {
  const scenario: Scenario = {
    ...TWO,
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      coder('a'),
      agent('coder', [[edit('src/b.txt', 'b', 'half')], [result('Never said.')]], { task: 'b' }),
      reviewers,
      summary,
    ),
  };
  const world = worldSaying(scenario, { 'coder/b/1/2': { do: 'take', task: 'b' } });
  const { store, disk } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    if (signal.name.startsWith('hand/')) {
      const root = world.ports.copies.rootOf(`${run}-b-2`);
      assert.equal(disk.text(root, 'src/b.txt'), 'half\n', 'what the agent left');
      disk.put(root, 'src/b.txt', 'by hand\n');
    }
    await put(run, signal);
  };
  const answers = { 'hand/b/2/0': { decision: 'give', summary: 'I did it myself.' } };
  const played = await play({ ...scenario, answers }, world);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'by hand\n');
  assert.ok(
    played.requests.some((request) => request.startsWith('reviewer/b/2')),
    'reviewed like anybody’s',
  );
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
});

test('a person who leaves a task they took lets an agent do it', async () => {
  const played = await playSaying(
    {
      ...TWO,
      script: script(
        agent('planner', [[plan(one('a'), one('b'))]]),
        coder('a'),
        coder('b'),
        coder('b', 3, 'third'),
        reviewers,
        summary,
      ),
    },
    { 'coder/b/1/1': { do: 'take', task: 'b' } },
    { 'hand/b/2/0': { decision: 'drop' } },
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'third\n');
});

test('limits and freedom change in mid-run, no further than the workspace allows', async () => {
  const policy = { autonomy: 'ask' as const, autonomyMax: 'guided' as const };
  const scenario: Scenario = { ...TWO, settings: { ...settings, policy, budget: { turnsMax: 3 } } };
  const raised = { do: 'settings', autonomy: 'guided', budget: { turnsMax: 50 }, concurrency: 1 } as const;
  const played = await playSaying(scenario, {
    'coder/a/1/1': raised,
    'coder/b/1/1': { do: 'settings', autonomy: 'auto' },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.view.budget.turnsMax, 50);
  assert.match(alerts(played.lines), /allows no more than "guided"/);
});

test('a question blocks nobody who does not need its answer, and is taken back with its task', async () => {
  const asking = agent('coder', [[call('ask_user', { question: 'Which one?' })], [result()]], { task: 'b' });
  const scenario: Scenario = {
    ...TWO,
    script: script(
      agent('planner', [[plan(one('a'), one('b'), one('c', { depends_on: ['a'] }))]]),
      coder('a'),
      asking,
      coder('c'),
      reviewers,
      summary,
    ),
    files: { ...FILES, 'src/c.txt': 'c\n' },
  };
  const without = planOf(one('a'), one('c', { depends_on: ['a'] }));
  const played = await playSaying(scenario, { 'coder/c/1/1': { do: 'plan', plan: without } });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.ok(statesOf(played.lines, 'c').includes('1 done'), 'it did not wait for the answer');
  assert.ok(played.lines.some((line) => line.type === 'signal.withdrawn'));
  assert.deepEqual(played.view.needs, []);
});

test('tasks that failed are planned again, once, with the evidence; what is done stays', async () => {
  const hopeless = agent('coder', ['I give up.', 'No.'], { task: 'b' });
  const scenario: Scenario = {
    ...TWO,
    settings: {
      ...settings,
      limits: { attempts: 1, replans: 1 },
      approvals: { plan: true, commands: false, changes: false },
    },
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      coder('a'),
      hopeless,
      agent('planner', [[plan(one('a'), one('b', { description: 'In another way.' }))]], { attempt: 2 }),
      coder('b', 2, 'other'),
      reviewers,
      summary,
    ),
  };
  const answers = { 'plan/1': { decision: 'approve' }, 'plan/2': { decision: 'approve' } };
  const played = await play({ ...scenario, answers });
  const asked = played.lines.find((line) => line.type === 'signal.opened' && line.key === 'plan/2');
  assert.match(
    asked?.type === 'signal.opened' ? asked.data.title : '',
    /Tasks failed\. Approve another plan \(changed: b\)/,
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'other\n');
  assert.equal(played.requests.filter((request) => request.startsWith('coder/a/')).length, 1);
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
});

test('whoever is asked is taken off its task: somebody else answers, and nobody waits for ever', async () => {
  const look = (n: number) => call('list_files', { max: n });
  const scenario: Scenario = {
    ...TWO,
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      {
        role: 'coder',
        task: 'a',
        replies: [
          { turn: 'any', when: 'coder asks you', calls: [call('submit_answer', { answer: 'Both.' })] },
          { turn: 1, calls: [call('ask_teammate', { to: 'b', question: 'One or both?' })] },
          { turn: 2, when: 'Both', calls: [edit('src/a.txt', 'a', 'aa'), result()] },
        ],
      },
      agent('coder', [[look(1)], [look(2)], [look(3)], [result()]], { task: 'b', attempt: 1 }),
      reviewers,
      summary,
    ),
  };
  const answers = { 'hand/b/2/0': { decision: 'give', summary: 'Left as it is.' } };
  const played = await playSaying(scenario, { 'coder/b/1/3': { do: 'take', task: 'b' } }, answers);
  assert.equal(played.file('src/a.txt'), 'aa\n', JSON.stringify(played.end));
  assert.match(played.view.team?.guards[0]?.why ?? '', /b\/attempt\/1\/coder ended without answering/u);
});

const PARTED: Scenario = {
  ...TWO,
  script: script(
    agent('planner', [
      [plan(one('a', { files: ['src/*.txt'], tasks: [one('a'), one('b', { depends_on: ['a'] })] }))],
    ]),
    coder('a.a'),
    coder('a.b'),
    coder('a.a', 2),
    coder('c'),
    reviewers,
    summary,
  ),
};

test('a person who takes a task does what is left of its sub-tasks', async () => {
  const world = worldSaying(PARTED, { 'coder/a.b/1/1': { do: 'take', task: 'a' } });
  const { store, disk } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    if (signal.name.startsWith('hand/'))
      disk.put(world.ports.copies.rootOf(`${run}-a-1`), 'src/b.txt', 'by hand\n');
    await put(run, signal);
  };
  const played = await play({ ...PARTED, answers: { 'hand/a/1/0': { decision: 'give' } } }, world);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/a.txt'), 'aa\n', 'what was done stays');
  assert.equal(played.file('src/b.txt'), 'by hand\n');
  assert.deepEqual(
    played.view.tasks.map(({ spec, state }) => `${spec.id} ${state}`),
    ['a done', 'a.a done'],
  );
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
});

test('a sub-task that is added, and one that goes, while the run works', async () => {
  const next = planOf(
    one('a', { files: ['src/*.txt'] }),
    one('a.a', { files: ['src/a.txt'] }),
    { ...one('a.b'), files: ['src/b.txt'] },
    { ...one('a.c'), files: ['src/c.txt'] },
  );
  const files = { ...FILES, 'src/c.txt': 'c\n' };
  const without = { ...next, tasks: next.tasks.filter(({ id }) => id !== 'a.b') };
  const scenario: Scenario = {
    ...PARTED,
    files,
    script: script(
      ...PARTED.script.agents.filter(({ task: of }) => of !== 'c'),
      agent('coder', [[edit('src/c.txt', 'c', 'cc'), result()]], { task: 'a.c' }),
    ),
  };
  const played = await playSaying(scenario, { 'coder/a.a/1/1': { do: 'plan', plan: without } });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/c.txt'), 'cc\n');
  assert.equal(played.file('src/b.txt'), 'b\n');
  assert.equal(played.view.tasks.find(({ spec }) => spec.id === 'a')?.state, 'done');
});

test('a task that goes takes its sub-tasks with it: what is left in it is refused', async () => {
  const orphan = planOf(one('b'), { ...one('a.a'), files: ['src/a.txt'] });
  const played = await playSaying(PARTED, { 'coder/a.a/1/1': { do: 'plan', plan: orphan } });
  assert.match(alerts(played.lines), /"a\.a" is part of "a", which is not in the plan/);
  const gone = await playSaying(
    { ...PARTED, files: { ...FILES, 'src/c.txt': 'c\n' } },
    { 'coder/a.a/1/1': { do: 'plan', plan: planOf(one('c')) } },
  );
  assert.equal(gone.end.kind === 'finished' && gone.end.outcome, 'done', gone.end.message);
  assert.equal(gone.file('src/a.txt'), 'a\n');
  assert.equal(gone.file('src/c.txt'), 'cc\n');
});

test('a task that is being broken down is changed: its planner is given up', async () => {
  const scenario: Scenario = {
    ...PARTED,
    script: script(
      agent('planner', [[plan(one('a', { expand: true }))]]),
      agent('planner', [[plan(one('x', { files: ['src/a.txt'] }))]], { task: 'a' }),
      coder('a', 2),
      reviewers,
      summary,
    ),
  };
  const played = await playSaying(scenario, { 'planner/a/1/1': { do: 'plan', plan: planOf(one('a')) } });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual(
    played.view.tasks.map(({ spec, state }) => `${spec.id} ${state}`),
    ['a done'],
  );
  assert.deepEqual(played.view.suggestions, []);
});
