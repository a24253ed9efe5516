/** The text of `go test`, with or without `-v`. Without it only failing tests are named, and nothing is counted. */
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const RESULT = /^(\s*)--- (PASS|FAIL|SKIP): (\S+) \(([\d.]+)s\)$/;
const PACKAGE = /^(ok|FAIL|\?|---)\s+(\S+)\s+(.*)$/;
const STATUS = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' } as const;

/** `undefined` where the text is nothing of go's. Without `-v` at best `truncated`: what passed is not told. */
export function parseGo(text: string): TestReport | undefined {
  const lines = text.split('\n');
  const packages = lines.flatMap((line) => packageOf(line) ?? []);
  const streamed = streamedIn(lines);
  const waiting: FoundTest[] = [];
  const tests: FoundTest[] = [];
  for (const [at, line] of lines.entries()) {
    const found = testOf(line, lines.slice(at + 1, at + LINES_MAX), streamed);
    if (found !== undefined) waiting.push(found);
    const owner = packageOf(line)?.name;
    if (owner === undefined) continue;
    tests.push(...waiting.splice(0).map((test) => ({ ...test, path: [owner, ...test.path] })));
  }
  if (packages.length === 0 && waiting.length === 0) return undefined;
  const errors = packages.flatMap((its): readonly ReportError[] => {
    const failed = tests.some((test) => test.path[0] === its.name && test.status === 'failed');
    return its.word === 'FAIL' && !failed ? [{ message: `${its.name}: ${its.rest}` }] : [];
  });
  const begun = [...text.matchAll(/^=== RUN +(\S+)$/gm)].map((match) => match[1] ?? '');
  const verbose = begun.length > 0;
  const ended = new Set(lines.flatMap((line) => RESULT.exec(line)?.[3] ?? []));
  const unfinished = begun.filter((name) => !ended.has(name));
  const none = packages.every((its) => /no test files|no tests to run/.test(its.rest));
  return makeReport({
    runner: 'go',
    status: waiting.length + unfinished.length === 0 && (verbose || none) ? 'complete' : 'truncated',
    tests: [...tests, ...waiting],
    errors,
    notes: verbose || none ? [] : ['go names tests that pass only with -v or -json.'],
  });
}

/** What follows a test's line is looked through so far. */
const LINES_MAX = 40;

function packageOf(
  line: string,
): { readonly word: string; readonly name: string; readonly rest: string } | undefined {
  const [, word = '', name = '', rest = ''] = PACKAGE.exec(line) ?? [];
  const known = /^([\d.]+s|\(cached\)|\[(no test files|build failed|setup failed|no tests to run)\])/.test(
    rest,
  );
  return known && word !== '---' ? { word, name, rest } : undefined;
}

/** With `-v` a test's words come while it runs, before its result. */
function streamedIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  let running: string | undefined;
  for (const line of lines) {
    const begun = /^=== (?:RUN|CONT|NAME) +(\S+)$/.exec(line)?.[1];
    if (begun !== undefined) running = begun;
    else if (RESULT.test(line) || PACKAGE.test(line)) running = undefined;
    else if (running !== undefined) said.set(running, `${said.get(running) ?? ''}${line.trim()}\n`);
  }
  return said;
}

function testOf(
  line: string,
  after: readonly string[],
  streamed: ReadonlyMap<string, string>,
): FoundTest | undefined {
  const [, indent = '', word = '', name = '', seconds = ''] = RESULT.exec(line) ?? [];
  if (word === '') return undefined;
  const status = STATUS[word as keyof typeof STATUS];
  const end = after.findIndex((next) => RESULT.test(next) || /^(=== |FAIL|ok\s|PASS|panic:)/.test(next));
  const own = after.slice(0, end < 0 ? undefined : end).filter((next) => next.startsWith(`${indent}    `));
  const said = streamed.get(name)?.trim() ?? own.map((next) => next.trim()).join('\n');
  const place = /([\w.-]+\.go):(\d+)/.exec(said);
  return {
    path: name.split('/'),
    fileInId: false,
    status,
    durationMs: Number(seconds) * 1000,
    ...(status === 'failed' ? { message: said || 'failed' } : {}),
    ...(status === 'failed' && place !== null ? { file: place[1] ?? '', line: Number(place[2]) } : {}),
  };
}
