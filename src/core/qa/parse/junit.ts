/** JUnit XML: pytest, surefire, jest-junit, vitest, bun, mocha's xunit, node's junit reporter. Nothing outside the text is read. */
import { lineIn, splitStack } from './clean.ts';
import { markedLines } from './pytest-console.ts';
import { attribute, isXml, listOf, numberOf, parseXml, textOf } from './xml.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';
import type { Xml } from './xml.ts';

/** `undefined` where the text is no JUnit XML; broken XML is `truncated`. */
export function parseJunit(text: string): TestReport | undefined {
  const start = text.search(/<\?xml|<testsuites?[\s>/]/);
  if (start < 0 || !/<testsuites?[\s>/]/.test(text)) return undefined;
  const xml = text.slice(start).trim();
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return broken('The XML declares a document type, which is not read.');
  const root = parseXml(withoutTail(xml));
  if (root === undefined) return broken('The XML is broken or was cut off.');

  const found: { tests: FoundTest[]; errors: ReportError[]; promised: number; risky: boolean } = {
    tests: [],
    errors: [],
    promised: 0,
    risky: false,
  };
  const outer = isXml(root['testsuites']) ? root['testsuites'] : root;
  visit(outer, [], found);
  const failures = found.tests.filter((test) => test.status === 'failed').length + found.errors.length;
  const lies = found.promised > 0 && failures === 0 && !found.risky;
  const notes = lies ? [`The report counts ${found.promised} failures and describes none.`] : [];
  return makeReport({ runner: 'unknown', status: lies ? 'truncated' : 'complete', ...found, notes });
}

function broken(message: string): TestReport {
  return makeReport({ runner: 'unknown', status: 'truncated', tests: [], notes: [message] });
}

/** Runners print after the report where it goes to their standard output. */
function withoutTail(xml: string): string {
  const close = xml.includes('<testsuites') ? '</testsuites>' : '</testsuite>';
  const end = xml.lastIndexOf(close);
  return end < 0 ? xml : xml.slice(0, end + close.length);
}

function visit(
  node: Xml,
  suites: readonly string[],
  found: { readonly tests: FoundTest[]; readonly errors: ReportError[]; promised: number; risky: boolean },
): void {
  for (const test of listOf(node, 'testcase')) {
    sort(test, suites, found);
    found.risky ||= listOf(test, 'error').some(isRisky);
  }
  for (const suite of listOf(node, 'testsuite')) {
    found.promised += numberOf(suite, 'failures') + numberOf(suite, 'errors');
    for (const error of listOf(suite, 'error')) found.errors.push({ message: messageOf(error) || 'failed' });
    visit(suite, [...suites, attribute(suite, 'name') ?? ''], found);
  }
}

function sort(
  test: Xml,
  suites: readonly string[],
  found: { readonly tests: FoundTest[]; readonly errors: ReportError[] },
): void {
  const bad = badOf(test);
  const place = placeOf(test, bad);
  const seconds = Number(attribute(test, 'time') ?? Number.NaN);
  const name = attribute(test, 'name') ?? '';
  if (bad !== undefined && /^collection (failure|error)/.test(attribute(bad, 'message') ?? '')) {
    const file = place.file ?? `${(attribute(test, 'classname') || name).replaceAll('.', '/')}.py`;
    found.errors.push({
      message: messageOf(bad) || 'failed',
      file,
      ...(place.line === undefined ? {} : { line: place.line }),
    });
    return;
  }
  const skipped = skippedOf(test);
  found.tests.push({
    path: pathOf(test, name, suites),
    status: skipped !== undefined ? 'skipped' : bad === undefined ? 'passed' : 'failed',
    ...(skipped !== undefined && attribute(skipped, 'type') === 'todo' ? { todo: true } : {}),
    ...place,
    ...(Number.isFinite(seconds) ? { durationMs: seconds * 1000 } : {}),
    ...(bad === undefined || skipped !== undefined
      ? {}
      : { message: messageOf(bad) || printed(test) || 'failed', ...comparedIn(textOf(bad)) }),
  });
}

/** PHPUnit reports a test that asserts nothing as an error, and does not fail for it. */
function isRisky(bad: Xml): boolean {
  return attribute(bad, 'type')?.endsWith('RiskyTestError') === true;
}

/** What ctest could not start it calls skipped, and fails for it. */
function badOf(test: Xml): Xml | undefined {
  const bad = [...listOf(test, 'failure'), ...listOf(test, 'error')].find((each) => !isRisky(each));
  if (bad !== undefined || attribute(test, 'status') !== 'notrun') return bad;
  return listOf(test, 'skipped').find((each) => !/^SKIP_/.test(attribute(each, 'message') ?? ''));
}

/** Ctest names a disabled test in an attribute only. */
function skippedOf(test: Xml): Xml | undefined {
  if (attribute(test, 'status') === 'notrun' && badOf(test) !== undefined) return undefined;
  return listOf(test, 'skipped')[0] ?? (attribute(test, 'status') === 'disabled' ? {} : undefined);
}

/** Suites, class and name, none twice. Pytest's class holds the module, which the file says already. */
function pathOf(test: Xml, name: string, suites: readonly string[]): readonly string[] {
  const className = attribute(test, 'classname') ?? '';
  const file = attribute(test, 'file') ?? '';
  if (file.endsWith('.py')) {
    const module = file.slice(0, -3).replaceAll('/', '.');
    const inner = className.startsWith(module) ? className.slice(module.length + 1) : className;
    return [...inner.split('.').filter((part) => part !== ''), name];
  }
  const isNode = className === 'test' || className === suites.join('.');
  if (isNode) return [...suites, name];
  if (className === '' || className === name || name.startsWith(className)) return [...suites.slice(1), name];
  return suites.at(-1) === className ? [...suites.slice(1, -1), className, name] : [className, name];
}

function placeOf(test: Xml, bad: Xml | undefined): Pick<FoundTest, 'file' | 'line' | 'fileInId'> {
  const file = attribute(test, 'file') ?? attribute(test, 'filepath');
  const told = bad === undefined ? undefined : lineIn(file, textOf(bad));
  const zeroBased = file?.endsWith('.py') === true ? 1 : 0;
  const own = attribute(test, 'line') ?? attribute(test, 'lineno');
  const frame = file === undefined && bad !== undefined ? javaFrame(test, textOf(bad)) : undefined;
  if (frame !== undefined) return frame;
  const line = told ?? (own === undefined ? Number.NaN : Number(own) + zeroBased);
  return { ...(file === undefined ? {} : { file }), ...(Number.isFinite(line) ? { line } : {}) };
}

/** Java's reports name classes: the file is where Maven and Gradle expect it, the line is that of the class's own frame. */
function javaFrame(
  test: Xml,
  stack: string,
): { readonly file: string; readonly line: number; readonly fileInId: false } | undefined {
  const name = (attribute(test, 'classname') ?? '').replace(/\$.*/, '');
  const frames = [
    ...stack.matchAll(/^\s+at (?:\S+\/\/?)?([\w.]+)[\w.$]*\((\w+\.(java|kt|groovy|scala)):(\d+)\)$/gm),
  ];
  const own = frames.find(([, where = '']) => name !== '' && where.startsWith(name));
  if (own === undefined) return undefined;
  const [, , file = '', language = '', line] = own;
  const folder = name.split('.').slice(0, -1).join('/');
  const root = `src/test/${language === 'kt' ? 'kotlin' : language}`;
  return { file: [root, folder, file].filter(Boolean).join('/'), line: Number(line), fileInId: false };
}

/** What pytest marks as the error, else the attribute, else the text without its stack. */
function messageOf(bad: Xml): string {
  const text = textOf(bad);
  const marked = markedLines(text);
  if (marked !== '') return marked;
  const short = attribute(bad, 'message') ?? '';
  // PHPUnit begins with the test's name and ends with places.
  const own = text
    .replace(/^[\w\\]+::test\S*(?: with data set .*)?\n/, '')
    .replace(/(?:\n+\S+\.php:\d+)+\s*$/, '');
  const { message } = splitStack(own);
  return (short.length >= 10 || message === '' ? short : message).trim();
}

/** Ctest's failures have no message: what the test printed says why. */
function printed(test: Xml): string {
  const out = test['system-out'];
  return textOf(isXml(out) ? out : { '#text': out })
    .trim()
    .slice(-PRINTED_CHARS);
}
const PRINTED_CHARS = 2000;

/** Node's junit reporter prints the assertion's own fields; others have words for them. */
function comparedIn(text: string): Pick<FoundTest, 'expected' | 'actual'> {
  const [, wanted, got] = /expected: <(.*?)> but was: <(.*?)>/s.exec(text) ?? [];
  const expected = wanted ?? /^\s*expected: (.+?),?$/im.exec(text)?.[1];
  const actual = got ?? /^\s*(?:actual|received): (.+?),?$/im.exec(text)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}
