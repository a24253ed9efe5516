/** Tests whose result depends on chance: a newly failing test is run again on the same tree, and what it says then is evidence. */
import type { TestResult } from './report.ts';
import type { TestRun } from './run-tests.ts';

export interface Flaky {
  readonly id: string;
  /** Runs of the same tree in which it passed, and failed. */
  readonly passed: number;
  readonly failed: number;
  /** It did so before, on a tree without the change that is judged. */
  readonly known: boolean;
}

/** More tests that fail at once are no accident. */
const AGAIN_MAX = 10;

/** Tests worth running again; none where the run itself is broken or too much failed. */
export function worthAgain(now: TestRun, newlyFailing: readonly TestResult[]): readonly TestResult[] {
  const whole = now.end === 'exited' && now.report.status === 'complete';
  return whole && newlyFailing.length <= AGAIN_MAX ? newlyFailing : [];
}

/** What narrows a run to these tests: their only file, or the only one's own name; `undefined`: all run. */
export function filterFor(
  tests: readonly TestResult[],
  only: { readonly name?: string; readonly file?: string } | undefined,
): string | undefined {
  const [first, ...others] = tests;
  if (first === undefined) return undefined;
  const sameFile = first.file !== undefined && others.every((test) => test.file === first.file);
  if (only?.file !== undefined && sameFile) return first.file;
  const name = first.name.split(' > ').at(-1) ?? first.name;
  return only?.name !== undefined && others.length === 0 && /^[\w -]+$/.test(name) ? name : undefined;
}

/** Of tests that failed, those that passed in a later run of the same tree. */
export function flakyAmong(
  failed: readonly TestResult[],
  again: readonly TestRun[],
): readonly Omit<Flaky, 'known'>[] {
  return failed.flatMap(({ id }) => {
    const later = again.flatMap((run) => run.report.tests.filter((test) => test.id === id));
    const passed = later.filter((test) => test.status === 'passed').length;
    const failures = 1 + later.filter((test) => test.status === 'failed').length;
    return passed === 0 ? [] : [{ id, passed, failed: failures }];
  });
}
