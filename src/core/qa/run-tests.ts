/** Runs a set-up's command once and reads what it left behind. The verdict is `compare`'s; nothing here believes an exit code. */
import type { Enforced } from '../../protocol/enforced.ts';
import { parseReport } from './parse/parse-report.ts';
import { filterText } from './filter-text.ts';
import { noReport } from './report.ts';
import type { ReportInput } from './parse/parse-report.ts';
import { reachedBy, type Reached } from './progress/reached.ts';
import { createTestWatch, type Heard } from './progress/watch.ts';
import type { Runner, TestReport } from './report.ts';
import { fillIn } from './template.ts';
import type { TestSetup } from './test-setup.ts';

/** What running tests needs of the outside. Report paths are absolute. */
export interface TestShell {
  /** Abort rejects with the signal's reason. `exitCode` null: ended by a signal or by the time limit. */
  run(command: string, options: TestShellOptions): Promise<TestShellResult>;
  /** Paths below a folder that fit a pattern (see `find-reports.ts`), relative to it. */
  findReports(root: string, pattern: string): Promise<readonly string[]>;
  /** `undefined` where there is no such file. */
  readReport(path: string): Promise<string | undefined>;
  /** Removes a report of an earlier run, if there is one. */
  removeReport(path: string): Promise<void>;
  /** Writes a file the command needs beside its reports, such as a reporter. The folder exists. */
  writeHelper(path: string, text: string): Promise<void>;
}

export interface TestShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Hears what the command prints, as it comes. */
  readonly onOutput?: (text: string, from: 'stdout' | 'stderr') => void;
}

export interface TestShellResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly durationMs?: number;
  readonly enforced?: Enforced;
}

export interface RunTestsOptions {
  /** Absolute; the folder whose tests run. Paths below it are reported relative to it. */
  readonly cwd: string;
  /** Absolute folder that exists, outside the working copy and this run's own, for the reports asked of the runner. */
  readonly reportsDir: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Run the set-up commands first: for a fresh checkout without installed packages. */
  readonly setUp?: boolean;
  /** Only tests of this file or with this in their name, where the runner can. Such a run proves nothing by itself. */
  readonly filter?: string;
  /** Only what belongs to these files, where the runner can. */
  readonly files?: readonly string[];
  /** Only tests with one of these in their name, where the runner can. */
  readonly names?: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears how far the tests have come, as their runner says. */
  readonly onHeard?: (heard: Heard) => void;
}

/** How a run came to its end. `killed`: by a signal from elsewhere, or it never started. */
export type RunEnd = 'exited' | 'timedOut' | 'killed' | 'setupFailed' | 'noRunner';

/** One run of the tests of one tree. Plain JSON. */
export interface TestRun {
  readonly end: RunEnd;
  /** What ran, as a person would type it; empty where no runner was found. */
  readonly label: string;
  /** The whole command, reports asked for. */
  readonly command: string;
  readonly exitCode: number | null;
  readonly report: TestReport;
  /** The end of the output, for evidence; at most `OUTPUT_CHARS_MAX` characters. */
  readonly output: string;
  /** How the command was found, or why none was. */
  readonly why: string;
  readonly durationMs?: number;
  /** What the command was held to. */
  readonly enforced?: Enforced;
  /** One sentence for people about how it came to run. */
  readonly note?: string;
  /** How far it came, where its time was up. */
  readonly reached?: Reached;
}

const OUTPUT_CHARS_MAX = 4000;

/** Errors: what the shell throws, the abort reason included. */
export async function runTests(
  setup: TestSetup,
  shell: TestShell,
  options: RunTestsOptions,
): Promise<TestRun> {
  if (!setup.found) return noRunner(setup.why);
  const { template, files } = narrowed(setup, options);
  const { filter = '', names = [] } = options;
  const places = {
    reports: options.reportsDir,
    filter: isFile(filter) ? filter : filterText(setup.runner, filter),
    files,
    names,
  };
  const command = fillIn(template, places);
  const paths = (setup.reportFiles ?? []).map((path) => fillIn(path, places, 'plain'));
  const env = Object.fromEntries(
    Object.entries({ ...setup.env, ...options.env }).map(([key, value]) => [
      key,
      fillIn(value, places, 'plain'),
    ]),
  );
  const shellOptions = { cwd: options.cwd, env, timeoutMs: options.timeoutMs, signal: options.signal };

  const failedSetUp = options.setUp === true ? await setUp(setup, shell, shellOptions) : undefined;
  if (failedSetUp !== undefined) return failedSetUp;

  for (const path of await existing(shell, paths, options)) await shell.removeReport(path);
  for (const helper of setup.helpers ?? []) {
    await shell.writeHelper(fillIn(helper.path, places, 'plain'), helper.text);
  }
  const result = await shell.run(command, { ...shellOptions, ...hearing(setup, options) });
  const { stdout, stderr } = result;
  const reports = await readAll(shell, await existing(shell, paths, options));
  const { runner } = setup;
  const report = parseReport({ runner, stdout, stderr, reports, asked: paths.length, root: options.cwd });
  const run = runOf({ setup, command, result, report: wholeOf(setup, report), end: endOf(result) });
  return result.timedOut ? { ...run, reached: reachedBy(runner, { stdout, stderr, reports }) } : run;
}

function hearing({ runner }: TestSetup, { onHeard }: RunTestsOptions): Pick<TestShellOptions, 'onOutput'> {
  if (onHeard === undefined) return {};
  const watch = createTestWatch(runner);
  return {
    onOutput: (text, from) => {
      const heard = watch.add(text, from);
      if (heard !== undefined) onHeard(heard);
    },
  };
}

/** The run of a tree in which no way to run tests was found. */
export function noRunner(why: string): TestRun {
  return {
    end: 'noRunner',
    label: '',
    command: '',
    exitCode: null,
    report: noReport('unknown'),
    output: '',
    why,
  };
}

/** What only some of the runners of a command report is not the whole. */
function wholeOf(setup: TestSetup, report: TestReport): TestReport {
  if (setup.partly !== true || report.status !== 'complete') return report;
  const note = 'The command runs several test runners, and not all of them write a report.';
  return { ...report, status: 'truncated', notes: [...report.notes, note] };
}

/** The command for a part of the tests, or for all where the runner cannot run that part. */
function narrowed({ command, only }: TestSetup, { filter, files = [], names = [] }: Narrowing): Narrowed {
  if (names.length > 0) return { template: only?.names ?? command, files };
  if (files.length > 0) {
    const named = filter === undefined ? undefined : only?.namedFiles;
    return { template: named ?? only?.files ?? command, files };
  }
  if (filter === undefined) return { template: command, files };
  if (!isFile(filter)) return { template: only?.name ?? command, files };
  if (only?.files !== undefined && only.unit === undefined) return { template: only.files, files: [filter] };
  return { template: only?.file ?? command, files };
}

const isFile = (filter: string): boolean => /\.([cm]?[jt]sx?|py)$/.test(filter);

type Narrowing = Pick<RunTestsOptions, 'filter' | 'files' | 'names'>;

interface Narrowed {
  readonly template: string;
  readonly files: readonly string[];
}

async function setUp(
  setup: TestSetup,
  shell: TestShell,
  options: TestShellOptions,
): Promise<TestRun | undefined> {
  for (const command of setup.setupCommands ?? []) {
    const result = await shell.run(command, options);
    if (result.exitCode === 0 && !result.timedOut) continue;
    const report = noReport(setup.runner, `"${command}" failed`);
    return runOf({ setup, command, result, report, end: 'setupFailed' });
  }
  return undefined;
}

/** Reports whose names only the runner knows are looked for; others are where they were asked for. */
async function existing(
  shell: TestShell,
  paths: readonly string[],
  { cwd, reportsDir }: Pick<RunTestsOptions, 'cwd' | 'reportsDir'>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!path.includes('*')) {
      found.push(path);
      continue;
    }
    const folder = reportsDir.replaceAll('\\', '/').replace(/\/$/, '');
    const inReports = path.startsWith(`${folder}/`);
    const root = inReports ? folder : cwd;
    const names = await shell.findReports(root, inReports ? path.slice(folder.length + 1) : path);
    found.push(...names.map((name) => `${root}/${name}`));
  }
  return found;
}

async function readAll(shell: TestShell, paths: readonly string[]): Promise<ReportInput['reports']> {
  const reports = [];
  for (const path of paths) {
    const text = await shell.readReport(path);
    if (text !== undefined) reports.push({ path, text });
  }
  return reports;
}

function endOf(result: TestShellResult): RunEnd {
  if (result.timedOut) return 'timedOut';
  return result.exitCode === null ? 'killed' : 'exited';
}

interface RunParts {
  readonly setup: { readonly label: string; readonly why: string; readonly runner: Runner };
  readonly command: string;
  readonly result: TestShellResult;
  readonly report: TestReport;
  readonly end: RunEnd;
}

function runOf({ setup, command, result, report, end }: RunParts): TestRun {
  const output = [result.stdout, result.stderr].filter((text) => text.trim() !== '').join('\n');
  return {
    end,
    label: setup.label,
    command,
    exitCode: result.exitCode,
    report,
    output: output.slice(-OUTPUT_CHARS_MAX),
    why: setup.why,
    ...(result.durationMs === undefined ? {} : { durationMs: result.durationMs }),
    ...(result.enforced && { enforced: result.enforced }),
  };
}
