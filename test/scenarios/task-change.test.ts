/** What a task changed can be looked at as soon as it is tested, and afterwards is what was merged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { changeOfTask, taskDiffText } from '../../src/core/run/views/task-change.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { play, worldOf, type World } from './check.ts';
import { agent, call, edit, FILES, plan, result, REVIEWER, script, task } from './parts.ts';

const SCRIPT = script(
  agent('planner', [[plan(task(), task({ id: 'other', title: 'Other', gate: { with: 'fix' } }))]]),
  agent('coder', [[edit('src/greet.txt', 'helo', 'hello'), result()]], { task: 'fix' }),
  agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'other' }),
  REVIEWER,
  agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
);

async function changes(world: World, run: string, ids: readonly string[]): Promise<readonly string[][]> {
  const view = await createRunViews(world.ports.store, world.ports.hasher).view(run);
  return Promise.all(
    ids.map(async (id) => (await changeOfTask(world.ports.copies, view, id)).map(({ path }) => path)),
  );
}

test('while a change is reviewed it can be looked at, for each of the tasks that are tested with one another', async () => {
  const seen: (readonly string[][])[] = [];
  const scenario = { files: FILES, script: SCRIPT };
  const world = worldOf(scenario);
  const { models } = world.enginePorts;
  const watched: World = {
    ...world,
    enginePorts: {
      ...world.enginePorts,
      models: {
        async complete(request: ModelRequest, context) {
          const [run = ''] = await world.ports.store.list();
          if (request.role === 'coder' || request.role === 'reviewer')
            seen.push(await changes(world, run, ['fix', 'other']));
          return models.complete(request, context);
        },
      },
    },
  };
  const { id, end, view } = await play(scenario, watched);
  assert.equal(end.kind === 'finished' && end.outcome, 'done', JSON.stringify(end));
  const both = ['src/greet.txt', 'src/other.txt'];
  assert.deepEqual(seen[0], [[], []], 'nothing before it is tested');
  assert.deepEqual(seen.at(-1), [both, both], 'under review');
  assert.deepEqual(await changes(world, id, ['fix', 'other']), [both, both], 'merged');
  assert.match(await taskDiffText(world.ports.copies, view, 'other'), /^-other\n\+else$/mu);
});
