/** Talks and runs that go on from one another: what was said is known, what was offered is gone on from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Models } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { worldOf, type World } from './check.ts';
import { agent, call, edit, plan, result, REVIEWER, script, task } from './parts.ts';

const FILES = { 'src/a.txt': 'a\n', 'src/b.txt': 'b\n', 'test/all.spec': 'a stays: src/a.txt has a\n' };
const findings = (summary: string) => call('submit_findings', { summary, sources: ['src/a.txt:1'] });
const SCRIPT = script(
  agent('researcher', [[findings('It says a.')]]),
  agent('planner', [[plan(task({ id: 'first' }))]]),
  agent('coder', [[edit('src/a.txt', 'a', 'aa'), result('Doubled a.')]], { task: 'first' }),
  agent('coder', [[edit('src/a.txt', 'aa', 'aaaa'), edit('src/b.txt', 'b', 'bb'), result('More.')]], {
    task: 'edit',
  }),
  REVIEWER,
);

interface Room {
  readonly world: World;
  readonly told: string[];
  run(
    goal: string,
    mode: 'ask' | 'team' | 'quick',
    more?: { follows?: string; apply?: boolean },
  ): Promise<RunView>;
}

function roomOf(): Room {
  const told: string[] = [];
  const models = (scripted: Models): Models => ({
    complete(request, context) {
      told.push(request.messages.map(({ content }) => content).join('\n'));
      return scripted.complete(request, context);
    },
  });
  const world = worldOf({ files: FILES, script: SCRIPT, models });
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  const views = createRunViews(world.ports.store, world.ports.hasher);
  return {
    world,
    told,
    async run(goal, mode, { follows, apply = false } = {}) {
      const settings = RunSettings.parse({
        endpoints: [{ id: 'script', kind: 'scripted', model: 'script' }],
        routes: { default: ['script'] },
        interactive: false,
        apply,
        testCommand: 'play-tests',
      });
      const live = await engine.start({ goal, mode, settings, demo: true, follows });
      const end = await live.ended;
      assert.equal(end.kind, 'finished', end.message);
      assert.equal((await replayRun(world.ports, live.id)).divergence, undefined);
      return views.view(live.id);
    },
  };
}

test('a talk goes on, and becomes a run that knows what was said', async () => {
  const { run, told } = roomOf();
  const first = await run('What does a say?', 'ask');
  const second = await run('And why?', 'ask', { follows: first.id });
  assert.match(
    told.at(-1) ?? '',
    /from the conversation so far\]\nThe person: What does a say\?\nThe team: It says a\./,
  );
  const third = await run('Double it', 'team', { follows: second.id });
  const planned = told.find((text) => text.includes('Goal: Double it')) ?? '';
  assert.match(planned, /What does a say\?[\s\S]*And why\?/);
  assert.equal(third.follows, second.id);
  assert.deepEqual(
    third.carried?.before.map(({ asked }) => asked),
    ['What does a say?', 'And why?'],
  );
});

test('that a question is answered says its answer, and no other line of the conversation', async () => {
  const { run } = roomOf();
  const endOf = ({ feed, finished }: RunView) =>
    feed.some((item) => item.kind === 'note' && item.text === finished?.message);
  const asked = await run('What does a say?', 'ask');
  assert.equal(asked.finished?.outcome, 'answered');
  assert.ok(asked.answer);
  assert.equal(endOf(asked), false);
  assert.equal(endOf(await run('Double it', 'team')), true);
});

test('a follow-up goes on from a change that was not taken, and offers both together', async () => {
  const { run, world } = roomOf();
  const first = await run('Double it', 'team');
  assert.equal(first.changes?.applied, undefined);
  const disk = (): string | undefined => world.ports.disk.text(world.ports.workspace.root, 'src/a.txt');
  assert.equal(disk(), 'a\n');
  const second = await run('Now also b', 'quick', { follows: first.id, apply: true });
  assert.deepEqual(
    second.changes?.files.map(({ path }) => path),
    ['src/a.txt', 'src/b.txt'],
  );
  assert.equal(disk(), 'aaaa\n');
});

test('after an applied change it goes on from the files; where they moved apart, from them, and says so', async () => {
  const applied = roomOf();
  const first = await applied.run('Double it', 'team', { apply: true });
  const second = await applied.run('Now also b', 'quick', { follows: first.id, apply: true });
  assert.equal(second.carried?.change, undefined);
  assert.deepEqual(second.carried?.before[0]?.became, 'applied');
  const moved = roomOf();
  const offered = await moved.run('Double it', 'team');
  moved.world.ports.disk.put(moved.world.ports.workspace.root, 'src/a.txt', 'aa of mine\n');
  const next = await moved.run('Now also b', 'quick', { follows: offered.id });
  assert.ok(next.feed.some((item) => item.kind === 'note' && /no longer fits your files/.test(item.text)));
});

test('a run that has not finished is not followed', async () => {
  const { world } = roomOf();
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  const settings = RunSettings.parse({
    endpoints: [{ id: 'script', kind: 'scripted', model: 'script' }],
    routes: { default: ['script'] },
  });
  const waiting = await engine.start({ goal: 'Double it', mode: 'team', settings, demo: true });
  assert.equal((await waiting.ended).kind, 'paused');
  await assert.rejects(
    engine.start({ goal: 'More', mode: 'team', settings, demo: true, follows: waiting.id }),
    { code: 'run.open' },
  );
});
