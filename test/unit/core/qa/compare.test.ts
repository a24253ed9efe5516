import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../../../src/core/qa/compare.ts';
import { noRunner } from '../../../../src/core/qa/run-tests.ts';
import type { CompareOptions, Verdict } from '../../../../src/core/qa/compare.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';
import { KILLED, TIMED_OUT, UNREADABLE, counted, run } from './runs.ts';

type Lists = Partial<
  Record<'newlyFailing' | 'newlyPassing' | 'stillFailing' | 'removed' | 'newlySkipped' | 'added', string>
>;

/** Reason: must be among the reasons. Lists: ids, separated by commas. */
type Case = readonly [
  what: string,
  base: string | TestRun,
  now: string | TestRun,
  verdict: Verdict,
  rest?: { readonly reason?: RegExp; readonly lists?: Lists; readonly options?: CompareOptions },
];

function chance(known: boolean): { readonly options: CompareOptions } {
  return { options: { flaky: [{ id: 'test.js > b', passed: 1, failed: 1, known }] } };
}

const NONE = noRunner('There is no package.json.');
const CUT = run('+a', { found: { status: 'truncated' } });
const SET_UP_FAILED = run('=1', {
  end: 'setupFailed',
  found: { status: 'none', errors: [{ message: '"npm ci" failed' }] },
});
const WITHOUT_FILES = run('', { found: { tests: [{ path: ['a'], status: 'passed' }] } });
const WITHOUT_FILES_BROKEN = run('b.js!', { found: { tests: [{ path: ['a'], status: 'passed' }] } });

const TESTS: readonly Case[] = [
  ['all pass as before', '+a +b', '+a +b', 'green', { reason: /2 tests passed/ }],
  ['a test is added', '+a', '+a +b', 'green', { lists: { added: 'test.js > b' } }],
  ['a failing test passes', '+a -b', '+a +b', 'green', { lists: { newlyPassing: 'test.js > b' } }],
  ['a skipped test passes', '+a ~b', '+a +b', 'green', { lists: { newlyPassing: 'test.js > b' } }],
  ['a skipped test stays skipped', '+a ~b', '+a ~b', 'green'],
  [
    'a failing test still fails',
    '+a -b',
    '+a -b',
    'green',
    { lists: { stillFailing: 'test.js > b', newlyFailing: '' } },
  ],
  [
    'a failing test is said to still fail',
    '+a -b',
    '+a -b',
    'green',
    { reason: /"test.js > b" fails as on the base/ },
  ],
  [
    'a passing test fails',
    '+a +b',
    '+a -b',
    'red',
    { reason: /"test.js > b" fails and did not fail on the base/ },
  ],
  ['a skipped test fails', '+a ~b', '+a -b', 'red'],
  [
    'an added test fails',
    '+a',
    '+a -b',
    'red',
    { lists: { newlyFailing: 'test.js > b', added: 'test.js > b' } },
  ],
  ['a test is removed', '+a +b', '+a', 'red', { reason: /"test.js > b" is gone/ }],
  ['a failing test is removed', '+a -b', '+a', 'red'],
  ['a skipped test is removed', '+a ~b', '+a', 'red'],
  ['a test is renamed', '+a +b', '+a +c', 'red', { lists: { removed: 'test.js > b', added: 'test.js > c' } }],
  [
    'a test moves to another file',
    '+a +x.js/b',
    '+a +y.js/b',
    'green',
    { lists: { removed: '', added: '' } },
  ],
  [
    'a test moves and fails',
    '+a +x.js/b',
    '+a -y.js/b',
    'red',
    { lists: { removed: '', newlyFailing: 'y.js > b' } },
  ],
  ['one of two tests of a name goes', '+x.js/b +y.js/b +a', '+z.js/b +a', 'red'],
  [
    'one of two tests of the same id goes',
    '+a +b +b',
    '+a +b',
    'red',
    { lists: { removed: 'test.js > b #2' } },
  ],
  ['a passing test is skipped', '+a +b', '+a ~b', 'red', { reason: /is skipped and was not on the base/ }],
  ['a failing test is skipped', '+a -b', '+a ~b', 'red', { lists: { newlySkipped: 'test.js > b' } }],
  ['the plan asked to remove a test', '+a +b', '+a', 'green', { options: { mayGo: ['b'] } }],
  ['the plan asked to skip a test', '+a +b', '+a ~b', 'green', { options: { mayGo: ['b'] } }],
  ['the plan asked to remove another test', '+a +b', '+a', 'red', { options: { mayGo: ['c'] } }],
  [
    'a failure is chance',
    '+a +b',
    '+a -b',
    'notProved',
    { reason: /failed in 1 of 2 runs/, ...chance(false) },
  ],
  [
    'chance on the base too',
    '+a +b',
    '+a -b',
    'green',
    { reason: /at times on the base too/, ...chance(true) },
  ],
  ['chance, and it passes now', '+a +b', '+a +b', 'notProved', chance(false)],
  ['chance beside a cause', '+a +b', '-a -b', 'red', chance(true)],
  ['all tests are skipped', '~a', '~a', 'notProved', { reason: /all are skipped/ }],
  ['no test is found', '', '', 'notProved', { reason: /none was found/ }],
  ['the tests are gone', '+a', '', 'red'],
];

const ENDS: readonly Case[] = [
  [
    'exit code 0 with failures',
    '+a -b =0',
    '+a -b =0',
    'red',
    { reason: /exit code 0 although it reported 1 failure/ },
  ],
  ['exit code 0 with a file that does not load', '+a', '+a b.js! =0', 'red'],
  ['exit code 1 without failures', '+a', '+a =1', 'red', { reason: /exit code 1 although no failure/ }],
  [
    'exit code 1 without failures, as on the base',
    '+a =1',
    '+a =1',
    'notProved',
    { reason: /on the base too/ },
  ],
  ['exit code 2 without failures, on the base 1', '+a =1', '+a =2', 'red'],
  ['exit code 1 without failures, on the base with some', '+a -b', '+a +b =1', 'red'],
  ['it takes too long', '+a', TIMED_OUT, 'red', { reason: /did not end in time/ }],
  ['it takes too long on both', TIMED_OUT, TIMED_OUT, 'notProved'],
  ['it is killed', '+a', KILLED, 'red', { reason: /ended by a signal/ }],
  ['it is killed on both', KILLED, KILLED, 'notProved'],
  ['nothing can be read', '+a', UNREADABLE, 'red', { reason: /No test results could be read/ }],
  [
    'the program is not there',
    '+a',
    run('=127', { found: { status: 'none' }, output: 'sh: 1: jest: not found\n' }),
    'red',
    { reason: /"npm test" could not be run, as a program was not found \(exit code 127\): sh: 1: jest/ },
  ],
  [
    'the program is not there, on Windows',
    UNREADABLE,
    run('=1', {
      found: { status: 'none' },
      output: "'jest' is not recognized as an internal or external command,\noperable program or batch file.",
    }),
    'notProved',
    { reason: /a program was not found/ },
  ],
  [
    'nothing can be read, but something was said',
    '+a',
    run('=1', { found: { status: 'none' }, output: 'boom\n' }),
    'red',
    { reason: /exit code 1\)\. It ends with: boom/ },
  ],
  ['nothing can be read on both', UNREADABLE, UNREADABLE, 'notProved'],
  ['the report is cut', '+a', CUT, 'red', { reason: /incomplete/ }],
  ['the report is cut on both', CUT, CUT, 'notProved'],
  ['setting up fails', '+a', SET_UP_FAILED, 'red', { reason: /could not be set up: "npm ci" failed/ }],
  ['setting up fails on both', SET_UP_FAILED, SET_UP_FAILED, 'notProved'],
  ['the base did not end', TIMED_OUT, '+a +b', 'notProved', { reason: /did not come to results/ }],
  ['the base did not end, and a test fails', TIMED_OUT, '+a -b', 'red'],
  ['a file that did not load loads', '+a b.js!', '+a +b.js/b', 'green'],
  ['a file that did not load is deleted', '+a b.js!', '+a', 'red', { reason: /"b.js" is gone/ }],
  [
    'a file that did not load still does not',
    '+a b.js!',
    '+a b.js!',
    'green',
    { reason: /b.js fails as on the base/ },
  ],
  ['a file does not load', '+a', '+a b.js!', 'red', { reason: /b.js fails: does not load/ }],
  [
    'a broken file is gone where tests have no files',
    WITHOUT_FILES_BROKEN,
    WITHOUT_FILES,
    'notProved',
    { reason: /cannot be told/ },
  ],
  ['the base has a runner and no test', '', '+a', 'green', { reason: /nothing to compare with/ }],
  ['the base has a runner and no test, and the added one fails', '', '-a', 'red'],
  ['the base has no runner', NONE, '+a', 'notProved', { reason: /came with this change/ }],
  ['the base has none, the plan asked for one', NONE, '+a', 'green', { options: { runnerAsked: true } }],
  ['neither has a runner', NONE, NONE, 'notProved', { reason: /There is no package.json/ }],
  ['the change removes the runner', '+a', NONE, 'red', { reason: /removed the way tests are run/ }],
  ['not every test is named', '+a', counted(1), 'red'],
  [
    'not every test is named on both',
    counted(5),
    counted(5),
    'notProved',
    { reason: /does not name every test/ },
  ],
  ['fewer are counted', counted(5), counted(4), 'red', { reason: /1 test fewer/ }],
  ['more are skipped', counted(5), counted(4, 1), 'red', { reason: /1 test more skipped/ }],
];

const must = (...mustTurn: readonly string[]): { readonly options: CompareOptions } => ({
  options: { mustTurn },
});

const GOALS: readonly Case[] = [
  ['a named test turns', '+a -b', '+a +b', 'green', must('b')],
  [
    'a named test still fails',
    '+a -b',
    '+a -b',
    'red',
    { ...must('b'), reason: /names the test "b", and it still fails/ },
  ],
  ['a named test is skipped', '+a ~b', '+a ~b', 'red', { ...must('b'), reason: /it is skipped/ }],
  ['a named test is not there', '+a', '+a', 'red', { ...must('b'), reason: /no test of that name ran/ }],
  [
    'a named test passes already',
    '+a',
    '+a',
    'green',
    { ...must('test.js > a'), reason: /as it did on the base/ },
  ],
  ['another test ends like a named one', '+a -bb +b', '+a -bb +b', 'green', must('b')],
  [
    'a test is named as pytest does',
    '-t.py/b',
    '-t.py/b',
    'red',
    { ...must('t.py::b'), reason: /still fails/ },
  ],
  ['a name is blank', '+a', '+a', 'red', must(' ')],
];

function check([what, base, now, verdict, { reason, lists, options } = {}]: Case): void {
  const from = (its: string | TestRun): TestRun => (typeof its === 'string' ? run(its) : its);
  const result = compare(from(base), from(now), options);
  const told = `${what}: ${JSON.stringify(result.reasons)}`;
  assert.equal(result.verdict, verdict, told);
  assert.ok(result.reasons.length > 0 && result.reasons.every((each) => /[.)]$/.test(each)), told);
  if (reason !== undefined) assert.match(result.reasons.join('\n'), reason, what);
  for (const [name, ids] of Object.entries(lists ?? {})) {
    assert.equal(result[name as keyof Lists].map((each) => each.id).join(), ids, `${what}: ${name}`);
  }
}

for (const each of [...TESTS, ...ENDS, ...GOALS]) test(each[0], () => check(each));

test('long lists of reasons are bounded', () => {
  const many = (mark: string): string =>
    Array.from({ length: 50 }, (_, index) => `${mark}t${index}`).join(' ');
  const { reasons, newlyFailing } = compare(run(many('+')), run(many('-')));
  assert.equal(newlyFailing.length, 50);
  assert.ok(reasons.length <= 12, String(reasons.length));
  assert.match(reasons.join(), /40 more tests/);
});

test('a run that took too long names what took longest', () => {
  const tests = [3, 9000, 1200, 500].map((durationMs, n) => ({
    ...{ path: [`test ${n}`], status: 'passed' as const, durationMs },
  }));
  const slow = run('', { end: 'timedOut', exitCode: null, found: { tests, status: 'truncated' } });
  assert.match(
    compare(run('+a'), slow).reasons.join(' '),
    /The slowest that ended: "test 1" \(9\.0 s\), "test 2" \(1\.2 s\), "test 3" \(0\.5 s\)\./,
  );
});

test('a test in quarantine that passes is told, and does not decide', () => {
  const found = compare(run('+a +b'), run('+a +b'), { quarantine: ['test.js > b', 'test.js > gone'] });
  assert.equal(found.verdict, 'green');
  assert.match(found.reasons.join(' '), /"test\.js > b" passes, and is in quarantine/);
  assert.equal(found.reasons.length, 1);
});
