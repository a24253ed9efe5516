/** The text node's test runner prints for people. Suites and tests with sub-tests look alike in it: only leaves count as tests. */
import { lineIn, splitStack } from './clean.ts';
import { nest, walk } from './nest.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';
import type { Flat } from './nest.ts';

const RESULT = /^( *)([✔✖﹣⚠]) (.+?)(?: \(([\d.]+)ms\))?(?: # (.*))?$/;
/** Node 18 closes a suite with the mark it opened it with, and the time. */
const CLOSED = /^( *)(▶) (.+?) \(([\d.]+)ms\)$/;
const COUNT = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

interface Line {
  readonly mark: string;
  readonly ms: string | undefined;
  readonly todo: boolean;
  readonly skip: boolean;
}

/** What the part below the summary says about one failure. */
interface Detail {
  readonly file?: string;
  readonly line?: number;
  readonly message: string;
}

/** `undefined` where the text holds no result of this kind. */
export function parseNodeSpec(text: string): TestReport | undefined {
  const lines = text.split('\n');
  const summary = summaryOf(lines);
  const flat = lines.slice(0, summary?.start).flatMap((line) => resultOf(line) ?? []);
  if (summary === undefined && flat.length === 0) return undefined;

  const details = detailsOf(lines.slice(summary?.end ?? lines.length));
  const tests: FoundTest[] = [];
  const errors: ReportError[] = [];
  const notes: string[] = [];
  for (const { node, path } of walk(nest(flat))) {
    const { mark, skip } = node.item;
    const detail = mark === '✖' ? details.get(node.name)?.shift() : undefined;
    const isFile = path.length === 1 && node.children.length === 0 && /^\S*\.[cm]?[jt]sx?$/.test(node.name);
    if (isFile && mark === '✔' && !skip) notes.push(`${node.name} reported no test.`);
    else if (isFile && mark === '✖') errors.push({ message: detail?.message ?? 'failed', file: node.name });
    else if (node.children.length === 0) tests.push(testOf(node.item, path, detail));
    else if (mark === '✖' && !node.children.some((child) => child.item.mark === '✖')) {
      errors.push({ message: `${path.join(' > ')}: failed`, ...detail });
    }
  }
  const agrees = summary !== undefined && agreesWith(summary.counts, flat, tests, errors);
  return makeReport({ runner: 'node', status: agrees ? 'complete' : 'truncated', tests, errors, notes });
}

function resultOf(line: string): Flat<Line> | undefined {
  const found = RESULT.exec(line) ?? CLOSED.exec(line);
  if (found === null) return undefined;
  const [, indent = '', mark = '', name = '', ms, reason] = found;
  const skip = mark === '﹣' || reason === 'SKIP';
  return {
    depth: Math.floor(indent.length / 2),
    name,
    item: { mark, ms, skip, todo: mark === '⚠' || reason === 'TODO' },
  };
}

/** The last block of counts; tests print what they like before it. */
function summaryOf(
  lines: readonly string[],
):
  { readonly start: number; readonly end: number; readonly counts: ReadonlyMap<string, number> } | undefined {
  const end = lines.findLastIndex((line) => /^ℹ duration_ms [\d.]+$/.test(line));
  const start = lines.findLastIndex((line, at) => at <= end && /^ℹ tests \d+$/.test(line));
  if (start < 0) return undefined;
  const counts = new Map<string, number>();
  for (const line of lines.slice(start, end + 1)) {
    const count = COUNT.exec(line);
    if (count !== null) counts.set(count[1] ?? '', Number(count[2]));
  }
  return { start, end: end + 1, counts };
}

function detailsOf(lines: readonly string[]): ReadonlyMap<string, Detail[]> {
  const details = new Map<string, Detail[]>();
  const text = lines.join('\n');
  // Node 18 names no places.
  const starts = /^test at /m.test(text) ? /^(?=test at )/m : /^(?=✖ .* \([\d.]+ms\)$)/m;
  for (const block of text.split(starts)) {
    const place = /^test at (.+):(\d+):\d+$/m.exec(block);
    const title = /^✖ (.+?)(?: \([\d.]+ms\))?(?: # .*)?$/m.exec(block);
    if (title?.[1] === undefined || title[1] === 'failing tests:') continue;
    const { message, frames } = splitStack(block.slice(title.index + title[0].length).replace(/^ {2}/gm, ''));
    const file = place?.[1];
    const line = lineIn(file, frames) ?? Number(place?.[2]);
    const detail = {
      message,
      ...(file === undefined ? {} : { file }),
      ...(Number.isFinite(line) ? { line } : {}),
    };
    details.set(title[1], [...(details.get(title[1]) ?? []), detail]);
  }
  return details;
}

function testOf(item: Line, path: readonly string[], detail: Detail | undefined): FoundTest {
  const status = item.skip || item.todo ? 'skipped' : item.mark === '✔' ? 'passed' : 'failed';
  return {
    path,
    fileInId: false,
    status,
    ...(item.todo ? { todo: true } : {}),
    ...(item.ms === undefined ? {} : { durationMs: Number(item.ms) }),
    ...(status === 'failed' ? detail : {}),
  };
}

function agreesWith(
  counts: ReadonlyMap<string, number>,
  flat: readonly unknown[],
  tests: readonly FoundTest[],
  errors: readonly ReportError[],
): boolean {
  const failed = tests.filter((test) => test.status === 'failed').length + errors.length;
  const told = (counts.get('fail') ?? 0) + (counts.get('cancelled') ?? 0);
  return flat.length === (counts.get('tests') ?? 0) + (counts.get('suites') ?? 0) && told > 0 === failed > 0;
}
