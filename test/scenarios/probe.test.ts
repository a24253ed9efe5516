/** Tests that load code from elsewhere are green whatever the change is: that is found, once per set-up, and proves nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QaSettings } from '../../src/protocol/qa-settings.ts';
import type { Played, Scenario } from './check.ts';
import { goOn, recordRun } from './crash.ts';
import { agent, edit, result, script } from './parts.ts';
import { played, worldFor } from './tested.ts';

const SOURCE = '(a, b) => a + b + 0\n';
const LOADS = "test('adds', () => assert.equal(load('sum.js')(1, 2), 3));\n";
/** As if what is installed were another copy. */
const INSTALLED = "test('adds', () => assert.equal(((a, b) => a + b)(1, 2), 3));\n";
const MEND = edit('sum.js', ' + 0', '');

function scenario(tests: string, qa = {}, calls = [MEND]): Scenario {
  return {
    files: { 'sum.js': SOURCE, 'sum.test.js': tests, 'notes.txt': 'old\n' },
    script: script(agent('coder', [[...calls, result()]])),
    goal: 'Add in fewer words.',
    mode: 'quick',
    settings: { qa: QaSettings.parse({ probe: true, ...qa }), apply: true },
  };
}

const gateOf = ({ lines }: Played) =>
  lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.scope === 'integrated' ? [line.data.report] : [],
  )[0];

const runsIn = (ports: ReturnType<typeof worldFor>): number =>
  ports.shell.commands.filter(({ command }) => command.includes('play-tests')).length;

test('tests that fail on broken code are proof, and nothing of it is left', async () => {
  const done = await played(scenario(LOADS));
  assert.equal(gateOf(done)?.verdict, 'green');
  assert.deepEqual(gateOf(done)?.probe, { outcome: 'loaded', files: 1 });
  assert.equal(done.file('sum.js'), '(a, b) => a + b\n');
  assert.match(done.view.summary?.body ?? '', /The tests load the changed code: with one file of it broken/);
});

test('tests that pass on broken code leave the change not proved', async () => {
  const done = await played(scenario(INSTALLED));
  const gate = gateOf(done);
  assert.equal(gate?.verdict, 'notProved');
  assert.equal(gate.probe?.outcome, 'elsewhere');
  assert.match(gate.reasons[0] ?? '', /they load it from elsewhere.*link packages/);
  assert.equal((done.end as { outcome?: string }).outcome, 'notProved');
});

test('once per set-up: a later run takes the proof, and another set-up is looked at anew', async () => {
  const its = scenario(LOADS);
  const ports = worldFor(its.files);
  await played(its, ports);
  const before = runsIn(ports);
  const again = await played(scenario(LOADS, {}, [edit('sum.js', 'a + b', 'b + a')]), ports);
  // Base, the author's copy, the integrated tree; no fourth.
  assert.equal(runsIn(ports) - before, 3);
  const { takenAt, ...probe } = gateOf(again)?.probe ?? {};
  assert.deepEqual(probe, { outcome: 'loaded', files: 0 });
  assert.equal(typeof takenAt, 'number');
  ports.tests.machine = 'another machine';
  const other = await played(scenario(LOADS, {}, [edit('sum.js', 'b + a', 'a + b')]), ports);
  assert.deepEqual(gateOf(other)?.probe, { outcome: 'loaded', files: 1 });
});

test('that tests load from elsewhere is not kept: the next run looks again', async () => {
  const its = scenario(INSTALLED);
  const ports = worldFor(its.files);
  await played(its, ports);
  const again = await played(scenario(INSTALLED, {}, [edit('sum.js', 'a + b', 'b + a')]), ports);
  assert.equal(gateOf(again)?.probe?.files, 1);
});

test('a change that touches no code is not looked at, and off says so', async () => {
  const text = await played(scenario(INSTALLED, {}, [edit('notes.txt', 'old', 'new')]));
  assert.deepEqual([gateOf(text)?.verdict, gateOf(text)?.probe], ['green', undefined]);
  const off = await played(scenario(INSTALLED, { probe: false }));
  assert.deepEqual([gateOf(off)?.verdict, gateOf(off)?.probe], ['green', { outcome: 'off', files: 0 }]);
  const former = await played(scenario(INSTALLED, { probe: undefined }));
  assert.equal(gateOf(former)?.probe, undefined);
});

test('a crash while it looks, or just after, ends the same', async () => {
  const its = scenario(LOADS);
  const recording = await recordRun(its);
  const { whole, count } = recording;
  const at = whole.lines.flatMap(({ key, seq }) => (key?.endsWith('/probe') === true ? [seq] : []));
  assert.equal(at.length, 2);
  assert.ok(at.every((line) => line <= count));
  for (const line of at)
    for (const cut of ['before', 'inside', 'after'] as const) {
      const crashed = recording.crashAt(line, cut);
      assert.ok(crashed, `line ${line} ${cut}`);
      await goOn(its, crashed, whole);
    }
});
