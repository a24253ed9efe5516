/** One process works on a run; others look on, or take over once it has stopped. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../../src/core/run/engine.ts';
import { takeOver } from '../../src/core/run/keeping/take-over.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import { until } from '../support/contract/run-store.ts';
import { worldOf } from './check.ts';
import { FILES, TEAM } from './parts.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const SETTINGS = RunSettings.parse({
  endpoints: [
    { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
  ],
  routes: { default: ['script'] },
  interactive: true,
  approvals: { plan: true, commands: false, changes: false },
  testCommand: 'play-tests',
});
const REQUEST = { goal: 'Do it', mode: 'team', settings: SETTINGS, demo: true } as const;

/** A run that waits for its plan to be approved, in an engine that stays. */
async function waiting() {
  const world = worldOf({ files: FILES, script: TEAM });
  const engine = createEngine(world.enginePorts, { whenWaiting: 'stay' });
  const run = await engine.start(REQUEST);
  const text = () => world.ports.store.read(run.id);
  await until('the question', async () => (await text()).includes('"signal.opened"'));
  return { ...world, run, text };
}

test('taking over stops the owner first, and does not stop the one that takes over', async () => {
  const { enginePorts, ports, run, text } = await waiting();
  const other = createEngine(enginePorts, { whenWaiting: 'stay' });
  await assert.rejects(other.resume(run.id), {
    code: 'run.locked',
    message: 'The run is owned by process 1.',
  });
  await takeOver(ports, run.id);
  assert.equal((await run.ended).kind, 'paused');
  const resumed = await other.resume(run.id);
  await other.answer(run.id, 'plan/1', { decision: 'approve' }, 'test');
  assert.equal((await resumed.ended).kind, 'finished');
  assert.equal((await text()).match(/"run\.paused"/gu)?.length, 1);
});

test('a stop that came too late for the owner it names stops nobody, and is journaled', async () => {
  const { enginePorts, ports, run, text } = await waiting();
  await run.stop();
  await ports.store.putSignal(run.id, { name: 'stop', value: { owner: 'process 1' }, from: 'take-over' });
  const other = createEngine(enginePorts, { whenWaiting: 'stay' });
  const resumed = await other.resume(run.id);
  await until('the late stop', async () => (await text()).includes('"signal.unknown"'));
  await other.answer(run.id, 'plan/1', { decision: 'approve' }, 'test');
  assert.equal((await resumed.ended).kind, 'finished');
});

test('an owner that does not stop is not pushed aside', async () => {
  const { ports, run } = await waiting();
  const deaf = { owner: ports.store.owner.bind(ports.store), putSignal: async () => undefined };
  await assert.rejects(takeOver({ store: deaf, clock: ports.clock }, run.id), {
    code: 'run.locked',
    message: 'The run is owned by process 1, which does not stop.',
  });
  assert.equal(await ports.store.owner(run.id), 'process 1');
  await run.stop();
});

test('whoever waits for an owner can give up: the run stays where it is', async () => {
  const { ports, run } = await waiting();
  const stop = new AbortController();
  const deaf = {
    owner: ports.store.owner.bind(ports.store),
    putSignal: async () => {
      stop.abort(new Error('enough'));
    },
  };
  const { signal } = stop;
  await assert.rejects(takeOver({ store: deaf, clock: ports.clock }, run.id, { signal }), /enough/);
  assert.equal(await ports.store.owner(run.id), 'process 1');
  await run.stop();
});

test('whom a run was taken from stands in its journal', async () => {
  const { enginePorts, ports, run, text } = await waiting();
  await run.stop();
  const store = Object.assign(Object.create(ports.store) as typeof ports.store, {
    own: async (id: string) => ({ ...(await ports.store.own(id)), takenFrom: 'process 7 on elsewhere' }),
  });
  const other = createEngine({ ...enginePorts, store }, { whenWaiting: 'stay' });
  const resumed = await other.resume(run.id);
  await resumed.stop();
  const alert = decodeJournal(await text(), nodeHasher).lines.find((line) => line.type === 'alert.raised');
  assert.deepEqual(alert?.data, {
    code: 'run.takenOver',
    message: 'Taken over from process 7 on elsewhere.',
  });
});

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

test('at the terminal: a second process follows live, a third takes over', { timeout: 60_000 }, async () => {
  const fixture = join(import.meta.dirname, '../fixtures/small');
  const workspace = join(door.room, 'work');
  await fs.cp(join(fixture, 'project'), workspace, { recursive: true });
  // The first test run lasts until it is let go.
  const go = join(door.room, 'go');
  const command = `while [ ! -e ${go} ]; do sleep 0.1; done; node --test --test-reporter=tap`;
  const script = [
    '--script',
    join(fixture, 'script.json'),
    '--approve',
    'none',
    '--test-command',
    command,
    '--sandbox',
    'off',
  ];
  const first = door.start('run', 'Greet everybody', '--workspace', workspace, ...script);
  await until('its first step', () => first.said.out.includes('Run the tests on the base'));
  const [run = ''] = await fs.readdir(join(door.storage, 'runs'));

  const follower = door.start('show', run, '--follow', '--json');
  await until('the lines so far', () => follower.said.out.includes('"run.started"'));
  const refused = door.start('resume', run);
  assert.equal(await refused.ended, 1);
  assert.match(refused.said.err, new RegExp(`owned by process ${first.child.pid ?? ''} on`, 'u'));

  const deleting = door.start('delete', run);
  assert.equal(await deleting.ended, 1);
  assert.match(deleting.said.out, /is owned by process \d+ on .*quartet stop/u);

  const taker = door.start('resume', run, '--take-over');
  assert.equal(await first.ended, 130);
  await fs.writeFile(go, '');
  assert.equal(await taker.ended, 0, taker.said.err + taker.said.out);
  assert.equal(await follower.ended, 0);
  const lines = follower.said.out.trim().split('\n');
  assert.match(lines.at(-1) ?? '', /"type":"run.finished"/u);
  for (const [index, line] of lines.entries())
    assert.equal((JSON.parse(line) as { seq: number }).seq, index + 1);
  assert.match(taker.said.out, new RegExp(`Asking process ${first.child.pid ?? ''} on .* to stop`, 'u'));
});
