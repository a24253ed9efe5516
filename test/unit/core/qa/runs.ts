/** Test runs in a word or two, for tables. */
import { makeReport } from '../../../../src/core/qa/report.ts';
import type { Found, FoundTest, TestStatus } from '../../../../src/core/qa/report.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';

const STATUS: Readonly<Record<string, TestStatus>> = { '+': 'passed', '-': 'failed', '~': 'skipped' };

/**
 * `+a -b ~c d.js! =0`: a passed, b failed, c was skipped, the file d.js did not load, the exit code was 0 all the same.
 * `x.js/a` is test a of the file x.js, else tests are in test.js.
 */
export function run(
  words: string,
  rest: Partial<TestRun> & { readonly found?: Partial<Found> } = {},
): TestRun {
  const list = words.split(' ').filter((word) => word !== '');
  const tests = list.filter((word) => /^[-+~]/.test(word)).map(testOf);
  const errors = list
    .filter((word) => word.endsWith('!'))
    .map((word) => ({ message: 'does not load', file: word.slice(0, -1) }));
  const exit = list.find((word) => word.startsWith('='));
  const { found, ...its } = rest;
  const broken = errors.length > 0 || tests.some((each) => each.status === 'failed');
  return {
    end: 'exited',
    label: 'npm test',
    command: 'npm test',
    exitCode: exit === undefined ? Number(broken) : Number(exit.slice(1)),
    report: makeReport({ runner: 'node', status: 'complete', tests, errors, ...found }),
    output: '',
    why: 'package.json has the script "test".',
    ...its,
  };
}

function testOf(word: string): FoundTest {
  const [place = '', name] = word.slice(1).split('/');
  const status = STATUS[word.charAt(0)] ?? 'passed';
  return name === undefined
    ? { path: [place], status, file: 'test.js' }
    : { path: [name], status, file: place };
}

/** A run whose console tells totals only. */
export function counted(passed: number, skipped = 0): TestRun {
  return run('', { found: { totals: { passed, failed: 0, skipped } } });
}

export const TIMED_OUT = run('+a', { exitCode: null, end: 'timedOut', found: { status: 'truncated' } });
export const KILLED = run('', { exitCode: null, end: 'killed', found: { status: 'none' } });
export const UNREADABLE = run('=1', { found: { status: 'none' } });
