/** Limits of a team that a run comes to stand in its record. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEAM_LIMITS } from '../../src/core/limits.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const look = (max: number) => [call('list_files', { max })];
const post = (to: string, text: string) => call('post_message', { to, text });
const flood = Array.from({ length: TEAM_LIMITS.queue }, (_, n) => post('two', `note ${String(n)}`));
const of = (id: string, more: object = {}) =>
  task({ id, title: `Do ${id}`, files: [`src/${id}.txt`], ...more });
const write = (id: string) => [
  call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }),
  result(`Did ${id}.`),
];

const limits = ({ lines }: Played): readonly string[] =>
  lines.flatMap((line) =>
    line.type === 'limit.reached' ? [`${line.data.limit} ${String(line.data.value)}`] : [],
  );

async function replayed(scenario: Scenario): Promise<Played> {
  const played = await play(scenario);
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
  return played;
}

/** The first reply of `two` comes once `one` has begun its third turn, so what it is told until then waits. */
function held(...one: readonly (readonly ReturnType<typeof call>[])[]): Scenario {
  let isThere = (): void => undefined;
  const third = new Promise<void>((resolve) => (isThere = resolve));
  return {
    files: FILES,
    settings: { limits: { concurrency: 3 } },
    script: script(
      agent('planner', [[plan(of('base'), of('one', { depends_on: ['base'] }), of('two'))]]),
      agent('coder', [write('base')], { task: 'base' }),
      agent('coder', [flood, ...one, write('one')], { task: 'one' }),
      agent('coder', [look(1), look(2), write('two')], { task: 'two' }),
      agent('reviewer', [[approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      async complete(request, context) {
        const { role, task: id, turn } = request;
        const reply = await scripted.complete(request, context);
        if (role === 'coder' && id === 'one' && turn === 3) isThere();
        if (role === 'coder' && id === 'two' && turn === 1) await third;
        return reply;
      },
    }),
  };
}

test('a question to somebody who has too much to read is refused, and the limit stands in the record', async () => {
  const played = await replayed(held([call('ask_teammate', { to: 'two', question: 'Which port?' })]));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual(limits(played), [`messages ${String(TEAM_LIMITS.queue)}`]);
  const reached = played.lines.find((line) => line.type === 'limit.reached');
  assert.match(reached?.key ?? '', /^task\/one\/.*\/turn\/2\/tool\/0$/u);
});

test('a task whose attempts are used up, and a plan that may be thought of anew no more', async () => {
  const stuck = [look(1), look(1), look(1)];
  const other = agent('planner', [[plan(task({ description: 'Write hello.' }))]], { attempt: 2 });
  const played = await replayed({
    files: FILES,
    settings: { limits: { attempts: 1, replans: 1, turns: 3 } },
    script: script(agent('planner', [[plan(task())]], { attempt: 1 }), other, agent('coder', stuck)),
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'failed', played.end.message);
  assert.deepEqual(limits(played), ['turns 3', 'attempts 1', 'turns 3', 'attempts 1', 'replans 1']);
});

test('a plan with too many tasks, or sub-tasks too deep, goes back, and the record says why', async () => {
  const deep = task({ tasks: [task({ id: 'a', tasks: [task({ id: 'b', tasks: [task({ id: 'c' })] })] })] });
  const played = await replayed({
    files: FILES,
    settings: { limits: { tasks: 2, depth: 2 } },
    script: script(
      agent('planner', [[plan(task(), of('one'), of('two'))], [plan(deep)], [plan(task())]]),
      agent('coder', [[fix, result()]]),
      agent('reviewer', [[approve]]),
    ),
  });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual(limits(played), ['tasks 2', 'tasks 2', 'depth 2']);
});
