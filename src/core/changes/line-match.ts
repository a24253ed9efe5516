/** Where lines occur in a text though blanks or typography differ, and how far to move the lines that replace them. */

/** How equal lines have to be, from strict to tolerant. `indent`: but for blanks at both ends; `blanks`: but for all blanks. */
export const TOLERANCES = ['exact', 'trailing', 'indent', 'blanks', 'typography'] as const;
export type Tolerance = (typeof TOLERANCES)[number];

/** What a tolerance overlooks, for people and models. */
export const OVERLOOKED: Readonly<Record<Tolerance, string>> = {
  exact: 'nothing',
  trailing: 'blanks at line ends differ',
  indent: 'indentation differs',
  blanks: 'blanks differ',
  typography: 'quotes, dashes or blanks are written differently',
};

/** Starts (from 0) of every place where all lines of the pattern stand one after the other. */
export function placesOf(
  lines: readonly string[],
  pattern: readonly string[],
  tolerance: Tolerance,
): readonly number[] {
  if (pattern.length === 0 || pattern.length > lines.length) return [];
  const form = FORMS[tolerance];
  const wanted = pattern.map(form);
  // The rarest kind of line is looked for first: blank ones and lone brackets are everywhere.
  const key = wanted.reduce((best, line, at) => (line.length > (wanted[best]?.length ?? 0) ? at : best), 0);
  const places: number[] = [];
  for (let at = key; at + wanted.length - key <= lines.length; at++) {
    if (form(lines[at] ?? '') !== wanted[key]) continue;
    if (wanted.every((line, offset) => form(lines[at - key + offset] ?? '') === line)) places.push(at - key);
  }
  return places;
}

/** True where the tolerance overlooks indentation, so that added lines have to be moved. */
export const overlooksIndent = (tolerance: Tolerance): boolean =>
  tolerance !== 'exact' && tolerance !== 'trailing';

const FORMS: Readonly<Record<Tolerance, (line: string) => string>> = {
  exact: (line) => line,
  trailing: (line) => line.trimEnd(),
  indent: (line) => line.trim(),
  blanks: (line) => line.trim().replace(/\s+/gu, ' '),
  typography: (line) => plain(line).trim().replace(/\s+/gu, ' '),
};

/** Typographic quotes, dashes and the like as a keyboard writes them. */
const plain = (line: string): string =>
  line
    .normalize('NFC')
    .replace(/[\u2018\u2019\u201A\u201B\u2032]/gu, "'")
    .replace(/[\u201C\u201D\u201E\u201F\u2033]/gu, '"')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\u2026/gu, '...');
