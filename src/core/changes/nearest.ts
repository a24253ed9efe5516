/** The text that looks most like what was searched for in vain, to be shown with line numbers. */

/** Lines of a file, from 1, and their text with the numbers in front. */
export interface Excerpt {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** Longest excerpt, in lines, and longest line in it, in characters. */
const EXCERPT_LINES_MAX = 30;
const EXCERPT_LINE_CHARS_MAX = 300;
/** How often one line may vote: lines that stand everywhere say nothing. */
const VOTES_MAX = 50;
/** Lines compared letter by letter where no line is equal, and the least likeness that is worth showing (0 to 1). */
const COMPARED_LINES_MAX = 20_000;
const LIKENESS_MIN = 0.45;

/** Shows `count` lines from `start` (counted from 0). */
export function excerpt(lines: readonly string[], start: number, count: number): Excerpt {
  const from = Math.max(0, Math.min(start, lines.length - 1));
  const shown = lines.slice(from, from + Math.min(Math.max(count, 1), EXCERPT_LINES_MAX));
  const width = String(from + shown.length).length;
  const text = shown.map((line, at) => `${String(from + at + 1).padStart(width)}| ${cut(line)}`).join('\n');
  return { startLine: from + 1, endLine: from + shown.length, text };
}

/** The place that shares most lines with the pattern, or holds the line most like its longest; `undefined` if nothing is alike. */
export function nearestTo(lines: readonly string[], pattern: readonly string[]): Excerpt | undefined {
  const start = byVotes(lines, pattern) ?? byLikeness(lines, pattern);
  return start === undefined ? undefined : excerpt(lines, start, pattern.length);
}

/** Every pattern line votes for the start it would have at each of its occurrences. */
function byVotes(lines: readonly string[], pattern: readonly string[]): number | undefined {
  const where = new Map<string, number[]>();
  const wanted = pattern.map((line) => line.trim());
  const known = new Set(wanted.filter((line) => line.length > 2));
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (!known.has(text)) continue;
    const places = where.get(text) ?? [];
    if (places.length < VOTES_MAX) places.push(at);
    where.set(text, places);
  }
  const votes = new Map<number, number>();
  for (const [offset, line] of wanted.entries()) {
    for (const at of where.get(line) ?? [])
      votes.set(at - offset, (votes.get(at - offset) ?? 0) + line.length);
  }
  return best(votes);
}

function byLikeness(lines: readonly string[], pattern: readonly string[]): number | undefined {
  const offset = pattern.reduce(
    (longest, line, at) => (line.trim().length > (pattern[longest] ?? '').trim().length ? at : longest),
    0,
  );
  const wanted = pairsOf(pattern[offset] ?? '');
  if (wanted.size === 0) return undefined;
  const scores = new Map<number, number>();
  for (const [at, line] of lines.slice(0, COMPARED_LINES_MAX).entries()) {
    const score = likeness(wanted, pairsOf(line));
    if (score >= LIKENESS_MIN) scores.set(at - offset, score);
  }
  return best(scores);
}

function best(scores: ReadonlyMap<number, number>): number | undefined {
  let found: readonly [number, number] | undefined;
  for (const entry of scores) if (!found || entry[1] > found[1]) found = entry;
  return found?.[0];
}

/** Neighbouring letters of a line, without blanks and case. */
function pairsOf(line: string): Set<string> {
  const letters = line.slice(0, 500).replace(/\s+/gu, '').toLowerCase();
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < letters.length; at++) pairs.add(letters.slice(at, at + 2));
  return pairs;
}

/** Dice coefficient of two sets: 1 where they are equal. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of one) if (other.has(pair)) shared++;
  return one.size + other.size === 0 ? 0 : (2 * shared) / (one.size + other.size);
}

const cut = (line: string): string =>
  line.length > EXCERPT_LINE_CHARS_MAX ? `${line.slice(0, EXCERPT_LINE_CHARS_MAX)}…` : line;
