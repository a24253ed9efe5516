/** Asks each runner for a report made for machines. */
import { NODE_REPORTER } from '../node-reporter.ts';
import type { TestSetup } from '../test-setup.ts';
import type { Runner } from '../report.ts';
import type { RunnerUse, Word } from './script.ts';

/** How a runner is asked, and where its answer will be. */
interface Asking {
  readonly flags: string;
  readonly reportFormat: TestSetup['reportFormat'];
  readonly reportFile?: string;
  readonly helpers?: TestSetup['helpers'];
  /** Flags that run a part: by name, by file. */
  readonly name?: string;
  readonly file?: string;
  /** Flags of the person's that would contradict ours. */
  readonly drop?: RegExp;
}

const CONSOLE: Asking = { flags: '', reportFormat: 'console' };

const ASKING: Readonly<Record<Runner, Asking>> = {
  node: {
    flags:
      '--test-reporter=spec --test-reporter-destination=stdout' +
      ' --test-reporter="{reportsUrl}/node-reporter.mjs" --test-reporter-destination="{reports}/node.jsonl"',
    reportFormat: 'nodeEvents',
    reportFile: '{reports}/node.jsonl',
    helpers: [{ path: '{reports}/node-reporter.mjs', text: NODE_REPORTER }],
    name: '--test-name-pattern="{filter}"',
    drop: /^--test-reporter(-destination)?(=|$)/,
  },
  jest: {
    flags: '--json --outputFile="{reports}/jest.json" --testLocationInResults --watchAll=false',
    reportFormat: 'json',
    reportFile: '{reports}/jest.json',
    name: '-t "{filter}"',
    file: '--runTestsByPath "{filter}"',
  },
  vitest: {
    flags:
      '--run --reporter=default --reporter=json --outputFile.json="{reports}/vitest.json" --includeTaskLocation',
    reportFormat: 'json',
    reportFile: '{reports}/vitest.json',
    name: '-t "{filter}"',
    file: '"{filter}"',
  },
  mocha: {
    flags: '--reporter json --reporter-option output="{reports}/mocha.json"',
    reportFormat: 'json',
    reportFile: '{reports}/mocha.json',
    name: '-g "{filter}"',
  },
  bun: {
    flags: '--reporter=junit --reporter-outfile="{reports}/bun.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/bun.xml',
    name: '-t "{filter}"',
    file: '"{filter}"',
  },
  pytest: {
    flags: '-o junit_family=xunit1 --junitxml="{reports}/pytest.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/pytest.xml',
    name: '-k "{filter}"',
    file: '"{filter}"',
  },
  ava: { flags: '--tap', reportFormat: 'tap' },
  tap: { ...CONSOLE, reportFormat: 'tap' },
  unittest: { ...CONSOLE, flags: '-v', name: '-k "{filter}"' },
  unknown: CONSOLE,
};

/** The parts of a set-up that depend on the runner and its command. */
export type Instrumented = Pick<
  TestSetup,
  'runner' | 'command' | 'reportFormat' | 'reportFiles' | 'helpers' | 'only'
>;

/** A command line with the flags put right after the runner's word. */
export function instrument(line: string, use: RunnerUse | undefined): Instrumented {
  if (use === undefined) return { runner: 'unknown', command: line, reportFormat: 'console' };
  const asking = ASKING[use.runner];
  return withFlags(use.runner, asking, (flags) => spliced(line, use, asking, flags));
}

/** A command that ends in the runner's own arguments, such as `npm test --`. */
export function appendTo(command: string, runner: Runner): Instrumented {
  return withFlags(runner, ASKING[runner], (flags) => `${command} ${flags}`.trim());
}

/** True where the runner takes flags after its file arguments, and none of the person's is in the way. */
export function canAppend(use: RunnerUse): boolean {
  const after = use.segment.words.slice(use.at + 1).map((word) => word.text);
  if (!use.segment.last || after.includes('--')) return false;
  if (use.runner !== 'node') return true;
  return after.every((word) => word.startsWith('-') && ASKING.node.drop?.test(word) !== true);
}

function withFlags(runner: Runner, asking: Asking, put: (flags: string) => string): Instrumented {
  const { flags, reportFormat, reportFile, helpers, name, file } = asking;
  const part = (extra: string | undefined): string | undefined =>
    extra === undefined ? undefined : put(`${flags} ${extra}`.trim());
  const byName = part(name);
  const byFile = part(file);
  return {
    runner,
    command: put(flags),
    reportFormat,
    ...(reportFile === undefined ? {} : { reportFiles: [reportFile] }),
    ...(helpers === undefined ? {} : { helpers }),
    only: {
      ...(byName === undefined ? {} : { name: byName }),
      ...(byFile === undefined ? {} : { file: byFile }),
    },
  };
}

function spliced(line: string, use: RunnerUse, asking: Asking, flags: string): string {
  const runner = use.segment.words[use.at];
  if (runner === undefined || flags === '') return line;
  const dropped = asking.drop === undefined ? [] : flagWords(use, asking.drop);
  const kept = dropped.reduceRight(
    (text, word) => text.slice(0, word.start).trimEnd() + text.slice(word.end),
    line,
  );
  const shift = dropped
    .filter((word) => word.end <= runner.start)
    .reduce((sum, word) => sum + lengthWithBlank(line, word), 0);
  const at = runner.end - shift;
  return `${kept.slice(0, at)} ${flags}${kept.slice(at)}`;
}

/** Words of a flag; one without `=` takes the word after it too. */
function flagWords(use: RunnerUse, flag: RegExp): readonly Word[] {
  const { words } = use.segment;
  return words.filter((word, index) => {
    const before = words[index - 1]?.text ?? '';
    return flag.test(word.text) || (flag.test(before) && !before.includes('='));
  });
}

function lengthWithBlank(line: string, word: Word): number {
  const before = line.slice(0, word.start);
  return word.end - word.start + (before.length - before.trimEnd().length);
}
