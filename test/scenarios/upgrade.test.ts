/** A run that another version wrote goes on task by task; nothing finished is done or paid again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { play } from './check.ts';
import { recordRun } from './crash.ts';
import { rewrite } from './rewrite.ts';
import { RICH, RICH_FILES } from './rich.ts';

const ANSWERS = Object.fromEntries(
  Object.entries(RICH.answers ?? {}).flatMap(([name, value]) => [
    [name, value],
    [`life/2/${name}`, value],
    [`life/2/${name.replace('/attempt/1/', '/attempt/2/')}`, value],
  ]),
);
const scenario = { ...RICH, answers: ANSWERS };

const otherEngine = (line: JournalLine): JournalLine =>
  line.type === 'run.started' ? { ...line, data: { ...line.data, engine: '0' } } : line;
const otherInput = (line: JournalLine): JournalLine =>
  line.type === 'step.started' && line.key === 'gate/base'
    ? { ...line, data: { ...line.data, digest: 'f'.repeat(64) } }
    : line;

for (const [name, change] of [
  ['another engine', otherEngine],
  ['another input of a step', otherInput],
] as const) {
  test(`${name}, at points all over a run`, async () => {
    const recording = await recordRun(scenario);
    for (let line = 12; line <= recording.count; line += 17) {
      const crashed = recording.crashAt(line, 'after');
      assert.ok(crashed);
      const done = new Set(
        crashed.lines.flatMap((each) =>
          each.type === 'task.changed' && each.data.state === 'done' ? [each.data.task] : [],
        ),
      );
      const approved = crashed.lines.some((each) => each.type === 'plan.decided');
      await rewrite(crashed.world.ports, crashed.run, change);
      const played = await play(scenario, crashed.world, crashed.run);
      assert.equal(played.end.kind, 'finished', `line ${line}: ${played.end.message}`);
      for (const [path, text] of Object.entries(RICH_FILES))
        assert.equal(played.file(path), text, `line ${line}: ${path}`);
      const again = played.requests.filter((request) => done.has(request.split('/')[1] ?? ''));
      assert.deepEqual(again, [], `line ${line}: finished tasks were done again`);
      if (approved)
        assert.ok(
          !played.requests.some((request) => request.startsWith('planner')),
          `line ${line}: planned again`,
        );
      assert.equal((await replayRun(played.ports, played.id)).divergence, undefined, `line ${line}`);
    }
  });
}

test('a replay of a run that another engine wrote is refused', async () => {
  const played = await play(RICH);
  await rewrite(played.ports, played.id, otherEngine);
  await assert.rejects(replayRun(played.ports, played.id), { code: 'replay.version' });
});
