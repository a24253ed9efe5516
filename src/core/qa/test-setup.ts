/** How the tests of a tree are run, and what detection may look at. */
import type { Runner } from './report.ts';

/** The files of one tree, as far as detection looks. Paths are relative with "/". */
export interface FilesView {
  exists(path: string): boolean | Promise<boolean>;
  /** `undefined` where there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder, folders with or without a trailing "/"; `undefined` or empty where there is none. "" is the root. */
  list?(dir: string): Promise<readonly string[] | undefined>;
}

export interface DetectOptions {
  /** The shell is Windows' own. */
  readonly windows?: boolean;
}

/** `nodeEvents`, `unittestEvents`: our own reporters. `json`: the runner's own. `console`: text made for people. */
export type ReportFormat = 'nodeEvents' | 'unittestEvents' | 'junit' | 'json' | 'trx' | 'tap' | 'console';

export interface TestSetup {
  readonly found: boolean;
  readonly runner: Runner;
  /** What a person would type. */
  readonly label: string;
  /** A command for a shell, with the places of `template.ts`. */
  readonly command: string;
  readonly reportFormat: ReportFormat;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Where the reports asked for will be, with the places of `template.ts`. A `*` stands for any name, a `**` for any folders; such a
   * pattern is one report asked for. What begins with neither place nor "/" is in the folder of the run.
   */
  readonly reportFiles?: readonly string[];
  /** The command runs more than its reports tell: what they do not tell can be neither proved nor missed. */
  readonly partly?: boolean;
  /** Files to write before the command runs, such as a reporter. */
  readonly helpers?: readonly { readonly path: string; readonly text: string }[];
  /** One sentence for people: what was found and where, or what was looked for and what to do. */
  readonly why: string;
  /** What installs the packages of a fresh checkout, in order. */
  readonly setupCommands?: readonly string[];
  /** Commands that run a part of the tests: by name, by one file, by several. */
  readonly only?: OnlyCommands;
  /** How the runner is asked which lines the tests reach; absent where it cannot be, or tells without being asked. */
  readonly coverage?: CoverageCommands;
}

/** `python`: the JSON of coverage.py. `go`: a cover profile. */
export type CoverageFormat = 'istanbul' | 'lcov' | 'go' | 'python';

/** Commands that run all the tests and tell which lines they reach. */
export interface CoverageCommands {
  readonly format: CoverageFormat;
  /** Templates; the second is for where the first lacks what it needs. `{paths:FLAG}` is the flag with each changed file. */
  readonly commands: readonly string[];
  /** Reports are those below the report folder that fit; a `*` stands for any name. */
  readonly reports: string;
}

/** `files` takes test files, and where `unit` says so the folders of packages; `namedFiles` a name besides. `names` takes names. */
export interface OnlyCommands {
  readonly name?: string;
  readonly file?: string;
  readonly files?: string;
  readonly namedFiles?: string;
  /** What belongs to a change is told by names where the runner takes no files, or calls tests otherwise then. */
  readonly names?: string;
  /** `related`: files of any kind, the runner finds what tests them. Absent: test files. */
  readonly unit?: 'packages' | 'related';
}

/** Environment of every test run: no colours, no watching, no `.only`, nothing cached beside the sources. */
export const TEST_ENV: Readonly<Record<string, string>> = {
  CI: 'true',
  NO_COLOR: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
};

/** No way to run tests; `why` says what was looked for. */
export function noSetup(why: string): TestSetup {
  return { found: false, runner: 'unknown', label: '', command: '', reportFormat: 'console', env: {}, why };
}
