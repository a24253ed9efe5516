/** Test results in words, for a model and for a person alike: what decided first, bounded in length. */
import type { Comparison } from './compare.ts';
import type { ReportError, TestResult } from './report.ts';
import type { TestRun } from './run-tests.ts';

export interface EvidenceLimits {
  /** Of the whole text; what does not fit is counted. */
  readonly charsMax?: number;
  /** Of one message, expected or actual value. */
  readonly partCharsMax?: number;
}

const CHARS_MAX = 8000;
const PART_CHARS_MAX = 1200;
/** Kept free for the line that counts what was left out. */
const TAIL_CHARS = 80;

/** One run: how it ended, its totals, every failure as far as there is room, and the output where there are no results. */
export function describeRun(run: TestRun, limits: EvidenceLimits = {}): string {
  const failed = run.report.tests.filter((test) => test.status === 'failed');
  const items = [
    ...run.report.errors.map((error) => describeError(error, limits)),
    ...failed.map((test) => describeTest(test, limits)),
  ];
  const raw = run.report.status === 'complete' ? [] : outputOf(run, limits);
  return fitted([headOf(run), ...run.report.notes, ...items, ...raw], limits);
}

/** A verdict with its reasons, the tests behind them, and the totals of the run it is about. */
export function describeComparison(
  comparison: Comparison,
  now: TestRun,
  limits: EvidenceLimits = {},
): string {
  const verdict = { green: 'Green', red: 'Red', notProved: 'Not proved' }[comparison.verdict];
  const list = (title: string, tests: readonly TestResult[]): readonly string[] =>
    tests.length === 0 ? [] : [`${title}:`, ...tests.map((test) => describeTest(test, limits))];
  const names = (title: string, tests: readonly TestResult[]): readonly string[] =>
    tests.length === 0 ? [] : [`${title}: ${tests.map((test) => test.id).join('; ')}`];
  const errors = comparison.newErrors.map((error) => describeError(error, limits));
  const raw = now.report.status === 'complete' ? [] : outputOf(now, limits);
  return fitted(
    [
      `${verdict}. ${headOf(now)}`,
      ...comparison.reasons.map((reason) => `- ${reason}`),
      ...errors,
      ...list('Newly failing', comparison.newlyFailing),
      ...names('Gone', comparison.removed),
      ...names('Newly skipped', comparison.newlySkipped),
      ...names('Newly passing', comparison.newlyPassing),
      ...raw,
      ...list('Failing as on the base', comparison.stillFailing),
    ],
    limits,
  );
}

function headOf(run: TestRun): string {
  if (run.end === 'noRunner') return `No tests were run. ${run.why}`;
  const { passed, failed, skipped } = run.report.totals;
  const end = {
    exited: `exit code ${String(run.exitCode)}`,
    timedOut: 'stopped: it took too long',
    killed: 'ended by a signal',
    setupFailed: `setting up failed with exit code ${String(run.exitCode)}`,
  }[run.end];
  const counts =
    run.report.status === 'none'
      ? 'no results could be read'
      : `${passed} passed, ${failed} failed, ${skipped} skipped`;
  const state = run.report.status === 'truncated' ? ', results incomplete' : '';
  return `${run.label}: ${counts}${state} (${end}).`;
}

function describeTest(test: TestResult, limits: EvidenceLimits): string {
  const lines = [`✗ ${test.name}${placeOf(test)}`];
  if (test.status !== 'failed') return lines.join('\n');
  if (test.message !== undefined) lines.push(indented(cut(test.message, limits)));
  if (test.expected !== undefined) lines.push(indented(`expected: ${cut(test.expected, limits)}`));
  if (test.actual !== undefined) lines.push(indented(`actual:   ${cut(test.actual, limits)}`));
  return lines.join('\n');
}

function describeError(error: ReportError, limits: EvidenceLimits): string {
  const where = error.file === undefined ? 'The test run' : `${error.file}${lineSuffix(error.line)}`;
  return `✗ ${where}\n${indented(cut(error.message, limits))}`;
}

function placeOf(test: TestResult): string {
  return test.file === undefined ? '' : ` (${test.file}${lineSuffix(test.line)})`;
}

function lineSuffix(line: number | undefined): string {
  return line === undefined ? '' : `:${line}`;
}

function outputOf(run: TestRun, limits: EvidenceLimits): readonly string[] {
  const text = run.output.trim();
  if (text === '') return [];
  const room = Math.floor((limits.charsMax ?? CHARS_MAX) / 2);
  return [`The output ended with:\n${indented(text.slice(-room))}`];
}

function cut(text: string, { partCharsMax = PART_CHARS_MAX }: EvidenceLimits): string {
  return text.length <= partCharsMax ? text : `${text.slice(0, partCharsMax)} … (${text.length} characters)`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Whole parts from the first on, as long as they fit; then how many were left out. */
function fitted(parts: readonly string[], { charsMax = CHARS_MAX }: EvidenceLimits): string {
  const kept: string[] = [];
  let room = charsMax - TAIL_CHARS;
  for (const part of parts) {
    if (part.length + 1 > room) break;
    kept.push(part);
    room -= part.length + 1;
  }
  const left = parts.length - kept.length;
  const [first = ''] = parts;
  if (kept.length === 0) return first.slice(0, charsMax);
  return left === 0 ? kept.join('\n') : `${kept.join('\n')}\n… and ${left} more, left out for length.`;
}
