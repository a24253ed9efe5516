/** Coverage as the reports of runners tell it, in one form. Pure. */
import type { CoverageFormat } from '../test-setup.ts';
import { readGoProfile } from './go-profile.ts';
import { readIstanbul } from './istanbul.ts';
import { readLcov } from './lcov.ts';
import { saysNothing, type LineHits, type LinesRan } from './lines.ts';
import { readPythonJson } from './python-json.ts';

/** A longer report is not read, in characters. */
const REPORT_CHARS_MAX = 64_000_000;

const READERS: Readonly<Record<CoverageFormat, (text: string) => LineHits>> = {
  istanbul: readIstanbul,
  lcov: readLcov,
  go: readGoProfile,
  python: readPythonJson,
};

/** Empty where the text is too long or cannot be read. */
export function readCoverage(format: CoverageFormat, text: string): LineHits {
  return text.length > REPORT_CHARS_MAX ? new Map() : READERS[format](text);
}

/** What ran of a source by the hits of its lines, in any of the reports; `undefined` where none tells of it. */
export function linesHit(
  source: string,
  format: CoverageFormat,
  reports: readonly (ReadonlyMap<number, number> | undefined)[],
): LinesRan | undefined {
  const told = reports.filter((report) => report !== undefined);
  if (told.length === 0) return undefined;
  const ran = source.split('\n').map((text, index) => {
    // Python's reports name statements, others blocks with all that stands in them.
    if (format !== 'python' && saysNothing(text)) return undefined;
    const hits = told.flatMap((report) => report.get(index + 1) ?? []);
    return hits.length === 0 ? undefined : hits.some((count) => count > 0);
  });
  return [undefined, ...ran];
}
