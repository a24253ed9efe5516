/** What a test run said, whatever the runner: one shape for gate, comparison, views and models. Plain JSON. */

/** `unknown`: a command whose runner could not be told; its console text is tried with every parser. */
export type Runner =
  | ('node' | 'jest' | 'vitest' | 'mocha' | 'ava' | 'tap' | 'tape' | 'bun' | 'playwright')
  | ('pytest' | 'unittest' | 'go' | 'cargo' | 'nextest' | 'maven' | 'gradle' | 'dotnet')
  | ('phpunit' | 'rspec' | 'minitest' | 'ctest')
  | 'unknown';

export type TestStatus = 'passed' | 'failed' | 'skipped';

/** One test. Files are relative to the folder of the run where the runner tells them. */
export interface TestResult {
  /** Stable across runs and checkouts: file and full name, as far as the runner tells both for every test; a repeated one gets `#2`. */
  readonly id: string;
  /** Full name: suites and test, joined by ` > `. */
  readonly name: string;
  readonly file?: string;
  /** One-based; for a failed test the line that failed, where it is told. */
  readonly line?: number;
  readonly status: TestStatus;
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly durationMs?: number;
}

/** Something that failed outside any one test: a file that does not load, a hook, a crash. */
export interface ReportError {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** `skipped` includes `todo`. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly todo?: number;
}

/**
 * `complete`: the runner came to its end and what it listed agrees with its own totals.
 * `truncated`: something is missing or contradictory. `none`: nothing in the output could be read as results.
 */
export type ReportStatus = 'complete' | 'truncated' | 'none';

export interface TestReport {
  readonly runner: Runner;
  readonly status: ReportStatus;
  readonly totals: Totals;
  /** May hold fewer tests than `totals` counts: some console texts name the failing ones only. */
  readonly tests: readonly TestResult[];
  readonly errors: readonly ReportError[];
  /** Odd things a person should know, that are no failures: a test file without tests, a total that disagrees. */
  readonly notes: readonly string[];
}

/** A test as a parser found it. `path` is suites and test; `fileInId` false where the runner names files of failures only. */
export interface FoundTest extends Omit<TestResult, 'id' | 'name'> {
  readonly path: readonly string[];
  readonly fileInId?: boolean;
  readonly todo?: boolean;
}

/** What a parser found. Without `totals` they are counted from the tests. */
export interface Found {
  readonly runner: Runner;
  readonly status: ReportStatus;
  readonly tests: readonly FoundTest[];
  readonly totals?: Totals;
  readonly errors?: readonly ReportError[];
  readonly notes?: readonly string[];
}

/** Number of tests the report counts, skipped ones included. */
export function totalOf(totals: Totals): number {
  return totals.passed + totals.failed + totals.skipped;
}

/** True where every counted test is listed by name. */
export function namesEveryTest(report: TestReport): boolean {
  return report.tests.length >= totalOf(report.totals);
}

/** Gives every test its id and counts what was found. */
export function makeReport(found: Found): TestReport {
  return {
    runner: found.runner,
    status: found.status,
    totals: found.totals ?? count(found.tests),
    tests: withIds(found.tests.map(slashed)),
    errors: (found.errors ?? []).map(slashed),
    notes: found.notes ?? [],
  };
}

/** Several reports of one command as one; its status is the worst of them. */
export function mergeReports(reports: readonly TestReport[]): TestReport | undefined {
  const [first, ...others] = reports;
  if (first === undefined || others.length === 0) return first;
  const worst = (['none', 'truncated', 'complete'] as const).find((status) =>
    reports.some((report) => report.status === status),
  );
  const sum = (pick: (totals: Totals) => number): number =>
    reports.reduce((total, report) => total + pick(report.totals), 0);
  return {
    runner: first.runner,
    status: worst ?? 'none',
    totals: {
      passed: sum((totals) => totals.passed),
      failed: sum((totals) => totals.failed),
      skipped: sum((totals) => totals.skipped),
      ...someTodo(sum((totals) => totals.todo ?? 0)),
    },
    tests: numbered(reports.flatMap((report) => report.tests)),
    errors: reports.flatMap((report) => report.errors),
    notes: reports.flatMap((report) => report.notes),
  };
}

/** A report in which nothing could be read. */
export function noReport(runner: Runner, message?: string): TestReport {
  return makeReport({
    runner,
    status: 'none',
    tests: [],
    ...(message === undefined ? {} : { errors: [{ message }] }),
  });
}

function count(tests: readonly FoundTest[]): Totals {
  const of = (status: TestStatus): number => tests.filter((test) => test.status === status).length;
  const todo = tests.filter((test) => test.todo === true).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped'), ...someTodo(todo) };
}

function someTodo(todo: number): { readonly todo?: number } {
  return todo > 0 ? { todo } : {};
}

/** Paths have "/" on every system. */
function slashed<T extends { readonly file?: string }>(its: T): T {
  return its.file === undefined ? its : { ...its, file: its.file.replaceAll('\\', '/') };
}

function withIds(tests: readonly FoundTest[]): readonly TestResult[] {
  return numbered(
    tests.map(({ path, fileInId, todo: _todo, ...rest }) => {
      const name = path.join(' > ');
      const id = rest.file !== undefined && fileInId !== false ? `${rest.file} > ${name}` : name;
      return { id, name, ...rest };
    }),
  );
}

function numbered(tests: readonly TestResult[]): readonly TestResult[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const times = (seen.get(test.id) ?? 0) + 1;
    seen.set(test.id, times);
    return times === 1 ? test : { ...test, id: `${test.id} #${times}` };
  });
}
