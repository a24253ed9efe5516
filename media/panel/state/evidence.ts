/** Tests before and after, as the panel shows them. */
import type { GateReport, TestNote } from '../../../src/protocol/events.ts';
import type { TestProgress } from '../../../src/protocol/test-progress.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { t } from '../texts.ts';

export type Verdict = GateReport['verdict'];

/** What people call a verdict. */
export function verdictName(verdict: Verdict): string {
  if (verdict === 'green') return t('Green');
  return verdict === 'red' ? t('Red') : t('Not proved');
}

/** The report that counts: on what was accepted if it was tested again, else on what was integrated. */
export const latestReport = ({ evidence }: Pick<RunView, 'evidence'>): GateReport | undefined =>
  evidence.accepted ?? evidence.integrated;

/** A named list of tests in a report. */
export interface TestList {
  readonly kind: 'newlyFailing' | 'removed' | 'newlySkipped' | 'stillFailing' | 'newlyPassing' | 'added';
  readonly title: string;
  readonly tests: readonly TestNote[];
}

/** The lists of a report that are not empty, what needs eyes first. On the base nothing fails "still". */
export function testLists(report: GateReport, isBase = false): readonly TestList[] {
  const named = (ids: readonly string[]): readonly TestNote[] => ids.map((id) => ({ id }));
  const passing = new Set(report.newlyPassing);
  const lists: readonly TestList[] = [
    { kind: 'newlyFailing', title: t('Newly failing'), tests: report.newlyFailing },
    { kind: 'removed', title: t('Removed'), tests: named(report.removed) },
    { kind: 'newlySkipped', title: t('Newly skipped'), tests: named(report.newlySkipped) },
    { kind: 'stillFailing', title: isBase ? t('Failing') : t('Still failing'), tests: report.stillFailing },
    { kind: 'newlyPassing', title: t('Newly passing'), tests: named(report.newlyPassing) },
    { kind: 'added', title: t('Added'), tests: named(report.added.filter((id) => !passing.has(id))) },
  ];
  return lists.filter(({ tests }) => tests.length > 0);
}

/** The totals of a report in words. A run that found no test says so. */
export function totalsText({ totals }: GateReport): string {
  const { passed, failed, skipped } = totals;
  if (passed + failed + skipped === 0) return t('no tests ran');
  return [
    t('{0} passed', passed),
    ...(failed > 0 ? [t('{0} failed', failed)] : []),
    ...(skipped > 0 ? [t('{0} skipped', skipped)] : []),
  ].join(', ');
}

/** How far tests have come, such as "12 of 40 tests, 1 failed". */
export function progressText({ unit, done, failed, total }: TestProgress): string {
  const some = unit === 'tests' ? t('tests so far: {0}', done) : t('test files so far: {0}', done);
  const of =
    unit === 'tests' ? t('{0} of {1} tests', done, total ?? 0) : t('{0} of {1} test files', done, total ?? 0);
  const words = total === undefined ? some : of;
  return failed > 0 ? `${words}, ${t('{0} failed', failed)}` : words;
}

/** A test's name without the file that runners put before it where the file is shown anyway. */
export function testName({ id, file }: TestNote): string {
  if (file === undefined || !id.startsWith(file)) return id;
  const rest = id.slice(file.length).replace(/^(?:\s*(?:>|›|::|:)\s*|\s+)/, '');
  return rest === '' ? id : rest;
}

/** What a test says of its failure; where both sides of a comparison are known, its first line says it all. */
export function testMessage({ message = '', expected, actual }: TestNote): string {
  const compared = expected !== undefined || actual !== undefined;
  return compared ? (message.trim().split('\n', 1)[0] ?? '').replace(/:$/, '') : message.trim();
}

/** The reasons of a verdict that say more than its lists of tests do. */
export function reasonsBeyondLists(report: GateReport): readonly string[] {
  const listed = testLists(report).flatMap(({ tests }) => tests.map(({ id }) => id));
  return report.reasons.filter((reason) => !listed.some((id) => reason.includes(`"${id}"`)));
}
