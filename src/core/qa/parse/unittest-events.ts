/** The lines of our own reporter for Python's unittest. */
import * as z from 'zod';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const Event = z.object({
  type: z.enum(['test', 'outside']),
  /** Dotted: module, class, method. */
  id: z.string(),
  name: z.string().nullable(),
  owner: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  status: z.enum(['passed', 'failed', 'skipped']),
  message: z.string().nullable(),
  ms: z.number().nullish(),
});
type Event = z.infer<typeof Event>;

const End = z.object({ type: z.literal('end'), ran: z.number() });

/** Lines that tell a beginning are for those who wait (`progress/reached.ts`). */
const BEGIN = '{"type": "begin"';

/** `undefined` where the text is no such report. */
export function parseUnittestEvents(text: string): TestReport | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(BEGIN));
  const values = lines.flatMap((line) => valueOf(line) ?? []);
  const events = values.flatMap((value) => Event.safeParse(value).data ?? []);
  const end = End.safeParse(values.at(-1)).data;
  if (events.length === 0 && end === undefined) return undefined;

  const tests = new Map<string, FoundTest>();
  for (const event of events.filter(({ type }) => type === 'test')) {
    const before = tests.get(event.id);
    if (before?.status !== 'failed') tests.set(event.id, testOf(event));
  }
  const outside = events.filter(({ type }) => type === 'outside');
  const skipped = outside.filter(({ status }) => status === 'skipped');
  return makeReport({
    runner: 'unittest',
    status: end !== undefined && events.length === lines.length - 1 ? 'complete' : 'truncated',
    tests: [...tests.values()],
    errors: outside.filter(({ status }) => status === 'failed').map(errorOf),
    notes: skipped.map(({ id, message }) => `${id} was skipped: ${message ?? ''}`),
  });
}

function valueOf(line: string): unknown {
  if (!line.startsWith('{"type"')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function testOf(event: Event): FoundTest {
  const name = event.name ?? event.id;
  return {
    path: [...event.owner.split('.'), name],
    status: event.status,
    ...(event.file === null ? {} : { file: event.file }),
    ...(event.line === null ? {} : { line: event.line }),
    ...(typeof event.ms === 'number' ? { durationMs: event.ms } : {}),
    ...(event.message === null || event.status !== 'failed' ? {} : { message: event.message }),
  };
}

/** A module that does not load comes as `unittest.loader._FailedTest.test_a`, a class's set-up as `setUpClass (test_a.A)`. */
function errorOf(event: Event): ReportError {
  const text = (event.message ?? 'failed').trim();
  const lines = text.split('\n');
  const cause = lines.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines[0] ?? text;
  const step = /^(\w+) \(/.exec(event.id)?.[1];
  const file = event.file ?? moduleFile(event.id, text);
  return {
    message: `${step === undefined ? '' : `${step}: `}${cause}${lines.length > 1 ? `\n${text}` : ''}`,
    file,
    ...(event.line === null ? {} : { line: event.line }),
  };
}

/** Where the traceback says that the module is, else where its name says. */
function moduleFile(id: string, traceback: string): string {
  const path = `${id.replace(/^unittest\.loader\._FailedTest\./, '').replaceAll('.', '/')}.py`;
  const files = [...traceback.matchAll(/File "([^"]+)"/g)].map((match) => match[1] ?? '');
  return files.find((file) => file === path || file.endsWith(`/${path}`)) ?? path;
}
