/** Which lines of a change the tests reach. */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import { changedLines } from '../weaken/changed-lines.ts';
import { isTestFile } from '../weaken/languages.ts';
import { linesRan, type Ran } from './v8.ts';

export interface ChangedSource {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Files and lines that are told one by one. */
const FILES_MAX = 50;
const LINES_MAX = 200;

/** True where V8 could tell of the file, and it is no test. */
export function isCovered(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && !isTestFile(path);
}

/** `ran`: what each process ran, by path. `undefined` where no line of the change could be reached. */
export function coverageOf(
  sources: readonly ChangedSource[],
  ran: readonly ReadonlyMap<string, readonly Ran[]>[],
): LineCoverage | undefined {
  // Without a report nothing is known, not even that a file never ran.
  if (ran.length === 0) return undefined;
  const files = sources.map((source) =>
    fileOf(
      source,
      ran.flatMap((process) => [process.get(source.path)].filter((its) => its !== undefined)),
    ),
  );
  const some = files.filter(({ total }) => total > 0);
  if (some.length === 0) return undefined;
  return {
    covered: some.reduce((sum, { covered }) => sum + covered, 0),
    total: some.reduce((sum, { total }) => sum + total, 0),
    files: some.slice(0, FILES_MAX),
  };
}

function fileOf(
  { path, before = '', after = '' }: ChangedSource,
  processes: readonly (readonly Ran[])[],
): LineCoverage['files'][number] {
  const lines = linesRan(after, processes);
  const changes = changedLines(before.split('\n'), after.split('\n'));
  const numbers = changes.flatMap(({ after: { start, end } }) =>
    Array.from({ length: end - start }, (_, index) => start + index + 1),
  );
  const told = numbers.filter((number) => lines[number] !== undefined);
  const missed = told.filter((number) => lines[number] === false);
  return {
    path,
    covered: told.length - missed.length,
    total: told.length,
    missed: missed.slice(0, LINES_MAX),
  };
}
