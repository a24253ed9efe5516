/** Asks each runner for a report made for machines. */
import { NODE_REPORTER } from '../node-reporter.ts';
import { runnersOf } from './script.ts';
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
    flags: '--run --reporter=default --reporter=json --outputFile.json="{reports}/vitest.json"',
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
  tap: { flags: '--reporter=tap', reportFormat: 'tap' },
  tape: { ...CONSOLE, reportFormat: 'tap' },
  unittest: { ...CONSOLE, flags: '-v', name: '-k "{filter}"' },
  unknown: CONSOLE,
};

/** The parts of a set-up that depend on the runner and its command. */
export type Instrumented = Pick<
  TestSetup,
  'runner' | 'command' | 'reportFormat' | 'reportFiles' | 'helpers' | 'only' | 'partly'
>;

/** A command line with the flags put right after each runner's word. */
export function instrument(line: string, uses: readonly RunnerUse[] = runnersOf(line)): Instrumented {
  const [use, ...others] = uses;
  if (use === undefined) return { runner: 'unknown', command: line, reportFormat: 'console' };
  if (others.length > 0) return instrumentAll(line, uses);
  return withFlags(use.runner, (flags) => spliced(line, use, flags));
}

/** A command that ends in the runner's own arguments, such as `npm test --`. */
export function appendTo(command: string, runner: Runner): Instrumented {
  return withFlags(runner, (flags) => (flags === '' ? command.replace(/ --$/, '') : `${command} ${flags}`));
}

/** True where the runner takes flags after its file arguments, and none of the person's is in the way. */
export function canAppend(use: RunnerUse): boolean {
  const after = use.segment.words.slice(use.at + 1).map((word) => word.text);
  if (!use.segment.last || after.includes('--')) return false;
  if (use.runner !== 'node') return true;
  return after.every((word) => word.startsWith('-') && ASKING.node.drop?.test(word) !== true);
}

function withFlags(runner: Runner, put: (flags: string) => string): Instrumented {
  const { flags, reportFormat, reportFile, helpers, name, file } = ASKING[runner];
  const part = (extra: string): string => put(`${flags} ${extra}`.trim());
  return {
    runner,
    command: put(flags),
    reportFormat,
    ...(reportFile === undefined ? {} : { reportFiles: [reportFile] }),
    ...(helpers === undefined ? {} : { helpers }),
    only: {
      ...(name === undefined ? {} : { name: part(name) }),
      ...(file === undefined ? {} : { file: part(file) }),
    },
  };
}

/** Several runners in one line: each writes a report of its own. From the last to the first, so that places stay true. */
function instrumentAll(line: string, uses: readonly RunnerUse[]): Instrumented {
  const numbered = uses.map((use, index) => ({ use, suffix: index === 0 ? '' : `-${index + 1}` }));
  const rename = (text: string, suffix: string): string =>
    text.replace(/(\{reports\}\/[\w-]+)(\.\w+)/g, `$1${suffix}$2`);
  const command = numbered.reduceRight(
    (text, { use, suffix }) => spliced(text, use, rename(ASKING[use.runner].flags, suffix)),
    line,
  );
  const files = numbered.flatMap(({ use, suffix }) => {
    const { reportFile } = ASKING[use.runner];
    return reportFile === undefined ? [] : [rename(reportFile, suffix)];
  });
  const helpers = uses.flatMap((use) => ASKING[use.runner].helpers ?? []);
  const [first] = uses;
  return {
    runner: uses.every((use) => use.runner === first?.runner) ? (first?.runner ?? 'unknown') : 'unknown',
    command,
    reportFormat: first === undefined ? 'console' : ASKING[first.runner].reportFormat,
    reportFiles: files,
    ...(helpers.length > 0 ? { helpers: helpers.slice(0, 1) } : {}),
    ...(files.length < uses.length ? { partly: true } : {}),
  };
}

function spliced(line: string, use: RunnerUse, flags: string): string {
  const runner = use.segment.words[use.at];
  const { drop } = ASKING[use.runner];
  if (runner === undefined || flags === '') return line;
  const dropped = drop === undefined ? [] : flagWords(use, drop);
  const pieces = [...dropped, runner].sort((one, other) => other.start - one.start);
  return pieces.reduce((text, word) => {
    const before = text.slice(0, word === runner ? word.end : word.start);
    const after = text.slice(word.end);
    return word === runner ? `${before} ${flags}${after}` : before.trimEnd() + after;
  }, line);
}

/** Words of a flag; one without `=` takes the word after it too. */
function flagWords(use: RunnerUse, flag: RegExp): readonly Word[] {
  const { words } = use.segment;
  return words.filter((word, index) => {
    const before = words[index - 1]?.text ?? '';
    return flag.test(word.text) || (flag.test(before) && !before.includes('='));
  });
}
