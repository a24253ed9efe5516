/** The JSON of RSpec. */
import * as z from 'zod';
import { lastJson } from './json.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, TestReport } from '../report.ts';

const Example = z.object({
  description: z.string(),
  full_description: z.string(),
  status: z.string(),
  file_path: z.string(),
  line_number: z.number(),
  run_time: z.number().nullish(),
  exception: z
    .object({ class: z.string(), message: z.string().nullish(), backtrace: z.array(z.string()).nullish() })
    .nullish(),
});
type Example = z.infer<typeof Example>;

const Report = z.object({
  examples: z.array(Example),
  messages: z.array(z.string()).optional(),
  summary: z.object({
    example_count: z.number(),
    failure_count: z.number(),
    pending_count: z.number(),
    errors_outside_of_examples_count: z.number().default(0),
  }),
});

/** `undefined` where the text holds no such JSON. */
export function parseRspecJson(text: string): TestReport | undefined {
  const value = lastJson(text, '"example_count"');
  if (value === undefined) return undefined;
  const report = Report.safeParse(value).data;
  if (report === undefined) return makeReport({ runner: 'rspec', status: 'truncated', tests: [] });
  const { summary, examples, messages = [] } = report;
  const tests = examples.map(testOf);
  const of = (status: FoundTest['status']): number => tests.filter((test) => test.status === status).length;
  const outside = summary.errors_outside_of_examples_count;
  const whole =
    tests.length === summary.example_count &&
    of('failed') === summary.failure_count &&
    of('skipped') === summary.pending_count;
  return makeReport({
    runner: 'rspec',
    status: whole ? 'complete' : 'truncated',
    tests,
    errors: outside > 0 ? errorsOf(messages, outside) : [],
  });
}

function errorsOf(messages: readonly string[], count: number) {
  const told = messages.filter((message) => /error occurred/i.test(message));
  const texts = told.length > 0 ? told : [`${count} errors outside of examples`];
  return texts.map((message) => {
    const place =
      /^\s*#? ?(?:rspec )?\.?\/?(\S+?\.rb):(\d+)/m.exec(message) ?? /(\S+_spec\.rb)/.exec(message);
    const file = place?.[1]?.replace(/^\.\//, '');
    return {
      message: message.trim(),
      ...(file === undefined ? {} : { file }),
      ...(place?.[2] === undefined ? {} : { line: Number(place[2]) }),
    };
  });
}

function testOf(example: Example): FoundTest {
  const { description, full_description: full, status } = example;
  const suites = full.endsWith(description) ? full.slice(0, full.length - description.length).trim() : '';
  const file = example.file_path.replace(/^\.\//, '');
  const failed = status === 'failed';
  const message = example.exception?.message?.trim();
  const frame = (example.exception?.backtrace ?? [])
    .map((line) => /^(?:\.\/)?(.+?):(\d+)/.exec(line))
    .find((its) => its?.[1]?.endsWith(file));
  return {
    path: suites === '' ? [full] : [suites, description],
    file,
    line: failed && frame !== undefined && frame !== null ? Number(frame[2]) : example.line_number,
    status: failed ? 'failed' : status === 'passed' ? 'passed' : 'skipped',
    ...(typeof example.run_time === 'number' ? { durationMs: example.run_time * 1000 } : {}),
    ...(failed ? { message: message ?? 'failed', ...comparedIn(message ?? '') } : {}),
  };
}

function comparedIn(message: string): Pick<FoundTest, 'expected' | 'actual'> {
  const expected = /^\s*expected: (.+)$/m.exec(message)?.[1];
  const actual = /^\s*got: (.+)$/m.exec(message)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}
