/** Which failures are put down to chance, and what is run to tell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterFor, flakyAmong, worthAgain } from '../../../../src/core/qa/flaky.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';
import { KILLED, run, TIMED_OUT } from './runs.ts';

const failedOf = (its: TestRun) => its.report.tests.filter((each) => each.status === 'failed');

const AGAIN: readonly (readonly [name: string, later: readonly string[], flaky: readonly string[]])[] = [
  ['it passes', ['+a'], ['a 1:1']],
  ['it fails again', ['-a'], []],
  ['it passes in one of two runs', ['-a', '+a'], ['a 1:2']],
  ['it is skipped', ['~a'], []],
  ['it is not there', ['+b'], []],
  ['nothing ran again', [], []],
  ['another of that name passes in another file', ['+x.js/a'], []],
];

for (const [name, later, flaky] of AGAIN) {
  test(`a test failed; then ${name}`, () => {
    const found = flakyAmong(
      failedOf(run('-a +b')),
      later.map((words) => run(words)),
    );
    assert.deepEqual(
      found.map(({ id, passed, failed }) => `${id.split(' > ').at(-1) ?? id} ${passed}:${failed}`),
      flaky,
    );
  });
}

const MANY = Array.from({ length: 11 }, (_, n) => `-t${n}`).join(' ');

const WORTH: readonly (readonly [name: string, now: TestRun, count: number])[] = [
  ['few failures', run('-a -b +c'), 2],
  ['many failures', run(MANY), 0],
  ['a run that was killed', KILLED, 0],
  ['a run that took too long', TIMED_OUT, 0],
  ['results that are cut off', run('-a', { found: { status: 'truncated' } }), 0],
];

for (const [name, now, count] of WORTH) {
  test(`run again: ${name}`, () => {
    assert.equal(worthAgain(now, failedOf(now)).length, count);
  });
}

const BOTH = { file: 'x {filter}', name: 'y {filter}' };

const FILTERS: readonly (readonly [
  words: string,
  only: Parameters<typeof filterFor>[1],
  filter: string | undefined,
])[] = [
  ['-a', BOTH, 'test.js'],
  ['-a -b', BOTH, 'test.js'],
  ['-a -x.js/b', BOTH, undefined],
  ['-a', { name: 'y' }, 'a'],
  ['-a -b', { name: 'y' }, undefined],
  ['-$(touch)', { name: 'y' }, undefined],
  ['-a', undefined, undefined],
  ['', BOTH, undefined],
];

for (const [words, only, filter] of FILTERS) {
  test(`what narrows a run to ${words || 'nothing'} with ${JSON.stringify(only)}`, () => {
    assert.equal(filterFor(failedOf(run(words)), only), filter);
  });
}
