/** Which lines of a change its tests reach, where the runner's processes tell it without anything installed. Called inside steps. */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { coverageOf, isCovered, type ChangedSource } from '../../qa/coverage/changed.ts';
import { readV8, V8_RUNNERS, type Ran } from '../../qa/coverage/v8.ts';
import type { TestShell } from '../../qa/run-tests.ts';
import type { TestSetup } from '../../qa/test-setup.ts';
import type { Run } from '../run.ts';

/** The change whose lines count. */
export interface Covers {
  readonly base: string;
  readonly tree: string;
}

/** Reports of processes that are read, and changed files that are looked at. */
const REPORTS_MAX = 200;
const SOURCES_MAX = 100;
const FOLDER = 'coverage-v8';

export function coverageEnv(
  { runner }: TestSetup,
  covers: Covers | undefined,
): Readonly<Record<string, string>> {
  return covers !== undefined && V8_RUNNERS.includes(runner)
    ? { NODE_V8_COVERAGE: `{reports}/${FOLDER}` }
    : {};
}

interface Where {
  readonly shell: TestShell;
  readonly cwd: string;
  readonly reportsDir: string;
}

export async function coverageIn(
  run: Run,
  covers: Covers,
  { shell, cwd, reportsDir }: Where,
): Promise<LineCoverage | undefined> {
  const reports = await shell.findReports(reportsDir, `${FOLDER}/*.json`);
  if (reports.length === 0) return undefined;
  const sources = await sourcesOf(run, covers);
  const wanted = new Set(sources.map(({ path }) => path));
  const ran: ReadonlyMap<string, readonly Ran[]>[] = [];
  for (const name of wanted.size === 0 ? [] : reports.slice(0, REPORTS_MAX)) {
    const text = await shell.readReport(`${reportsDir.replaceAll('\\', '/')}/${name}`);
    const its = text === undefined ? [] : [...readV8(text, cwd)];
    ran.push(new Map(its.filter(([path]) => wanted.has(path))));
  }
  return coverageOf(sources, ran);
}

async function sourcesOf(
  { ports: { copies } }: Run,
  { base, tree }: Covers,
): Promise<readonly ChangedSource[]> {
  const text = async (from: string, path: string): Promise<string | undefined> => {
    const bytes = await copies.read(from, path);
    return bytes && decodeUtf8(bytes);
  };
  const deltas = await copies.diff(base, tree);
  const paths = deltas
    .filter(({ kind, path }) => kind !== 'deleted' && isCovered(path))
    .map(({ path }) => path);
  const sources: ChangedSource[] = [];
  for (const path of paths.slice(0, SOURCES_MAX))
    sources.push({ path, before: await text(base, path), after: await text(tree, path) });
  return sources;
}
