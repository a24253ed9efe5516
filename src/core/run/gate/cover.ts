/** Which lines of a change its tests reach, where the runner's processes tell it without being asked. Called inside steps. */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { coverageOf, isCovered, type ChangedSource } from '../../qa/coverage/changed.ts';
import { linesRan, readV8, V8_RUNNERS, type Ran } from '../../qa/coverage/v8.ts';
import type { TestShell } from '../../qa/run-tests.ts';
import type { TestSetup } from '../../qa/test-setup.ts';
import type { Run } from '../run.ts';

/** The change whose lines count. */
export interface Covers {
  readonly base: string;
  readonly tree: string;
}

/** Where tests ran, and where their reports lie. */
export interface Where {
  readonly shell: TestShell;
  readonly cwd: string;
  readonly reportsDir: string;
}

/** How coverage is got out of a test run: what the run is given, and how what it left is read. */
export interface Covering {
  readonly env: Readonly<Record<string, string>>;
  read(where: Where): Promise<LineCoverage | undefined>;
}

/** Reports of processes that are read, and changed files that are looked at. */
export const REPORTS_MAX = 200;
const SOURCES_MAX = 100;
const FOLDER = 'coverage-v8';

/** `undefined` where the runner's processes do not tell by themselves. */
export function v8Covering(run: Run, { runner }: TestSetup, covers: Covers): Covering | undefined {
  if (!V8_RUNNERS.includes(runner)) return undefined;
  return {
    env: { NODE_V8_COVERAGE: `{reports}/${FOLDER}` },
    read: (where) => readIn(run, covers, where),
  };
}

async function readIn(
  run: Run,
  covers: Covers,
  { shell, cwd, reportsDir }: Where,
): Promise<LineCoverage | undefined> {
  const reports = await shell.findReports(reportsDir, `${FOLDER}/*.json`);
  // Without a report nothing is known, not even that a file never ran.
  if (reports.length === 0) return undefined;
  const sources = await sourcesOf(run, covers, (path) => isCovered(path, 'v8'));
  const wanted = new Set(sources.map(({ path }) => path));
  const ran: ReadonlyMap<string, readonly Ran[]>[] = [];
  for (const name of wanted.size === 0 ? [] : reports.slice(0, REPORTS_MAX)) {
    const text = await shell.readReport(`${reportsDir.replaceAll('\\', '/')}/${name}`);
    const its = text === undefined ? [] : [...readV8(text, cwd)];
    ran.push(new Map(its.filter(([path]) => wanted.has(path))));
  }
  return coverageOf(sources, ({ path, after = '' }) =>
    linesRan(
      after,
      ran.flatMap((process) => [process.get(path)].filter((its) => its !== undefined)),
    ),
  );
}

/** Changed files whose lines can be told, with their texts before and after. */
export async function sourcesOf(
  { ports: { copies } }: Run,
  { base, tree }: Covers,
  isTold: (path: string) => boolean,
): Promise<readonly ChangedSource[]> {
  const text = async (from: string, path: string): Promise<string | undefined> => {
    const bytes = await copies.read(from, path);
    return bytes && decodeUtf8(bytes);
  };
  const deltas = await copies.diff(base, tree);
  const paths = deltas.filter(({ kind, path }) => kind !== 'deleted' && isTold(path)).map(({ path }) => path);
  const sources: ChangedSource[] = [];
  for (const path of paths.slice(0, SOURCES_MAX))
    sources.push({ path, before: await text(base, path), after: await text(tree, path) });
  return sources;
}
