/** Whoever waits for an answer holds nobody up: others have its slot meanwhile, and it takes one again before it goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, worldOf, worldWith, type Played, type Scenario } from './check.ts';
import { goOn, recordRun } from './crash.ts';
import { agent, approve, call, edit, FILES, fix, plan, result, script, task } from './parts.ts';

const ask = (question = 'Which greeting?') => call('ask_user', { question });
const askTeam = (to: string) => call('ask_teammate', { to, question: 'Which greeting?' });
const say = (to: string, text: string) => call('post_message', { to, text });
const look = (n: number) => call('list_files', { max: n });
const answer = call('submit_answer', { answer: 'Use hello.' });
const summary = agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]);
const reviewer = agent('reviewer', [[approve]]);

const ONE = task({ id: 'one', files: ['src/greet.txt'], priority: 5 });
const TWO = task({ id: 'two', title: 'Change the other', files: ['src/other.txt'] });
const THREE = task({ id: 'three', title: 'Write a third', files: ['src/third.txt'], priority: -5 });

const open = (limits: object) => ({
  interactive: true,
  approvals: { plan: false, commands: false, changes: false },
  limits: { concurrency: 1, ...limits },
});
const QUESTION = 'question/task/one/attempt/1/coder/round/0/turn/1/tool/0';

/** One asks the person first thing, the others do not. */
const asking = (limits: object, more: Partial<Scenario> = {}): Scenario => ({
  files: FILES,
  script: script(
    agent('planner', [[plan(ONE, TWO)]]),
    agent('coder', [[ask()], [fix, result()]], { task: 'one' }),
    agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'two' }),
    reviewer,
    summary,
  ),
  settings: open(limits),
  ...more,
});

const states = ({ view }: Played): Readonly<Record<string, string>> =>
  Object.fromEntries(view.tasks.map(({ spec, state }) => [spec.id, state]));
const guards = ({ view }: Played): readonly string[] =>
  (view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`);
const limits = ({ lines }: Played): readonly string[] =>
  lines.flatMap((line) => (line.type === 'limit.reached' ? [line.data.limit] : []));

async function replayed(played: Played): Promise<Played> {
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
  return played;
}

async function done(scenario: Scenario): Promise<Played> {
  const played = await replayed(await play(scenario));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  return played;
}

test('one at a time, and a question is open: the other task is done meanwhile, and the answer finds the run again', async () => {
  const scenario = asking({ parked: 8 });
  const world = worldOf(scenario);
  const paused = await play(scenario, world);
  assert.equal(paused.end.kind === 'paused' && paused.end.reason, 'waiting', JSON.stringify(paused.end));
  assert.deepEqual(states(paused), { one: 'working', two: 'done' });
  assert.deepEqual(
    paused.view.team?.waits.map(({ who, on }) => [who, on]),
    [['task/one/attempt/1/coder', 'person']],
  );
  await replayed(paused);
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  await engine.answer(paused.id, QUESTION, { text: 'Hello.' }, 'person');
  const again = worldWith(world.ports, scenario);
  const played = await replayed(await play(scenario, again, paused.id));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.ok(!again.requests.some((request) => request.startsWith('coder/two')), 'what was done stays done');
  assert.ok(!played.lines.some(({ type }) => type === 'run.upgraded'));
});

test('with no place to give away, and in runs of before, whoever waits keeps its slot', async () => {
  for (const none of [{ parked: 0 }, {}]) {
    const paused = await replayed(await play(asking(none)));
    assert.deepEqual(states(paused), { one: 'working', two: 'waiting' });
  }
});

test('the same files wait for whoever asks, whatever is free', async () => {
  const paused = await play(
    asking(
      { parked: 8 },
      {
        script: script(
          agent('planner', [[plan(ONE, { ...TWO, files: ['src/**'] }, THREE)]]),
          agent('coder', [[ask()], [fix, result()]], { task: 'one' }),
          agent('coder', [[call('write_file', { path: 'src/third.txt', content: 'x\n' }), result()]], {
            task: 'three',
          }),
          reviewer,
          summary,
        ),
      },
    ),
  );
  assert.deepEqual(states(paused), { one: 'working', two: 'waiting', three: 'done' });
});

test('so many may wait in others’ places: at the limit nothing more begins, it is told, and nobody is lost', async () => {
  const everybody = (...tasks: readonly ReturnType<typeof call>[]) =>
    script(
      agent('planner', [[plan(ONE, TWO, THREE)]]),
      ...['one', 'two', 'three'].map((id, n) =>
        agent('coder', [[ask(`Which ${id}?`)], [tasks[n] ?? fix, result()]], { task: id }),
      ),
      reviewer,
      summary,
    );
  const write = (path: string) => call('write_file', { path, content: 'x\n' });
  const scenario = asking(
    { parked: 1 },
    { script: everybody(fix, write('src/other.txt'), write('src/third.txt')) },
  );
  const paused = await replayed(await play(scenario));
  assert.deepEqual(states(paused), { one: 'working', two: 'working', three: 'waiting' });
  assert.deepEqual(limits(paused), ['parked']);
  assert.equal(paused.view.needs.length, 2);
  const questions = ['one', 'two', 'three'].map((id) => [QUESTION.replace('one', id), { text: 'Any.' }]);
  const played = await done({
    ...scenario,
    answers: Object.fromEntries(questions) as Record<string, unknown>,
  });
  assert.deepEqual(states(played), { one: 'done', two: 'done', three: 'done' });
});

test('a permission and a teammate’s answer are waits like any other', async () => {
  const command = call('run_command', { command: 'curl http://example.org' });
  const paused = await play(
    asking(
      { parked: 8 },
      {
        settings: { ...open({ parked: 8 }), approvals: { plan: false, commands: true, changes: false } },
        script: script(
          agent('planner', [[plan(ONE, TWO)]]),
          agent('coder', [[command], [fix, result()]], { task: 'one' }),
          agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'two' }),
          reviewer,
          summary,
        ),
      },
    ),
  );
  assert.deepEqual(
    [paused.view.needs[0]?.ask.kind, states(paused)],
    ['permission', { one: 'working', two: 'done' }],
  );

  const began: string[] = [];
  await done({
    files: FILES,
    settings: { limits: { concurrency: 2, parked: 8 } },
    script: script(
      agent('planner', [[plan(ONE, TWO, THREE)]]),
      agent('coder', [[askTeam('two')], [fix, result()]], { task: 'one' }),
      agent('coder', [[look(1)], [look(2)], [look(3)], [say('one', 'Use hello.')], [result()]], {
        task: 'two',
      }),
      agent('coder', [[call('write_file', { path: 'src/third.txt', content: 'x\n' }), result()]], {
        task: 'three',
      }),
      reviewer,
      summary,
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') began.push(`${request.task ?? ''} ${String(request.turn)}`);
        return scripted.complete(request, context);
      },
    }),
  });
  assert.ok(began.indexOf('three 1') < began.indexOf('one 2'), began.join(', '));
});

test('a task that the person does takes no slot from the team', async () => {
  const scenario = asking(
    { parked: 8 },
    {
      script: script(
        agent('planner', [[plan(ONE, TWO, THREE)]]),
        agent('coder', [[ask()], [fix, result()]], { task: 'one' }),
        agent('coder', [[ask('Which other?')], [result()]], { task: 'two' }),
        agent('coder', [[call('write_file', { path: 'src/third.txt', content: 'x\n' }), result()]], {
          task: 'three',
        }),
        reviewer,
        summary,
      ),
    },
  );
  const world = worldOf(scenario);
  const paused = await play(scenario, world);
  assert.deepEqual(states(paused), { one: 'working', two: 'working', three: 'done' });
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  await engine.change(paused.id, { do: 'take', task: 'two' }, 'person');
  const taken = await replayed(await play(scenario, worldWith(world.ports, scenario), paused.id));
  assert.deepEqual(taken.view.needs.map(({ ask: { kind } }) => kind).sort(), ['hand', 'question']);
  await engine.answer(paused.id, 'hand/two/2/0', { decision: 'give', summary: 'Nothing to do.' }, 'person');
  await engine.answer(paused.id, QUESTION, { text: 'Hello.' }, 'person');
  const played = await replayed(await play(scenario, worldWith(world.ports, scenario), paused.id));
  assert.equal(played.end.kind, 'finished', JSON.stringify(played.end));
});

test('of several candidates only the slot of the one that asks is free', async () => {
  const scenario = asking(
    { concurrency: 2, parked: 8 },
    {
      script: script(
        agent('planner', [[plan({ ...ONE, candidates: 2 }, TWO, THREE)]]),
        agent('coder', [[ask()], [fix, result()]], { task: 'one', candidate: 1 }),
        agent('coder', [[look(1)], [fix, result()]], { task: 'one', candidate: 2 }),
        agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'two' }),
        agent('coder', [[call('write_file', { path: 'src/third.txt', content: 'x\n' }), result()]], {
          task: 'three',
        }),
        reviewer,
        summary,
      ),
    },
  );
  const paused = await replayed(await play(scenario));
  assert.deepEqual(states(paused), { one: 'working', two: 'done', three: 'done' });
  const order = paused.requests.filter((request) => request.startsWith('coder/'));
  assert.ok(order.indexOf('coder/two/1/1') < order.indexOf('coder/three/1/1'), order.join(', '));
});

test('cut off at any line, the run goes on as it would have', async () => {
  const scenario = asking({ parked: 8 }, { answers: { [QUESTION]: { text: 'Hello.' } } });
  const recording = await recordRun(scenario);
  for (let line = 2; line <= recording.count; line += 3) {
    const crashed = recording.crashAt(line, 'after');
    if (crashed) await goOn(scenario, crashed, recording.whole);
  }
});

const COME_BACK: Scenario = asking(
  { parked: 8 },
  {
    answers: { [QUESTION]: { text: 'Hello.' } },
    script: script(
      agent('planner', [[plan(ONE, TWO)]]),
      agent('coder', [[ask()], [say('two', 'Use hello.')], [fix, result()]], { task: 'one' }),
      agent('coder', [...[1, 2, 3, 4, 5, 6].map((n) => [look(n)]), [askTeam('one')], [result()]], {
        task: 'two',
      }),
      reviewer,
      summary,
    ),
  },
);

test('deadlock by slots: asked by whoever has the only slot, the one that waits for it gets it and answers', async () => {
  const played = await done(COME_BACK);
  const waited = played.lines.some(
    (line) => line.type === 'agent.changed' && line.data.note?.includes('free slot') === true,
  );
  assert.ok(waited, 'its answer came while the other worked');
  assert.deepEqual(guards(played), []);
  const kinds = (played.view.team?.messages ?? []).map(({ kind = 'notification' }) => kind);
  assert.deepEqual(kinds, ['request', 'response']);
});

test('held by the person: whoever asks a teammate that waits for the person is answered by somebody else', async () => {
  const coder = {
    role: 'coder',
    task: 'two',
    replies: [
      { turn: 1, calls: [askTeam('one')] },
      { turn: 2, calls: [edit('src/other.txt', 'other', 'else'), result()] },
    ],
  };
  const other = {
    role: 'coder',
    task: 'two',
    replies: [{ turn: 'any', when: 'coder asks you', calls: [answer] }],
  };
  const replies = [...other.replies, ...coder.replies];
  const paused = await replayed(
    await play(
      asking(
        { parked: 8 },
        {
          script: script(
            agent('planner', [[plan(ONE, TWO)]]),
            agent('coder', [[ask()], [fix, result()]], { task: 'one' }),
            { ...coder, replies },
            reviewer,
            summary,
          ),
        },
      ),
    ),
  );
  assert.deepEqual([states(paused), guards(paused)], [{ one: 'working', two: 'done' }, ['held elsewhere']]);
  assert.match(
    paused.view.team?.guards[0]?.why ?? '',
    /one\/attempt\/1\/coder waits for person: Which greeting\?/u,
  );
});

test('held later: whoever is asked turns to the person, and its asker to somebody else', async () => {
  const replies = [
    { turn: 'any', when: 'coder asks you', calls: [answer] },
    { turn: 1, calls: [askTeam('one')] },
    { turn: 2, calls: [edit('src/other.txt', 'other', 'else'), result()] },
  ];
  const paused = await replayed(
    await play(
      asking(
        { parked: 8, concurrency: 2 },
        {
          script: script(
            agent('planner', [[plan(ONE, TWO)]]),
            agent('coder', [[look(1)], [look(2)], [ask()], [fix, result()]], { task: 'one' }),
            { role: 'coder', task: 'two', replies },
            reviewer,
            summary,
          ),
        },
      ),
    ),
  );
  assert.deepEqual([states(paused), guards(paused)], [{ one: 'working', two: 'done' }, ['held elsewhere']]);
});

test('made to answer, an agent that waits for the person holds nobody up: the slot it was lent is free meanwhile', async () => {
  const secret = call('read_file', { path: '.env' });
  const answering = {
    role: 'researcher',
    replies: [
      { turn: 1, calls: [secret] },
      { turn: 2, calls: [answer] },
    ],
  };
  const scenario = asking(
    { parked: 8 },
    {
      files: { ...FILES, '.env': 'TOKEN=abc\n' },
      settings: { ...open({ parked: 8 }), approvals: { plan: false, commands: true, changes: false } },
      script: script(
        agent('planner', [[plan(ONE, TWO)]]),
        agent('coder', [[askTeam('researcher')], [fix, result()]], { task: 'one' }),
        agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'two' }),
        answering,
        reviewer,
        summary,
      ),
    },
  );
  const paused = await replayed(await play(scenario));
  assert.equal(paused.end.kind, 'paused', JSON.stringify(paused.end));
  assert.deepEqual(states(paused), { one: 'working', two: 'done' });
  assert.match(paused.view.needs[0]?.ask.title ?? '', /\.env/u);
  const [need] = paused.view.needs;
  const goesOn = { ...scenario, answers: { [need?.signal ?? '']: { allow: true } } };
  const ended = await replayed(await play(goesOn, paused, paused.id));
  assert.equal(ended.end.kind === 'finished' && ended.end.outcome, 'done', JSON.stringify(ended.end));
});

test('made to answer, an agent works in the slot of whoever asks: no more are at work than may, and others have their turn', async () => {
  let [now, most] = [0, 0];
  const order: string[] = [];
  const played = await done(
    asking(
      { parked: 8 },
      {
        script: script(
          agent('planner', [[plan(ONE, TWO)]]),
          agent('coder', [[askTeam('researcher')], [fix, result()]], { task: 'one' }),
          agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'two' }),
          agent('researcher', [[look(1)], [look(2)], [answer]]),
          reviewer,
          summary,
        ),
        models: (scripted) => ({
          async complete(request: ModelRequest, context) {
            now += 1;
            most = Math.max(most, now);
            order.push(`${request.role} ${request.task ?? ''}`);
            await new Promise((resolve) => setTimeout(resolve, 5));
            now -= 1;
            return scripted.complete(request, context);
          },
        }),
      },
    ),
  );
  assert.equal(most, 1, order.join(', '));
  assert.ok(order.lastIndexOf('researcher one') < order.indexOf('coder two'), order.join(', '));
  assert.deepEqual(guards(played), []);
});
