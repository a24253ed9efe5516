/** The JSON of Mocha. */
import * as z from 'zod';
import { clean, lineIn } from './clean.ts';
import { lastJson } from './json.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const Failure = z.object({
  message: z.string().optional().catch(undefined),
  stack: z.string().optional().catch(undefined),
  expected: z.unknown().optional(),
  actual: z.unknown().optional(),
});

const Test = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: z.string().nullish().catch(null),
  duration: z.number().optional().catch(undefined),
  err: Failure.optional().catch(undefined),
});
type Test = z.infer<typeof Test>;

const Report = z.object({
  stats: z.object({ tests: z.number(), passes: z.number(), pending: z.number(), failures: z.number() }),
  tests: z.array(Test),
  pending: z.array(Test),
  failures: z.array(Test),
  passes: z.array(Test),
});

/** `undefined` where the text holds no such JSON. */
export function parseMochaJson(text: string): TestReport | undefined {
  const value = lastJson(text, '"stats"');
  if (value === undefined) return undefined;
  const report = Report.safeParse(value).data;
  if (report === undefined) {
    return value === null ? makeReport({ runner: 'mocha', status: 'truncated', tests: [] }) : undefined;
  }
  const { stats, failures, pending, passes } = report;
  const isHook = (test: Test): boolean => /^"(before|after) (all|each)" hook\b/.test(test.title);
  const tests = [
    ...passes.map((test) => testOf(test, 'passed')),
    ...failures.filter((test) => !isHook(test)).map((test) => testOf(test, 'failed')),
    ...pending.map((test) => testOf(test, 'skipped')),
  ];
  const errors = failures.filter(isHook).map(errorOf);
  const whole =
    stats.failures === failures.length && stats.passes === passes.length && stats.pending === pending.length;
  return makeReport({ runner: 'mocha', status: whole ? 'complete' : 'truncated', tests, errors });
}

function testOf(test: Test, status: FoundTest['status']): FoundTest {
  const file = test.file ?? undefined;
  const line = lineIn(file, test.err?.stack);
  const failed = status === 'failed';
  return {
    path: pathOf(test),
    status,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(test.duration === undefined ? {} : { durationMs: test.duration }),
    ...(failed ? { message: clean(test.err?.message ?? 'failed').trim() } : {}),
    ...(failed && test.err !== undefined ? comparedIn(test.err) : {}),
  };
}

function errorOf(test: Test): ReportError {
  const file = test.file ?? undefined;
  const line = lineIn(file, test.err?.stack);
  return {
    message: `${test.fullTitle}: ${clean(test.err?.message ?? 'failed').trim()}`,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

/** Mocha joins titles with blanks; only the last can be told apart. */
function pathOf({ title, fullTitle }: Test): readonly string[] {
  const suites = fullTitle.endsWith(title) ? fullTitle.slice(0, fullTitle.length - title.length).trim() : '';
  return suites === '' ? [title] : [suites, title];
}

function comparedIn(err: z.infer<typeof Failure>): Pick<FoundTest, 'expected' | 'actual'> {
  if (err.expected === undefined || err.actual === undefined) return {};
  const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return { expected: show(err.expected), actual: show(err.actual) };
}
