/** TAP 13 and 14, as node's test runner, tap, tape and ava write it: nested by four blanks, with YAML blocks. */
import { lineIn } from './clean.ts';
import { nest, walk } from './nest.ts';
import { readTapLines } from './tap-lines.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';
import type { Nested } from './nest.ts';
import type { TapFields, TapPoint } from './tap-lines.ts';

/** `undefined` where the text is no TAP. */
export function parseTap(text: string): TestReport | undefined {
  const { points, plans, bailedOut, counts } = readTapLines(text);
  if (points.length === 0 && plans.length === 0 && bailedOut === undefined) return undefined;

  const found = sorted(points);
  const top = points.filter((point) => point.depth === 0).length;
  const [plan, ...otherPlans] = plans;
  const planned = plan !== undefined && otherPlans.length === 0 && plan === top;
  const notes = [...found.notes];
  if (plan === undefined)
    notes.push('The plan line is missing: the output was cut off or the run ended early.');
  else if (!planned) notes.push(`The plan says ${plan} tests, and ${top} were reported.`);
  const agrees = agreesWith(counts, found, notes);
  const errors =
    bailedOut === undefined ? found.errors : [...found.errors, { message: `Bail out! ${bailedOut}` }];
  return makeReport({
    runner: counts.has('duration_ms') ? 'node' : 'tap',
    status: planned && agrees && bailedOut === undefined ? 'complete' : 'truncated',
    tests: found.tests,
    errors,
    notes,
  });
}

const FILE = /^\S*\.[cm]?[jt]sx?$/;

interface Sorted {
  readonly tests: readonly FoundTest[];
  readonly errors: readonly ReportError[];
  readonly notes: readonly string[];
  /** Files without tests, which node counts as passed. */
  readonly emptyFiles: number;
}

function sorted(points: readonly TapPoint[]): Sorted {
  const tests: FoundTest[] = [];
  const errors: ReportError[] = [];
  const notes: string[] = [];
  let emptyFiles = 0;
  const flat = points.map((item) => ({ depth: item.depth, name: item.name, item }));
  for (const { node, path } of walk(nest(flat))) {
    const { item, children } = node;
    if (isEmptyFile(node)) {
      emptyFiles += 1;
      notes.push(
        `${item.name} reported no test: it has none, or it ended its process before they were done.`,
      );
    } else if (isFile(node) && !item.ok && brokeItself(node)) {
      errors.push({ message: item.fields.get('error') ?? 'failed', file: item.name });
    } else if (children.length === 0 || isNodeTest(item)) {
      tests.push({ ...testOf(item, path), ...inFile(path) });
    } else if (!item.ok && brokeItself(node)) {
      errors.push(errorOf(item, path.join(' > ')));
    }
  }
  return { tests, errors, notes, emptyFiles };
}

/** Node says of every test that it is one, and 18 and 20 only of suites that they are some. */
function isNodeTest(item: TapPoint): boolean {
  return item.fields.has('duration_ms') && item.fields.get('type') !== 'suite';
}

function isFile({ item }: Nested<TapPoint>): boolean {
  return item.depth === 0 && FILE.test(item.name);
}

/** The tap runner nests the tests of a file below the file. */
function inFile(path: readonly string[]): Partial<FoundTest> {
  const [file, ...rest] = path;
  if (file === undefined || rest.length === 0 || !FILE.test(file)) return {};
  return { path: rest, file, fileInId: true };
}

function isEmptyFile(node: Nested<TapPoint>): boolean {
  return isFile(node) && node.children.length === 0 && node.item.ok && node.item.directive === undefined;
}

function brokeItself({ item, children }: Nested<TapPoint>): boolean {
  const told = item.fields.get('failureType');
  if (told !== undefined) return told !== 'subtestsFailed';
  return item.directive !== 'todo' && !children.some((child) => !child.item.ok);
}

function testOf(item: TapPoint, path: readonly string[]): FoundTest {
  const status = item.directive === undefined ? (item.ok ? 'passed' : 'failed') : 'skipped';
  const ms = Number(item.fields.get('duration_ms') ?? Number.NaN);
  return {
    path,
    fileInId: false,
    status,
    ...(item.directive === 'todo' ? { todo: true } : {}),
    ...(Number.isFinite(ms) ? { durationMs: ms } : {}),
    ...(status === 'failed' ? { ...placeOf(item.fields), ...reasonOf(item) } : {}),
  };
}

function errorOf(item: TapPoint, name: string): ReportError {
  return { message: `${name}: ${reasonOf(item).message}`, ...placeOf(item.fields) };
}

function reasonOf({ fields, name }: TapPoint): Pick<FoundTest, 'expected' | 'actual'> & { message: string } {
  const expected = fields.get('expected') ?? fields.get('wanted');
  const actual = fields.get('actual') ?? fields.get('found');
  const message =
    fields.get('error') ?? fields.get('message') ?? fields.get('diff') ?? fields.get('operator') ?? name;
  return {
    message: message.trim(),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}

function placeOf(fields: TapFields): { readonly file?: string; readonly line?: number } {
  const told = fields.get('location') ?? fields.get('at') ?? '';
  const plain = /(?:file:\/\/)?([^\s():'"]+):(\d+):\d+\)?$/.exec(told.trim());
  const file = plain?.[1] ?? fields.get('at.fileName') ?? fields.get('fileName');
  if (file === undefined) return {};
  const line = lineIn(file, fields.get('stack')) ?? Number(plain?.[2] ?? fields.get('at.lineNumber'));
  return Number.isFinite(line) ? { file, line } : { file };
}

/** The trailer of node and tape (`# pass 3`) must say what the lines said. */
function agreesWith(counts: ReadonlyMap<string, number>, found: Sorted, notes: string[]): boolean {
  const failed = found.tests.filter((test) => test.status === 'failed').length;
  const told = (counts.get('fail') ?? 0) + (counts.get('cancelled') ?? 0);
  if (told > 0 && failed + found.errors.length === 0) {
    notes.push(`The summary counts ${told} failures, and none was reported.`);
    return false;
  }
  if (!counts.has('duration_ms')) return true;
  const passed = found.tests.filter((test) => test.status === 'passed').length + found.emptyFiles;
  if (counts.get('pass') === passed) return true;
  notes.push(`The summary counts ${counts.get('pass') ?? 0} passed tests, and ${passed} were reported.`);
  return false;
}
