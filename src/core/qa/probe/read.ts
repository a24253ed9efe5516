/** What a test run on broken code says about where the tests load code from. Pure. */
import type { LoadProbe } from '../../../protocol/test-evidence.ts';
import type { TestRun } from '../run-tests.ts';

export interface Probed {
  /** The run that is to be believed. */
  readonly before: TestRun;
  /** The same with broken code. */
  readonly now: TestRun;
  /** Ids of tests that depend on chance: that they fail says nothing. */
  readonly chance: ReadonlySet<string>;
  /** Longest time of one test run. */
  readonly limitMs: number;
}

/**
 * What went wrong that was well before: ids of tests, or words for the run as a whole. Undefined where the run came to no end that
 * says anything.
 */
export function lostIn({ before, now, chance, limitMs }: Probed): ReadonlySet<string> | undefined {
  // Tests may wait for what no longer starts: the code hangs them, where they were far from the limit before.
  if (now.end === 'timedOut' && (before.durationMs ?? limitMs) * 2 < limitMs) return new Set(['the run']);
  if (now.end !== 'exited') return undefined;
  const passing = new Set(passed(now));
  const lost = passed(before).filter((id) => !passing.has(id) && !chance.has(id));
  if (lost.length > 0) return new Set(lost);
  if (chance.size > 0) return new Set();
  const fewer = now.report.totals.passed < before.report.totals.passed;
  const errors = now.report.errors.length > before.report.errors.length;
  return new Set(fewer || errors || now.exitCode !== before.exitCode ? ['the run'] : []);
}

const passed = ({ report }: TestRun): readonly string[] =>
  report.tests.filter(({ status }) => status === 'passed').map(({ id }) => id);

/** True where what failed may have failed by chance: it does not speak of the broken code, and other tests pass. */
export function mayBeChance({ now }: Probed, marker: string): boolean {
  const { end, output, report } = now;
  return (
    end === 'exited' &&
    report.totals.passed > 0 &&
    !output.includes(marker) &&
    !JSON.stringify(report).includes(marker)
  );
}

const WAYS: readonly (readonly [files: RegExp, way: string])[] = [
  [
    /\.py$/,
    "install the package of the workspace so that it leads to its files (`pip install -e .`), or put them on the path of the tests (`pythonpath` in pytest's settings)",
  ],
  [
    /\.([cm]?[jt]sx?|vue|svelte)$/,
    'link packages of the workspace in place of copying them (workspaces of npm, pnpm or yarn), and where the tests load what was built, build before them in the same command',
  ],
];
const BUILD = 'build before the tests, in the same command';

/** What it means and what to do. `paths`: code that the change touches. */
export function adviceFor(outcome: LoadProbe['outcome'], paths: readonly string[]): string {
  if (outcome === 'unclear')
    return 'Whether the tests load the changed code is not known: with code that cannot run, the test run came to no end. Give it more time (limits.testSeconds), or look at what the tests wait for.';
  const found = WAYS.filter(([files]) => paths.some((path) => files.test(path))).map(([, way]) => way);
  const ways = found.length > 0 ? found : [BUILD];
  return `The tests pass all the same when the code of this change cannot run: they load it from elsewhere, such as an installed or built copy, or not at all. So they do not prove it. Let them load the files of the workspace: ${ways.join('; ')}. Or add tests that use the code.`;
}
