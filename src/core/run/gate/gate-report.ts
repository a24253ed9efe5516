/** A comparison as it is journaled: bounded lists, with the words of each failure. */
import type { GateReport, TestNote } from '../../../protocol/events.ts';
import type { Comparison } from '../../qa/compare.ts';
import type { TestResult } from '../../qa/report.ts';
import type { TestRun } from '../../qa/run-tests.ts';

/** Longest message of a test that is kept in a report, in characters. */
const NOTE_CHARS = 2000;
/** Tests listed per group of a report. */
const LISTED_MAX = 50;

export function reportOf(comparison: Comparison, now: TestRun): GateReport {
  const { passed, failed, skipped } = now.report.totals;
  const ids = (tests: readonly TestResult[]): string[] => tests.slice(0, LISTED_MAX).map((test) => test.id);
  return {
    verdict: comparison.verdict,
    reasons: [...comparison.reasons, ...(now.note === undefined ? [] : [now.note])],
    totals: { passed, failed, skipped },
    exitCode: now.exitCode,
    newlyFailing: notesOf(comparison.newlyFailing, comparison.newErrors),
    stillFailing: notesOf(comparison.stillFailing, comparison.stillErrors),
    newlyPassing: ids(comparison.newlyPassing),
    removed: ids(comparison.removed),
    newlySkipped: ids(comparison.newlySkipped),
    added: ids(comparison.added),
    ...(now.label !== '' && { command: now.label }),
    ...(now.durationMs !== undefined && { durationMs: now.durationMs }),
  };
}

function notesOf(
  tests: readonly TestResult[],
  errors: readonly { message: string; file?: string; line?: number }[],
): TestNote[] {
  const cut = (text: string): string => text.slice(0, NOTE_CHARS);
  const all: readonly Partial<TestResult & { id: string }>[] = [
    ...tests,
    ...errors.map((each) => ({ ...each, id: each.file ?? 'the test run' })),
  ];
  return all.slice(0, LISTED_MAX).map((test) => ({
    id: test.id ?? '',
    ...(test.file !== undefined && { file: test.file }),
    ...(test.line !== undefined && { line: test.line }),
    ...(test.message !== undefined && { message: cut(test.message) }),
    ...(test.expected !== undefined && { expected: cut(test.expected) }),
    ...(test.actual !== undefined && { actual: cut(test.actual) }),
  }));
}
