/** An agent that goes round in circles: what is tried with it, one after the other, and that an honest long run is left alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const look = call('list_files', { max: 3 });
const PLANNER = agent('planner', [[plan(task())]]);
const REVIEWER = agent('reviewer', [[approve]]);
const turns = (count: number) => Array.from({ length: count }, () => [look]);

const rungs = ({ view }: Played): readonly string[] =>
  (view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`);

async function replayed(played: Played): Promise<Played> {
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
  return played;
}

test('told once, it goes on by itself and finishes', async () => {
  const played = await replayed(
    await play({
      files: FILES,
      script: script(PLANNER, agent('coder', [...turns(3), [fix, result()]]), REVIEWER),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done');
  assert.deepEqual(rungs(played), ['identical told']);
  assert.ok(
    played.view.feed.some(
      (item) =>
        item.kind === 'note' && /^coder \(\w+\) was told: it made the same call 3 times/u.test(item.text),
    ),
  );
});

test('told, told to go another way, stopped; the next attempt hears why', async () => {
  const heard: string[] = [];
  const played = await replayed(
    await play({
      files: FILES,
      script: script(
        PLANNER,
        agent('coder', turns(12), { attempt: 1 }),
        agent('coder', [[fix, result()]], { attempt: 2 }),
        REVIEWER,
      ),
      models: (scripted) => ({
        complete(request: ModelRequest, context) {
          if (request.role === 'coder') heard.push(request.messages.map(({ content }) => content).join('\n'));
          return scripted.complete(request, context);
        },
      }),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done');
  assert.deepEqual(rungs(played), ['identical told', 'identical changed', 'identical stopped']);
  assert.ok(heard.some((text) => /Tried already, without success:\n- list_files/u.test(text)));
  assert.match(heard.at(-1) ?? '', /An earlier attempt failed[\s\S]*made the same call 3 times/u);
});

const ENDPOINTS = {
  endpoints: [
    { id: 'one', kind: 'scripted' as const, model: 'one' },
    { id: 'two', kind: 'scripted' as const, model: 'two' },
  ],
  routes: { default: ['one', 'two'] },
};

test('with another model and a person there: both are tried before the attempt ends', async () => {
  const asked: string[] = [];
  const scenario: Scenario = {
    files: FILES,
    settings: {
      ...ENDPOINTS,
      interactive: true,
      approvals: { plan: false, commands: false, changes: false },
    },
    answers: { 'question/task/fix/attempt/1/coder/round/0/turn/12/loop': { text: 'Just write hello.' } },
    script: script(PLANNER, agent('coder', [...turns(12), [fix, result()]]), REVIEWER),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') asked.push(request.endpoints[0]?.id ?? '');
        return scripted.complete(request, context);
      },
    }),
  };
  const played = await replayed(await play(scenario));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(rungs(played), [
    'identical told',
    'identical changed',
    'identical model',
    'identical asked',
  ]);
  assert.deepEqual([asked[8], asked[9]], ['one', 'two']);
});

test('thirty turns of reading, editing and testing, each a little further, are no loop', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [`src/f${String(n)}.txt`, `text ${String(n)}\n`]),
  );
  const steps = Array.from({ length: 30 }, (_, n) => [
    call('read_file', { path: `src/f${String(n)}.txt` }),
    ...(n % 3 === 0 ? [call('run_tests', {})] : []),
  ]);
  const played = await replayed(
    await play({
      files: { ...FILES, ...files },
      script: script(PLANNER, agent('coder', [...steps, [fix, result()]]), REVIEWER),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done');
  assert.deepEqual(rungs(played), []);
});

const OTHER = agent('planner', [[plan(task({ description: 'Write hello, nothing else.' }))]], {
  task: 'fix',
});

test('the planner looks at the plan before the attempt ends; the task begins anew as it says', async () => {
  const heard: string[] = [];
  const played = await replayed(
    await play({
      files: FILES,
      settings: { limits: { replans: 1 } },
      script: script(
        PLANNER,
        OTHER,
        agent('coder', turns(9), { attempt: 1 }),
        agent('coder', [[fix, result()]], { attempt: 2 }),
        REVIEWER,
      ),
      models: (scripted) => ({
        complete(request: ModelRequest, context) {
          if (request.role === 'planner') heard.push(request.messages.at(-1)?.content ?? '');
          return scripted.complete(request, context);
        },
      }),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(rungs(played), ['identical told', 'identical changed', 'identical replan']);
  assert.match(heard[1] ?? '', /goes round in circles[\s\S]*made the same call 3 times[\s\S]*list_files/u);
  assert.equal(played.view.plan?.spec.tasks[0]?.description, 'Write hello, nothing else.');
  assert.equal(played.view.plan.revision, 2);
});

test('what is different in the plan is shown, and the person may leave it as it is; then they are asked', async () => {
  const key = 'task/fix/attempt/1/coder/round/0/turn/9/loop';
  const played = await replayed(
    await play({
      files: FILES,
      settings: {
        interactive: true,
        approvals: { plan: true, commands: false, changes: false },
        limits: { replans: 1 },
      },
      answers: {
        'plan/1': { decision: 'approve' },
        [`plan/${key}/replan/1`]: { decision: 'end' },
        [`question/${key}/next`]: { text: 'Just write hello.' },
      },
      script: script(PLANNER, OTHER, agent('coder', [...turns(9), [fix, result()]]), REVIEWER),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  const asked = played.lines.find((line) => line.type === 'signal.opened' && line.key?.includes('/replan/'));
  assert.equal(
    asked?.type === 'signal.opened' ? asked.data.title : '',
    'fix is stuck. Approve another plan (changed: fix)',
  );
  assert.deepEqual(rungs(played).slice(2), ['identical replan', 'identical asked']);
  assert.equal(played.view.plan?.revision, 1);
});

test('a planner that sees no other way ends nothing: the agent is stopped, and the plan is not looked at twice', async () => {
  const played = await replayed(
    await play({
      files: FILES,
      settings: { limits: { replans: 1 } },
      script: script(
        PLANNER,
        agent('planner', [[plan(task())]], { task: 'fix' }),
        agent('coder', turns(12), { attempt: 1 }),
        agent('coder', turns(12), { attempt: 2 }),
        REVIEWER,
      ),
    }),
  );
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'failed');
  assert.deepEqual(rungs(played), [
    'identical told',
    'identical changed',
    'identical replan',
    'identical stopped',
    'identical told',
    'identical changed',
    'identical stopped',
  ]);
});
