/** What sub-tasks are part of is changed while they are worked on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Models } from '../../src/core/models/contract.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, type Scenario } from './check.ts';
import { agent, approve, call, edit, result, script, task } from './parts.ts';
import { worldSaying } from './saying.ts';

const one = (id: string, more: object = {}) =>
  task({ id, title: `Change ${id}`, description: `Change ${id}.`, ...more });
const planOf = (...tasks: readonly object[]): PlanSpec => PlanSpec.parse({ summary: 'The plan.', tasks });

test('where what a task is part of reads otherwise, whoever works on it is told how, and goes on; what comes later reads the new text', async () => {
  const heard = new Map<string, string>();
  const whole = (description: string) => [
    one('w', { title: 'The whole', description, acceptance: ['All is there.'], files: ['src/*.txt'] }),
    one('w.a', { files: ['src/a.txt'] }),
    one('w.b', { files: ['src/b.txt'], depends_on: ['w.a'] }),
  ];
  const scenario: Scenario = {
    files: { 'src/a.txt': 'a\n', 'src/b.txt': 'b\n', 'test/all.spec': 'a stays: src/a.txt has a\n' },
    settings: { interactive: true, approvals: { plan: false, commands: false, changes: false } },
    script: script(
      agent('planner', [[call('submit_plan', { summary: 'The plan.', tasks: whole('In the old way.') })]]),
      agent('coder', [[call('list_files', {})], [edit('src/a.txt', 'a', 'aa'), result()]], { task: 'w.a' }),
      agent('coder', [[edit('src/b.txt', 'b', 'bb'), result()]], { task: 'w.b' }),
      agent('reviewer', [[approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
    ),
  };
  const next = planOf(...whole('In the new way.'));
  const world = worldSaying(scenario, { 'coder/w.a/1/1': { do: 'plan', plan: next } });
  const { models } = world.enginePorts;
  const listening: Models = {
    complete(request, context) {
      heard.set(
        `${request.role} ${request.task ?? ''} ${String(request.turn)}`,
        request.messages.map(({ content }) => content).join('\n'),
      );
      return models.complete(request, context);
    },
  };
  const played = await play(scenario, {
    ...world,
    enginePorts: { ...world.enginePorts, models: listening },
  });
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const told = heard.get('coder w.a 2') ?? '';
  assert.match(told, /Part of w: The whole\s+In the old way\./u);
  assert.match(
    told,
    /What your task is part of, w, is another now\. See that what you do fits it:\nThe whole\nIn the new way\.\nDone means:\n- All is there\./u,
  );
  assert.match(heard.get('coder w.b 1') ?? '', /Part of w: The whole\s+In the new way\./u);
  assert.ok(!/another now/u.test(heard.get('coder w.b 1') ?? ''));
  assert.match(heard.get('reviewer w 1') ?? '', /In the new way\./u);
  const attempts = played.lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.task === 'w.a' ? [line.data.attempt] : [],
  );
  assert.equal(Math.max(...attempts), 1, 'it went on');
});
