/** A run is forked while a person works on a task of it: the fork has a folder of its own, as the record leaves it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/core/run/engine.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { play, type Scenario } from './check.ts';
import { agent, edit, FILES, plan, result, REVIEWER, script, task } from './parts.ts';
import { worldSaying } from './saying.ts';

const SCENARIO: Scenario = {
  files: FILES,
  settings: { interactive: true, approvals: { plan: false, commands: false, changes: false } },
  script: script(
    agent('planner', [[plan(task())]]),
    agent('coder', [[edit('src/greet.txt', 'helo', 'half')], [result()]]),
    REVIEWER,
  ),
};
const ANSWERS = { 'hand/fix/2/0': { decision: 'give' } };

test('a fork, and a fork of that, show their own folder and hold what was there when the person took the task', async () => {
  const world = worldSaying(SCENARIO, { 'coder/fix/1/2': { do: 'take', task: 'fix' } });
  const { copies, disk } = world.ports;
  const first = await play(SCENARIO, world);
  assert.equal(first.end.kind === 'paused' && first.end.reason, 'waiting', first.end.message);
  disk.put(copies.rootOf(`${first.id}-fix-2`), 'src/greet.txt', 'in the first run\n');

  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  let source = first.id;
  for (let n = 0; n < 2; n++) {
    const fork = await engine.fork(source, {});
    const root = copies.rootOf(`${fork}-fix-2`);
    const waiting = await play(SCENARIO, world, fork);
    assert.equal(waiting.end.kind === 'paused' && waiting.end.reason, 'waiting', waiting.end.message);
    assert.deepEqual(
      waiting.view.needs.map(({ ask }) => ask.folder),
      [root],
    );
    assert.equal(disk.text(root, 'src/greet.txt'), 'half\n');
    source = fork;
  }
  disk.put(copies.rootOf(`${source}-fix-2`), 'src/greet.txt', 'hello by hand\n');
  const played = await play({ ...SCENARIO, answers: ANSWERS }, world, source);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal(played.file('src/greet.txt'), 'hello by hand\n');
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  assert.equal(disk.text(copies.rootOf(`${first.id}-fix-2`), 'src/greet.txt'), 'in the first run\n');
});
