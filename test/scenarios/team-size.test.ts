/** How many work at once follows the budget, the models and the work that is left while a run goes on, both ways, and is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Models, ModelRequest } from '../../src/core/models/contract.ts';
import { createEndpoints } from '../../src/core/models/endpoints.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import type { Change } from '../../src/protocol/people.ts';
import type { BudgetLimits } from '../../src/protocol/settings.ts';
import { createStory } from '../../src/terminal/story.ts';
import { play, worldOf, type Played, type Scenario, type World } from './check.ts';
import { agent, call, edit, plan, result, REVIEWER, script, task } from './parts.ts';

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

function team(budget: BudgetLimits, tokens = 10_000, more: object = {}): Scenario {
  const tasks = NAMES.map((id) => task({ id, title: id, files: [`src/${id}.txt`], estimate_tokens: tokens }));
  return {
    files: {
      ...Object.fromEntries(NAMES.map((name) => [`src/${name}.txt`, 'todo\n'])),
      'test/all.spec': NAMES.map((name) => `${name} is done: src/${name}.txt has done\n`).join(''),
    },
    settings: { budget, limits: { concurrency: 3, outputTokens: 400 }, ...more },
    script: script(
      agent('planner', [[plan(...tasks)]]),
      ...NAMES.map((id) =>
        agent('coder', [[edit(`src/${id}.txt`, 'todo', 'done')], [result()]], { task: id }),
      ),
      REVIEWER,
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
  };
}

/** The same world, whose models are watched. */
function watched(
  scenario: Scenario,
  watch: (request: ModelRequest) => Promise<void> | void,
): { world: World; peak: () => number } {
  const world = worldOf(scenario);
  const { models } = world.enginePorts;
  const working = new Set<string>();
  let peak = 0;
  const counting: Models = {
    async complete(request, context) {
      if (request.role === 'coder') working.add(request.task ?? '');
      peak = Math.max(peak, working.size);
      await watch(request);
      await world.ports.clock.sleep(1000, context.signal);
      const reply = await models.complete(request, context);
      if (request.role === 'coder' && request.turn === 2) working.delete(request.task ?? '');
      return reply;
    },
  };
  return { world: { ...world, enginePorts: { ...world.enginePorts, models: counting } }, peak: () => peak };
}

const sizes = ({ lines }: Played) => lines.flatMap((line) => (line.type === 'team.sized' ? [line.data] : []));

async function replays({ enginePorts, id, end }: Played): Promise<void> {
  assert.equal(end.kind === 'finished' && end.outcome, 'done', JSON.stringify(end));
  const report = await createEngine(enginePorts, { whenWaiting: 'pause' }).replay(id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
}

test('a budget for all tasks holds nobody back, and is not told', async () => {
  const { world, peak } = watched(team({ tokensMax: 900_000 }), () => undefined);
  const run = await play(team({ tokensMax: 900_000 }), world);
  assert.deepEqual(sizes(run), []);
  assert.equal(peak(), 3);
  await replays(run);
});

test('without a limit no step looks at the budget', async () => {
  const run = await play(team({}));
  assert.equal(
    run.lines.some((line) => line.key?.startsWith('team/size/') === true),
    false,
  );
});

test('a budget for two tasks makes a team of two, and it is told in the talk, in the view and at the terminal', async () => {
  const scenario = team({ tokensMax: 130_000 }, 50_000);
  const { world, peak } = watched(scenario, () => undefined);
  const run = await play(scenario, world);
  assert.deepEqual(sizes(run)[0], { agents: 2, of: 3, why: 'budget for 2 more tasks' });
  assert.equal(peak(), 2);
  const text = 'Team of 2, though 3 could work at once: budget for 2 more tasks.';
  assert.ok(run.view.feed.some((item) => item.kind === 'note' && item.text === text));
  const story = createStory();
  assert.ok(run.lines.map(story).includes(`  ${text}`));
  assert.equal(run.view.team?.size, undefined, 'a run that is over is held back by nothing');
  await replays(run);
});

/** Says something to the run when a coder is first asked about a task, and waits until it is heard. */
function saying(scenario: Scenario, said: Readonly<Record<string, Change>>): World {
  const world = worldOf(scenario);
  const { models } = world.enginePorts;
  const left = new Map(Object.entries(said));
  const talking: Models = {
    async complete(request, context) {
      const { role, task: of = '', turn } = request;
      const change = role === 'coder' && turn === 1 ? left.get(of) : undefined;
      if (change) {
        left.delete(of);
        const [run = ''] = await world.ports.store.list();
        const changes = async () => (await world.ports.store.read(run)).split('"settings.changed"').length;
        const before = await changes();
        await world.ports.store.putSignal(run, { name: 'change', value: change, from: 'person' });
        while ((await changes()) === before) {
          context.signal.throwIfAborted();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      return models.complete(request, context);
    },
  };
  return { ...world, enginePorts: { ...world.enginePorts, models: talking } };
}

test('raised while tasks are at work, the budget lets the team grow; lowered, it shrinks', async () => {
  const scenario = team({ tokensMax: 130_000 }, 50_000);
  const run = await play(
    scenario,
    saying(scenario, {
      one: { do: 'settings', budget: { tokensMax: 900_000 } },
      three: { do: 'settings', budget: { tokensMax: 90_000 } },
    }),
  );
  const told = sizes(run);
  assert.deepEqual(told.slice(0, 2), [
    { agents: 2, of: 3, why: 'budget for 2 more tasks' },
    { agents: 3, of: 3, why: 'the limit `concurrency`' },
  ]);
  assert.ok(
    told.slice(2).some(({ agents, of, why }) => agents < of && why.startsWith('budget for')),
    JSON.stringify(told),
  );
  await replays(run);
});

/** How a run whose turns are used up goes on with other limits. */
async function resumed(first: BudgetLimits, next: BudgetLimits): Promise<{ before: Played; after: Played }> {
  const scenario = team(first, 50_000);
  const before = await play(scenario);
  assert.equal(before.end.kind === 'paused' && before.end.reason, 'budget', JSON.stringify(before.end));
  const after = await play({ ...scenario, budget: next }, before, before.id);
  return { before, after };
}

test('a budget that only a resume raises lets the team grow at once, and the run replays as it was', async () => {
  const { before, after } = await resumed({ tokensMax: 130_000, turnsMax: 3 }, { tokensMax: 900_000 });
  assert.deepEqual(sizes(before), [{ agents: 2, of: 3, why: 'budget for 2 more tasks' }]);
  assert.deepEqual(sizes(after)[1], { agents: 3, of: 3, why: 'the limit `concurrency`' });
  const keys = after.lines.map(({ type, key = '' }) => `${type} ${key}`);
  const grown = keys.indexOf('team.sized team/size/1/change/1');
  assert.ok(grown > 0, keys.filter((key) => key.includes('team/size')).join('\n'));
  const ended = after.lines.findIndex(({ type, data }) => type === 'task.changed' && data.state === 'done');
  assert.ok(ended < 0 || grown < ended, 'no task had to end before');
  await replays(after);
});

test('a limit that a run began without, and a resume brings, makes the team smaller', async () => {
  const { before, after } = await resumed({ turnsMax: 4 }, { tokensMax: 90_000 });
  assert.deepEqual(sizes(before), []);
  assert.ok(
    sizes(after).some(({ agents, of, why }) => agents < of && why.startsWith('budget for')),
    JSON.stringify(sizes(after)),
  );
  await replays(after);
});

test('a resume with the limits that hold already is no change of them', async () => {
  const { after } = await resumed({ turnsMax: 3 }, { turnsMax: 3 });
  assert.equal(after.end.kind, 'paused');
  assert.deepEqual(
    after.lines.filter(({ type }) => type === 'settings.changed'),
    [],
  );
});

test('a model that asks to be left alone halves the team until it is well again', async () => {
  const scenario = team({});
  const world = worldOf(scenario);
  const scripted = createScriptedModel(scenario.script, { clock: world.ports.clock });
  const endpoints = createEndpoints(world.ports.clock);
  let asked = 0;
  const models = createRouter(
    {
      scripted: {
        async complete(request, context) {
          asked += request.role === 'coder' ? 1 : 0;
          // As the guard of a server's calls does when it answers 429.
          if (asked === 2) endpoints.rates.rest('script', 20_000);
          await world.ports.clock.sleep(5000, context.signal);
          return scripted.complete(request, context);
        },
      },
    },
    endpoints,
  );
  const run = await play(scenario, { ...world, enginePorts: { ...world.enginePorts, models } });
  assert.deepEqual(sizes(run), [
    { agents: 1, of: 3, why: 'script: too many requests, it asks to be left alone' },
    { agents: 3, of: 3, why: 'the limit `concurrency`' },
  ]);
  await replays(run);
});

test('work of other roles is not held by the rates of endpoints that only coders ask', async () => {
  const read = NAMES.map((id) => task({ id, title: id, role: 'researcher', depends_on: [] }));
  const { files } = team({});
  const run = await play({
    files,
    settings: {
      endpoints: [
        { id: 'script', kind: 'scripted', model: 'script' },
        { id: 'slow', kind: 'scripted', model: 'slow', requestsPerMinute: 4 },
      ],
      routes: { coder: ['slow'], default: ['script'] },
      limits: { concurrency: 3 },
    },
    script: script(
      agent('planner', [[plan(...read)]]),
      ...NAMES.map((id) =>
        agent('researcher', [[call('submit_findings', { summary: id, sources: [] })]], { task: id }),
      ),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
  });
  assert.equal(run.end.kind, 'finished', JSON.stringify(run.end));
  assert.deepEqual(sizes(run), []);
});

test('tokens a minute bound it, over what a call of the role takes', async () => {
  const endpoints = [{ id: 'script', kind: 'scripted' as const, model: 'script', tokensPerMinute: 40_000 }];
  const run = await play(team({}, 10_000, { endpoints, routes: { default: ['script'] } }));
  assert.deepEqual(sizes(run)[0], { agents: 1, of: 3, why: '40000 tokens a minute' });
  assert.equal(sizes(run).at(-1)?.agents, 3, 'as calls turn out to be small, there is room for more');
  await replays(run);
});

test('processors bound it from the beginning, and no longer once there is less to do than they can', async () => {
  const run = await play(team({}, 10_000, { processors: 1 }));
  assert.deepEqual(sizes(run)[0], { agents: 2, of: 3, why: '1 processor' });
  assert.equal(sizes(run).at(-1)?.agents, 2);
  assert.equal(sizes(run).at(-1)?.of, 2, 'two tasks are left');
  await replays(run);
});
