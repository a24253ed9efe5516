/** Records that were damaged, or that say what this version does not know: nothing throws, what can be read is of use, what is wrong is told. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createEngine } from '../../src/core/run/engine.ts';
import { verifyRun } from '../../src/core/run/journal/verify.ts';
import { exportRun, importRun } from '../../src/core/run/keeping/bundle.ts';
import { createRunRecord } from '../../src/core/run/views/record.ts';
import { createFold } from '../../src/core/run/views/state.ts';
import { createTimelineFold } from '../../src/core/run/views/timeline.ts';
import { transcriptOf } from '../../src/core/run/views/transcript.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { play, worldOf, type Scenario } from './check.ts';
import { FILES, TEAM } from './parts.ts';
import { RICH } from './rich.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const SMALL: Scenario = { files: FILES, script: TEAM };

/** A run that was carried out, its line `seq` from the end altered since. */
async function damagedRun(scenario: Scenario, fromEnd: number) {
  const world = worldOf(scenario);
  const played = await play(scenario, world);
  const line = played.lines.length - fromEnd;
  played.ports.store.edit(played.id, (text) => {
    const lines = text.split('\n');
    return lines.with(line - 1, (lines[line - 1] ?? '').replace('"at":1', '"at":2')).join('\n');
  });
  return { ...played, world, line, engine: createEngine(played.enginePorts, { whenWaiting: 'stay' }) };
}

test('a damaged run does not go on, and a fork of what can be read does, without asking a model again', async () => {
  const { id, line, engine, world, ports } = await damagedRun(SMALL, 3);
  await assert.rejects(engine.resume(id), {
    code: 'journal.damaged',
    message: new RegExp(`line ${line}:`, 'u'),
  });
  const asked = world.requests.length;
  const fork = await engine.fork(id, {});
  assert.deepEqual((await verifyRun(ports.store, ports.hasher, fork)).problems, []);
  assert.equal((await (await engine.resume(fork)).ended).kind, 'finished');
  assert.equal(world.requests.length, asked);
  const forked = await createRunViews(ports.store, ports.hasher).view(fork);
  assert.deepEqual(forked.forked?.seq, line - 1);
  await assert.rejects(engine.fork(id, { at: line + 1 }), { code: 'fork.point' });
});

test('what can be read of a damaged run is exported, and imports as a run that is whole', async () => {
  const { id, line, ports, lines } = await damagedRun(RICH, 20);
  const copy = await importRun(ports, await exportRun(ports, id));
  const { problems, lines: count } = await verifyRun(ports.store, ports.hasher, copy);
  assert.deepEqual([problems, count], [[], line - 1]);
  assert.ok(lines.length > count);
});

test('the record of a damaged run is shown up to the damage, which is named', async () => {
  const { id, line, ports } = await damagedRun(RICH, 20);
  const record = createRunRecord(ports, id);
  for (let times = 0; times < 2; times++) {
    const timeline = await record.timeline();
    assert.deepEqual([timeline.lastSeq, timeline.unreadable?.line, timeline.still], [line - 1, line, true]);
  }
  assert.equal((await record.at(line - 1)).lastSeq, line - 1);
  await assert.rejects(record.at(line), { code: 'record.line' });
});

test('nobody is asked, and nobody can answer, where the record is damaged', async () => {
  const world = worldOf(RICH);
  const { answers: _answers, ...unanswered } = RICH;
  const waiting = await play(unanswered, world);
  const engine = createEngine(waiting.enginePorts, { whenWaiting: 'stay' });
  waiting.ports.store.edit(waiting.id, (text) => text.replace('"seq":3,"at":1', '"seq":3,"at":2'));
  const view = await createRunViews(waiting.ports.store, waiting.ports.hasher).view(waiting.id);
  assert.deepEqual([view.status, view.needs], ['unreadable', []]);
  await assert.rejects(engine.answer(waiting.id, 'plan/1', { decision: 'approve' }, 'test'), {
    code: 'journal.damaged',
  });
});

/** What may befall a record whose lines are each whole: they come in another order, twice, not at all, or as something unknown. */
const fates = (...what: readonly string[]) =>
  fc.array(fc.record({ at: fc.nat(), what: fc.constantFrom(...what), with: fc.nat() }), {
    minLength: 1,
    maxLength: 40,
  });
type Fate = ReturnType<typeof fates> extends fc.Arbitrary<infer T> ? T : never;

const as = (line: object, more: object): JournalLine => ({ ...line, ...more }) as JournalLine;

function befallen(lines: readonly JournalLine[], events: Fate): readonly JournalLine[] {
  const all = [...lines];
  for (const { at, what, with: other } of events) {
    // The start of the run stays where it is: without it there is nothing to show.
    const [one, two] = [1 + (at % (all.length - 1)), 1 + (other % (all.length - 1))];
    const line = all[one] ?? assert.fail();
    if (what === 'swap') [all[one], all[two]] = [all[two] ?? line, line];
    if (what === 'twice') all.splice(two, 0, line);
    if (what === 'drop' && all.length > 2) all.splice(one, 1);
    if (what === 'unknown') all[one] = as(line, { type: 'telepathy.began' });
    if (what === 'keyless') all[one] = as(line, { key: undefined });
    if (what === 'hollow') all[one] = as(line, { data: {} });
    if (what === 'alien') all[one] = as(line, { data: lines[two]?.data ?? {} });
  }
  return all.map((line, index) => as(line, { seq: index + 1 }));
}

/** Folds everything, and looks at all of it after each line, as whoever follows a run does. */
function foldAll(lines: readonly JournalLine[]) {
  const folds = [createFold(), createFold({ feed: false })];
  const timeline = createTimelineFold();
  for (const line of lines) {
    for (const fold of folds) fold.apply(line);
    timeline.apply(line);
  }
  return { views: folds.map((fold) => fold.view()), timeline: timeline.timeline() };
}

/** Every view can be made at the end, and says how many lines it cannot show. */
function assertTold(all: readonly JournalLine[]): void {
  const { views, timeline } = foldAll(all);
  const unknown = all.filter(({ type }) => (type as string) === 'telepathy.began').length;
  for (const view of views) {
    assert.ok(view);
    assert.equal(view.lastSeq, all.length);
    assert.ok((view.strange?.count ?? 0) >= unknown);
    assert.ok(transcriptOf(view).startsWith('# '));
  }
  assert.equal(timeline?.lastSeq, all.length);
}

const ORDERS = ['swap', 'twice', 'drop', 'unknown', 'keyless'];

test('lines in any order, twice, missing, or of unknown kinds: every view is made', async () => {
  const { lines } = await play(RICH);
  fc.assert(
    fc.property(fates(...ORDERS), (events) => {
      assertTold(befallen(lines, events));
    }),
    { seed: 20_261_127, numRuns: 100 },
  );
});

test('lines of a later version, in any order and of any shape: every view is made', async () => {
  const { lines } = await play(RICH);
  const [first, ...rest] = lines;
  const later = [as(first ?? {}, { data: { ...first?.data, engine: '99' } }), ...rest];
  fc.assert(
    fc.property(fates(...ORDERS, 'hollow', 'alien'), (events) => {
      assertTold(befallen(later, events));
    }),
    { seed: 20_261_127, numRuns: 100 },
  );
});

test('what another version added is left out, and the rest is shown as it is', async () => {
  const { lines, view } = await play(RICH);
  const added = lines.flatMap((line) => [line, as(line, { type: 'aura.seen', key: undefined, data: [1] })]);
  const [shown] = foldAll(added.map((line, index) => as(line, { seq: index + 1 }))).views;
  assert.deepEqual(shown?.strange, { count: lines.length, first: 2 });
  assert.deepEqual(
    shown.tasks.map(({ state }) => state),
    view.tasks.map(({ state }) => state),
  );
  assert.equal(shown.feed.length, view.feed.length);
  assert.deepEqual(shown.finished, view.finished);
});

const SCRIPT = join(import.meta.dirname, '../fixtures/small/script.json');
let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

test('the terminal lists a damaged run, shows, exports, forks and deletes it, and does not go on with it', async () => {
  const project = join(door.room, 'project');
  await fs.cp(join(import.meta.dirname, '../fixtures/small/project'), project, { recursive: true });
  const quartet = async (...args: string[]) => {
    const { said, ended } = door.start(...args);
    const code = await ended;
    return { code, text: said.out + said.err, said };
  };
  const where = ['--workspace', project];
  const begun = await quartet('run', 'Greet', '--script', SCRIPT, '--approve', 'plan', ...where);
  assert.equal(begun.code, 3, begun.text);
  const [run = ''] = await fs.readdir(join(door.storage, 'runs'));
  const journal = join(door.storage, 'runs', run, 'journal.jsonl');
  const lines = (await fs.readFile(journal, 'utf8')).split('\n');
  await fs.writeFile(journal, lines.with(4, (lines[4] ?? '').replace('"at":1', '"at":2')).join('\n'));
  await fs.rm(join(door.storage, 'runs', run, 'snapshot.json'), { force: true });

  const list = await quartet('runs', ...where);
  assert.match(list.text, new RegExp(`${run} +damaged .*\\n.*damaged at line 5.*quartet delete ${run}`, 'u'));
  const shown = await quartet('show', run, ...where);
  assert.match(shown.text, new RegExp(`${run}: damaged[^]*damaged at line 5`, 'u'));
  const resumed = await quartet('resume', run, ...where);
  assert.notEqual(resumed.code, 0);
  assert.match(resumed.text, /damaged at line 5/u);
  assert.match((await quartet('verify', run, ...where)).text, /damaged at line 5/u);
  const exported = await quartet('export', run, ...where);
  assert.equal(exported.code, 0, exported.text);
  assert.equal((JSON.parse(exported.said.out) as { lines: string[] }).lines.length, 4);
  const forked = await quartet('fork', run, ...where);
  assert.equal(forked.code, 3, forked.text);
  assert.match(forked.text, /Approve the plan/u);
  const deleted = await quartet('delete', run, ...where);
  assert.equal(deleted.code, 0, deleted.text);
  const left = (await quartet('runs', ...where)).text;
  assert.doesNotMatch(left, new RegExp(`${run}|damaged`, 'u'));
  assert.match(left, /^run-.* Greet$/mu);
});
