/** Plans within plans: tasks of sub-tasks, planned at once or broken down once their turn has come. Every such run replays as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { changeOfTask, taskDiffText } from '../../src/core/run/views/task-change.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { check, play, type Played, type Scenario } from './check.ts';
import { goOn, recordRun } from './crash.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';

const FILES = {
  'src/a.txt': 'a\n',
  'src/b.txt': 'b\n',
  'src/c.txt': 'c\n',
  'test/all.spec': 'a stays: src/a.txt has a\n',
};
const one = (id: string, more: object = {}): Record<string, unknown> =>
  task({ id, title: `Change ${id}`, files: [`src/${id.at(-1) ?? ''}.txt`], ...more });
const coder = (id: string, attempt = 1, more: object = {}): Record<string, unknown> => {
  const letter = id.at(-1) ?? '';
  const text = `${letter}${letter}`;
  return agent('coder', [[edit(`src/${letter}.txt`, letter, text), result(`Changed ${id}.`)]], {
    task: id,
    attempt,
    ...more,
  });
};
const reviewer = agent('reviewer', [[approve], [approve], [approve]]);
const summary = agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]);
const parts = (id: string, ...replies: readonly (readonly object[])[]): Record<string, unknown> =>
  agent(
    'planner',
    replies.map((tasks) => [plan(...(tasks as Record<string, unknown>[]))]),
    { task: id },
  );
const settings = { limits: { concurrency: 3, replans: 0 } };

const statesOf = (lines: readonly JournalLine[], id: string): readonly string[] =>
  lines.flatMap((line) => (line.type === 'task.changed' && line.data.task === id ? [line.data.state] : []));
const endOf = ({ view }: Played): Record<string, string> =>
  Object.fromEntries(view.tasks.map(({ spec, state }) => [spec.id, state]));
async function assertReplays(played: Played): Promise<void> {
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
}

const AT_ONCE: Scenario = {
  files: FILES,
  settings,
  script: script(
    agent('planner', [
      [
        plan(
          one('whole', {
            files: ['src/*.txt'],
            acceptance: ['Both are doubled.'],
            tasks: [one('a', { files: undefined }), one('b', { depends_on: ['a'] })],
          }),
          one('c', { depends_on: ['whole'] }),
        ),
      ],
    ]),
    coder('whole.a'),
    coder('whole.b'),
    coder('c'),
    reviewer,
    summary,
  ),
};

test('a task is done when its sub-tasks are and a reviewer sees what they were to come to; what depends on it waits', async () => {
  const played = await check(AT_ONCE, {
    end: { outcome: 'done' },
    files: { 'src/a.txt': 'aa\n', 'src/b.txt': 'bb\n', 'src/c.txt': 'cc\n' },
    calls: { planner: 1, coder: 3, reviewer: 4, synthesizer: 1 },
  });
  assert.deepEqual(endOf(played), { whole: 'done', 'whole.a': 'done', 'whole.b': 'done', c: 'done' });
  assert.deepEqual(played.view.plan?.spec.tasks[1]?.files, ['src/*.txt'], 'it may write what its parent may');
  const order = played.lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.state === 'done' ? [line.data.task] : [],
  );
  assert.deepEqual(order, ['whole.a', 'whole.b', 'whole', 'c']);
  const [first] = played.view.plan.estimates ?? [];
  assert.ok(first && first.tokens < 10_000, 'what is estimated of the whole is its review alone');
  await assertReplays(played);
});

test('what one task changed is told apart from the rest; of a whole it is what its sub-tasks changed', async () => {
  const { view, ports } = await play(AT_ONCE);
  const pathsOf = async (id: string): Promise<readonly string[]> =>
    (await changeOfTask(ports.copies, view, id)).map(({ path }) => path);
  assert.deepEqual(await pathsOf('whole.a'), ['src/a.txt']);
  assert.deepEqual(await pathsOf('whole.b'), ['src/b.txt']);
  assert.deepEqual(await pathsOf('whole'), ['src/a.txt', 'src/b.txt']);
  assert.deepEqual(await pathsOf('c'), ['src/c.txt']);
  assert.deepEqual(await pathsOf('nobody'), []);
  assert.match(await taskDiffText(ports.copies, view, 'whole.b'), /^--- a\/src\/b\.txt\n[\s\S]*-b\n\+bb\n$/u);
});

test('what sub-tasks did not come to is mended by whoever the whole was for', async () => {
  const missing = call('submit_review', {
    verdict: 'request_changes',
    comments: [{ path: 'src/c.txt', line: 1, severity: 'blocking', body: 'c is not doubled.' }],
  });
  const scenario: Scenario = {
    ...AT_ONCE,
    script: script(
      agent('planner', [
        [
          plan(
            one('whole', { files: ['src/*.txt'], acceptance: ['All doubled.'], tasks: [one('a'), one('b')] }),
          ),
        ],
      ]),
      coder('whole.a'),
      coder('whole.b'),
      agent('reviewer', [[missing]], { task: 'whole', attempt: 1 }),
      agent('coder', [[edit('src/c.txt', 'c', 'cc'), result()]], { task: 'whole', attempt: 2 }),
      reviewer,
      summary,
    ),
  };
  const played = await check(scenario, { end: { outcome: 'done' }, files: { 'src/c.txt': 'cc\n' } });
  assert.equal(endOf(played)['whole'], 'done');
  await assertReplays(played);
});

const TWICE: Scenario = {
  files: FILES,
  settings,
  script: script(
    agent('planner', [[plan(one('whole', { files: ['src/**'], expand: true }), one('c'))]]),
    parts('whole', [
      one('half', { files: ['src/*.txt'], expand: true }),
      one('b', { depends_on: ['half'], when: { task: 'half', is: 'done' } }),
    ]),
    parts('whole.half', [one('a')]),
    coder('whole.half.a'),
    coder('whole.b'),
    coder('c'),
    reviewer,
    summary,
  ),
};

test('a task is broken down while the run works, and one of its sub-tasks again', async () => {
  const played = await check(TWICE, {
    end: { outcome: 'done' },
    files: { 'src/a.txt': 'aa\n', 'src/b.txt': 'bb\n', 'src/c.txt': 'cc\n' },
    calls: { planner: 3, coder: 3, reviewer: 3, synthesizer: 1 },
  });
  assert.deepEqual(
    played.view.plan?.spec.tasks.map(({ id }) => id),
    ['whole', 'whole.half', 'whole.half.a', 'whole.b', 'c'],
  );
  assert.ok(
    Object.values(endOf(played)).every((state) => state === 'done'),
    JSON.stringify(endOf(played)),
  );
  assert.equal(played.view.plan.revision, 3);
  assert.deepEqual(played.view.suggestions, []);
  const planned = played.view.ledger.filter(({ role }) => role === 'planner').map((row) => row.task);
  assert.deepEqual(
    planned,
    [undefined, 'whole', 'whole.half'],
    'what it cost to break it down counts with it',
  );
  await assertReplays(played);
});

test('a run that breaks a task down goes on after a crash at any line of it', async () => {
  const recording = await recordRun(TWICE);
  assert.equal(recording.whole.end.kind === 'finished' && recording.whole.end.outcome, 'done');
  const { lines } = recording.whole;
  const from = lines.findIndex((line) => line.type === 'plan.decided') + 1;
  const to = lines.findLastIndex((line) => line.type === 'suggestion.decided') + 6;
  for (let line = from; line < to; line++) {
    const crashed = recording.crashAt(line, line % 2 === 0 ? 'inside' : 'after');
    if (crashed) await goOn(TWICE, crashed, recording.whole);
  }
});

const BAD: readonly (readonly [what: string, tasks: readonly object[], why: RegExp])[] = [
  ['outside of what the task may write', [one('b')], /"whole.b" may write src\/b.txt, which "whole" may not/],
  [
    'a circle',
    [one('a', { depends_on: ['x'] }), one('x', { files: ['src/a.txt'], depends_on: ['a'] })],
    /circle/,
  ],
  [
    'too deep',
    [one('a', { tasks: [one('a', { tasks: [one('a')] })] })],
    /"whole.a.a.a" is a sub-task 3 levels/,
  ],
  [
    'to be broken down too deep',
    [one('a', { tasks: [one('a', { expand: true })] })],
    /cannot be broken down/,
  ],
  ['waits for what is elsewhere', [one('a', { depends_on: ['c'] })], /does not stand beside it/],
  ['a glob that leads out', [one('a', { files: ['../a.txt'] })], /leads out of the workspace/],
  [
    'too many',
    [one('a'), one('e', { files: ['src/a.txt'] }), one('f', { files: ['src/a.txt'] })],
    /at most 4 are allowed/,
  ],
];
for (const [what, tasks, why] of BAD)
  test(`sub-tasks go back with the reason: ${what}`, async () => {
    const played = await check(
      {
        files: FILES,
        settings: { limits: { tasks: 4, replans: 0 } },
        script: script(
          agent('planner', [[plan(one('whole', { files: ['src/a.txt'], expand: true }), one('c'))]]),
          parts('whole', tasks, [one('a')]),
          coder('whole.a'),
          coder('c'),
          reviewer,
          summary,
        ),
      },
      { end: { outcome: 'done' }, files: { 'src/a.txt': 'aa\n' } },
    );
    const problems = played.lines.flatMap((line) =>
      line.type === 'plan.suggested' ? line.data.problems : [],
    );
    assert.match(problems.join('\n'), why);
    await assertReplays(played);
  });

test('a task that cannot be broken down fails, and blocks what waits for it and nothing else', async () => {
  const bad = [one('b')];
  const played = await play({
    files: FILES,
    settings: { limits: { planning: 2, replans: 0 } },
    script: script(
      agent('planner', [
        [
          plan(
            one('whole', { files: ['src/a.txt'], expand: true }),
            one('c'),
            one('b', { depends_on: ['whole'] }),
          ),
        ],
      ]),
      parts('whole', bad, bad),
      coder('c'),
      reviewer,
      summary,
    ),
  });
  assert.deepEqual(endOf(played), { whole: 'failed', c: 'done', b: 'blocked' });
  assert.ok(played.lines.some((line) => line.type === 'limit.reached' && line.data.limit === 'planning'));
  await assertReplays(played);
});

test('a sub-task that fails fails the task, is planned anew, and the task comes to its end', async () => {
  const hopeless = agent('coder', ['I give up.', 'No.'], { task: 'whole.b' });
  const whole = (more: object = {}): Record<string, unknown> =>
    one('whole', { files: ['src/*.txt'], tasks: [one('a'), one('b', more)] });
  const scenario: Scenario = {
    files: FILES,
    settings: { limits: { attempts: 1, replans: 1 } },
    script: script(
      agent('planner', [[plan(whole(), one('c', { depends_on: ['whole'] }))]], { attempt: 1 }),
      coder('whole.a'),
      hopeless,
      agent(
        'planner',
        [[plan(whole({ description: 'In another way.' }), one('c', { depends_on: ['whole'] }))]],
        { attempt: 2 },
      ),
      coder('whole.b', 2),
      coder('c'),
      reviewer,
      summary,
    ),
  };
  const played = await check(scenario, {
    end: { outcome: 'done' },
    files: { 'src/a.txt': 'aa\n', 'src/b.txt': 'bb\n', 'src/c.txt': 'cc\n' },
  });
  assert.deepEqual(statesOf(played.lines, 'whole'), ['failed', 'done']);
  assert.equal(played.requests.filter((request) => request.startsWith('coder/whole.a/')).length, 1);
  await assertReplays(played);
});

test('where only what a failed sub-task is part of is planned anew, it is tried again; what is done beside it stays', async () => {
  const whole = (description: string): Record<string, unknown> =>
    one('whole', { description, files: ['src/*.txt'], tasks: [one('a'), one('b')] });
  const played = await check(
    {
      files: FILES,
      settings: { limits: { attempts: 1, replans: 1 }, restartsParts: true },
      script: script(
        agent('planner', [[plan(whole('In one way.'))]], { attempt: 1 }),
        coder('whole.a'),
        agent('coder', ['I give up.', 'No.'], { task: 'whole.b' }),
        agent('planner', [[plan(whole('In another way.'))]], { attempt: 2 }),
        coder('whole.b', 2),
        reviewer,
        summary,
      ),
    },
    { end: { outcome: 'done' }, files: { 'src/a.txt': 'aa\n', 'src/b.txt': 'bb\n' } },
  );
  assert.equal(played.requests.filter((request) => request.startsWith('coder/whole.a/')).length, 1);
  assert.deepEqual(statesOf(played.lines, 'whole'), ['failed', 'reviewing', 'done']);
  await assertReplays(played);
});

const ASKED: Scenario = {
  files: FILES,
  settings: { ...settings, interactive: true, approvals: { plan: true, commands: false, changes: false } },
  script: script(
    agent('planner', [[plan(one('whole', { files: ['src/*.txt'], expand: true }), one('c'))]]),
    agent('planner', [[plan(one('a'))], [plan(one('a'), one('b'))]], { task: 'whole' }),
    coder('whole.a'),
    coder('whole.b'),
    coder('whole.c'),
    agent('coder', [[edit('src/a.txt', 'a', 'alone'), result()]], { task: 'whole' }),
    coder('c'),
    reviewer,
    summary,
  ),
};
const FIRST = 'plan/task/whole/attempt/1/1';

test('sub-tasks are shown and approved by the rule of the plan: sent back, then taken; others go on meanwhile', async () => {
  const answers = {
    'plan/1': { decision: 'approve' },
    [FIRST]: { decision: 'revise', reason: 'And b.' },
    'plan/task/whole/attempt/1/2': { decision: 'approve' },
  };
  const played = await play({ ...ASKED, answers });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'bb\n');
  await assertReplays(played);
});

test('sub-tasks are taken as the person changed them', async () => {
  const tasks = [{ ...one('whole.c'), files: ['src/b.txt'] }];
  const edited = { summary: 'Mine.', tasks };
  const played = await play({
    ...ASKED,
    script: script(
      agent('planner', [[plan(one('whole', { files: ['src/*.txt'], expand: true }))]]),
      agent('planner', [[plan(one('a'))]], { task: 'whole' }),
      agent('coder', [[edit('src/b.txt', 'b', 'mine'), result()]], { task: 'whole.c' }),
      reviewer,
      summary,
    ),
    answers: {
      'plan/1': { decision: 'approve' },
      [FIRST]: { decision: 'approve', plan: { ...edited, tasks: [{ ...tasks[0], files: ['test/x'] }] } },
      [`${FIRST}/2`]: { decision: 'approve', plan: edited },
    },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/b.txt'), 'mine\n');
  const asked = played.lines.find((line) => line.type === 'signal.opened' && line.key === `${FIRST}/2`);
  assert.match(
    asked?.type === 'signal.opened' ? asked.data.title : '',
    /may write test\/x, which "whole" may not/,
  );
  await assertReplays(played);
});

test('a person lets a task be done in one go', async () => {
  const played = await play({
    ...ASKED,
    answers: { 'plan/1': { decision: 'approve' }, [FIRST]: { decision: 'end' } },
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/a.txt'), 'alone\n');
  assert.deepEqual(endOf(played), { whole: 'done', c: 'done' });
  await assertReplays(played);
});
