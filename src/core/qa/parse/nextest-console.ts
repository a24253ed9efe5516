/** The text of `cargo nextest run`: one line a test, each with its program. */
import { makeReport, totalOf } from '../report.ts';
import type { FoundTest, TestReport } from '../report.ts';

const LINE =
  /^\s*(PASS|FAIL|SKIP|TIMEOUT|LEAK|ABORT|SIGABRT|SIGSEGV|FLAKY \d+\/\d+|TRY \d+ \w+) \[\s*(?:>?\s*)([\d.]+)s\](?:\s*\(\s*\d+\/\d+\))? +(\S+) (.+)$/;
const SUMMARY = /^\s*Summary \[\s*([\d.]+)s\] (\d+)(?:\/\d+)? tests? run: (.*)$/m;

/** `undefined` where the text is nothing of nextest's. */
export function parseNextest(text: string): TestReport | undefined {
  const summary = SUMMARY.exec(text);
  const before = summary === null ? text : text.slice(0, summary.index);
  const tests = new Map<string, FoundTest>();
  for (const line of before.split('\n')) {
    const [, word = '', seconds = '', program = '', name = ''] = LINE.exec(line) ?? [];
    if (word !== '' && !word.startsWith('TRY'))
      tests.set(`${program} ${name}`, testOf({ word, seconds, program, name, text }));
  }
  if (summary === null && tests.size === 0) return undefined;
  const all = [...tests.values()];
  const words = summary?.[3] ?? '';
  const of = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(words)?.[1] ?? 0);
  const totals = { passed: of('passed'), failed: of('failed') + of('timed out'), skipped: of('skipped') };
  const failed = all.filter((test) => test.status === 'failed').length;
  return makeReport({
    runner: 'nextest',
    status:
      summary !== null && failed === totals.failed && all.length <= totalOf(totals)
        ? 'complete'
        : 'truncated',
    tests: all,
    ...(summary === null ? {} : { totals }),
  });
}

interface Line {
  readonly word: string;
  readonly seconds: string;
  readonly program: string;
  readonly name: string;
  readonly text: string;
}

function testOf({ word, seconds, program, name, text }: Line): FoundTest {
  const passed = /^(PASS|LEAK|FLAKY)/.test(word);
  const status = passed ? 'passed' : word === 'SKIP' ? 'skipped' : 'failed';
  const panic = new RegExp(
    `thread '${name.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}'.* panicked at ([^\\s:]+):(\\d+):\\d+:\\n(.*)`,
  ).exec(text);
  return {
    path: [program, ...name.split('::')],
    status,
    durationMs: Number(seconds) * 1000,
    ...(status === 'failed' ? { message: panic?.[3] ?? word.toLowerCase() } : {}),
    ...(status === 'failed' && panic !== null
      ? { file: panic[1] ?? '', fileInId: false, line: Number(panic[2]) }
      : {}),
  };
}
