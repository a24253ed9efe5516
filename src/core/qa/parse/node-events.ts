/** The lines of our own reporter for node's test runner. */
import * as z from 'zod';
import { lineIn } from './clean.ts';
import { nest, walk } from './nest.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';
import type { Nested } from './nest.ts';

const Event = z.object({
  type: z.enum(['test:pass', 'test:fail', 'unfinished']),
  name: z.string(),
  nesting: z.number().int().min(0).max(1000).default(0),
  file: z.string().optional(),
  line: z.number().optional(),
  skip: z.union([z.string(), z.boolean()]).optional(),
  todo: z.union([z.string(), z.boolean()]).optional(),
  kind: z.string().optional(),
  ms: z.number().optional(),
  failure: z.string().optional(),
  exit: z.union([z.string(), z.number()]).nullish(),
  message: z.string().optional(),
  stack: z.string().optional(),
  /** What the file wrote to its standard error. */
  written: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
});
type Event = z.infer<typeof Event>;

/** Lines that tell a beginning are for those who wait (`progress/reached.ts`). */
const BEGIN = '{"type":"begin"';

/** `undefined` where the text is no such report. */
export function parseNodeEvents(text: string): TestReport | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(BEGIN));
  const events = lines.flatMap((line) => eventOf(line) ?? []);
  const cameToEnd = lines.at(-1) === '{"type":"end"}';
  if (events.length === 0 && !cameToEnd) return undefined;
  const whole = cameToEnd && events.length === lines.length - 1;

  const tests: FoundTest[] = [];
  const unfinished = events.filter((event) => event.type === 'unfinished');
  const errors: ReportError[] = unfinished.map(unfinishedError);
  const notes: string[] = [];
  const ended = events.filter((event) => event.type !== 'unfinished');
  const tree = nest(ended.map((item) => ({ depth: item.nesting, name: item.name, item })));
  for (const { node, path } of walk(tree)) {
    if (isFile(node)) sortFile(node, errors, notes);
    else if (node.item.kind !== 'suite') tests.push(testOf(node.item, path));
    else if (brokeItself(node.item)) errors.push(errorOf(node.item, path.join(' > ')));
  }
  return makeReport({ runner: 'node', status: whole ? 'complete' : 'truncated', tests, errors, notes });
}

function eventOf(line: string): Event | undefined {
  if (!line.startsWith('{"type"')) return undefined;
  try {
    return Event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Node reports a whole file as a test where the file brought none, or broke as a process. */
function isFile({ item }: Nested<Event>): boolean {
  if (item.nesting > 0 || item.file === undefined) return false;
  return item.name === item.file || (item.name.includes('.') && item.file.endsWith(`/${item.name}`));
}

function sortFile({ item, children }: Nested<Event>, errors: ReportError[], notes: string[]): void {
  const file = item.file ?? item.name;
  if (item.type === 'test:pass' && children.length > 0) {
    errors.push({ message: 'the file ended its process while a test was running', file });
    return;
  }
  if (item.type === 'test:pass') {
    notes.push(`${file} reported no test: it has none, or it ended its process before they were done.`);
    return;
  }
  const exit = item.exit === undefined || item.exit === null ? '' : ` with ${item.exit}`;
  const written = item.written?.trim() ?? '';
  const cause = /^\w*Error\b.*$/m.exec(written)?.[0] ?? 'it broke';
  const line = lineIn(file, item.written);
  const message = `${cause} (the file ended${exit})\n${written}`.trim();
  errors.push({ message, file, ...(line === undefined ? {} : { line }) });
}

function unfinishedError({ name, file, line }: Event): ReportError {
  return {
    message: `"${name}" began and did not end: its process ended first`,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

function brokeItself(item: Event): boolean {
  return item.type === 'test:fail' && item.failure !== 'subtestsFailed' && !flagged(item.todo);
}

function errorOf(item: Event, name: string): ReportError {
  const line = lineIn(item.file, item.stack) ?? item.line;
  return {
    message: `${name}: ${item.message ?? 'failed'}`,
    ...(item.file === undefined ? {} : { file: item.file }),
    ...(line === undefined ? {} : { line }),
  };
}

function testOf(item: Event, path: readonly string[]): FoundTest {
  const todo = flagged(item.todo);
  const failed = item.type === 'test:fail';
  const line = (failed ? lineIn(item.file, item.stack) : undefined) ?? item.line;
  return {
    path,
    status: todo || flagged(item.skip) ? 'skipped' : failed ? 'failed' : 'passed',
    ...(todo ? { todo } : {}),
    ...(item.file === undefined ? {} : { file: item.file }),
    ...(line === undefined ? {} : { line }),
    ...(item.ms === undefined ? {} : { durationMs: item.ms }),
    ...(failed && item.message !== undefined ? { message: item.message.trim() } : {}),
    ...(failed && item.expected !== undefined ? { expected: item.expected } : {}),
    ...(failed && item.actual !== undefined ? { actual: item.actual } : {}),
  };
}

function flagged(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}
