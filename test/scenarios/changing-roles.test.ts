/** A person's plan that names a role they are asked about: what else they say meanwhile is heard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { Change } from '../../src/protocol/people.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';
import { recorded, worldSaying } from './saying.ts';

const one = (id: string, more: object = {}): Record<string, unknown> =>
  task({ id, title: `Change ${id}`, files: [`src/${id}.txt`], ...more });
const coder = (id: string): Record<string, unknown> =>
  agent('coder', [[edit(`src/${id}.txt`, id, `${id}${id}`), result()]], { task: id });
const planOf = (...tasks: readonly object[]): PlanSpec => PlanSpec.parse({ summary: 'The plan.', tasks });

const POET = '---\nname: poet\ndescription: Writes poems\ntools: [read_file, edit_file]\n---\n\nYou write.\n';

/** The person's plan names a role of the project that they are asked about; what else they do until they answer. */
async function whileAsked(allow: boolean, meanwhile: (said: Saying) => Promise<void>): Promise<Played> {
  const scenario: Scenario = {
    files: { 'src/a.txt': 'a\n', 'src/b.txt': 'b\n', 'test/all.spec': 'a stays: src/a.txt has a\n' },
    settings: {
      ownRoles: true,
      interactive: true,
      approvals: { plan: false, commands: false, changes: false },
      limits: { concurrency: 2 },
    },
    script: script(
      agent('planner', [[plan(one('a'), one('b', { depends_on: ['a'] }))]]),
      coder('a'),
      coder('b'),
      agent('poet', [[edit('src/b.txt', 'b', 'rose'), result('Wrote it.')]], { task: 'b' }),
      agent('reviewer', [[approve], [approve], [approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
    ),
  };
  const withPoet = planOf(one('a'), one('b', { depends_on: ['a'], role: 'poet' }));
  const world = worldSaying(scenario, {
    async 'coder/a/1/1'(run, made) {
      made.ports.roles.put('workspace', 'poet', POET);
      const name = `role/poet/${made.ports.hasher.sha256(POET).slice(0, 16)}`;
      const say = (value: Change) =>
        made.ports.store.putSignal(run, { name: 'change', value, from: 'person' });
      const seen = (is: (line: JournalLine) => boolean) => recorded(made, run, is);
      await say({ do: 'plan', plan: withPoet });
      await seen((line) => line.type === 'signal.opened' && line.key === name);
      await meanwhile({ say, seen });
      await made.ports.store.putSignal(run, { name, value: { allow }, from: 'person' });
      await seen((line) => line.type === 'plan.decided' && line.data.revision === 2);
    },
  });
  const played = await play({ ...scenario, answers: {} }, world);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  return played;
}

interface Saying {
  readonly say: (change: Change) => Promise<void>;
  readonly seen: (is: (line: JournalLine) => boolean) => Promise<void>;
}

test('while the person is asked about a role of their plan, other changes of theirs are heard', async () => {
  const played = await whileAsked(true, async ({ say, seen }) => {
    await say({ do: 'settings', budget: { turnsMax: 50 } });
    await seen((line) => line.type === 'settings.changed' && line.data.budget?.turnsMax === 50);
  });
  assert.equal(played.file('src/b.txt'), 'rose\n', 'and the plan is taken once they said yes');
});

test('a plan whose question is answered after another plan was taken does not take its place', async () => {
  const played = await whileAsked(true, async ({ say, seen }) => {
    await say({ do: 'plan', plan: planOf(one('a', { priority: 5 }), one('b', { depends_on: ['a'] })) });
    await seen((line) => line.type === 'plan.decided' && line.data.revision === 2);
  });
  const refused = played.lines.flatMap((line) => (line.type === 'change.refused' ? line.data.problems : []));
  assert.match(refused.join('\n'), /You changed the plan again meanwhile/);
  assert.equal(played.file('src/b.txt'), 'bb\n');
});
