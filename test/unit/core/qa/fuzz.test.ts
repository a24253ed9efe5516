import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare } from '../../../../src/core/qa/compare.ts';
import { makeReport } from '../../../../src/core/qa/report.ts';
import { parseReport } from '../../../../src/core/qa/parse/parse-report.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';
import { RECORDINGS, runOf } from './recordings.ts';
import type { Recording } from './recordings.ts';

/** A base whose command works and finds no test: nothing counts as removed, so only what the output says decides. */
const EMPTY_BASE: TestRun = {
  end: 'exited',
  label: 'test',
  command: 'test',
  exitCode: 0,
  report: makeReport({ runner: 'unknown', status: 'complete', tests: [] }),
  output: '',
  why: '',
};

const verdictOf = (its: Recording, exitCode: number | null): string =>
  compare(EMPTY_BASE, runOf({ ...its, timedOut: false }, exitCode)).verdict;

/** All texts of a recording one after the other, cut at a point of the whole. Reports that would be empty were not written. */
function cutAt(its: Recording, share: number): Recording {
  const files = its.reports.map((report) => report.text.length);
  const total = its.stdout.length + its.stderr.length + files.reduce((sum, length) => sum + length, 0);
  let left = Math.floor(total * share);
  const take = (text: string): string => {
    const part = text.slice(0, left);
    left = Math.max(0, left - text.length);
    return part;
  };
  const stdout = take(its.stdout);
  const stderr = take(its.stderr);
  const reports = its.reports.map(({ path, text }) => ({ path, text: take(text) }));
  return { ...its, stdout, stderr, reports: reports.filter(({ text }) => text !== '') };
}

const aRecording = fc.constantFrom(
  ...RECORDINGS.filter(({ name, asked }) => asked > 0 || !name.includes('-fake-')),
);

/** Runners that sum nothing up at the end, or write a report per class: only their exit code tells that the end is missing. */
const NO_SUM: ReadonlySet<string> = new Set(['go', 'cargo', 'maven', 'gradle', 'dotnet']);

const exitCodesOf = (its: Recording): ReadonlySet<number | null> =>
  new Set(NO_SUM.has(its.runner) ? [its.exitCode] : [its.exitCode, 0]);

test('a cut output is never green where the whole one is not', () => {
  fc.assert(
    fc.property(aRecording, fc.double({ min: 0, max: 1, noNaN: true }), (its, share) => {
      for (const exitCode of exitCodesOf(its)) {
        if (verdictOf(its, exitCode) === 'green') continue;
        assert.notEqual(verdictOf(cutAt(its, share), exitCode), 'green', `${its.name} cut at ${share}`);
      }
    }),
    { numRuns: 2000 },
  );
});

test('an output cut at the end of a line is never green where the whole one is not', () => {
  // Console text that a test made up whole cannot be told from the runner's: that is why reports are asked for.
  for (const its of RECORDINGS.filter(({ name, asked }) => asked > 0 || !name.includes('-fake-'))) {
    if (verdictOf(its, 0) === 'green' || NO_SUM.has(its.runner)) continue;
    const total = its.stdout.length;
    const ends = [...its.stdout.matchAll(/\n/g)];
    // The last lines decide; of the others a sample does.
    const step = Math.ceil(ends.length / 20);
    for (const { index } of ends.filter((_, at) => at % step === 0 || at > ends.length - 15)) {
      const cut = { ...its, stdout: its.stdout.slice(0, index) };
      assert.notEqual(verdictOf(cut, 0), 'green', `${its.name} cut at ${index} of ${total}`);
    }
  }
});

test('lines of other programs in between never make an output green that is not', () => {
  const noise = fc.constantFrom(
    'hello',
    'ok',
    'warning: 3 passed',
    '  at x (y.js:1:1)',
    '{',
    '}',
    '"stats"',
    '<a>',
    '1..',
  );
  fc.assert(
    fc.property(aRecording, fc.nat(), noise, (its, seed, line) => {
      if (verdictOf(its, its.exitCode) === 'green') return;
      const lines = its.stdout.split('\n');
      lines.splice(seed % lines.length, 0, line);
      assert.notEqual(verdictOf({ ...its, stdout: lines.join('\n') }, its.exitCode), 'green', its.name);
    }),
    { numRuns: 1000 },
  );
});

test('no text makes a parser throw', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'ok 1 - a\n',
      '1..2\n',
      '  ---\n',
      '  ...\n',
      '<testsuite name="',
      '<testcase',
      '</testsuite>',
      '&#x110000;',
    ),
    fc.constantFrom(
      '{"numTotalTests":1,"testResults":[]}',
      '{"stats":{}}',
      'ℹ tests 1\n',
      '✖ a (1ms)\n',
      'Ran 1 test in 0.1s\n',
    ),
    fc.constantFrom(
      'a.py::b PASSED\n',
      '=== 1 passed in 0.1s ===\n',
      '{"type":"end"}',
      'FAIL: a (b.C)\n',
      '='.repeat(30) + '\n',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.array(piece), (out, file) => {
      const text = file.join('');
      const report = parseReport({ stdout: out.join(''), stderr: text, reports: [{ path: 'r', text }] });
      assert.ok(report.totals.passed >= 0);
    }),
    { numRuns: 1000 },
  );
});

test('long odd texts take no time to speak of', () => {
  const units = [
    'a line 1 passed ok (x) ...\n',
    ' ',
    '=',
    '-',
    '_',
    '{\n',
    '1',
    '\u001b[',
    'test_a (b.C) ... ',
    'ok 1 - a\n',
  ];
  const more = [
    ' FAIL  a > b\n',
    '   at x\n',
    'E   x\n',
    '&#x41;',
    '<testcase name="a"/>',
    '✖ a\n',
    '  1) a\n',
  ];
  for (const unit of [...units, ...more]) {
    const text = unit.repeat(Math.ceil(500_000 / unit.length));
    const started = performance.now();
    parseReport({
      stdout: text,
      stderr: '',
      reports: [{ path: 'r.xml', text: `<testsuite>${text}</testsuite>` }],
    });
    assert.ok(performance.now() - started < 5_000, JSON.stringify(unit));
  }
});
