/** The text of Python's unittest, with or without `-v`. */
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport, TestStatus, Totals } from '../report.ts';

const HEAD = /^(\w+) \(([\w.]+?)(?:\.\1)?\)(?:\n(?!\w+ \([\w.]+\)|[=-]{5}).*)?? \.\.\. /gm;
/** Set-up and tear-down of a class or module: no test of its own. */
const OUTSIDE = /^(setUp|tearDown)(Class|Module)$/;
const RAN = /^Ran (\d+) tests? in [\d.]+s$/m;
const VERDICT = /^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/m;

/** `undefined` where the text is nothing of unittest's. */
export function parseUnittest(text: string): TestReport | undefined {
  const ran = RAN.exec(text);
  const listed = listedIn(text);
  if (ran === null && listed.length === 0) return undefined;
  const verdict = ran === null ? null : VERDICT.exec(text.slice(ran.index));
  const details = detailsOf(text);
  const tests = listed.map((test) => withDetail(test, details));
  const broken = [...details].filter(([id]) => !tests.some((test) => idOf(test) === id));
  const failedUnlisted = broken
    .filter(([, detail]) => !detail.outside)
    .map(([id, detail]) => ofDetail(id, detail));
  const errors = broken.filter(([, detail]) => detail.outside).map(([, detail]) => errorOf(detail));

  const count = Number(ran?.[1] ?? 0);
  const all = [...tests, ...failedUnlisted];
  const failed = all.filter((test) => test.status === 'failed').length + errors.length;
  const runs = [...text.matchAll(new RegExp(RAN, 'gm'))].length;
  const whole = runs === 1 && verdict !== null && (verdict[1] === 'FAILED') === failed > 0;
  const totals = countsOf(count, verdict?.[2] ?? '');
  return makeReport({
    runner: 'unittest',
    status: whole ? 'complete' : 'truncated',
    tests: all,
    errors,
    ...(all.length < count - errors.length ? { totals } : {}),
  });
}

/** `test_adds (tests.test_math.TestMath.test_adds) ... ok`; what the test prints stands between the dots and the verdict. */
function listedIn(text: string): readonly FoundTest[] {
  const heads = [...text.matchAll(HEAD)];
  return heads.flatMap((head, index) => {
    const [, name = '', where = ''] = head;
    if (where.startsWith('unittest.loader') || OUTSIDE.test(name)) return [];
    const until = heads[index + 1]?.index ?? text.length;
    const rest = text.slice(head.index + head[0].length, until).split(/^={20,}$|^-{20,}$/m)[0] ?? '';
    const word = /(?:^|\n|\S)??(ok|FAIL|ERROR|skipped .*|expected failure|unexpected success)$/m.exec(
      rest.trimEnd(),
    )?.[1];
    const status = word === undefined ? undefined : statusOf(word);
    if (word === undefined || status === undefined) return [];
    const odd = word === 'unexpected success' ? { message: word } : {};
    return [{ ...placeOf(where), path: pathOf(where, name), status, ...odd }];
  });
}

function statusOf(word: string): TestStatus {
  if (word === 'ok') return 'passed';
  return word.startsWith('skipped') || word === 'expected failure' ? 'skipped' : 'failed';
}

/** `tests.test_math.TestMath` is a class of `tests/test_math.py`. */
function placeOf(where: string): { readonly file?: string } {
  const modules = where.split('.').filter((part) => !/^[A-Z]/.test(part));
  return modules.length === 0 || modules[0] === '__main__' ? {} : { file: `${modules.join('/')}.py` };
}

function pathOf(where: string, name: string): readonly string[] {
  return [...where.split('.').filter((part) => /^[A-Z]/.test(part)), name];
}

function idOf(test: FoundTest): string {
  return [test.file ?? '', ...test.path].join(' ');
}

interface Detail {
  readonly name: string;
  readonly where: string;
  readonly message: string;
  readonly line?: number;
  /** A module that does not load, or a set-up of a class. */
  readonly outside: boolean;
}

/** The sections below the list: `FAIL: test_adds (…)`. Sub-tests of one test are one failure. */
function detailsOf(text: string): ReadonlyMap<string, Detail> {
  const details = new Map<string, Detail>();
  const pattern = /^={20,}\n(?:FAIL|ERROR): (\w+) \(([^)\n]+)\)(?: .*)?\n(?:(?!-{20,}).*\n)?-{20,}\n/gm;
  for (const match of text.matchAll(pattern)) {
    const [, name = '', inner = ''] = match;
    const where = inner.replace(new RegExp(`\\.${name}$`), '');
    const body = text.slice(match.index + match[0].length).split(/^(?:={20,}|-{20,})$/m)[0] ?? '';
    const loader = where.startsWith('unittest.loader');
    const outside = loader || OUTSIDE.test(name);
    const place = placeOf(loader ? name : where);
    const line = [...body.matchAll(/File "([^"]+)", line (\d+)/g)].findLast(
      ([, file = '']) => place.file !== undefined && (file === place.file || file.endsWith(`/${place.file}`)),
    )?.[2];
    const detail = { name, where: loader ? name : where, message: messageOf(body), outside };
    const key = idOf({ ...place, path: pathOf(where, name), status: 'failed' });
    if (!details.has(key)) details.set(key, line === undefined ? detail : { ...detail, line: Number(line) });
  }
  return details;
}

/** The last lines of a traceback, from the first that is not indented on. */
function messageOf(body: string): string {
  const lines = body.trim().split('\n');
  const last = lines.findLastIndex((line) => /^\s+(File ".*", line \d+|[\^~\s]+$)/.test(line));
  const own = lines.slice(last + 1).filter((line, index) => index > 0 || !/^\s/.test(line));
  return own.join('\n').trim() || body.trim() || 'failed';
}

function withDetail(test: FoundTest, details: ReadonlyMap<string, Detail>): FoundTest {
  const detail = details.get(idOf(test));
  if (detail === undefined) return test;
  return { ...test, status: 'failed', message: detail.message, ...lineOf(detail) };
}

function ofDetail(_id: string, detail: Detail): FoundTest {
  return {
    ...placeOf(detail.where),
    path: pathOf(detail.where, detail.name),
    status: 'failed',
    message: detail.message,
    ...lineOf(detail),
  };
}

function errorOf(detail: Detail): ReportError {
  return { message: `${detail.name}: ${detail.message}`, ...placeOf(detail.where), ...lineOf(detail) };
}

function lineOf(detail: Detail): { readonly line?: number } {
  return detail.line === undefined ? {} : { line: detail.line };
}

function countsOf(count: number, words: string): Totals {
  const of = (word: RegExp): number =>
    [...words.matchAll(/([a-z ]+)=(\d+)/g)]
      .filter((match) => word.test((match[1] ?? '').trim()))
      .reduce((sum, match) => sum + Number(match[2]), 0);
  const failed = of(/^(failures|errors|unexpected successes)$/);
  const skipped = of(/^(skipped|expected failures)$/);
  return { passed: Math.max(0, count - failed - skipped), failed, skipped };
}
