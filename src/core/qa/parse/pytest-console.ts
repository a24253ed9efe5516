/** The text of pytest: `-v` lines, the short summary and the last line's totals. */
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport, TestStatus, Totals } from '../report.ts';

const VERBOSE = /^(\S+?\.py::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)(?: \(.*\))?(?: +\[ *\d+%\])?$/;
const SUMMARY = /^(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S+?\.py(?:::.+?)?)(?: - (.*))?$/;
const LAST = /^=*\s?((?:no tests ran|\d+ \w+)(?:, \d+ \w+)*) in [\d.]+s\b.*$/;

const STATUS: Readonly<Record<string, TestStatus>> = {
  PASSED: 'passed',
  XPASS: 'passed',
  FAILED: 'failed',
  ERROR: 'failed',
  SKIPPED: 'skipped',
  XFAIL: 'skipped',
};

/** `undefined` where the text is nothing of pytest's. */
export function parsePytest(text: string): TestReport | undefined {
  const lines = text.split('\n');
  const [last, ...others] = lines.filter((line) => LAST.test(line)).reverse();
  const begun = /^=+ test session starts =+$/m.test(text);
  const tests = new Map<string, FoundTest>();
  const errors = new Map<string, ReportError>();
  const sections = sectionsOf(text);
  for (const line of lines) {
    const [id, word, message] = resultOf(line);
    if (id === undefined || word === undefined) continue;
    if (!id.includes('::')) errors.set(id, { message: message ?? 'the file did not load', file: id });
    else tests.set(id, worse(tests.get(id), testOf(id, word, message, sections)));
  }
  if (last === undefined && !begun && tests.size === 0) return undefined;
  const totals = last === undefined ? undefined : totalsOf(last);
  const interrupted = /^!+ .*(Interrupted|KeyboardInterrupt).* !+$/m.test(text) && errors.size === 0;
  const all = [...tests.values()];
  const found = all.filter((test) => test.status === 'failed').length + errors.size;
  const whole =
    totals !== undefined && others.length === 0 && !interrupted && found > 0 === totals.failed > 0;
  return makeReport({
    runner: 'pytest',
    status: whole ? 'complete' : 'truncated',
    tests: all,
    errors: [...errors.values()],
    ...(totals === undefined || totals.count <= all.length + errors.size ? {} : { totals: totals.asTotals }),
  });
}

function resultOf(line: string): readonly (string | undefined)[] {
  const verbose = VERBOSE.exec(line);
  if (verbose !== null) return [verbose[1], verbose[2]];
  const summary = SUMMARY.exec(line);
  return summary === null ? [] : [summary[2], summary[1], summary[3]];
}

/** A test is listed by `-v`, again in the summary, and once more where its teardown broke. */
function worse(before: FoundTest | undefined, now: FoundTest): FoundTest {
  if (before === undefined) return now;
  if (before.status === now.status) return { ...now, ...before };
  return before.status === 'failed' ? before : now;
}

function testOf(
  id: string,
  word: string,
  message: string | undefined,
  sections: ReadonlyMap<string, Section>,
): FoundTest {
  const [file = '', ...path] = id.split('::');
  const status = STATUS[word] ?? 'failed';
  const section = status === 'failed' ? sections.get(path.join('.')) : undefined;
  const said = section?.message ?? message;
  return {
    path,
    file,
    status,
    ...(status === 'failed' && said !== undefined ? { message: said } : {}),
    ...(section?.line === undefined ? {} : { line: section.line }),
  };
}

interface Section {
  readonly message: string;
  readonly line?: number;
}

/** `____ TestMath.test_adds ____` and what stands below it, up to the next. */
function sectionsOf(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  for (const block of text.split(/^(?=_{3,} .+ _{3,}$)/m)) {
    const title = /^_{3,} (?:ERROR at (?:setup|teardown) of )?(.+) _{3,}\n/.exec(block);
    if (title?.[1] === undefined) continue;
    const message = markedLines(block);
    const line = /^\S+\.py:(\d+): /m.exec(block)?.[1];
    sections.set(title[1], {
      message: message || 'failed',
      ...(line === undefined ? {} : { line: Number(line) }),
    });
  }
  return sections;
}

/** The lines that pytest marks with `E`, without mark and indentation. */
export function markedLines(text: string): string {
  const lines = [...text.matchAll(/^E( +.*)?$/gm)].map((match) => match[1] ?? '');
  const indent = /^ */.exec(lines[0] ?? '')?.[0] ?? '';
  return lines
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trim()))
    .join('\n')
    .trim();
}

function totalsOf(last: string): {
  readonly failed: number;
  readonly count: number;
  readonly asTotals: Totals;
} {
  const of = (word: RegExp): number =>
    [...last.matchAll(/(\d+) (\w+)/g)]
      .filter((match) => word.test(match[2] ?? ''))
      .reduce((sum, match) => sum + Number(match[1]), 0);
  const asTotals = {
    passed: of(/^(passed|xpassed)$/),
    failed: of(/^(failed|errors?)$/),
    skipped: of(/^(skipped|xfailed)$/),
  };
  return { failed: asTotals.failed, count: asTotals.passed + asTotals.failed + asTotals.skipped, asTotals };
}
