/** What a gate asks beside its tests, and what runs remember of each other: nothing of it makes a wrong green. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QaSettings } from '../../src/protocol/qa-settings.ts';
import { goOn, recordRun, type Cut } from './crash.ts';
import type { Played, Scenario } from './check.ts';
import { agent, call, edit, result, script } from './parts.ts';
import { played, worldFor } from './tested.ts';

const SPEC = 'greet.spec';
const FILES = { 'greet.txt': 'hello\n', [SPEC]: 'greets: greet.txt has hello\n' };
const TYPED = { ...FILES, 'package.json': '{"scripts":{"typecheck":"tsc"}}', 'a.ts': 'good\nBAD old\n' };

type Calls = readonly Readonly<Record<string, unknown>>[];

const write = (path: string, content: string) => call('write_file', { path, content });

const BYE = edit('greet.txt', 'hello', 'hello and bye');

/** One coder, whose hand-overs are these. */
function scenario(files: Scenario['files'], rounds: readonly Calls[], qa = {}): Scenario {
  const coder = agent(
    'coder',
    rounds.map((calls) => [...calls, result()]),
  );
  return {
    files,
    script: script(coder),
    goal: 'Say bye too, with a test.',
    mode: 'quick',
    settings: { qa: QaSettings.parse(qa) },
  };
}

const gatesOf = ({ lines }: Played, scope: string) =>
  lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.scope === scope ? [line.data.report] : [],
  );

const countOf = ({ lines }: Played, key: string): number =>
  lines.filter((line) => line.type === 'step.started' && line.key === key).length;

const commandsOf = (ports: ReturnType<typeof worldFor>): number =>
  ports.shell.commands.filter(({ command }) => command.includes('play-tests')).length;

test('a test that needs the change fails without it; one that does not is told', async () => {
  const spec = write('test/bye.spec', 'takes leave: greet.txt has bye\nalways: greet.txt has hello\n');
  const done = await played(scenario(FILES, [[BYE, spec]]));
  const [gate] = gatesOf(done, 'task');
  assert.equal(gate?.verdict, 'green');
  assert.deepEqual(gate.proof?.tests, [
    { id: 'takes leave', base: 'failed', now: 'passed' },
    { id: 'always', base: 'passed', now: 'passed' },
  ]);
  const why = gate.reasons.join(' ');
  assert.match(why, /One test fails without the change and pass/);
  assert.match(why, /"always" is new and passes without the change too: it does not prove it/);
  assert.deepEqual(gatesOf(done, 'integrated')[0]?.proof, gate.proof, 'the same tree is not asked twice');
  assert.equal(countOf(done, 'integrate/edit/1.0/gate/proof'), 0);
  assert.match(done.view.summary?.body ?? '', /\| takes leave \| failed \| passed \|/);
});

test('a change without tests, or of nothing but tests, asks for no proof', async () => {
  assert.equal(gatesOf(await played(scenario(FILES, [[BYE]])), 'task')[0]?.proof, undefined);
  const only = write('test/more.spec', 'again: greet.txt has hello\n');
  assert.equal(gatesOf(await played(scenario(FILES, [[only]])), 'task')[0]?.proof, undefined);
});

test('a new type error turns the gate red and goes back; an old one that moves does not', async () => {
  const bad = edit('a.ts', 'good', 'first\nBAD new');
  const mended = edit('a.ts', 'BAD new', 'fine');
  const done = await played(scenario(TYPED, [[BYE, bad], [mended]]));
  const gates = gatesOf(done, 'task');
  assert.deepEqual(
    gates.map(({ verdict }) => verdict),
    ['red', 'green'],
  );
  assert.match(
    gates[0]?.reasons.join(' ') ?? '',
    /Type check \(npm run typecheck\): 1 new finding\. a\.ts:2: BAD new/,
  );
  assert.equal(gates[1]?.checks?.[0]?.verdict, 'same');
  assert.equal(countOf(done, 'gate/base/check/types/typecheck'), 1, 'the base is checked once');
  assert.equal(done.view.tests?.checks[0]?.command, 'npm run typecheck');
});

const typedPackage = (name: string, ...needs: readonly string[]): Scenario['files'] => {
  const dependencies = Object.fromEntries(needs.map((need) => [need, '*']));
  const manifest = { name, dependencies, scripts: { typecheck: 'tsc' } };
  return { [`packages/${name}/package.json`]: JSON.stringify(manifest), [`packages/${name}/x.ts`]: 'good\n' };
};
/** A monorepo in which b leans on a; nothing leans on c. */
const MONO = {
  ...FILES,
  'package.json': '{"workspaces":["packages/*"]}',
  ...typedPackage('a'),
  ...typedPackage('b', 'a'),
  ...typedPackage('c'),
};

test('in a monorepo the packages that the change touches are checked, and what leans on them, each against its own base', async () => {
  const bad = edit('packages/a/x.ts', 'good', 'BAD new');
  const mended = edit('packages/a/x.ts', 'BAD new', 'fine');
  const its = scenario(MONO, [[BYE, bad], [mended]]);
  const done = await played(its);
  const gates = gatesOf(done, 'task');
  assert.deepEqual(
    gates.map(({ verdict }) => verdict),
    ['red', 'green'],
  );
  assert.match(
    gates[0]?.reasons.join(' ') ?? '',
    /Type check \(packages\/a: npm run typecheck\): .* packages\/a\/x\.ts:1: BAD new/,
  );
  assert.deepEqual(
    gates[1]?.checks?.map(({ folder, verdict }) => [folder, verdict]),
    [
      ['packages/a', 'clean'],
      ['packages/b', 'clean'],
    ],
  );
  assert.equal(countOf(done, 'gate/base/check/types/typecheck@packages/a'), 1, 'the base is checked once');
  assert.equal(countOf(done, 'gate/base/check/types/typecheck@packages/c'), 0);
});

test('more checks than a change may ask for are counted and told, not run in silence', async () => {
  const good = edit('packages/a/x.ts', 'good', 'better');
  const done = await played(scenario(MONO, [[BYE, good]], { checksMax: 1 }));
  const [gate] = gatesOf(done, 'task');
  assert.equal(gate?.checks?.length, 1);
  assert.equal(gate.checksLeft, 1);
  assert.match(gate.reasons.join(' '), /One more check of packages that this change touches did not run: 1 /);
  assert.ok(done.lines.some((line) => line.type === 'limit.reached' && line.data.limit === 'qa.checksMax'));
});

test('a check that only tells does not block; one that is off is not run', async () => {
  const bad = edit('a.ts', 'good', 'BAD new');
  const told = await played(scenario(TYPED, [[BYE, bad]], { checks: { types: 'tell' } }));
  assert.equal(gatesOf(told, 'task')[0]?.verdict, 'green');
  assert.match(gatesOf(told, 'task')[0]?.reasons.join(' ') ?? '', /1 new finding/);
  const off = await played(scenario(TYPED, [[BYE, bad]], { checks: { types: 'off' } }));
  assert.equal(gatesOf(off, 'task')[0]?.checks, undefined);
});

test('the base of an earlier run is not run again, unless it failed, or anything of it differs', async () => {
  const its = scenario(FILES, [[BYE]]);
  const ports = worldFor(its.files);
  await played({ ...its, settings: { ...its.settings, apply: false } }, ports);
  const before = commandsOf(ports);
  const second = await played({ ...its, settings: { ...its.settings, apply: false } }, ports);
  assert.equal(commandsOf(ports) - before, 2, 'the task and the whole, no base');
  assert.notEqual(gatesOf(second, 'task')[0]?.takenAt, undefined);
  ports.tests.machine = 'another machine';
  const third = await played({ ...its, settings: { ...its.settings, apply: false } }, ports);
  assert.equal(gatesOf(third, 'task')[0]?.takenAt, undefined);

  const failing = scenario({ ...FILES, 'more.spec': 'fails: greet.txt has nothing\n' }, [[BYE]]);
  const others = worldFor(failing.files);
  const once = { ...failing, settings: { ...failing.settings, apply: false } };
  await played(once, others);
  assert.equal(gatesOf(await played(once, others), 'task')[0]?.takenAt, undefined);
});

test('nothing is called red by a base that was not run: what fails there today is no news', async () => {
  const files = { ...FILES, 'more.test.js': `test('of today', () => assert.ok(runs() < 4));\n` };
  const its = scenario(files, [[BYE]], { proveTests: false });
  const once = { ...its, settings: { ...its.settings, apply: false, limits: { flakyReruns: 0 } } };
  const ports = worldFor(files);
  await played(once, ports);
  const second = await played(once, ports);
  assert.equal(countOf(second, 'gate/base/fresh'), 1);
  const [gate] = gatesOf(second, 'task');
  assert.deepEqual(
    gate?.stillFailing.map(({ id }) => id),
    ['of today'],
  );
  assert.deepEqual(gate.newlyFailing, []);
});

test('what came by chance is remembered with its evidence, and told the next time; it never fails in silence', async () => {
  const files = {
    ...FILES,
    'luck.test.js': `test('comes by chance', () => assert.ok(![2, 9].includes(runs())));\n`,
  };
  const its = scenario(files, [[BYE]], { reuseBase: false });
  const once = { ...its, settings: { ...its.settings, apply: false } };
  const ports = worldFor(files);
  const first = await played(once, ports);
  assert.equal(gatesOf(first, 'task')[0]?.verdict, 'notProved');
  const { quarantine } = await ports.tests.kept();
  assert.deepEqual(
    quarantine.map(({ id, sightings }) => [id, sightings.length, sightings[0]?.run]),
    [['comes by chance', 1, first.id]],
  );
  const second = await played(once, ports);
  const [gate] = gatesOf(second, 'task');
  assert.equal(gate?.verdict, 'green');
  assert.match(
    gate.reasons.join(' '),
    /"comes by chance" (passes, and is in quarantine|fails at times on the base too)/,
  );
});

test('cut off at any line, a run goes on with the evidence it had', async () => {
  const spec = write('test/bye.spec', 'takes leave: greet.txt has bye\n');
  const files = { ...TYPED, 'sub/package.json': '{"name":"sub","scripts":{"typecheck":"tsc"}}' };
  const its = scenario({ ...files, 'package.json': '{"scripts":{"typecheck":"tsc"},"workspaces":["sub"]}' }, [
    [BYE, spec, edit('a.ts', 'good', 'BAD new')],
    [edit('a.ts', 'BAD new', 'fine')],
  ]);
  const recording = await recordRun(its);
  assert.ok(gatesOf(recording.whole, 'task').length > 1);
  const failures: string[] = [];
  for (let line = 2; line <= recording.count; line++)
    for (const cut of ['before', 'after'] satisfies Cut[]) {
      const crashed = recording.crashAt(line, cut);
      assert.ok(crashed);
      await goOn(its, crashed, recording.whole).catch((error: unknown) => {
        failures.push(`${cut} line ${line}: ${String(error)}`);
      });
    }
  assert.deepEqual(failures, []);
});

test('the tests alone: what fails is red, and no model is asked', async () => {
  const files = { ...FILES, 'more.spec': 'fails: greet.txt has nothing\n' };
  const its: Scenario = {
    files,
    script: script(agent('qa', [[result()]])),
    mode: 'qa',
    settings: { qa: QaSettings.parse({ diagnose: false }) },
  };
  const done = await played(its);
  assert.deepEqual(done.requests, []);
  assert.equal(done.view.evidence.integrated?.verdict, 'red');
  assert.equal(done.view.answer?.text, '1 passed, 1 failed, 0 skipped.');
});
