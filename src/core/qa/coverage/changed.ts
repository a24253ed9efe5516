/** Which lines of a change the tests reach. */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import { changedLines } from '../weaken/changed-lines.ts';
import { isTestFile } from '../weaken/languages.ts';
import type { LinesRan } from './lines.ts';

export interface ChangedSource {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Files and lines that are told one by one. */
const FILES_MAX = 50;
const LINES_MAX = 200;

/** Files whose lines a report may tell. */
const TOLD = {
  v8: /\.[cm]?[jt]s$/,
  istanbul: /\.([cm]?[jt]sx?|vue|svelte)$/,
  lcov: /\.([cm]?[jt]sx?|rs)$/,
  go: /\.go$/,
  python: /\.py$/,
} as const;

/** True where a report of that kind could tell of the file, and it is no test. */
export function isCovered(path: string, format: keyof typeof TOLD): boolean {
  return TOLD[format].test(path) && !/\.d\.[cm]?ts$/.test(path) && !isTestFile(path);
}

/**
 * `linesOf`: what ran of a file; `undefined` where that is not known, and nothing of the file is told then. `undefined` where no
 * line of the change could be reached.
 */
export function coverageOf(
  sources: readonly ChangedSource[],
  linesOf: (source: ChangedSource) => LinesRan | undefined,
): LineCoverage | undefined {
  const files = sources.map((source) => fileOf(source, linesOf(source) ?? []));
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
  lines: LinesRan,
): LineCoverage['files'][number] {
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
