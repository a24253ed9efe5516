/** Agents that fall silent, fail, or require what is not there; and a stop that lets what is under way end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import { play, worldWith, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task, TEAM } from './parts.ts';
import { playTests } from './tap-runner.ts';

const ENDPOINTS = {
  endpoints: [
    { id: 'one', kind: 'scripted' as const, model: 'one', vision: false },
    { id: 'two', kind: 'scripted' as const, model: 'two', vision: true },
  ],
  routes: { default: ['one', 'two'] },
};

const SETTINGS = RunSettings.parse({
  ...ENDPOINTS,
  interactive: false,
  approvals: { plan: false, commands: false, changes: false },
  testCommand: 'play-tests',
});

/** Plays with a clock that is moved on whenever nothing else happens. */
async function whileTimePasses(scenario: Scenario, minutes: number) {
  const ports = createInMemoryPorts({
    files: scenario.files,
    shell: (disk) => playTests(disk),
    clock: new ManualClock(),
  });
  const world = worldWith(ports, scenario);
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause', givesUp: true });
  const run = await engine.start({ goal: 'Do it', mode: 'team', settings: SETTINGS, demo: true });
  const state = { over: false };
  const ended = run.ended.finally(() => (state.over = true));
  for (let minute = 0; minute < minutes && !state.over; minute++) {
    for (let turns = 0; turns < 300; turns++) await ports.clock.settle();
    await ports.clock.advance(60_000);
  }
  const view = await createRunViews(ports.store, ports.hasher).view(run.id);
  const { lines } = decodeJournal(await ports.store.read(run.id), ports.hasher);
  return { end: await ended, view, lines, engine, id: run.id };
}

test('an agent whose model falls silent is begun again with all it knows, by another endpoint, and a replay agrees', async () => {
  const asked: string[] = [];
  const played = await whileTimePasses(
    {
      files: FILES,
      script: TEAM,
      models: (scripted) => ({
        complete(request: ModelRequest, context) {
          if (request.role !== 'coder') return scripted.complete(request, context);
          asked.push(request.endpoints[0]?.id ?? '');
          return asked.length === 1 ? new Promise(() => undefined) : scripted.complete(request, context);
        },
      }),
    },
    45,
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(asked, ['one', 'two']);
  assert.deepEqual(
    played.view.team?.guards.map(({ guard, rung }) => [guard, rung]),
    [['silence', 'restarted']],
  );
  assert.equal((await played.engine.replay(played.id)).divergence, undefined);
});

test('one that stays silent is begun again a bounded number of times, then the run pauses and says so', async () => {
  const played = await whileTimePasses(
    {
      files: FILES,
      script: TEAM,
      models: (scripted) => ({
        complete: (request, context) =>
          request.role === 'coder' ? new Promise(() => undefined) : scripted.complete(request, context),
      }),
    },
    120,
  );
  assert.ok(played.end.kind === 'paused' && played.end.reason === 'endpoint', JSON.stringify(played.end));
  assert.match(played.end.message, /no sign of life for 1800 s/u);
  assert.equal(played.view.team?.guards.length, 2);
});

test('the next attempt is told why the former failed and what it did', async () => {
  const heard: string[] = [];
  const played = await play({
    files: FILES,
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [[call('read_file', { path: 'src/other.txt' })], 'I stop.', 'I stop.'], { attempt: 1 }),
      agent('coder', [[fix, result()]], { attempt: 2 }),
      agent('reviewer', [[approve]]),
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder' && request.attempt === 2)
          heard.push(request.messages.map(({ content }) => content).join('\n'));
        return scripted.complete(request, context);
      },
    }),
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done');
  assert.match(
    heard[0] ?? '',
    /stopped without handing over[\s\S]*What that attempt did[\s\S]*src\/other\.txt/u,
  );
});

test('a task that requires what nothing provides goes back to the planner with the reason; met, only what serves is asked', async () => {
  const asked: string[] = [];
  const played = await play({
    files: FILES,
    settings: ENDPOINTS,
    script: script(
      agent('planner', [
        [plan(task({ requires: ['context>=900000'] }))],
        [plan(task({ requires: ['vision'] }))],
      ]),
      agent('coder', [[fix, result()]]),
      agent('reviewer', [[approve]]),
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') asked.push(request.endpoints.map(({ id }) => id).join());
        return scripted.complete(request, context);
      },
    }),
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  const problems = played.lines.flatMap((line) => (line.type === 'plan.proposed' ? line.data.problems : []));
  assert.match(
    problems.join(' '),
    /Task "fix" requires "context>=900000", which nothing that would do it provides \(endpoint one: its context is 128000/u,
  );
  assert.deepEqual(asked, ['two']);
  const matched = played.lines.flatMap((line) => (line.type === 'agent.created' ? [line.data.matched] : []));
  assert.ok(matched.includes('for vision (one not: it provides no vision)'));
});

test('who answers a question is held to what the task of the asker requires; where none can, it is said and nothing waits', async () => {
  const asks = (to: string) => call('ask_teammate', { to, question: 'Which word?' });
  const told: string[] = [];
  const answering: string[] = [];
  const played = await play({
    files: FILES,
    settings: { ...ENDPOINTS, routes: { default: ['one', 'two'], researcher: ['one'] } },
    script: script(
      agent('planner', [[plan(task({ requires: ['vision'] }))]]),
      agent('coder', [[asks('researcher')], [asks('documenter')], [fix, result()]]),
      agent('documenter', [[call('submit_answer', { answer: 'hello' })]]),
      agent('reviewer', [[approve]]),
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') told.push(JSON.stringify(request.messages));
        if (request.role === 'documenter') answering.push(request.endpoints.map(({ id }) => id).join());
        return scripted.complete(request, context);
      },
    }),
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.match(
    told.at(-1) ?? '',
    /researcher gave no answer: no endpoint that it asks serves what your task requires: for vision \(one not: it provides no vision\)/u,
  );
  assert.deepEqual(answering, ['two']);
  assert.ok(!played.requests.some((request) => request.startsWith('researcher')));
});

/** A run whose planner thinks until it is let go, or until it is cut off. */
async function thinking() {
  let answer: () => void = () => undefined;
  const scenario: Scenario = {
    files: FILES,
    script: TEAM,
    models: (scripted) => ({
      async complete(request, context) {
        if (request.role === 'planner')
          await new Promise<void>((resolve, reject) => {
            answer = resolve;
            context.signal.addEventListener('abort', () => reject(new Error('cut off')));
          });
        return scripted.complete(request, context);
      },
    }),
  };
  const ports = createInMemoryPorts({ files: FILES, shell: (disk) => playTests(disk) });
  const world = worldWith(ports, scenario);
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  const run = await engine.start({ goal: 'Do it', mode: 'team', settings: SETTINGS, demo: true });
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 100; turns++) await ports.clock.settle();
  };
  const lines = async () => decodeJournal(await ports.store.read(run.id), ports.hasher).lines;
  const views = createRunViews(ports.store, ports.hasher);
  await settle();
  return { world, engine, run, settle, lines, view: () => views.view(run.id), answer: () => answer() };
}

const signalled = ({ world: { ports }, run }: Awaited<ReturnType<typeof thinking>>, drain: boolean) =>
  ports.store.putSignal(run.id, { name: 'stop', value: { drain }, from: 'person' });

for (const [how, drain] of [
  ['by signal', (life) => signalled(life, true)],
  ['by its owner', async ({ run }) => void run.stop('stopped', { drain: true })],
] satisfies [string, (life: Awaited<ReturnType<typeof thinking>>) => Promise<void>][]) {
  test(`a pause ${how} lets what is under way end, begins nothing, says so, and loses no reply`, async () => {
    const life = await thinking();
    await drain(life);
    await life.settle();
    assert.equal((await life.view()).draining, true);
    life.answer();
    const end = await life.run.ended;
    assert.equal(end.kind === 'paused' && end.reason, 'stopped');
    const lines = await life.lines();
    const asked = lines.findIndex((line) => line.type === 'run.draining');
    assert.ok(lines.some((line) => line.type === 'step.finished' && line.key === PLANNED));
    assert.deepEqual(
      lines.slice(asked).filter((line) => line.type === 'step.started'),
      [],
    );
    const { draining, paused } = await life.view();
    assert.deepEqual([draining, paused?.reason], [undefined, 'stopped']);
    // What the planner said is in the record: it is not asked again.
    const again = await life.engine.resume(life.run.id);
    await life.settle();
    await again.ended;
    await again.stop();
    assert.equal((await life.lines()).filter((line) => line.key === PLANNED).length, 2);
  });
}

const PLANNED = 'plan/round/1/turn/1/model';

for (const [how, stop] of [
  ['by signal', (life) => signalled(life, false)],
  ['by its owner', ({ run }) => run.stop()],
] satisfies [string, (life: Awaited<ReturnType<typeof thinking>>) => Promise<void>][]) {
  test(`who does not want to wait for what is under way stops it ${how}`, async () => {
    const life = await thinking();
    void life.run.stop('stopped', { drain: true });
    await life.settle();
    await stop(life);
    const end = await life.run.ended;
    assert.equal(end.kind === 'paused' && end.reason, 'stopped');
    assert.ok(!(await life.lines()).some((line) => line.type === 'step.finished' && line.key === PLANNED));
  });
}
