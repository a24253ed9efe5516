/** What runners print about a test as it ends, where a person watches. It steers nothing: verdicts come from reports. */
import type { Runner } from '../report.ts';

/**
 * Groups of the patterns: `total`; `name`; `sign`; `failed` and `n`, counts of a line that tells several tests; `ms` or `s`, what it
 * took; `indent`, how deep it lies. A line is one of at most one kind.
 */
export interface Words {
  readonly unit?: 'files';
  /** How many there will be. */
  readonly total?: RegExp;
  /** Totals of several programs add up; otherwise the latest counts. */
  readonly adds?: boolean;
  /** A suite, or a test with others in it, begins: the line that ends it is no test. */
  readonly opened?: RegExp;
  /** A test begins. */
  readonly started?: RegExp;
  readonly ended?: RegExp;
  /** One sign for each test, on a line that may still grow. */
  readonly signs?: RegExp;
  /** From here on the runner sums up what it has told. */
  readonly over?: RegExp;
}

/** Signs of a test that failed; others passed, or were skipped. */
export const FAILED =
  /^(✖|✘|×|F|E|U|u|fail|FAIL|FAILED|ERROR|Failed|TIMEOUT|SIG\w+|not ok|\*\*\*(?!Skipped|Not).*|\d+\))$/;
export const SKIPPED =
  /^(﹣|⚠|-|↓|□|[sxXSI*RNWD]|skip|todo|ignored\b.*|SKIP|SKIPPED|XFAIL|skipped.*|Skipped|\*\*\*(Skipped|Not).*)$/;

const TAP: Words = {
  total: /^1\.\.(?<total>\d+)/,
  ended: /^(?<sign>ok|not ok)\b(?: \d+)?(?: - )?(?<name>.*?)(?<skip>\s+# (?:SKIP|TODO).*)?$/i,
};

const MOCHA: Words = {
  total: /^Running (?<total>\d+) tests?$/,
  ended: /^\s*(?<sign>[✔✓]|-|\d+\)) (?<name>.+?)(?: \((?<ms>\d+)ms\))?$/,
  over: /^  \d+ passing \(\d+m?s\)$/,
};

const NOTHING: Words = {};

export const WORDS: Readonly<Record<Runner, Words>> = {
  node: {
    opened: /^(?<indent>\s*)▶ (?<name>.+?)(?: \((?<ms>[\d.]+)ms\))?$/,
    ended: /^(?<indent>\s*)(?<sign>[✔✖﹣⚠]) (?<name>.+?)(?: \((?<ms>[\d.]+)ms\))?(?: # .*)?$/,
    over: /^ℹ tests \d+$/,
  },
  jest: {
    unit: 'files',
    ended: /^(?<sign>PASS|FAIL) (?<name>\S+)/,
    over: /^(Test Suites: |Summary of all )/,
  },
  vitest: {
    ended:
      /^ (?<sign>[✓❯↓]) (?<name>\S.*) \((?<n>\d+) tests?(?: \| (?<failed>\d+) failed)?[^)]*\)(?: (?<ms>\d+)ms)?/,
    over: /^ Test Files /,
  },
  mocha: MOCHA,
  bun: { ended: /^\((?<sign>pass|fail|skip|todo)\) (?<name>.+?)(?: \[(?<ms>[\d.]+)ms\])?$/ },
  playwright: {
    total: /^Running (?<total>\d+) tests? using/,
    ended: /^\s+(?<sign>[✓✘-])\s+\d+ (?!.*\(retry #)(?<name>.+?)(?: \((?:(?<ms>[\d.]+)ms|(?<s>[\d.]+)s)\))?$/,
  },
  ava: TAP,
  tap: { ...TAP, unit: 'files' },
  tape: TAP,
  pytest: {
    total: /^(?:collecting \.\.\. )?collected (?<total>\d+) items?(?:.* (?<selected>\d+) selected)?/,
    ended:
      /^(?:\[gw\d+\] \[\s*\d+%\] (?<sign>[A-Z]+) (?<name>\S+::.+)|(?<named>\S+::.+?) (?<said>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b.*)$/,
    signs: /^(?:(?<name>\S+\.py) )?(?<signs>[.FEsxX]+)(?:\s+\[\s*\d+%\])?$/,
    over: /^=+ (ERRORS|FAILURES|short test summary|warnings summary|.* in [\d.]+s)/,
  },
  unittest: {
    total: /^Running (?<total>\d+) tests?$/,
    ended: /^(?<name>\S.*) \.\.\. (?<sign>ok|FAIL|ERROR|skipped .*|expected failure|unexpected success)$/,
    signs: /^(?<signs>[.FEsxu]+)$/,
    over: /^={70}$|^-{70}$/,
  },
  go: { ended: /^\s*--- (?<sign>PASS|FAIL|SKIP): (?<name>\S+) \((?<s>[\d.]+)s\)$/ },
  cargo: {
    total: /^running (?<total>\d+) tests?$/,
    adds: true,
    ended: /^test (?<name>.+?)(?: - should panic)? \.\.\. (?<sign>ok|FAILED|ignored\b.*)$/,
  },
  nextest: {
    total: /^\s*Starting (?<total>\d+) tests? across/,
    ended: /^\s+(?<sign>PASS|FAIL|TIMEOUT|SIG\w+)\s+\[\s*(?<s>[\d.]+)s\] (?:\(\s*\d+\/\d+\) )?(?<name>.+)$/,
    over: /^\s+Summary \[/,
  },
  maven: {
    started: /^(?:\[INFO\] )?Running (?<name>\S+)$/,
    ended:
      /^(?:\[\w+\] )?Tests run: (?<n>\d+), Failures: (?<failed>\d+), Errors: (?<errors>\d+), Skipped: \d+, Time elapsed: (?<s>[\d.]+) s.* (?:-- in|- in) (?<name>\S+)$/,
  },
  gradle: NOTHING,
  dotnet: {
    ended:
      /^\s+(?<sign>Passed|Failed|Skipped) (?<name>.+?)(?: \[(?:< )?(?:(?<ms>[\d.]+) ms|(?<s>[\d.]+) s)\])?$/,
  },
  phpunit: {
    total: /^[.FEWRISDN]+\s+\d+ \/ (?<total>\d+) \(\s*\d+%\)$/,
    signs: /^(?<signs>[.FEWRISDN]+)(?:\s+\d+ \/ \d+ \(\s*\d+%\))?$/,
    over: /^Time: /,
  },
  rspec: { signs: /^(?<signs>[.F*]+)$/, over: /^(Failures:|Pending:|Finished in )/ },
  minitest: {
    ended: /^(?<name>\S+#\S.*?) = (?<s>[\d.]+) s = (?<sign>[.FES])$/,
    signs: /^(?<signs>[.FES]+)$/,
    over: /^Finished in /,
  },
  ctest: {
    total: /^\s*\d+\/(?<total>\d+) Test\s+#\d+: /,
    started: /^\s+Start\s+\d+: (?<name>.+)$/,
    ended: /^\s*\d+\/\d+ Test\s+#\d+: (?<name>.+?) \.+\s*(?<sign>Passed|\*\*\*.+?)\s+(?<s>[\d.]+) sec/,
  },
  unknown: TAP,
};
