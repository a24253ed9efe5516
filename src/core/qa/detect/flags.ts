/** Asks each runner for a report made for machines. */
import { MOCHA_REPORTER } from '../mocha-reporter.ts';
import { NODE_REPORTER } from '../node-reporter.ts';
import { UNITTEST_REPORTER } from '../unittest-reporter.ts';
import { TEST_ENV } from '../test-setup.ts';
import { coverageFlags, coverageOf } from './coverage.ts';
import { runnersOf } from './script.ts';
import { spliced, takesFiles } from './splice.ts';
import type { TestSetup } from '../test-setup.ts';
import type { Runner } from '../report.ts';
import type { RunnerUse } from './script.ts';

/** How a runner is asked, and where its answer will be. */
interface Asking {
  readonly flags: string;
  readonly reportFormat: TestSetup['reportFormat'];
  readonly reportFile?: string;
  readonly helpers?: TestSetup['helpers'];
  readonly env?: TestSetup['env'];
  /** Flags that run a part: by name, by file. */
  readonly name?: string;
  readonly file?: string;
  /** Runs several files, in the place of what the person's command runs. */
  readonly files?: string;
  readonly unit?: NonNullable<TestSetup['only']>['unit'];
  /** In the place of `flags` where some files are run; what the line runs stays then. */
  readonly filesFlags?: string;
  /** Runs what has one of several names: flags, or what stands at the end. */
  readonly names?: { readonly flags: string } | { readonly end: string };
  /** The flags stand for `-m` and the runner's word, and what runs a part goes to the end. */
  readonly inPlace?: boolean;
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
    files: '{files}',
    drop: /^--test-reporter(-destination)?(=|$)/,
  },
  jest: {
    flags: '--json --outputFile="{reports}/jest.json" --testLocationInResults --watchAll=false',
    reportFormat: 'json',
    reportFile: '{reports}/jest.json',
    name: '-t "{filter}"',
    file: '--runTestsByPath "{filter}"',
    files: '--findRelatedTests {files}',
    unit: 'related',
  },
  vitest: {
    flags: '--run --reporter=default --reporter=json --outputFile.json="{reports}/vitest.json"',
    reportFormat: 'json',
    reportFile: '{reports}/vitest.json',
    name: '-t "{filter}"',
    file: '"{filter}"',
    files: '{files}',
  },
  mocha: {
    flags: '--reporter "{reports}/mocha-reporter.cjs" --reporter-option output="{reports}/mocha.json"',
    reportFormat: 'json',
    reportFile: '{reports}/mocha.json',
    helpers: [{ path: '{reports}/mocha-reporter.cjs', text: MOCHA_REPORTER }],
    name: '-g "{filter}"',
    files: '{files}',
  },
  bun: {
    flags: '--reporter=junit --reporter-outfile="{reports}/bun.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/bun.xml',
    name: '-t "{filter}"',
    file: '"{filter}"',
    files: '{files}',
  },
  pytest: {
    flags: '-o junit_family=xunit1 --junitxml="{reports}/pytest.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/pytest.xml',
    name: '-k "{filter}"',
    file: '"{filter}"',
    files: '{files}',
  },
  ava: {
    flags: '--tap',
    reportFormat: 'tap',
    name: '--match="*{filter}*"',
    files: '{files}',
    // Of a single file it tells titles alone, so what belongs to a change is run by titles.
    names: { flags: '{names:--match=,*}' },
  },
  tap: { flags: '--reporter=tap', reportFormat: 'tap' },
  tape: { ...CONSOLE, reportFormat: 'tap' },
  unittest: {
    flags: '"{reports}/unittest_reporter.py" "{reports}/unittest.jsonl"',
    reportFormat: 'unittestEvents',
    reportFile: '{reports}/unittest.jsonl',
    helpers: [{ path: '{reports}/unittest_reporter.py', text: UNITTEST_REPORTER }],
    name: '-k "{filter}"',
    filesFlags: '"{reports}/unittest_reporter.py" "{reports}/unittest.jsonl" --files {files} --',
    inPlace: true,
  },
  playwright: {
    flags: '--reporter=list,json',
    reportFormat: 'json',
    reportFile: '{reports}/playwright.json',
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: '{reports}/playwright.json' },
    name: '-g "{filter}"',
    file: '"{filter}"',
    files: '{files}',
    drop: /^--reporter(=|$)/,
  },
  go: {
    flags: '-json',
    reportFormat: 'json',
    name: '-run "{filter}"',
    files: '{files}',
    unit: 'packages',
    drop: /^-json$/,
  },
  cargo: {
    flags: '--no-fail-fast',
    reportFormat: 'console',
    name: '"{filter}"',
    names: { end: '-- {names:,}' },
    drop: /^--no-fail-fast$/,
  },
  nextest: {
    flags: '--no-fail-fast',
    reportFormat: 'console',
    name: '"{filter}"',
    names: { end: '{names:,}' },
    drop: /^--no-fail-fast$/,
  },
  maven: {
    flags: '-B',
    reportFormat: 'junit',
    reportFile: '**/target/surefire-reports/TEST-*.xml',
    name: '-Dtest="{filter}" -Dsurefire.failIfNoSpecifiedTests=false',
    drop: /^(-B|--batch-mode)$/,
  },
  gradle: {
    flags: '--console=plain',
    reportFormat: 'junit',
    reportFile: '**/build/test-results/**/TEST-*.xml',
    name: '--tests "*{filter}*"',
    drop: /^--console(=|$)/,
  },
  dotnet: {
    flags: '--logger "trx;LogFilePrefix=quartet" --results-directory "{reports}"',
    reportFormat: 'trx',
    reportFile: '{reports}/*.trx',
    name: '--filter "Name~{filter}"',
  },
  phpunit: {
    flags: '--log-junit "{reports}/phpunit.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/phpunit.xml',
    name: '--filter "{filter}"',
    file: '"{filter}"',
  },
  rspec: {
    flags: '--format progress --format json --out "{reports}/rspec.json"',
    reportFormat: 'json',
    reportFile: '{reports}/rspec.json',
    name: '-e "{filter}"',
    file: '"{filter}"',
    files: '{files}',
  },
  minitest: { ...CONSOLE, env: { TESTOPTS: '-v' } },
  ctest: {
    flags: '--output-on-failure --output-junit "{reports}/ctest.xml"',
    reportFormat: 'junit',
    reportFile: '{reports}/ctest.xml',
    name: '-R "{filter}"',
  },
  unknown: CONSOLE,
};

/** The parts of a set-up that depend on the runner and its command. */
export type Instrumented = Pick<
  TestSetup,
  'runner' | 'command' | 'reportFormat' | 'reportFiles' | 'helpers' | 'only' | 'partly' | 'coverage'
> & { readonly env?: TestSetup['env'] };

/** A set-up of a command that asks for reports. */
export function setupOf(its: Instrumented, words: Pick<TestSetup, 'label' | 'why'>): TestSetup {
  return { ...its, ...words, found: true, env: { ...TEST_ENV, ...its.env } };
}

/** A command line with the flags put right after each runner's word. */
export function instrument(line: string, uses: readonly RunnerUse[] = runnersOf(line)): Instrumented {
  const [use, ...others] = uses;
  if (use === undefined) return { runner: 'unknown', command: line, reportFormat: 'console' };
  if (others.length > 0) return instrumentAll(line, uses);
  const { flags: own, name, files, filesFlags, names, unit, drop, inPlace } = ASKING[use.runner];
  const how = { flags: own, drop, inPlace };
  const all = {
    ...withFlags(use.runner, (flags, extra) =>
      spliced(line, use, { ...how, flags, ...(extra !== undefined && { extra }) }),
    ),
    ...coverageOf(line, uses, ASKING),
  };
  if (!takesFiles(use)) return all;
  const some = (more: { readonly extra?: string }): string =>
    filesFlags === undefined
      ? spliced(line, use, { ...how, files: files ?? '', ...more })
      : spliced(line, use, { ...how, flags: filesFlags, ...more });
  const byFiles = (files ?? filesFlags) !== undefined && {
    files: some({}),
    ...(name !== undefined && { namedFiles: some({ extra: name }) }),
    ...(unit !== undefined && { unit }),
  };
  const byNames = names && {
    names: spliced(line, use, { ...how, ...('end' in names ? { end: names.end } : { extra: names.flags }) }),
  };
  return { ...all, only: { ...all.only, ...byFiles, ...byNames } };
}

/** A command that ends in the runner's own arguments, such as `npm test --`. */
export function appendTo(command: string, runner: Runner): Instrumented {
  const put = (flags: string, extra = ''): string =>
    flags === '' ? command.replace(/ --$/, '') : `${command} ${flags} ${extra}`.trim();
  return { ...withFlags(runner, put), ...coverageFlags(runner, ASKING[runner].flags, put) };
}

/** True where the runner takes flags after its file arguments, and none of the person's is in the way. */
export function canAppend(use: RunnerUse): boolean {
  const after = use.segment.words.slice(use.at + 1).map((word) => word.text);
  if (!use.segment.last || after.includes('--')) return false;
  if (use.runner !== 'node') return true;
  return after.every((word) => word.startsWith('-') && ASKING.node.drop?.test(word) !== true);
}

function withFlags(runner: Runner, put: (flags: string, extra?: string) => string): Instrumented {
  const { flags, reportFormat, reportFile, helpers, name, file, env } = ASKING[runner];
  return {
    runner,
    command: put(flags),
    reportFormat,
    ...(reportFile === undefined ? {} : { reportFiles: [reportFile] }),
    ...(helpers === undefined ? {} : { helpers }),
    ...(env === undefined ? {} : { env }),
    only: {
      ...(name === undefined ? {} : { name: put(flags, name) }),
      ...(file === undefined ? {} : { file: put(flags, file) }),
    },
  };
}

/** Several runners in one line: each writes a report of its own. From the last to the first, so that places stay true. */
function instrumentAll(line: string, uses: readonly RunnerUse[]): Instrumented {
  const numbered = uses.map((use, index) => {
    const { flags, reportFile = '' } = ASKING[use.runner];
    const own =
      index === 0 || reportFile.includes('*')
        ? reportFile
        : reportFile.replace(/(\.\w+)$/, `-${index + 1}$1`);
    return { use, flags: reportFile === '' ? flags : flags.replace(reportFile, own), own };
  });
  const command = numbered.reduceRight((text, { use, flags }) => {
    const { drop, inPlace } = ASKING[use.runner];
    return spliced(text, use, { flags, drop, inPlace });
  }, line);
  const files = numbered.map(({ own }) => own).filter((own) => own !== '');
  const helpers = uses.flatMap((use) => ASKING[use.runner].helpers ?? []);
  const env = Object.assign({}, ...uses.map((use) => ASKING[use.runner].env ?? {})) as TestSetup['env'];
  const [first] = uses;
  return {
    runner: uses.every((use) => use.runner === first?.runner) ? (first?.runner ?? 'unknown') : 'unknown',
    command,
    reportFormat: first === undefined ? 'console' : ASKING[first.runner].reportFormat,
    reportFiles: files,
    ...(helpers.length > 0 ? { helpers } : {}),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(files.length < uses.length ? { partly: true } : {}),
    ...coverageOf(line, uses, ASKING),
  };
}
