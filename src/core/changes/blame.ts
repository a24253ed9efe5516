/** Which of several versions of a text, made one after the other, made each change between the first and the last. */
import { hunksOf, type Hunk } from './hunks.ts';
import { lineChanges } from './line-diff.ts';
import { splitLines } from './text-form.ts';

export interface MadeHunk {
  readonly hunk: Hunk;
  /** Places in the list of texts of the versions that added or removed its lines, in order. Never empty. */
  readonly makers: readonly number[];
}

/** What is known of the lines of one version. */
interface Lines {
  readonly text: readonly string[];
  /** The version that brought each line. */
  readonly maker: readonly number[];
  /** Where each line stood in the first text; -1 for a later one. */
  readonly first: readonly number[];
}

/** The hunks between the first and the last text, each with who made it. Errors: none; fewer than two texts have no hunks. */
export function madeHunks(texts: readonly string[], context = 3): readonly MadeHunk[] {
  const [first = '', ...later] = texts;
  const before = splitLines(first);
  let lines: Lines = { text: before, maker: before.map(() => 0), first: before.map((_, at) => at) };
  const removedBy = before.map(() => 0);
  let latest = 0;
  for (const [index, text] of later.entries()) {
    const next = splitLines(text);
    lines = advance(lines, next, index + 1, removedBy);
    if (text !== texts[index]) latest = index + 1;
  }
  return hunksOf(first, texts.at(-1) ?? first, context).map((hunk) => {
    const added = lines.maker.slice(hunk.newStart - 1, hunk.newStart - 1 + hunk.newLines);
    const removed = removedBy.slice(hunk.oldStart - 1, hunk.oldStart - 1 + hunk.oldLines);
    const makers = [...new Set([...added, ...removed])].filter((maker) => maker > 0).sort((a, b) => a - b);
    // Where a comparison of the ends pairs lines in another way than the steps did, the last change answers for it.
    return { hunk, makers: makers.length > 0 ? makers : [latest] };
  });
}

function advance(lines: Lines, next: readonly string[], version: number, removedBy: number[]): Lines {
  const maker: number[] = [];
  const first: number[] = [];
  let at = 0;
  const keep = (end: number): void => {
    maker.push(...lines.maker.slice(at, end));
    first.push(...lines.first.slice(at, end));
  };
  for (const { oldStart, oldEnd, newStart, newEnd } of lineChanges(lines.text, next)) {
    keep(oldStart);
    for (const place of lines.first.slice(oldStart, oldEnd)) if (place >= 0) removedBy[place] = version;
    for (let line = newStart; line < newEnd; line++) {
      maker.push(version);
      first.push(-1);
    }
    at = oldEnd;
  }
  keep(lines.text.length);
  return { text: next, maker, first };
}
