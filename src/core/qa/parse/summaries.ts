/**
 * Console text of Jest, Vitest and Mocha: totals and the names of what failed. Passed tests are not all named in it. Two
 * summaries are two runs, or one of them is made up: such a text is not the whole truth of either.
 */
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, Runner, TestReport, Totals } from '../report.ts';

const JEST = /^Tests: .* total$/gm;
const VITEST = /^ *Tests {2}.*$/gm;
const MOCHA = /^ {2}\d+ passing\b.*$/gm;

/** `undefined` where the text holds no summary of Jest. */
export function parseJestConsole(text: string): TestReport | undefined {
  if (/^No tests found, exiting with code \d+$/m.test(text)) return none('jest');
  const suites = allLines(text, /^Test Suites: .* total$/gm).at(-1);
  const line = allLines(text, JEST).at(-1);
  if (line === undefined) return suites === undefined ? undefined : cut('jest');
  const failed = unique([...text.matchAll(/^ {2}● (.+)$/gm)].map((match) => match[1] ?? ''))
    .filter((name) => !/^(Console|Test suite failed to run|Cannot log after)/.test(name))
    .map((name): FoundTest => ({ path: name.split(' › '), status: 'failed', fileInId: false }));
  const broken = text
    .split(/^(?=(?:FAIL|PASS) )/m)
    .filter((part) => part.includes('● Test suite failed to run'));
  const errors = broken.map((part): ReportError => {
    const file = /^FAIL (\S+)/.exec(part)?.[1]?.replace(/^\.\//, '');
    const message = /● Test suite failed to run\s+(.+)/.exec(part)?.[1] ?? 'the file did not load';
    return { message, ...(file === undefined ? {} : { file }) };
  });
  return summed('jest', countsOf(line), { tests: failed, errors, summaries: allLines(text, JEST).length });
}

/** `undefined` where the text holds no summary of Vitest. */
export function parseVitestConsole(text: string): TestReport | undefined {
  if (/^No test files found, exiting with code \d+/m.test(text)) return none('vitest');
  const files = allLines(text, /^ *Test Files {2}.*$/gm).at(-1);
  const line = allLines(text, VITEST).at(-1);
  if (line === undefined) return files === undefined ? undefined : cut('vitest');
  const tests: FoundTest[] = [];
  const errors: ReportError[] = [];
  for (const section of text.split(/^(?=⎯+ (?:Failed|Unhandled) )/m)) {
    const ofSuites = /^⎯+ Failed Suites /.test(section);
    for (const name of unique([...section.matchAll(/^ FAIL {2}(.+)$/gm)].map((match) => match[1] ?? ''))) {
      const [where = '', ...path] = name.replace(/ \[ .* \]$/, '').split(' > ');
      const file = where.replace(/:\d+:\d+$/, '');
      const message = textAfter(section, ` FAIL  ${name}`);
      if (ofSuites || path.length === 0) errors.push({ message, file });
      else tests.push({ path, file, status: 'failed', message });
    }
  }
  const unhandled = /^ *Errors {2}(\d+) errors?$/m.exec(text);
  if (unhandled !== null) errors.push({ message: `${unhandled[1] ?? ''} unhandled errors` });
  return summed('vitest', countsOf(line), { tests, errors, summaries: allLines(text, VITEST).length });
}

/** `undefined` where the text holds no summary of Mocha. */
export function parseMochaConsole(text: string): TestReport | undefined {
  if (/^Error: No test files? found/m.test(text)) return none('mocha');
  const passing = allLines(text, MOCHA).at(-1);
  const listed = [...text.matchAll(/^ +\d+\) (?!.*:$).+$/gm)].length;
  if (passing === undefined) return listed === 0 ? undefined : cut('mocha');
  const after = text.slice(text.lastIndexOf(passing));
  const counts = {
    passed: numberBefore(after, 'passing'),
    failed: numberBefore(after, 'failing'),
    skipped: numberBefore(after, 'pending'),
  };
  const tests = [...after.matchAll(/^ {2}\d+\) (.+(?:\n {7}.+)*?):$/gm)].map((match): FoundTest => ({
    path: (match[1] ?? '').split('\n').map((part) => part.trim()),
    status: 'failed',
    fileInId: false,
    message: textAfter(after, match[0]),
  }));
  return summed('mocha', listed > 0 ? { ...counts, failed: Math.max(counts.failed, 1) } : counts, {
    tests,
    errors: [],
    summaries: allLines(text, MOCHA).length,
  });
}

function none(runner: Runner): TestReport {
  return makeReport({ runner, status: 'complete', tests: [] });
}

function cut(runner: Runner): TestReport {
  return makeReport({ runner, status: 'truncated', tests: [] });
}

interface Summed {
  readonly tests: readonly FoundTest[];
  readonly errors: readonly ReportError[];
  readonly summaries: number;
}

/** Complete where what is named and what is counted say the same about failures. */
function summed(runner: Runner, totals: Totals, { summaries, ...found }: Summed): TestReport {
  const agrees = found.tests.length === totals.failed || (totals.failed === 0 && found.errors.length > 0);
  const whole = agrees && summaries === 1;
  return makeReport({ runner, status: whole ? 'complete' : 'truncated', totals, ...found });
}

/** `1 failed, 2 passed, 3 total` or `1 failed | 2 passed (3)`. */
function countsOf(line: string): Totals {
  const todo = numberBefore(line, 'todo');
  return {
    passed: numberBefore(line, 'passed'),
    failed: numberBefore(line, 'failed'),
    skipped: numberBefore(line, 'skipped') + todo,
    ...(todo > 0 ? { todo } : {}),
  };
}

function numberBefore(text: string, word: string): number {
  return Number(new RegExp(`(\\d+) ${word}\\b`).exec(text)?.[1] ?? 0);
}

function allLines(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[0]);
}

/** The paragraph after a title, without its stack. */
function textAfter(text: string, title: string): string {
  const from = text.indexOf(title) + title.length;
  const rest = text.slice(from, from + 2000).trim();
  return rest.split(/\n\s*(?:at |❯ )|\n⎯/)[0]?.trim() ?? '';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
