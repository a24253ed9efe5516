import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { compare } from '../../../../src/core/qa/compare.ts';
import { detectTests, setupFromSetting } from '../../../../src/core/qa/detect.ts';
import { runTests } from '../../../../src/core/qa/run-tests.ts';
import { fillIn } from '../../../../src/core/qa/template.ts';
import { noSetup } from '../../../../src/core/qa/test-setup.ts';
import type { Comparison } from '../../../../src/core/qa/compare.ts';
import type { TestRun, TestShell, TestShellResult } from '../../../../src/core/qa/run-tests.ts';
import type { TestSetup } from '../../../../src/core/qa/test-setup.ts';
import { REAL_SHELL, project } from './real-shell.ts';

type Files = Readonly<Record<string, string>>;

const within = { timeoutMs: 30_000, signal: new AbortController().signal };

/** What a coder may do to a project, and what must come of it. */
interface Deed {
  readonly what: string;
  readonly change: Files;
  readonly verdict: Comparison['verdict'];
  readonly reason: RegExp;
  readonly timeoutMs?: number;
}

/** Runs the tests of a project as it is, does the deed, runs them again and compares. */
async function did(files: Files, { what, change, verdict, reason, timeoutMs = 30_000 }: Deed): Promise<void> {
  using its = project(files);
  const setup = await detectTests(its.view);
  assert.ok(setup.found, setup.why);
  const base = await runTests(setup, REAL_SHELL, { ...its, ...within });
  assert.equal(base.report.status, 'complete', base.output);
  its.put(change);
  const now = await runTests(setup, REAL_SHELL, { ...its, ...within, timeoutMs });
  const result = compare(base, now, { mustTurn: ['adds'] });
  const told = `${what}: ${result.reasons.join('\n')}\n${now.output}`;
  assert.equal(result.verdict, verdict, told);
  assert.match(result.reasons.join('\n'), reason, told);
}

const WRONG = 'export const add = (a, b) => a - b;\n';
const RIGHT = 'export const add = (a, b) => a + b;\n';
const HEAD =
  "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add } from '../add.js';\n";
const ADDS = "test('adds', () => assert.equal(add(1, 2), 3));\n";
const ZERO = "test('zero', () => assert.equal(add(0, 0), 0));\n";

const NODE_PROJECT: Files = {
  'package.json': '{"type":"module","scripts":{"test":"node --test test/*.js"}}',
  'add.js': WRONG,
  'test/add.test.js': HEAD + ADDS + ZERO,
};

const NODE_DEEDS: readonly Deed[] = [
  { what: 'fixes it', change: { 'add.js': RIGHT }, verdict: 'green', reason: /as good as on the base/ },
  { what: 'does nothing', change: {}, verdict: 'red', reason: /names the test "adds", and it still fails/ },
  {
    what: 'deletes the test',
    change: { 'test/add.test.js': HEAD + ZERO },
    verdict: 'red',
    reason: /"test\/add.test.js > adds" is gone/,
  },
  {
    what: 'skips the test',
    change: { 'test/add.test.js': HEAD + ADDS.replace("'adds',", "'adds', { skip: true },") + ZERO },
    verdict: 'red',
    reason: /is skipped and was not on the base/,
  },
  {
    what: 'makes it a todo',
    change: { 'test/add.test.js': HEAD + ADDS.replace("'adds',", "'adds', { todo: true },") + ZERO },
    verdict: 'red',
    reason: /is skipped/,
  },
  {
    what: 'ends the process with code 0',
    change: { 'add.js': 'process.exit(0);\nexport const add = 1;\n' },
    verdict: 'red',
    reason: /is gone/,
  },
  {
    what: 'breaks another test',
    change: { 'add.js': 'export const add = () => 3;\n' },
    verdict: 'red',
    reason: /zero" fails and did not fail on the base/,
  },
  {
    what: 'breaks the file',
    change: { 'add.js': 'export const add = (;\n' },
    verdict: 'red',
    reason: /test\/add.test.js fails: SyntaxError/,
  },
  {
    what: 'never ends',
    change: { 'add.js': `${RIGHT}setInterval(() => {}, 1000);\n` },
    verdict: 'red',
    reason: /did not end in time/,
    timeoutMs: 2_000,
  },
];

for (const deed of NODE_DEEDS) test(`node, really run: ${deed.what}`, () => did(NODE_PROJECT, deed));

const hasPython = spawnSync('python3', ['--version']).status === 0;
const PY_HEAD = 'import unittest\nfrom add import add\n\nclass TestAdd(unittest.TestCase):\n';
const PY_ADDS = '    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n\n';
const PY_ZERO = '    def test_zero(self):\n        self.assertEqual(add(0, 0), 0)\n';
const PY_PROJECT: Files = {
  'conftest.txt': '',
  'add.py': 'def add(a, b):\n    return a - b\n',
  'test_add.py': PY_HEAD + PY_ADDS + PY_ZERO,
};

test('unittest, really run', { skip: !hasPython && 'there is no python3' }, async () => {
  using its = project(PY_PROJECT);
  const setup = setupFromSetting('python3 -m unittest');
  const run = (): Promise<TestRun> => runTests(setup, REAL_SHELL, { ...its, ...within });
  const base = await run();
  assert.deepEqual(
    base.report.tests.map(({ id, status, line }) => [id, status, line]),
    [
      ['test_add.py > TestAdd > test_adds', 'failed', 6],
      ['test_add.py > TestAdd > test_zero', 'passed', undefined],
    ],
  );
  its.put({ 'add.py': 'def add(a, b):\n    return a + b\n' });
  assert.equal(compare(base, await run(), { mustTurn: ['test_adds'] }).verdict, 'green');
  its.put({
    'add.py':
      'import os\n\ndef add(a, b):\n    print("Ran 2 tests in 0.1s\\n\\nOK", flush=True)\n    os._exit(0)\n',
  });
  assert.equal(compare(base, await run()).verdict, 'red');
});

test('a part of the tests, by name', async () => {
  using its = project(NODE_PROJECT);
  const setup = await detectTests(its.view);
  const { report } = await runTests(setup, REAL_SHELL, { ...its, ...within, filter: 'ze' });
  const ran = report.tests.filter((each) => each.status !== 'skipped').map((each) => each.name);
  assert.deepEqual(ran, ['zero']);
});

test('a run that is stopped rejects with the reason', async () => {
  using its = project({ ...NODE_PROJECT, 'add.js': `${RIGHT}setInterval(() => {}, 1000);\n` });
  const stop = new AbortController();
  const setup = await detectTests(its.view);
  const run = runTests(setup, REAL_SHELL, { ...its, ...within, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('stopped by a person')), 300);
  await assert.rejects(run, /stopped by a person/);
});

/** A shell that plays results and keeps reports in memory. */
function played(
  result: Partial<TestShellResult>,
  files: Map<string, string>,
): TestShell & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    run: async (command) => {
      ran.push(command);
      return { exitCode: 0, stdout: '', stderr: '', timedOut: false, ...result };
    },
    findReports: async () => [],
    readReport: async (path) => files.get(path),
    removeReport: async (path) => void files.delete(path),
    writeHelper: async (path, text) => void files.set(path, text),
  };
}

const OPTIONS = { cwd: '/w', reportsDir: '/r', ...within };

test('a report of an earlier run is removed, not believed', async () => {
  const stale = '<testsuite><testcase name="a"/></testsuite>';
  const shell = played({ stdout: '1 passed in 0.1s\n' }, new Map([['/r/pytest.xml', stale]]));
  const { report } = await runTests(setupFromSetting('pytest'), shell, OPTIONS);
  assert.notEqual(report.status, 'complete');
  assert.deepEqual(report.tests, []);
});

test('set-up commands run first, and a failing one is told', async () => {
  const setup: TestSetup = { ...setupFromSetting('make test'), setupCommands: ['npm ci', 'npm run build'] };
  const good = played({}, new Map());
  await runTests(setup, good, { ...OPTIONS, setUp: true });
  assert.deepEqual(good.ran, ['npm ci', 'npm run build', 'make test']);
  const without = played({}, new Map());
  await runTests(setup, without, OPTIONS);
  assert.deepEqual(without.ran, ['make test']);
  const bad = played({ exitCode: 1 }, new Map());
  const run = await runTests(setup, bad, { ...OPTIONS, setUp: true });
  assert.deepEqual([run.end, bad.ran], ['setupFailed', ['npm ci']]);
});

test('how a run ended', async () => {
  const end = async (result: Partial<TestShellResult>): Promise<string> =>
    (await runTests(setupFromSetting('make test'), played(result, new Map()), OPTIONS)).end;
  assert.equal(await end({}), 'exited');
  assert.equal(await end({ exitCode: null }), 'killed');
  assert.equal(await end({ exitCode: null, timedOut: true }), 'timedOut');
  assert.equal(await end({ exitCode: 0, timedOut: true }), 'timedOut');
});

test('nothing runs where nothing was found', async () => {
  const shell = played({}, new Map());
  const run = await runTests(noSetup('There is no package.json.'), shell, OPTIONS);
  assert.deepEqual([run.end, run.why, shell.ran], ['noRunner', 'There is no package.json.', []]);
});

test('several runners of which some write no report are never the whole', async () => {
  const setup = setupFromSetting('pytest && tape a.js');
  const shell = played({}, new Map());
  const writing: TestShell = {
    ...shell,
    readReport: async () => '<testsuite><testcase name="a"/></testsuite>',
  };
  const { report } = await runTests(setup, writing, OPTIONS);
  assert.deepEqual([setup.partly, report.status, report.totals.passed], [true, 'truncated', 1]);
});

test('places are filled in for the shell that reads them', () => {
  const places = { reports: '/tmp/a "b" $c', filter: 'x`y' };
  assert.equal(fillIn('run "{reports}/r" "{filter}"', places), 'run "/tmp/a \\"b\\" \\$c/r" "x\\`y"');
  assert.equal(fillIn('{reports}/r', places, 'plain'), '/tmp/a "b" $c/r');
  assert.equal(fillIn('{reportsUrl}/r', { reports: 'C:\\a b\\', filter: '' }, 'plain'), 'file:///C:/a%20b/r');
  assert.equal(fillIn('{reportsUrl}', { reports: '/a#b?c', filter: '' }, 'plain'), 'file:///a%23b%3Fc');
  assert.equal(fillIn('{other}', places), '{other}');
});

test('unittest: of some files only their tests run, and what does not load among them is told', async () => {
  const of = (name: string, head: string) =>
    `import unittest\n${head}\n\nclass ${name}(unittest.TestCase):\n    def test_it(self):\n        pass\n`;
  using its = project({
    'tests/__init__.py': '',
    'tests/test_good.py': of('Good', ''),
    'tests/test_other.py': of('Other', ''),
    'tests/test_broken.py': of('Broken', 'from nowhere import nothing'),
  });
  const setup = setupFromSetting('python3 -m unittest discover -s tests -t .');
  const run = (files: readonly string[]) => runTests(setup, REAL_SHELL, { ...its, ...within, files });
  const good = await run(['tests/test_good.py']);
  assert.deepEqual(
    [good.report.tests.map(({ id }) => id), good.report.errors.length],
    [['tests/test_good.py > Good > test_it'], 0],
    good.output,
  );
  const broken = await run(['tests/test_good.py', 'tests/test_broken.py']);
  assert.equal(broken.report.tests.length, 1);
  assert.match(broken.report.errors[0]?.message ?? '', /nowhere/);
});
