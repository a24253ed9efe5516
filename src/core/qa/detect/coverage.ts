/** Asks each runner which lines its tests reach: everything it writes goes to the report folder, and only files of the change count. */
import type { Runner } from '../report.ts';
import type { CoverageCommands, TestSetup } from '../test-setup.ts';
import type { RunnerUse } from './script.ts';
import { spliced } from './splice.ts';

/** How a runner is asked. `{n}` is the number of its place in the line. */
interface Covering {
  readonly format: CoverageCommands['format'];
  readonly reports: string;
  /** Added to the flags that ask for results; each is another way, for where the one before lacks what it needs. */
  readonly ways: readonly Way[];
  /** Flags of the person's that would contradict ours. */
  readonly drop?: RegExp;
}

type Way =
  | { readonly flags: string }
  /** What stands for the runner's word and the `-m` before it: coverage.py's own program runs the module then, or our script. */
  | { readonly under: string };

const VITEST =
  '--coverage.enabled --coverage.reportOnFailure --coverage.reporter=json' +
  ' --coverage.reportsDirectory="{reports}/coverage-{n}" {paths:--coverage.include=}';
const UNDER = '"{reports}/cover.py" "{reports}/coverage-{n}.json" "{reports}/coverage.rc"';

const COVERING: Partial<Record<Runner, Covering>> = {
  jest: {
    format: 'istanbul',
    reports: 'coverage-*/coverage-final.json',
    ways: [
      {
        flags:
          '--coverage --coverageReporters=json --coverageDirectory="{reports}/coverage-{n}" {paths:--collectCoverageFrom=}',
      },
    ],
  },
  vitest: {
    format: 'istanbul',
    reports: 'coverage-*/coverage-final.json',
    ways: [{ flags: VITEST }, { flags: `${VITEST} --coverage.provider=istanbul` }],
  },
  bun: {
    format: 'lcov',
    reports: 'coverage-*/lcov.info',
    ways: [{ flags: '--coverage --coverage-reporter=lcov --coverage-dir="{reports}/coverage-{n}"' }],
  },
  pytest: {
    format: 'python',
    reports: 'coverage-*.json',
    ways: [
      {
        flags: '--cov --cov-config="{reports}/coverage.rc" --cov-report=json:"{reports}/coverage-{n}.json"',
      },
      { under: `${UNDER} -m pytest` },
    ],
  },
  unittest: { format: 'python', reports: 'coverage-*.json', ways: [{ under: UNDER }] },
  go: {
    format: 'go',
    reports: 'coverage-*.out',
    ways: [{ flags: '-coverpkg=./... -coverprofile="{reports}/coverage-{n}.out"' }],
    drop: /^-cover(profile|pkg)(=|$)/,
  },
};

/** How each runner is asked for its results. */
export type Askings = Readonly<
  Record<
    Runner,
    { readonly flags: string; readonly drop?: RegExp | undefined; readonly inPlace?: boolean | undefined }
  >
>;

type Told = Pick<TestSetup, 'coverage'>;

/** Commands that tell coverage, of a line whose runners are all of one kind that can. */
export function coverageOf(line: string, uses: readonly RunnerUse[], askings: Askings): Told {
  const [use] = uses;
  const covering = use && COVERING[use.runner];
  if (covering === undefined || uses.some(({ runner }) => runner !== use?.runner)) return {};
  const { format, reports, ways, drop } = covering;
  const able = ways.filter((way) => 'flags' in way || uses.every(isModule));
  const commands = able.map((way) =>
    uses.reduceRight((text, each, index) => {
      const asking = askings[each.runner];
      const both =
        asking.drop && drop ? new RegExp(`${asking.drop.source}|${drop.source}`) : (drop ?? asking.drop);
      const flags = flagsOf(way, asking.flags).replaceAll('{n}', String(index + 1));
      return spliced(text, each, { flags, drop: both, inPlace: 'under' in way || asking.inPlace });
    }, line),
  );
  return commands.length === 0 ? {} : { coverage: { format, reports, commands } };
}

/** The same for a command that flags are put behind. */
export function coverageFlags(runner: Runner, own: string, put: (flags: string) => string): Told {
  const { format, reports, ways } = COVERING[runner] ?? { ways: [] };
  const commands = ways.flatMap((way) =>
    'flags' in way ? [put(flagsOf(way, own)).replaceAll('{n}', '1')] : [],
  );
  if (format === undefined || reports === undefined || commands.length === 0) return {};
  return { coverage: { format, reports, commands } };
}

const flagsOf = (way: Way, own: string): string =>
  'under' in way ? `${way.under} ${own}` : `${own} ${way.flags}`;

/** `python -m pytest`: another module can be put in its place. */
const isModule = ({ segment: { words }, at }: RunnerUse): boolean => words[at - 1]?.text === '-m';
