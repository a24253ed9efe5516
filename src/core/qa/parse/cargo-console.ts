/** The text of `cargo test`. Cargo names the programs on standard error and they report on standard output: both come in order. */
import { makeReport, totalOf } from '../report.ts';
import type { FoundTest, ReportError, TestReport, Totals } from '../report.ts';

const HEAD = /^\s*(?:Running (?:unittests )?(\S+) \(.*\)|Doc-tests (\S+))$/gm;
const RESULT =
  /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; \d+ filtered out.*$/m;
const TEST = /^test (.+?)(?: - should panic)? \.\.\. (.*)$/;
const WORD = /^(ok|FAILED|ignored|bench)\b/;

/** `undefined` where the text is nothing of cargo's. */
export function parseCargo(text: string): TestReport | undefined {
  const blocks = text.split(/^running \d+ tests?$/m).slice(1);
  const broken = compileErrors(text);
  if (blocks.length === 0) {
    return broken.length === 0
      ? undefined
      : makeReport({ runner: 'cargo', status: 'truncated', tests: [], errors: broken });
  }
  const heads = [...text.matchAll(HEAD)].map((match) => match[1] ?? `doc-tests ${match[2] ?? ''}`);
  const files = heads.length === blocks.length ? heads : [];
  const read = blocks.map((block, at) => readBlock(block, files[at]));
  const promised = [...text.matchAll(/^running (\d+) tests?$/gm)].map((match) => Number(match[1]));
  const whole = read.every((its, at) => its.whole && totalOf(its.totals) === promised[at]);
  const sum = (pick: (totals: Totals) => number): number =>
    read.reduce((all, its) => all + pick(its.totals), 0);
  return makeReport({
    runner: 'cargo',
    status: whole && broken.length === 0 ? 'complete' : 'truncated',
    tests: read.flatMap((its) => its.tests),
    totals: {
      passed: sum((its) => its.passed),
      failed: sum((its) => its.failed),
      skipped: sum((its) => its.skipped),
    },
    errors: broken,
  });
}

interface Block {
  readonly tests: readonly FoundTest[];
  readonly totals: Totals;
  readonly whole: boolean;
}

function readBlock(block: string, file: string | undefined): Block {
  const results = [...block.matchAll(new RegExp(RESULT, 'gm'))];
  const result = results.at(-1) ?? null;
  const before = result === null ? block : block.slice(0, result.index);
  // What failing tests printed is shown below this line, and may look like a result.
  const [head = '', ...failures] = block.split(/^failures:$/m);
  const early = [...head.matchAll(new RegExp(RESULT, 'gm'))].length;
  const more = failures.length > 0 ? early + 1 : early;
  const said = saidIn(before);
  const tests = testsIn(before.split(/^failures:$/m)[0] ?? '', file, said);
  const named = new Set(tests.map((test) => test.path.join('::')));
  const quiet = [...said.keys()]
    .filter((name) => !named.has(name))
    .map((name) => testOf(name, 'FAILED', { file, said }));
  const all = [...tests, ...quiet];
  const of = (status: FoundTest['status']): number => all.filter((test) => test.status === status).length;
  const [, passed, failed, ignored, measured] = (result ?? []).map(Number);
  const totals =
    result === null
      ? { passed: of('passed'), failed: of('failed'), skipped: of('skipped') }
      : { passed: (passed ?? 0) + (measured ?? 0), failed: failed ?? 0, skipped: ignored ?? 0 };
  // A program's own words among the results may look like one; then the counts differ.
  const agrees = of('failed') === totals.failed && all.length <= totalOf(totals);
  return { tests: all, totals, whole: more === 1 && agrees };
}

function testsIn(
  text: string,
  file: string | undefined,
  said: ReadonlyMap<string, string>,
): readonly FoundTest[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const [, name, rest = ''] = TEST.exec(line) ?? [];
    if (name === undefined) return [];
    // What a test prints may stand between its name and its result.
    const next = lines.slice(at + 1).findIndex((each) => TEST.test(each));
    const until = next < 0 ? lines.length : at + 1 + next;
    const word =
      WORD.exec(rest)?.[1] ?? lines.slice(at + 1, until).flatMap((each) => WORD.exec(each)?.[1] ?? [])[0];
    return word === undefined ? [] : [testOf(name, word, { file, said })];
  });
}

const STATUS: Readonly<Record<string, FoundTest['status']>> = {
  ok: 'passed',
  bench: 'passed',
  ignored: 'skipped',
};

/** The program is no file of the project, but tells twins apart; `src/lib.rs - add (line 5)` names the file of an example. */
function testOf(
  name: string,
  word: string,
  { file, said }: { readonly file: string | undefined; readonly said: ReadonlyMap<string, string> },
): FoundTest {
  const status = STATUS[word] ?? 'failed';
  const message = said.get(name);
  const place =
    /panicked at (?:'.*', )?([^\s:]+\.rs):(\d+)/.exec(message ?? '') ??
    /^(\S+\.rs) - .*\(line (\d+)\)/.exec(name);
  const own = file?.endsWith('.rs') === true ? file : place?.[1];
  return {
    path: file === undefined || own === file ? name.split('::') : [file, ...name.split('::')],
    status,
    ...(own === undefined ? {} : { file: own, fileInId: own === file }),
    ...(place === null || place[1] !== own || status === 'passed' ? {} : { line: Number(place[2]) }),
    ...(status === 'failed' ? { message: message ?? 'failed', ...comparedIn(message ?? '') } : {}),
  };
}

/** `---- tests::adds stdout ----` and what stands below it. */
function saidIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^---- (.+) stdout ----$/m);
  const pairs: [string, string][] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const body = (parts[at + 1] ?? '').split(/^(?:failures|successes):$/m)[0] ?? '';
    pairs.push([parts[at] ?? '', body.split(/^(?:stack backtrace:|note: run with )/m)[0]?.trim() ?? '']);
  }
  return new Map(pairs);
}

function comparedIn(message: string): Pick<FoundTest, 'expected' | 'actual'> {
  const actual = /^\s*left: (.+?),?$/m.exec(message)?.[1];
  const expected = /^\s*right: (.+?),?$/m.exec(message)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}

function compileErrors(text: string): readonly ReportError[] {
  if (!/^error: could not compile /m.test(text)) return [];
  const found = [...text.matchAll(/^error(?:\[\w+\])?: (.+)\n\s+--> (\S+?):(\d+):\d+$/gm)];
  const errors = found.map(([, message = '', file = '', line]) => ({ message, file, line: Number(line) }));
  return errors.length > 0 ? errors : [{ message: 'The code does not compile.' }];
}
