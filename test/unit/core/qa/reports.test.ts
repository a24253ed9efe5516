import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReport } from '../../../../src/core/qa/parse/parse-report.ts';
import { totalOf } from '../../../../src/core/qa/report.ts';
import type { ReportInput } from '../../../../src/core/qa/parse/parse-report.ts';
import type { ReportError, TestReport, TestResult } from '../../../../src/core/qa/report.ts';
import { RECORDED } from './recorded.ts';
import { RECORDINGS, recording, reportOf } from './recordings.ts';

function inShort({ status, totals, tests, errors }: TestReport): string {
  const named = tests.length < totalOf(totals) ? ` named ${tests.length}` : '';
  const outside = errors.length > 0 ? ` +${errors.length}` : '';
  return `${status} ${totals.passed}/${totals.failed}/${totals.skipped}${named}${outside}`;
}

test('every recording is read as what it is', () => {
  const read = Object.fromEntries(RECORDINGS.map((its) => [its.name, inShort(reportOf(its))]));
  assert.deepEqual(read, RECORDED);
});

test('every recording is read the same without knowing the runner, but for what only the runner tells', () => {
  const others = RECORDINGS.filter((its) => its.reports.length > 0 && !its.timedOut).map((its) => {
    const { totals, status } = parseReport({ ...its, runner: 'unknown' });
    return [its.name, `${status} ${totals.passed}/${totals.failed}/${totals.skipped}`];
  });
  for (const [name = '', read] of others) assert.equal(read, RECORDED[name]?.split(/ named| \+/)[0], name);
});

test('ids are unique in every report', () => {
  for (const its of RECORDINGS) {
    const ids = reportOf(its).tests.map((each) => each.id);
    assert.equal(new Set(ids).size, ids.length, its.name);
  }
});

test('node tells the same tests on every version', () => {
  const ids = (version: number): readonly string[] =>
    reportOf(recording(`node${version}-fail-events`)).tests.map((each) => `${each.id} ${each.status}`);
  for (const version of [20, 22, 24]) assert.deepEqual(ids(version), ids(18));
});

/** One failed test of a recording, as far as it is told. */
const FAILURES: readonly (readonly [recording: string, failure: Partial<TestResult>])[] = [
  [
    'node24-fail-events',
    { id: 'fail.test.js > math > subtracts', file: 'fail.test.js', line: 5, expected: '1', actual: '2' },
  ],
  [
    'node18-fail-events',
    {
      id: 'fail.test.js > objects',
      line: 10,
      expected: '{ a: 1, b: [ 1, 3 ] }',
      actual: '{ a: 1, b: [ 1, 2 ] }',
    },
  ],
  ['node24-fail-events', { name: 'throws', line: 11, message: 'boom\nsecond line' }],
  ['node24-fail-tap', { id: 'math > subtracts', file: 'fail.test.js', line: 5, expected: '1', actual: '2' }],
  ['node20-fail-spec', { id: 'math > subtracts', file: 'fail.test.js', line: 5 }],
  ['node24-fail-junit', { id: 'fail.test.js > math > subtracts', line: 5, expected: '1', actual: '2' }],
  ['jest-fail-json', { id: 'fail.test.js > math > subtracts', line: 4, expected: '1', actual: '2' }],
  ['jest-fail-console', { id: 'math > subtracts' }],
  ['jest-fail-junit', { name: 'math subtracts' }],
  [
    'vitest-fail-json',
    { name: 'math > subtracts', file: 'fail.test.js', line: 5, expected: '1', actual: '2' },
  ],
  ['vitest-fail-console', { id: 'fail.test.js > math > subtracts' }],
  [
    'mocha-fail-json',
    { name: 'math > subtracts', file: 'fail.test.js', line: 5, expected: '1', actual: '2' },
  ],
  ['mocha-fail-json', { name: 'throws', line: 12, message: 'boom\nsecond line' }],
  ['mocha-fail-console', { name: 'math > subtracts' }],
  ['mocha-fail-xunit', { id: 'fail.test.js > math > subtracts', line: 5 }],
  [
    'pytest-fail-junit',
    { id: 'test_fail.py > TestMath > test_subtracts', line: 8, message: 'assert (3 - 1) == 1' },
  ],
  ['pytest-fail-junit', { name: 'test_setup', file: 'test_fail.py', message: 'RuntimeError: fixture bad' }],
  ['pytest-fail-verbose', { name: 'TestMath > test_subtracts', line: 8, message: 'assert (3 - 1) == 1' }],
  [
    'pytest-fail-quiet',
    { name: 'test_throws', file: 'test_fail.py', message: 'TypeError: boom\nsecond line' },
  ],
  [
    'unittest-fail-console',
    { id: 'test_fail.py > TestMath > test_subtracts', line: 10, message: 'AssertionError: 2 != 1' },
  ],
  [
    'go-fail-json',
    { id: 'example.com/sum > TestSubtracts', file: 'sum_test.go', line: 12, expected: '1', actual: '2' },
  ],
  ['go-mixed-json', { name: 'example.com/sum/deep > TestSubtracts', file: 'deep/d_test.go', line: 7 }],
  ['go-fail-json', { name: 'example.com/sum > TestTable > case_2', message: 'sum_test.go:19: two is bad' }],
  ['go-fail-verbose', { name: 'example.com/sum > TestSubtracts', file: 'sum_test.go', line: 12 }],
  [
    'cargo-fail-console',
    { id: 'src/lib.rs > tests > subtracts', file: 'src/lib.rs', line: 9, expected: '1', actual: '2' },
  ],
  ['cargo-mixed-console', { id: 'tests/other.rs > adds', line: 3, expected: '5', actual: '4' }],
  [
    'maven-fail-junit',
    {
      id: 'com.x.SumTest > subtracts',
      file: 'src/test/java/com/x/SumTest.java',
      line: 6,
      expected: '1',
      actual: '2',
    },
  ],
  ['gradle-fail-junit', { id: 'com.x.SumTest > subtracts()', expected: '1', actual: '2', line: 9 }],
  [
    'dotnet-fail-trx',
    { id: 'Sum.Tests.AddTests > Subtracts', file: 'AddTests.cs', line: 12, expected: '1', actual: '2' },
  ],
  [
    'phpunit-fail-junit',
    {
      id: 'tests/AddTest.php > AddTest > testSubtracts',
      line: 5,
      message: 'off by one\nFailed asserting that 2 is identical to 1.',
    },
  ],
  ['rspec-fail-json', { id: 'spec/add_spec.rb > add math > subtracts', line: 8, expected: '1', actual: '2' }],
  ['rspec-fail-console', { file: 'spec/add_spec.rb', line: 10, name: 'add math throws' }],
  [
    'minitest-fail-verbose',
    { id: 'TestAdd > test_subtracts', file: 'test/add_test.rb', line: 8, expected: '1', actual: '2' },
  ],
  ['minitest-fail-verbose', { name: 'TestAdd > test_throws', message: 'RuntimeError: boom' }],
  ['ctest-fail-junit', { id: 'math subtracts', message: 'expected 1' }],
  ['playwright-fail-json', { id: 'a.spec.ts > math > subtracts', line: 3, expected: '1', actual: '2' }],
  ['bun-fail-junit', { id: 'a.test.ts > math > subtracts', line: 3, expected: '1', actual: '2' }],
  ['bun-fail-console', { id: 'a.test.ts > math > throws', message: 'boom' }],
  ['nextest-fail-console', { name: 'sum > tests > subtracts', file: 'src/lib.rs', line: 9 }],
  ['tap-fail-runner', { id: 'fail.test.js > sum > subtracts', line: 2 }],
];

test('failures are told with place, message and values', () => {
  for (const [name, failure] of FAILURES) {
    const failed = reportOf(recording(name)).tests.filter((each) => each.status === 'failed');
    const found = failed.find((each) =>
      Object.entries(failure).every(([key, value]) => each[key as keyof TestResult] === value),
    );
    assert.ok(found, `${name}: ${JSON.stringify(failure)} among\n${JSON.stringify(failed, null, 1)}`);
  }
});

const ERRORS: readonly (readonly [recording: string, file: string | undefined, message: RegExp])[] = [
  ['node24-syntax-events', 'syntax.test.js', /Unexpected end of input/],
  ['node20-syntax-events', 'syntax.test.js', /Unexpected end of input/],
  ['node24-hook-events', 'hook.test.js', /^s: hook bad$/],
  ['node24-lateexit-events', 'lateexit.test.js', /"second" began and did not end/],
  ['node24-late-tap', 'late.test.js', /test failed/],
  ['jest-syntax-json', 'syntax.test.js', /Unexpected token/],
  ['jest-syntax-console', 'syntax.test.js', /unexpected token/],
  ['jest-empty-json', 'empty.test.js', /must contain at least one test/],
  ['vitest-hook-json', 'hook.test.js', /hook bad/],
  ['vitest-late-console', undefined, /1 unhandled error/],
  ['mocha-hook-json', 'hook.test.js', /"before all" hook for "a": hook bad/],
  ['pytest-import-junit', 'test_import.py', /No module named 'nowhere_to_be_found'/],
  ['pytest-import-quiet', 'test_import.py', /No module named|did not load/],
  ['pytest-syntax-junit', 'test_syntax.py', /SyntaxError/],
  ['unittest-import-console', 'test_import.py', /No module named 'nowhere_to_be_found'/],
  ['unittest-fail-console', 'test_fail.py', /setUpClass: RuntimeError: hook bad/],
  ['go-types-json', 'sum_test.go', /cannot use "1"/],
  ['go-main-json', undefined, /set-up bad/],
  ['go-fake-json', undefined, /"TestLeaves" began and did not end/],
  ['cargo-types-console', 'src/lib.rs', /mismatched types/],
  ['rspec-load-json', 'spec/add_spec.rb', /nowhere_to_be_found/],
  ['rspec-syntax-json', 'spec/add_spec.rb', /syntax error/],
  ['bun-syntax-console', undefined, /Unexpected end of file/],
  ['playwright-syntax-json', 'a.spec.ts', /SyntaxError/],
  ['dotnet-crash-trx', undefined, /Test host process crashed/],
  ['tap-bail-tap', undefined, /Bail out! gave up/],
];

test('what fails outside tests is an error with its file', () => {
  for (const [name, file, message] of ERRORS) {
    const { errors } = reportOf(recording(name));
    const matches = (error: ReportError): boolean =>
      message.test(error.message) && (file === undefined || error.file === file);
    assert.ok(errors.some(matches), `${name}: ${JSON.stringify(errors)}`);
  }
});

const HAND_MADE: readonly (readonly [what: string, input: Partial<ReportInput>, expected: string])[] = [
  ['nothing at all', {}, 'none 0/0/0'],
  ['a plan before the tests', { stdout: '1..2\nok 1 - a\nnot ok 2 - b\n' }, 'complete 1/1/0'],
  ['fewer tests than planned', { stdout: '1..3\nok 1 - a\nok 2 - b\n' }, 'truncated 2/0/0'],
  ['more tests than planned', { stdout: 'ok 1 - a\nok 9 - fake\n1..1\n' }, 'truncated 2/0/0'],
  ['two plans', { stdout: 'ok 1 - a\n1..1\nok 1 - b\n1..1\n' }, 'truncated 2/0/0'],
  ['carriage returns and colours', { stdout: '\u001b[32mok 1 - a\u001b[39m\r\n1..1\r\n' }, 'complete 1/0/0'],
  [
    'skips and todos',
    { stdout: '1..3\nok 1 - a # SKIP why\nnot ok 2 - b # TODO\nok 3 - c \\# d\n' },
    'complete 1/0/2',
  ],
  ['a plan that skips all', { stdout: '1..0 # skip nothing here\n' }, 'complete 0/0/0'],
  ['a trailer that disagrees', { stdout: '1..1\nok 1 - a\n# tests 1\n# fail 1\n' }, 'truncated 1/0/0'],
  ['empty XML', { reports: [{ path: 'a.xml', text: '' }], asked: 1 }, 'truncated 0/0/0 +1'],
  [
    'XML cut off',
    { reports: [{ path: 'a.xml', text: '<testsuite><testcase name="a"/>' }], asked: 1 },
    'truncated 0/0/0',
  ],
  [
    'XML with an external entity',
    {
      reports: [
        {
          path: 'a.xml',
          text: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&e;"/></testsuite>',
        },
      ],
      asked: 1,
    },
    'truncated 0/0/0',
  ],
  [
    'XML that counts failures and has none',
    {
      reports: [{ path: 'a.xml', text: '<testsuite failures="1"><testcase name="a"/></testsuite>' }],
      asked: 1,
    },
    'truncated 1/0/0',
  ],
  [
    'surefire: several reports of one command',
    {
      reports: [
        {
          path: 'TEST-a.xml',
          text: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.x.ATest" time="0.1" tests="2" errors="0" skipped="0" failures="1"><properties><property name="a" value="b"/></properties><testcase name="adds" classname="com.x.ATest" time="0.01"/><testcase name="subtracts" classname="com.x.ATest" time="0.01"><failure message="expected: &lt;1&gt; but was: &lt;2&gt;" type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError\n\tat com.x.ATest.subtracts(ATest.java:9)]]></failure></testcase></testsuite>',
        },
        {
          path: 'TEST-b.xml',
          text: '<testsuite name="com.x.BTest"><testcase name="adds" classname="com.x.BTest"><skipped/></testcase></testsuite>',
        },
      ],
      asked: 2,
    },
    'complete 1/1/1',
  ],
  [
    'one of two reports missing',
    { reports: [{ path: 'a.xml', text: '<testsuite><testcase name="a"/></testsuite>' }], asked: 2 },
    'truncated 1/0/0',
  ],
  [
    'a report asked for and not written, and a made-up summary on the console',
    { runner: 'jest', stdout: 'Tests:       1 passed, 1 total\n', asked: 1 },
    'truncated 1/0/0 named 0',
  ],
  ['text of another runner', { runner: 'jest', stdout: 'ok 1 - a\n1..1\n' }, 'none 0/0/0'],
  [
    'JSON of Jest among other output',
    {
      stdout:
        'hello\n{"numTotalTests":1,"numFailedTests":0,"success":true,"testResults":[{"name":"/a.js","status":"passed","assertionResults":[{"title":"t","status":"passed"}]}]}\nbye',
    },
    'complete 1/0/0',
  ],
  [
    'JSON of Jest whose totals disagree',
    {
      stdout:
        '{"numTotalTests":2,"numFailedTests":0,"success":true,"testResults":[{"name":"/a.js","status":"passed","assertionResults":[{"title":"t","status":"passed"}]}]}',
    },
    'truncated 1/0/0',
  ],
  [
    'an interrupted Jest',
    {
      stdout: '{"numTotalTests":0,"numFailedTests":0,"success":false,"wasInterrupted":true,"testResults":[]}',
    },
    'truncated 0/0/0',
  ],
];

test('other texts', () => {
  for (const [what, input, expected] of HAND_MADE) {
    assert.equal(inShort(parseReport({ stdout: '', stderr: '', reports: [], ...input })), expected, what);
  }
});

test('paths below the folder of the run are relative, wherever they stand', () => {
  const text = JSON.stringify({
    numTotalTests: 1,
    numFailedTests: 1,
    success: false,
    testResults: [
      {
        name: '/tmp/w 1/test/a.js',
        status: 'failed',
        assertionResults: [
          {
            title: 't',
            status: 'failed',
            failureMessages: ['Error: no\n    at f (file:///tmp/w 1/test/a.js:7:1)'],
          },
        ],
      },
    ],
  });
  const url = text
    .replaceAll('/tmp/w 1/test/', 'file:///tmp/w%201/test/')
    .replaceAll('file://file://', 'file://');
  const windows = text
    .replaceAll('file:///tmp/w 1/test/', 'C:\\\\w 1\\\\test\\\\')
    .replaceAll('/tmp/w 1/test/', 'C:\\\\w 1\\\\test\\\\');
  const read = (its: string, root: string): unknown => {
    const { id, file, line } = parseReport({ stdout: its, stderr: '', reports: [], root }).tests[0] ?? {};
    return { id, file, line };
  };
  assert.deepEqual(read(text, '/tmp/w 1'), { id: 'test/a.js > t', file: 'test/a.js', line: 7 });
  assert.deepEqual(read(text, '/tmp/w'), {
    id: '/tmp/w 1/test/a.js > t',
    file: '/tmp/w 1/test/a.js',
    line: 7,
  });
  assert.deepEqual(read(url, '/tmp/w 1'), { id: 'test/a.js > t', file: 'test/a.js', line: 7 });
  assert.deepEqual(read(windows, 'C:\\w 1'), { id: 'test/a.js > t', file: 'test/a.js', line: 7 });
});

test('enough real outputs are recorded; those written by hand do not count', () => {
  const real = RECORDINGS.filter((its) => !('written' in its));
  assert.ok(real.length >= 150, String(real.length));
  const runners = new Set(real.map(({ runner }) => runner));
  assert.ok(runners.size >= 15, [...runners].join(', '));
});

test('a test of cargo is called the same whether or not others pass beside it', () => {
  const panic = "---- sums::tests::adds stdout ----\n\nthread 'x' panicked at src/sums.rs:9:9:\nwrong\n";
  const stdout = `\nrunning 1 test\ntest sums::tests::adds ... FAILED\n\nfailures:\n\n${panic}\nfailures:\n    sums::tests::adds\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s\n`;
  const stderr = '     Running unittests src/lib.rs (target/debug/deps/sums-1)\n';
  const report = parseReport({ runner: 'cargo', stdout, stderr, reports: [], asked: 0, root: '/p' });
  assert.deepEqual(
    report.tests.map(({ id }) => id),
    ['src/lib.rs > sums > tests > adds'],
  );
});
