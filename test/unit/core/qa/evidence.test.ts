import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare } from '../../../../src/core/qa/compare.ts';
import { describeComparison, describeRun } from '../../../../src/core/qa/evidence.ts';
import { noRunner } from '../../../../src/core/qa/run-tests.ts';
import { RECORDINGS, recording, runOf } from './recordings.ts';
import { TIMED_OUT, UNREADABLE, run } from './runs.ts';

test('a failing test is told with name, place, message and values', () => {
  const text = describeRun(runOf(recording('node24-fail-events')));
  assert.match(text, /4 passed, 5 failed, 2 skipped \(exit code 1\)\./);
  assert.ok(
    text.includes(
      [
        '✗ math > subtracts (fail.test.js:5)',
        '  Expected values to be strictly equal:',
        '',
        '  2 !== 1',
        '  expected: 1',
        '  actual:   2',
      ].join('\n'),
    ),
    text,
  );
});

test('a file that does not load is told before failing tests', () => {
  const text = describeRun(runOf(recording('pytest-mixed-junit')));
  assert.ok(
    text.indexOf("test_import.py:1\n  ModuleNotFoundError: No module named 'nowhere_to_be_found'") > 0,
    text,
  );
  assert.ok(text.indexOf('test_import.py') < text.indexOf('✗ TestMath'), text);
});

test('without results the end of the output is told', () => {
  const died = runOf(recording('mocha-syntax-json'));
  assert.match(
    describeRun({ ...died, output: 'SyntaxError: Unexpected end of input' }),
    /no results could be read \(exit code 1\)[\s\S]*The output ended with:\n {2}SyntaxError/,
  );
  assert.match(
    describeRun({ ...TIMED_OUT, output: 'waiting' }),
    /results incomplete \(stopped: it took too long\)[\s\S]*waiting/,
  );
  assert.equal(
    describeRun(noRunner('There is no package.json.')),
    'No tests were run. There is no package.json.',
  );
});

test('a comparison tells the verdict, the reasons and the tests behind them', () => {
  const now = run('+a -b ~c -d +f');
  const text = describeComparison(compare(run('+a +b +c -d +e -f'), now), now);
  const lines = text.split('\n');
  assert.equal(lines[0], 'Red. npm test: 2 passed, 2 failed, 1 skipped (exit code 1).');
  for (const line of [
    '- "test.js > b" fails and did not fail on the base.',
    'Newly failing:',
    '✗ b (test.js)',
    'Gone: test.js > e',
    'Newly skipped: test.js > c',
    'Newly passing: test.js > f',
    'Failing as on the base:',
    '✗ d (test.js)',
  ]) {
    assert.ok(lines.includes(line), `${line} in\n${text}`);
  }
  assert.match(describeComparison(compare(run('+a'), run('+a')), run('+a')), /^Green\. /);
  assert.match(describeComparison(compare(UNREADABLE, UNREADABLE), UNREADABLE), /^Not proved\. /);
});

test('what does not fit is counted', () => {
  const many = run(Array.from({ length: 500 }, (_, index) => `-test${index}`).join(' '));
  const text = describeRun(many, { charsMax: 1000 });
  assert.ok(text.length <= 1000, String(text.length));
  assert.match(text, /… and \d+ more, left out for length\.$/);
  const long = run('', { found: { tests: [{ path: ['a'], status: 'failed', message: 'x'.repeat(5000) }] } });
  assert.match(describeRun(long), /x{1200} … \(5000 characters\)/);
});

test('no text is longer than its limit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RECORDINGS), fc.integer({ min: 100, max: 9000 }), (its, charsMax) => {
      const now = runOf(its);
      assert.ok(describeRun(now, { charsMax }).length <= charsMax, its.name);
      const result = compare(run('+a'), now);
      assert.ok(describeComparison(result, now, { charsMax }).length <= charsMax, its.name);
    }),
    { numRuns: 300 },
  );
});
