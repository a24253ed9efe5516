/** The JSON of Playwright's test runner. A test that passed only when it was tried again counts as passed, with a note. */
import * as z from 'zod';
import { clean } from './clean.ts';
import { lastJson } from './json.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const Failure = z.object({
  message: z.string().optional(),
  location: z.object({ file: z.string(), line: z.number() }).optional(),
});

const Spec = z.object({
  title: z.string(),
  file: z.string(),
  line: z.number(),
  tests: z.array(
    z.object({
      projectName: z.string().default(''),
      status: z.string(),
      results: z.array(
        z.object({
          status: z.string().optional(),
          duration: z.number().default(0),
          error: Failure.optional(),
        }),
      ),
    }),
  ),
});
type Spec = z.infer<typeof Spec>;

interface Suite {
  readonly title: string;
  readonly file?: string | undefined;
  readonly specs: readonly Spec[];
  readonly suites?: readonly Suite[] | undefined;
}
const Suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    title: z.string(),
    file: z.string().optional(),
    specs: z.array(Spec),
    suites: z.array(Suite).optional(),
  }),
);

const Report = z.object({
  suites: z.array(Suite),
  errors: z.array(Failure).default([]),
  stats: z.object({ expected: z.number(), unexpected: z.number(), skipped: z.number(), flaky: z.number() }),
});

/** `undefined` where the text holds no such JSON. */
export function parsePlaywrightJson(text: string): TestReport | undefined {
  const value = lastJson(text, '"unexpected"');
  if (value === undefined) return undefined;
  const report = Report.safeParse(value).data;
  if (report === undefined) return makeReport({ runner: 'playwright', status: 'truncated', tests: [] });
  const { stats } = report;
  const tests = report.suites.flatMap((suite) => testsOf(suite, []));
  const of = (status: FoundTest['status']): number => tests.filter((test) => test.status === status).length;
  const whole =
    of('failed') === stats.unexpected &&
    of('passed') === stats.expected + stats.flaky &&
    of('skipped') === stats.skipped;
  const none = report.errors.every((error) => /^Error: No tests found/.test(clean(error.message ?? '')));
  return makeReport({
    runner: 'playwright',
    status: whole ? 'complete' : 'truncated',
    tests,
    errors: none && tests.length === 0 ? [] : report.errors.map(errorOf),
    notes: stats.flaky > 0 ? [`${stats.flaky} tests passed only when they were tried again.`] : [],
  });
}

function testsOf(suite: Suite, above: readonly string[]): readonly FoundTest[] {
  const isFile = suite.file !== undefined && suite.title === suite.file;
  const path = isFile || suite.title === '' ? above : [...above, suite.title];
  const own = suite.specs.flatMap((spec) => testsIn(spec, path));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, path))];
}

const STATUS: Readonly<Record<string, FoundTest['status']>> = {
  expected: 'passed',
  flaky: 'passed',
  skipped: 'skipped',
};

/** One test per project that the configuration names. */
function testsIn(spec: Spec, path: readonly string[]): readonly FoundTest[] {
  return spec.tests.map((test): FoundTest => {
    // Without a result the run was cut off before it.
    const status =
      test.results.length === 0 && test.status !== 'skipped' ? 'skipped' : (STATUS[test.status] ?? 'failed');
    const last = test.results.findLast((result) => result.error !== undefined) ?? test.results.at(-1);
    const message = clean(last?.error?.message ?? 'failed').trim();
    const line = status === 'failed' ? last?.error?.location?.line : undefined;
    return {
      path: test.projectName === '' ? [...path, spec.title] : [test.projectName, ...path, spec.title],
      file: spec.file,
      line: line ?? spec.line,
      status,
      durationMs: test.results.reduce((sum, result) => sum + result.duration, 0),
      ...(status === 'failed' ? { message, ...comparedIn(message) } : {}),
    };
  });
}

function comparedIn(message: string): Pick<FoundTest, 'expected' | 'actual'> {
  const expected = /^Expected(?: \w+)?: +(.+)$/m.exec(message)?.[1];
  const actual = /^Received(?: \w+)?: +(.+)$/m.exec(message)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}

function errorOf({ message, location }: z.infer<typeof Failure>): ReportError {
  return {
    message: clean(message ?? 'failed').trim(),
    ...(location === undefined ? {} : { file: location.file, line: location.line }),
  };
}
