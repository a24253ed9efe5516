/**
 * Console text of Bun, Playwright, RSpec, PHPUnit, ctest and Maven. Bun, Playwright and ctest name every test; the others what failed,
 * and count the rest. Two summaries are two runs, or one of them is made up.
 */
import { makeReport, totalOf } from '../report.ts';
import type { Found, FoundTest, Runner, TestReport, Totals } from '../report.ts';

/** `undefined` where the text holds no summary of Bun. */
export function parseBunConsole(text: string): TestReport | undefined {
  if (/^No tests found!$/m.test(text)) return makeReport({ runner: 'bun', status: 'complete', tests: [] });
  const ends = all(text, /^Ran (\d+) tests? across \d+ files?\..*$/gm);
  const listed = [...text.matchAll(/^\((pass|fail|skip|todo)\) (.+?)(?: \[[\d.]+m?s\])?$/gm)];
  if (ends.length === 0 && listed.length === 0) return undefined;
  let file: string | undefined;
  let said = '';
  const tests: FoundTest[] = [];
  for (const line of text.split('\n')) {
    const [, word, name = ''] = /^\((pass|fail|skip|todo)\) (.+?)(?: \[[\d.]+m?s\])?$/.exec(line) ?? [];
    const head = /^(\S+\.[cm]?[jt]sx?):$/.exec(line)?.[1];
    if (word !== undefined) tests.push(bunTest(word, name, { file, said }));
    if (head !== undefined) file = head;
    said = word === undefined && head === undefined ? `${said}${line}\n` : '';
  }
  const totals = {
    passed: before(text, 'pass'),
    failed: before(text, 'fail'),
    skipped: before(text, 'skip') + before(text, 'todo'),
  };
  const errors = before(text, 'error');
  return summed('bun', totals, {
    tests,
    summaries: ends.length,
    errors:
      errors > 0 ? [{ message: /^error: (.+)$/m.exec(text)?.[1] ?? `${errors} errors outside tests` }] : [],
    unlisted: errors,
  });
}

function bunTest(
  word: string,
  name: string,
  { file, said }: { readonly file: string | undefined; readonly said: string },
): FoundTest {
  const status = word === 'pass' ? 'passed' : word === 'fail' ? 'failed' : 'skipped';
  const message = /^error: ([\s\S]*?)(?:\n\s+at |$)/m.exec(said)?.[1]?.trim() ?? 'failed';
  return {
    path: name.split(' > '),
    status,
    ...(file === undefined ? {} : { file }),
    ...(word === 'todo' ? { todo: true } : {}),
    ...(status === 'failed' ? { message } : {}),
  };
}

function before(text: string, word: string): number {
  return Number(new RegExp(`^ +(\\d+) ${word}s?$`, 'm').exec(text)?.[1] ?? 0);
}

/** `undefined` where the text is nothing of Playwright's list reporter. */
export function parsePlaywrightConsole(text: string): TestReport | undefined {
  const [running, ...others] = all(text, /^Running (\d+) tests? using \d+ workers?.*$/gm);
  if (running === undefined)
    return /^Error: No tests found/m.test(text)
      ? makeReport({ runner: 'playwright', status: 'complete', tests: [] })
      : undefined;
  const line =
    /^ +([✓✘-]|ok|x) +\d+ (?:\[(.+?)\] › )?(\S+?):(\d+):\d+ › (.+?)(?: \(retry #\d+\))?(?: \([\d.]+m?s\))?$/gm;
  const tests = new Map<string, FoundTest>();
  for (const [, mark = '', project, file = '', at, name = ''] of text.matchAll(line)) {
    const status = mark === '-' ? 'skipped' : /✓|ok/.test(mark) ? 'passed' : 'failed';
    const path = [...(project === undefined ? [] : [project]), ...name.split(' › ')];
    tests.set([file, ...path].join('\n'), { path, file, line: Number(at), status });
  }
  const count = (word: string): number =>
    Number(new RegExp(`^ +(\\d+) ${word}\\b`, 'm').exec(text)?.[1] ?? 0);
  const totals = {
    passed: count('passed') + count('flaky'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
  const whole = others.length === 0 && totalOf(totals) === Number(running[1]);
  // A test that is expected to fail is marked as failed and counted as passed: then the list is not the truth.
  return summed('playwright', totals, { tests: [...tests.values()], summaries: whole ? 1 : 0 });
}

/** `undefined` where the text holds no summary of RSpec. */
export function parseRspecConsole(text: string): TestReport | undefined {
  const ends = all(
    text,
    /^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?(?:, (\d+) errors? occurred outside of examples)?$/gm,
  );
  const end = ends.at(-1);
  if (end === undefined) return undefined;
  const [count = 0, failed = 0, skipped = 0, outside = 0] = end
    .slice(1)
    .map((its: string | undefined) => Number(its ?? 0));
  const tests = [...text.matchAll(/^rspec (?:\.\/)?(\S+?\.rb)(?::(\d+)|\[[\d:]+\]) # (.+)$/gm)].map(
    ([, file = '', line, name = '']): FoundTest => ({
      path: [name],
      file,
      status: 'failed',
      ...(line === undefined ? {} : { line: Number(line) }),
    }),
  );
  return summed(
    'rspec',
    { passed: count - failed - skipped, failed, skipped },
    {
      tests,
      summaries: ends.length,
      errors:
        outside > 0
          ? [
              {
                message:
                  /^An error occurred .*$/m.exec(text)?.[0] ?? 'An error occurred outside of examples.',
              },
            ]
          : [],
    },
  );
}

/** `undefined` where the text holds no summary of PHPUnit. */
export function parsePhpunitConsole(text: string): TestReport | undefined {
  if (/^No tests executed!$/m.test(text))
    return makeReport({ runner: 'phpunit', status: 'complete', tests: [] });
  const ends = all(text, /^(?:OK \((\d+) tests?, \d+ assertions?\)|Tests: (\d+), .*\.)$/gm);
  const end = ends.at(-1);
  if (end === undefined) return undefined;
  const of = (word: string): number => Number(new RegExp(`\\b${word}: (\\d+)`).exec(end[0])?.[1] ?? 0);
  const failed = of('Failures') + of('Errors');
  const skipped = of('Skipped') + of('Incomplete');
  const count = Number(end[1] ?? end[2]);
  const parts = text
    .split(/^(?=There (?:was|were) \d+ )/m)
    .filter((part) => /^There \w+ \d+ (failure|error)/.test(part));
  const tests = parts
    .flatMap((part) => [...part.matchAll(/^\d+\) (.+)::(.+)$/gm)])
    .map(([, owner = '', name = '']): FoundTest => ({ path: [owner, name], status: 'failed' }));
  return summed(
    'phpunit',
    { passed: Math.max(0, count - failed - skipped), failed, skipped },
    { tests, summaries: ends.length },
  );
}

/** `undefined` where the text is nothing of ctest's. */
export function parseCtestConsole(text: string): TestReport | undefined {
  if (/^No tests were found!!!$/m.test(text))
    return makeReport({ runner: 'ctest', status: 'complete', tests: [] });
  const ends = all(text, /^(\d+)% tests passed, (\d+) tests failed out of (\d+)$/gm);
  const line = /^ *\d+\/\d+ Test +#\d+: (.+?) \.{2,}(?: *)(\*\*\*)?(\S.*?)(?: +([\d.]+) sec)?$/gm;
  const tests = [...text.matchAll(line)].map(([, name = '', , word = '', seconds]): FoundTest => {
    const status = /^Passed/.test(word)
      ? 'passed'
      : /^(Skipped|Not Run \(Disabled\))/.test(word)
        ? 'skipped'
        : 'failed';
    return {
      path: [name],
      status,
      ...(seconds === undefined ? {} : { durationMs: Number(seconds) * 1000 }),
      ...(status === 'failed' ? { message: word } : {}),
    };
  });
  const end = ends.at(-1);
  if (end === undefined && tests.length === 0) return undefined;
  const failed = Number(end?.[2] ?? 0);
  const skipped = tests.filter((test) => test.status === 'skipped').length;
  // What is disabled is listed and not counted.
  const passed = tests.filter((test) => test.status === 'passed').length;
  return summed('ctest', { passed, failed, skipped }, { tests, summaries: ends.length });
}

/** `undefined` where the text holds no totals of Maven's surefire. */
export function parseMavenConsole(text: string): TestReport | undefined {
  const ends = all(text, /^(?:\[\w+\] )?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$/gm);
  const end = ends.at(-1);
  if (end === undefined) return undefined;
  const [count = 0, failures = 0, errors = 0, skipped = 0] = end.slice(1).map(Number);
  const failed = failures + errors;
  const tests = [
    ...text.matchAll(/^\[ERROR\] +(?:([\w.$]+)\.)(\w+) -- Time elapsed: .* <<< (?:FAILURE|ERROR)!$/gm),
  ].map(([, owner = '', name = '']): FoundTest => ({ path: [owner, name], status: 'failed' }));
  return summed(
    'maven',
    { passed: count - failed - skipped, failed, skipped },
    { tests, summaries: ends.length },
  );
}

interface Summed extends Pick<Found, 'tests' | 'errors'> {
  readonly summaries: number;
  /** Errors that the summary counts among its failures. */
  readonly unlisted?: number;
}

/** Complete where what is named and what is counted say the same of failures, and nobody summed up twice. */
function summed(runner: Runner, totals: Totals, { summaries, unlisted = 0, ...found }: Summed): TestReport {
  const failed = found.tests.filter((test) => test.status === 'failed').length;
  const own = { ...totals, failed: Math.max(0, totals.failed - unlisted) };
  const whole = summaries === 1 && failed === own.failed && found.tests.length <= totalOf(own);
  return makeReport({ runner, status: whole ? 'complete' : 'truncated', totals: own, ...found });
}

function all(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  return [...text.matchAll(pattern)];
}
