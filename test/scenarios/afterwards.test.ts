/** What can be done with a run that has ended: undo, apply later, fork. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hasher } from '../../src/core/ports.ts';
import { chained, exportRun, importRun } from '../../src/core/run/keeping/bundle.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { verifyRun } from '../../src/core/run/journal/verify.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { check, play, worldOf, type Played, type Scenario } from './check.ts';
import { agent, approve, edit, FILES, fix, plan, result, script, task, TEAM } from './parts.ts';
import { RICH, RICH_FILES } from './rich.ts';

const SMALL: Scenario = { files: FILES, script: TEAM };

async function undo(played: Played, answer?: { apply: boolean }) {
  const engine = createEngine(played.enginePorts, { whenWaiting: 'stay' });
  const ending = engine.undo(played.id);
  if (answer) {
    for (let turns = 0; turns < 200; turns++) await played.ports.clock.settle();
    await played.ports.store.putSignal(played.id, { name: 'undo/1/1/merge', value: answer, from: 'person' });
  }
  return ending;
}

test('undo restores exactly what was there, new files included', async () => {
  const adds = script(
    agent('planner', [[plan(task())]]),
    agent('coder', [
      [fix, { tool: 'write_file', args: { path: 'src/new.txt', content: 'new\n' } }, result()],
    ]),
    agent('reviewer', [[approve]]),
  );
  const played = await play({ files: FILES, script: adds });
  assert.equal(played.file('src/new.txt'), 'new\n');
  const end = await undo(played);
  assert.equal(end.done, true, end.message);
  for (const [path, text] of Object.entries(FILES)) assert.equal(played.file(path), text);
  assert.equal(played.file('src/new.txt'), undefined);
});

test('undo twice: the second finds nothing to undo', async () => {
  const played = await play(SMALL);
  await undo(played);
  await assert.rejects(undo(played), { code: 'undo.nothing' });
});

test('undo leaves other files that changed since alone', async () => {
  const played = await play(SMALL);
  played.ports.disk.put(played.ports.workspace.root, 'src/other.txt', 'later\n');
  assert.equal((await undo(played)).done, true);
  assert.deepEqual([played.file('src/greet.txt'), played.file('src/other.txt')], ['helo\n', 'later\n']);
});

for (const apply of [true, false]) {
  test(`a file of the change that changed since is merged only if the person wants it: ${apply}`, async () => {
    const played = await play({ ...SMALL, files: { ...FILES, 'src/greet.txt': 'helo\n2\n3\n4\n5\n' } });
    played.ports.disk.put(played.ports.workspace.root, 'src/greet.txt', 'hello\n2\n3\n4\nfive\n');
    assert.equal((await undo(played, { apply })).done, apply);
    assert.equal(played.file('src/greet.txt'), apply ? 'helo\n2\n3\n4\nfive\n' : 'hello\n2\n3\n4\nfive\n');
  });
}

test('an accepted change that waits is applied later, and undone after that', async () => {
  const played = await check(
    { ...SMALL, settings: { apply: false } },
    { end: { kind: 'finished', outcome: 'done' }, files: { 'src/greet.txt': 'helo\n' } },
  );
  const engine = createEngine(played.enginePorts, { whenWaiting: 'pause' });
  assert.equal((await engine.apply(played.id)).done, true);
  assert.equal(played.file('src/greet.txt'), 'hello\n');
  await assert.rejects(engine.apply(played.id), { code: 'apply.nothing' });
  assert.equal((await engine.undo(played.id)).done, true);
  assert.equal(played.file('src/greet.txt'), 'helo\n');
});

test('a run that works cannot be undone', async () => {
  const played = await play({ ...SMALL, settings: { interactive: true } });
  assert.equal(played.end.kind, 'paused');
  await assert.rejects(undo(played), { code: 'run.open' });
});

const total = (played: Played): number => played.requests.length;

test('a fork before a task pays only for what comes after', async () => {
  const world = worldOf(RICH);
  const whole = await play(RICH, world);
  const before = total(whole);
  const engine = createEngine(world.enginePorts, { whenWaiting: 'stay' });
  const fork = await engine.fork(whole.id, { task: 'docs', instruction: 'Be brief.' });
  for (const [path, text] of Object.entries(RICH.files))
    world.ports.disk.put(world.ports.workspace.root, path, text);
  const played = await play(RICH, world, fork);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const asked = world.requests.slice(before).map((request) => request.split('/').slice(0, 2).join('/'));
  assert.deepEqual(asked.sort(), ['documenter/docs', 'reviewer/docs', 'synthesizer/']);
  for (const [path, text] of Object.entries(RICH_FILES)) assert.equal(played.file(path), text);
  assert.deepEqual(played.view.spent.calls, 3);
  assert.ok(played.lines.some((line) => line.type === 'message.posted' && line.data.text === 'Be brief.'));
});

const TWO_WAYS: Scenario = {
  ...SMALL,
  script: script(
    agent('planner', [[plan(task())]]),
    agent('coder', [[fix, result()]], { task: 'fix' }),
    agent('coder', [[edit('src/other.txt', 'other', 'else'), result()]], { task: 'second' }),
    agent('reviewer', [[approve]]),
  ),
};
const SECOND = { summary: 'Another plan.', tasks: [{ ...task(), id: 'second', title: 'Another' }] };

/** Who decided about the plan of the first run, and the settings by which. */
const DECIDED: readonly (readonly [string, Partial<Scenario>])[] = [
  [
    'a person approved',
    {
      settings: { interactive: true, approvals: { plan: true, commands: false, changes: false } },
      answers: { 'plan/1': { decision: 'approve' } },
    },
  ],
  ['nobody was asked about', {}],
];

for (const [who, how] of DECIDED) {
  test(`a fork with another plan than the one that ${who} goes another way and leaves the first run as it is`, async () => {
    const scenario: Scenario = { ...TWO_WAYS, ...how };
    const world = worldOf(scenario);
    const whole = await play(scenario, world);
    const journal = await world.ports.store.read(whole.id);
    const engine = createEngine(world.enginePorts, { whenWaiting: 'stay' });
    const fork = await engine.fork(whole.id, { plan: PlanSpec.parse(SECOND) });
    const played = await play(scenario, world, fork);
    assert.equal(played.end.kind, 'finished', played.end.message);
    assert.equal(played.file('src/other.txt'), 'else\n');
    assert.equal(played.lines.filter((line) => line.type === 'run.upgraded').length, 0);
    assert.equal(world.requests.filter((request) => request.startsWith('planner')).length, 1);
    assert.equal(await world.ports.store.read(whole.id), journal);
    const report = await engine.replay(fork);
    assert.equal(report.divergence, undefined, JSON.stringify(report));
  });

  test(`a fork that asks about the plan that ${who} waits for the person's own`, async () => {
    const scenario: Scenario = { ...TWO_WAYS, ...how };
    const world = worldOf(scenario);
    const whole = await play(scenario, world);
    const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
    const fork = await engine.fork(whole.id, { plan: 'ask' });
    const end = await (await engine.resume(fork)).ended;
    assert.equal(end.kind === 'paused' && end.reason, 'waiting', end.message);
    await engine.answer(fork, 'plan/1', { decision: 'approve', plan: SECOND }, 'test');
    assert.equal((await (await engine.resume(fork)).ended).kind, 'finished');
    assert.equal(world.ports.disk.text(world.ports.workspace.root, 'src/other.txt'), 'else\n');
    assert.equal(world.requests.filter((request) => request.startsWith('planner')).length, 1);
  });
}

test('a plan that does not hold makes no fork', async () => {
  const played = await play(SMALL);
  const engine = createEngine(played.enginePorts, { whenWaiting: 'stay' });
  const circle = PlanSpec.parse({ summary: 'Round.', tasks: [{ ...task(), depends_on: ['nope'] }] });
  await assert.rejects(engine.fork(played.id, { plan: circle }), { code: 'fork.plan', message: /nope/u });
  assert.deepEqual(await played.ports.store.list(), [played.id]);
});

test('a plan that is still open is open in the fork', async () => {
  const scenario: Scenario = {
    ...TWO_WAYS,
    settings: { interactive: true, approvals: { plan: true, commands: false, changes: false } },
  };
  const world = worldOf(scenario);
  const waiting = await play(scenario, world);
  assert.equal(waiting.end.kind, 'paused');
  const engine = createEngine(world.enginePorts, { whenWaiting: 'pause' });
  const fork = await engine.fork(waiting.id, { plan: PlanSpec.parse(SECOND) });
  assert.equal((await (await engine.resume(fork)).ended).kind, 'finished');
  assert.equal(world.ports.disk.text(world.ports.workspace.root, 'src/other.txt'), 'else\n');
});

test('a quick edit has no plan to be changed', async () => {
  const played = await play({ ...SMALL, mode: 'quick', script: script(agent('coder', [[fix, result()]])) });
  const engine = createEngine(played.enginePorts, { whenWaiting: 'stay' });
  await assert.rejects(engine.fork(played.id, { plan: 'ask' }), { code: 'fork.point' });
});

test('a fork where there is no such task says so', async () => {
  const played = await play(SMALL);
  const engine = createEngine(played.enginePorts, { whenWaiting: 'stay' });
  await assert.rejects(engine.fork(played.id, { task: 'nope' }), { code: 'fork.point' });
});

test('a run exports as one file without secrets, and imports as a run that verifies and replays', async () => {
  const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
  const played = await play({ ...RICH, goal: `Mend it. The key is ${secret}` });
  const file = await exportRun(played.ports, played.id);
  assert.ok(!file.includes(secret));
  const id = await importRun(played.ports, file);
  assert.notEqual(id, played.id);
  assert.deepEqual((await verifyRun(played.ports.store, played.ports.hasher, id)).problems, []);
  const { view } = played;
  const imported = await createRunViews(played.ports.store, played.ports.hasher).view(id);
  assert.deepEqual(imported.tasks, view.tasks);
  const engine = createEngine(played.enginePorts, { whenWaiting: 'stay' });
  assert.equal((await engine.replay(id)).divergence, undefined);
  await assert.rejects(importRun(played.ports, '{"format":"other"}'), { code: 'bundle.invalid' });
  await assert.rejects(importRun(played.ports, file.replace('Mend it', 'Bend it')), {
    code: 'journal.damaged',
  });
});

test('an export that is stopped gives no file', async () => {
  const { ports, id } = await play(RICH);
  const stop = new AbortController();
  const tail = ports.store.tail.bind(ports.store);
  ports.store.tail = async (...args) => {
    stop.abort(new Error('The person stopped it.'));
    return tail(...args);
  };
  await assert.rejects(exportRun(ports, id, stop.signal), /The person stopped/);
});

/** What a file says when it is imported, with something of its first line told otherwise. */
function forged(file: string, hasher: Hasher, settings: object): string {
  const bundle = JSON.parse(file) as { lines: string[] };
  const lines = decodeJournal(bundle.lines.map((line) => `${line}\n`).join(''), hasher).lines;
  const kept = lines.filter(({ type }) => type !== 'run.finished').slice(0, 1);
  const chain = chained(kept, hasher, (line) =>
    line.type === 'run.started'
      ? { ...line, data: { ...line.data, settings: { ...line.data.settings, ...settings } } }
      : line,
  );
  return JSON.stringify({ ...bundle, lines: chain.map(({ text }) => text.trimEnd()), blobs: {} });
}

test('an imported run does nothing, whatever leave its file gives itself', async () => {
  const played = await play(SMALL);
  const { ports, enginePorts } = played;
  const file = await exportRun(ports, played.id);
  const leave = {
    interactive: false,
    approvals: { plan: false, commands: false, changes: false },
    sandbox: { mode: 'off' },
    testCommand: 'touch /tmp/taken',
  };
  const engine = createEngine(enginePorts, { whenWaiting: 'stay' });
  const open = await importRun(ports, forged(file, ports.hasher, leave));
  const done = await importRun(ports, file);
  const again = await importRun(ports, await exportRun(ports, open));
  const before = await ports.store.read(open);
  for (const run of [open, again]) await assert.rejects(engine.resume(run), { code: 'run.imported' });
  for (const run of [open, done]) await assert.rejects(engine.fork(run, {}), { code: 'run.imported' });
  for (const act of [engine.apply, engine.undo, (run: string) => engine.commit(run, { message: 'x' })])
    await assert.rejects(act(done), { code: 'run.imported' });
  const views = createRunViews(ports.store, ports.hasher);
  const { paused, needs, imported } = await views.view(open);
  assert.deepEqual([paused?.reason, needs, imported], ['closed', [], true]);
  assert.equal(await ports.store.read(open), before);
});

test('verify names the line that was altered, and a tail that is cut off', async () => {
  const played = await play(SMALL);
  const { store, hasher } = played.ports;
  assert.deepEqual((await verifyRun(store, hasher, played.id)).problems, []);
  const whole = await store.read(played.id);
  store.edit(played.id, (journal) => journal.slice(0, -20));
  assert.match((await verifyRun(store, hasher, played.id)).problems.join(), /cut off/);
  store.edit(played.id, () => whole.replace('"helo', '"halo').replace('Fix the greeting', 'Fix the grating'));
  assert.match((await verifyRun(store, hasher, played.id)).problems.join(), /damaged at line \d+/);
});

test('verify names a blob that was altered, and one that is missing', async () => {
  const long = Array.from({ length: 2000 }, (_, index) => `line ${index}`).join('\n');
  const reads = agent('coder', [[{ tool: 'read_file', args: { path: 'src/long.txt' } }], [fix, result()]]);
  const team = script(agent('planner', [[plan(task())]]), reads, agent('reviewer', [[approve]]));
  const played = await play({ files: { ...FILES, 'src/long.txt': long }, script: team });
  const { store, hasher } = played.ports;
  assert.deepEqual((await verifyRun(store, hasher, played.id)).problems, []);
  const blobs = store.blobs(played.id);
  const [name] = blobs.keys();
  assert.ok(name !== undefined, 'the run has a blob');
  const text = blobs.get(name) ?? '';
  blobs.set(name, `${text} `);
  assert.match(
    (await verifyRun(store, hasher, played.id)).problems.join(),
    new RegExp(`${name} was altered`, 'u'),
  );
  blobs.delete(name);
  assert.match(
    (await verifyRun(store, hasher, played.id)).problems.join(),
    new RegExp(`${name} is missing`, 'u'),
  );
});
