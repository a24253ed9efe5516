/** Which tests turned between two reports. Knows nothing of verdicts. */
import type { ReportError, TestReport, TestResult } from './report.ts';

/** Each list holds the results of the newer report; `removed` those of the base. */
export interface RunDiff {
  /** Fails now, and on the base passed, was skipped or did not exist. */
  readonly newlyFailing: readonly TestResult[];
  /** Passes now, and on the base failed or was skipped. */
  readonly newlyPassing: readonly TestResult[];
  readonly stillFailing: readonly TestResult[];
  readonly removed: readonly TestResult[];
  /** Skipped now, and on the base passed or failed. */
  readonly newlySkipped: readonly TestResult[];
  /** Not on the base, whatever its status. */
  readonly added: readonly TestResult[];
  readonly newErrors: readonly ReportError[];
  readonly stillErrors: readonly ReportError[];
  /** Errors of files on the base that are gone, where the runner does not say which file a test is in. */
  readonly vanishedErrors: readonly ReportError[];
}

/**
 * Tests are the same where their ids are. One that left its id and turned up under the same full name in exactly one other
 * place has moved. A file that did not load on the base and is gone now counts as removed.
 */
export function diffRuns(base: TestReport, now: TestReport): RunDiff {
  const before = pairs(base.tests, now.tests);
  const was = (test: TestResult): TestResult | undefined => before.get(test.id);
  const paired = new Set([...before.values()].map((test) => test.id));
  const { lost, ...errors } = diffErrors(base, now);
  return {
    newlyFailing: now.tests.filter((test) => test.status === 'failed' && was(test)?.status !== 'failed'),
    newlyPassing: now.tests.filter((test) => test.status === 'passed' && turned(was(test), 'passed')),
    stillFailing: now.tests.filter((test) => test.status === 'failed' && was(test)?.status === 'failed'),
    removed: [...base.tests.filter((test) => !paired.has(test.id)), ...lost],
    newlySkipped: now.tests.filter((test) => test.status === 'skipped' && turned(was(test), 'skipped')),
    added: now.tests.filter((test) => was(test) === undefined),
    ...errors,
  };
}

/** True where `name` is the test's id or full name, or the end of it from a word on; separators (`>`, `::`, `/`, blanks) are alike. */
export function matchesName(test: TestResult, name: string): boolean {
  const wanted = plain(name);
  if (wanted === '') return false;
  return [test.id, test.name].some((own) => plain(own) === wanted || plain(own).endsWith(` ${wanted}`));
}

function plain(name: string): string {
  return name.replace(/(::|\s[>›»]\s|\s)+/g, ' ').trim();
}

function turned(before: TestResult | undefined, to: TestResult['status']): boolean {
  return before !== undefined && before.status !== to;
}

/** The base's test of each test of now, by the id of now. */
function pairs(base: readonly TestResult[], now: readonly TestResult[]): ReadonlyMap<string, TestResult> {
  const byId = new Map(base.map((test) => [test.id, test]));
  const found = new Map<string, TestResult>();
  for (const test of now) {
    const same = byId.get(test.id);
    if (same !== undefined) found.set(test.id, same);
  }
  const here = new Set(now.map((test) => test.id));
  const left = byName(base.filter((test) => !here.has(test.id)));
  const came = byName(now.filter((test) => !byId.has(test.id)));
  for (const [name, [moved, ...twins]] of came) {
    const [from, ...others] = left.get(name) ?? [];
    if (moved === undefined || from === undefined || twins.length + others.length > 0) continue;
    found.set(moved.id, from);
  }
  return found;
}

function byName(tests: readonly TestResult[]): ReadonlyMap<string, readonly TestResult[]> {
  const found = new Map<string, TestResult[]>();
  for (const test of tests) {
    const same = found.get(test.name);
    if (same === undefined) found.set(test.name, [test]);
    else same.push(test);
  }
  return found;
}

type ErrorDiff = Pick<RunDiff, 'newErrors' | 'stillErrors' | 'vanishedErrors'>;

function diffErrors(base: TestReport, now: TestReport): ErrorDiff & { readonly lost: readonly TestResult[] } {
  const old = new Set(base.errors.map(errorKey));
  const current = new Set(now.errors.map(errorKey));
  const alive = new Set(now.tests.map((test) => test.file));
  const gone = base.errors.filter(({ file }) => file !== undefined && !current.has(file) && !alive.has(file));
  const filesTold = now.tests.every((test) => test.file !== undefined);
  const lost = new Set(filesTold ? gone.map(errorKey) : []);
  return {
    newErrors: now.errors.filter((error) => !old.has(errorKey(error))),
    stillErrors: now.errors.filter((error) => old.has(errorKey(error))),
    vanishedErrors: filesTold ? [] : gone,
    lost: [...lost].map((file) => ({ id: file, name: file, file, status: 'failed' })),
  };
}

/** What an error is recognised by: its file, since messages of one cause vary; else its first line. */
function errorKey(error: ReportError): string {
  return error.file ?? error.message.trim().split('\n', 1)[0] ?? '';
}
