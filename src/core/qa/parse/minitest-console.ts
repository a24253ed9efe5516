/** The text of Ruby's minitest; with `-v` every test is named. */
import { makeReport, totalOf } from '../report.ts';
import type { FoundTest, TestReport } from '../report.ts';

const LINE = /^(\S+)#(test_?(?:(?! = ).)+?) = [\d.]+ s = ([.FES])$/;
const SUMMARY = /^(\d+) (?:runs|tests), \d+ assertions, (\d+) failures, (\d+) errors(?:, (\d+) skips)?.*$/gm;
const MARK: Readonly<Record<string, FoundTest['status']>> = { '.': 'passed', S: 'skipped' };

/** `undefined` where the text is nothing of minitest's. */
export function parseMinitest(text: string): TestReport | undefined {
  const summaries = [...text.matchAll(SUMMARY)];
  const summary = summaries.at(-1);
  const details = detailsOf(text);
  const listed = text.split('\n').flatMap((line) => listedOf(line, details) ?? []);
  if (summary === undefined && listed.length === 0) return undefined;
  const named = new Set(listed.map((test) => test.path.join('#')));
  const rest = [...details].filter(([name]) => !named.has(name)).map(([, test]) => test);
  const tests = [...listed, ...rest];
  const [runs, failures, errors, skips] = (summary ?? [])
    .slice(1)
    .map((count: string | undefined) => Number(count ?? 0));
  const failed = (failures ?? 0) + (errors ?? 0);
  const totals = { passed: (runs ?? 0) - failed - (skips ?? 0), failed, skipped: skips ?? 0 };
  const told = tests.filter((test) => test.status === 'failed').length;
  const whole = summaries.length === 1 && told === failed && tests.length <= totalOf(totals);
  return makeReport({
    runner: 'minitest',
    status: whole ? 'complete' : 'truncated',
    tests,
    ...(summary === undefined ? {} : { totals }),
  });
}

function listedOf(line: string, details: ReadonlyMap<string, FoundTest>): FoundTest | undefined {
  const [, owner = '', name = '', mark = ''] = LINE.exec(line) ?? [];
  if (mark === '') return undefined;
  const status = MARK[mark] ?? 'failed';
  const detail = status === 'failed' ? details.get(`${owner}#${name}`) : undefined;
  return detail ?? { path: [owner, name], status };
}

/** `  1) Failure:` and what stands below it: `TestMath#test_adds [test/math_test.rb:5]:`. */
function detailsOf(text: string): ReadonlyMap<string, FoundTest> {
  const found = new Map<string, FoundTest>();
  for (const block of text.split(/^(?= +\d+\) (?:Failure|Error|Skipped):$)/m).slice(1)) {
    const [, kind, owner = '', name = '', told = '', rest = ''] =
      /^ +\d+\) (\w+):\n(\S+)#(.+?)(?: \[(.+?)\])?:\n([\s\S]*)/.exec(block) ?? [];
    if (owner === '') continue;
    const said = rest.split(/\n\n|\n\d+ (?:runs|tests),/)[0] ?? '';
    const message = said.split(/\n\s+\S+:\d+:in /)[0]?.trim() ?? '';
    const place = /^(.+):(\d+)$/.exec(told) ?? /^\s+(\S*test\S*\.rb):(\d+):in /m.exec(said);
    const failed = kind !== 'Skipped';
    found.set(`${owner}#${name}`, {
      path: [owner, name],
      fileInId: false,
      status: failed ? 'failed' : 'skipped',
      ...(failed ? { message: message || 'failed', ...comparedIn(message) } : {}),
      ...(place === null ? {} : { file: place[1] ?? '', line: Number(place[2]) }),
    });
  }
  return found;
}

function comparedIn(message: string): Pick<FoundTest, 'expected' | 'actual'> {
  const expected = /^\s*Expected: (.+)$/m.exec(message)?.[1];
  const actual = /^\s*Actual: (.+)$/m.exec(message)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}
