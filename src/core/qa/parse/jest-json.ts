/** The JSON of Jest, which Vitest writes too. */
import * as z from 'zod';
import { lineIn, splitStack, clean } from './clean.ts';
import { lastJson } from './json.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const Assertion = z.object({
  ancestorTitles: z.array(z.string()).catch([]),
  title: z.string(),
  status: z.string(),
  failureMessages: z.array(z.string()).nullish().catch(null),
  location: z.object({ line: z.number() }).nullish().catch(null),
  duration: z.number().nullish().catch(null),
});

const FileResult = z.object({
  name: z.string(),
  status: z.string().optional(),
  message: z.string().nullish().catch(null),
  assertionResults: z.array(Assertion),
});

const Report = z.object({
  numTotalTests: z.number(),
  numFailedTests: z.number(),
  success: z.boolean(),
  wasInterrupted: z.boolean().optional(),
  testResults: z.array(FileResult),
});

type FileResult = z.infer<typeof FileResult>;
type Assertion = z.infer<typeof Assertion>;

/** `undefined` where the text holds no such JSON. */
export function parseJestJson(text: string): TestReport | undefined {
  const value = lastJson(text, '"numTotalTests"');
  if (value === undefined) return undefined;
  const report = Report.safeParse(value).data;
  if (report === undefined) return makeReport({ runner: 'jest', status: 'truncated', tests: [] });

  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => testOf(file, test)));
  const errors = report.testResults.flatMap((file) => errorOf(file) ?? []);
  const failed = tests.filter((test) => test.status === 'failed').length;
  if (!report.success && failed + errors.length === 0 && report.numTotalTests > 0) {
    errors.push({
      message: 'The runner reports no success although no test failed: see its output for the cause.',
    });
  }
  const whole =
    report.wasInterrupted !== true &&
    tests.length === report.numTotalTests &&
    failed === report.numFailedTests;
  return makeReport({ runner: 'jest', status: whole ? 'complete' : 'truncated', tests, errors });
}

/** Vitest's JSON does not say what broke in a hook; its console does. */
export const UNTOLD = 'the file failed outside its tests';

/** A file that failed without a failing test: it did not load, or a hook of it broke and its tests were skipped. */
function errorOf(file: FileResult): ReportError | undefined {
  if (file.status !== 'failed') return undefined;
  if (file.assertionResults.some((test) => test.status === 'failed')) return undefined;
  const said = clean(file.message ?? '').replace(/^\s*● Test suite failed to run\s*/, '');
  const { message, frames } = splitStack(said.replace(/^[\s\S]*\n\s*Details:\s+/, ''));
  const line = lineIn(file.name, frames) ?? lineIn(file.name, message);
  return {
    message: message === '' ? UNTOLD : message,
    file: file.name,
    ...(line === undefined ? {} : { line }),
  };
}

const STATUS: Readonly<Record<string, FoundTest['status']>> = { passed: 'passed', failed: 'failed' };

function testOf(file: FileResult, test: Assertion): FoundTest {
  const status = STATUS[test.status] ?? 'skipped';
  const failure = clean((test.failureMessages ?? []).join('\n\n'));
  const line = (status === 'failed' ? lineIn(file.name, failure) : undefined) ?? test.location?.line;
  return {
    path: [...test.ancestorTitles.filter((title) => title !== ''), test.title],
    status,
    file: file.name,
    ...(test.status === 'todo' ? { todo: true } : {}),
    ...(line === undefined ? {} : { line }),
    ...(typeof test.duration === 'number' ? { durationMs: test.duration } : {}),
    ...(status === 'failed'
      ? { message: splitStack(failure).message || 'failed', ...comparedIn(failure) }
      : {}),
  };
}

/** `Expected: 1` and `Received: 2`, as matchers print them on lines of their own. */
function comparedIn(failure: string): Pick<FoundTest, 'expected' | 'actual'> {
  const expected = /^Expected(?: \w+)?: +(.+)$/m.exec(failure)?.[1];
  const actual = /^Received(?: \w+)?: +(.+)$/m.exec(failure)?.[1];
  if (expected !== undefined && actual !== undefined) return { expected, actual };
  const chai = /expected (.+) to (?:be|equal|deeply equal|strictly equal) (.+?)(?: \/\/.*)?$/m.exec(failure);
  return chai?.[1] === undefined || chai[2] === undefined ? {} : { actual: chai[1], expected: chai[2] };
}
