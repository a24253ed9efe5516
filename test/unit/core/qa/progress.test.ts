/** How far tests have come, as the console tells while they run, and what is said where their time is up. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare } from '../../../../src/core/qa/compare.ts';
import { detectTests, setupFromSetting } from '../../../../src/core/qa/detect.ts';
import { createTestWatch, type Heard, type TestWatch } from '../../../../src/core/qa/progress/watch.ts';
import type { Runner } from '../../../../src/core/qa/report.ts';
import { runTests, type TestRun } from '../../../../src/core/qa/run-tests.ts';
import type { TestProgress } from '../../../../src/protocol/test-progress.ts';
import { REAL_SHELL, project } from './real-shell.ts';
import { recording, RECORDINGS, reportOf, type Recording } from './recordings.ts';

/** Recordings whose console tells every test as our commands ask for it: what was heard at the end is what the report says. */
const TELLING = [
  ...['node20-hook-events', 'node22-pass-events', 'node24-pass-events', 'node24-skip-events'],
  ...['vitest-mixed-json', 'vitest-pass-json', 'vitest-skip-json', 'bun-mixed-junit', 'bun-skip-junit'],
  ...['ava-mixed-tap', 'pytest-pass-junit', 'pytest-skip-junit', 'unittest-pass-events', 'go-pass-json'],
  ...['cargo-fail-console', 'cargo-mixed-console', 'nextest-pass-console', 'maven-fail-junit'],
  ...['phpunit-fail-junit', 'phpunit-pass-junit', 'rspec-fail-json', 'rspec-pass-json'],
  ...['minitest-fail-verbose', 'minitest-pass-verbose', 'ctest-pass-junit', 'playwright-pass-json'],
];

function heardOf({ runner, stdout, stderr }: Recording, size: number): TestWatch {
  const watch = createTestWatch(runner);
  for (const [from, text] of [['stdout', stdout] as const, ['stderr', stderr] as const])
    for (let at = 0; at < text.length; at += size) watch.add(text.slice(at, at + size), from);
  return watch;
}

for (const name of TELLING)
  test(`${name}: what is heard in the end is what the report counts`, () => {
    const its = recording(name);
    const { passed, failed, skipped } = reportOf(its).totals;
    assert.ok(passed + failed + skipped > 0);
    for (const size of [its.stdout.length + its.stderr.length, 5]) {
      const progress = heardOf(its, size).progress();
      assert.deepEqual([progress.done, progress.failed], [passed + failed + skipped, failed], `by ${size}`);
    }
  });

/** What has been printed so far, and what is known then. */
const SO_FAR: readonly (readonly [runner: Runner, printed: string, known: Partial<TestProgress>])[] = [
  ['pytest', 'collected 12 items\n\ntest_a.py ..F', { done: 3, failed: 1, total: 12 }],
  ['pytest', 'collected 12 items / 4 deselected / 8 selected\n\ntest_a.py .', { done: 1, total: 8 }],
  [
    'pytest',
    'collecting ... collected 3 items\n\ntest_a.py::test_x PASSED      [ 33%]\n',
    { done: 1, total: 3 },
  ],
  ['pytest', '[gw0] [ 10%] PASSED test_a.py::x\n[gw1] [ 20%] FAILED test_b.py::y\n', { done: 2, failed: 1 }],
  ['phpunit', `${'.'.repeat(60)}F..  63 / 120 ( 52%)\n...`, { done: 66, failed: 1, total: 120 }],
  [
    'cargo',
    'running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nrunning 3 tests\ntest c ... ok\n',
    { done: 3, failed: 1, total: 5 },
  ],
  [
    'nextest',
    '    Starting 9 tests across 2 binaries\n        PASS [   0.004s] a b\n',
    { done: 1, total: 9 },
  ],
  [
    'ctest',
    '    Start 1: a\n1/7 Test #1: a ......   Passed    0.00 sec\n    Start 2: b\n',
    { done: 1, total: 7 },
  ],
  [
    'playwright',
    'Running 7 tests using 1 worker\n\n  ✘  1 a.spec.ts:2:1 › adds (30ms)\n',
    { done: 1, failed: 1, total: 7 },
  ],
  [
    'mocha',
    'Running 5 tests\n  sum\n    ✔ adds (0ms)\n    1) fails\n    - later\n',
    { done: 3, failed: 1, total: 5 },
  ],
  ['unittest', 'Running 4 tests\n..E', { done: 3, failed: 1, total: 4 }],
  ['jest', 'PASS ./a.test.js\nFAIL ./b.test.js (5.2 s)\n', { unit: 'files', done: 2, failed: 1 }],
  ['node', '▶ sum\n  ✔ adds (0.2ms)\n  ✖ takes (1ms)\n', { done: 2, failed: 1 }],
  ['tape', 'ok 1 a\nnot ok 2 b # TODO later\nok 3 c\n', { done: 3, failed: 0 }],
  ['gradle', '> Task :test\n', { done: 0, failed: 0 }],
];

for (const [runner, printed, known] of SO_FAR)
  test(`${runner} while it runs: ${JSON.stringify(known)}`, () => {
    const watch = createTestWatch(runner);
    watch.add(printed);
    const progress = watch.progress();
    assert.deepEqual({ ...progress, ...known }, progress);
    if (known.total === undefined) assert.equal(progress.total, undefined);
  });

test('tests are told by name as they end, with the suites that they lie in, each once', () => {
  const watch = createTestWatch('node');
  const heard: Heard[] = [];
  for (const piece of [
    '▶ sum\n  ▶ deep\n    ✔ ad',
    'ds (0.2ms)\n  ✔ deep (1ms)\n',
    '✔ sum (2ms)\n✖ other (3ms)\n',
    '',
  ])
    heard.push(...[watch.add(piece)].flatMap((one) => one ?? []));
  assert.deepEqual(
    heard.flatMap(({ ended }) => ended),
    [
      { name: 'sum > deep > adds', status: 'passed', durationMs: 0.2 },
      { name: 'other', status: 'failed', durationMs: 3 },
    ],
  );
});

test('what a runner repeats at its end is not counted again', () => {
  const watch = createTestWatch('node');
  watch.add('✖ a (1ms)\nℹ tests 1\nℹ fail 1\n\n✖ failing tests:\n\n✖ a (1ms)\n');
  assert.deepEqual(watch.progress(), { unit: 'tests', done: 1, failed: 1 });
});

test('no output, however it is cut, is more than it says it is, or breaks anything', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RECORDINGS), fc.integer({ min: 1, max: 4000 }), (its, size) => {
      const { done, failed, total = done } = heardOf(its, size).progress();
      assert.ok(failed <= done && done <= total);
    }),
    { numRuns: 200 },
  );
});

const within = { signal: new AbortController().signal };

/** Runs the tests of a project that never ends, and what is said of it. */
async function outOfTime(
  files: Readonly<Record<string, string>>,
  command?: string,
): Promise<{ readonly run: TestRun; readonly said: string }> {
  using its = project(files);
  const setup = command === undefined ? await detectTests(its.view) : setupFromSetting(command);
  assert.ok(setup.found, setup.why);
  const run = await runTests(setup, REAL_SHELL, { ...its, ...within, timeoutMs: 4000 });
  assert.equal(run.end, 'timedOut', run.output);
  return { run, said: compare(run, run).reasons.join('\n') };
}

test('a node test that hangs is named where the time is up, with those that took longest before', async () => {
  const { said } = await outOfTime({
    'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
    'test/a.test.js': `import { describe, it } from 'node:test';\nimport { setTimeout } from 'node:timers/promises';\ndescribe('suite', () => {\n  it('quick', () => {});\n  it('slow', () => setTimeout(300));\n  it('hangs', () => setTimeout(60_000));\n});\n`,
  });
  assert.match(said, /did not end in time \(npm test\) after 2 tests\. Still running: "hangs"\./);
  assert.match(said, /The slowest that ended: "[^"]*slow" \(0\.[34] s\)/);
});

const noPython = spawnSync('python3', ['--version']).status !== 0 && 'there is no Python';
test('a unittest that hangs is named where the time is up', { skip: noPython }, async () => {
  const files = {
    'test_a.py':
      'import time\nimport unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        time.sleep(0.3)\n\n    def test_b(self):\n        time.sleep(60)\n',
  };
  const { said } = await outOfTime(files, 'python3 -m unittest');
  assert.match(said, /after 1 of 2 tests\. Still running: "test_a\.A\.test_b"\./);
  assert.match(said, /The slowest that ended: ".*test_a" \(0\.[34] s\)/);
});
