/** Finds where a hunk of a patch belongs. */
import { oldSide, type LineOp } from './line-ops.ts';
import { placesOf, TOLERANCES, type Tolerance } from './line-match.ts';
import { excerpt, nearestTo, type Excerpt } from './nearest.ts';
import type { PatchHunk } from './patch-grammar.ts';

/** Where a hunk is applied: `ops` from line `start` (from 0). */
export interface Placed {
  readonly ok: true;
  readonly ops: readonly LineOp[];
  readonly start: number;
  readonly end: number;
  readonly tolerance: Tolerance;
  readonly note?: string;
}
export interface NotPlaced {
  readonly ok: false;
  readonly code: 'context_missing' | 'anchor_missing' | 'ambiguous';
  readonly why: string;
  readonly nearest?: Excerpt;
}

/** Lines [start, end) that another hunk has taken. */
export interface Taken {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the one place of a hunk in the text as it was before the patch. Hunks stand in the order of the file; markers, the
 * end of the file and line numbers tell equal places apart. Where several are left, it is an error: nothing is guessed.
 */
export function placeHunk(
  lines: readonly string[],
  hunk: PatchHunk,
  taken: readonly Taken[],
): Placed | NotPlaced {
  const cursor = taken.at(-1)?.end ?? 0;
  const ends = hunk.anchors.length > 0 ? anchorEnds(lines, hunk.anchors) : undefined;
  if (ends?.length === 0) return anchorMissing(lines, hunk);
  for (const ops of variantsOf(hunk)) {
    const pattern = oldSide(ops);
    if (pattern.length === 0) return placeInsertion(lines, { hunk, ops }, { cursor, ends });
    for (const tolerance of TOLERANCES) {
      const free = placesOf(lines, pattern, tolerance).filter((at) => isFree(at, at + pattern.length, taken));
      const chosen = choose(free, { hunk, ends, cursor, length: pattern.length, last: lines.length });
      if (chosen.length > 1) return ambiguous(lines, chosen, pattern.length);
      const [start] = chosen;
      if (start === undefined) continue;
      const early = start < cursor ? { note: 'it stands before the hunk that precedes it in the patch' } : {};
      return { ok: true, ops, start, end: start + pattern.length, tolerance, ...early };
    }
  }
  const nearest = nearestTo(lines, oldSide(hunk.ops));
  const where = ends ? ` after "@@ ${hunk.anchors.at(-1) ?? ''}"` : '';
  const why = `its lines were not found${where}${nearest ? '. The nearest text is' : ', nor anything like them: read the file again'}`;
  return { ok: false, code: 'context_missing', why, ...(nearest && { nearest }) };
}

/** The hunk as written, then without the empty lines at its edges that may only separate hunks. */
function variantsOf({ ops, looseHead, looseTail }: PatchHunk): readonly (readonly LineOp[])[] {
  const variants = [ops];
  if (looseTail > 0) variants.push(ops.slice(0, ops.length - looseTail));
  if (looseHead > 0) variants.push(ops.slice(looseHead, ops.length - looseTail));
  return variants;
}

const isFree = (start: number, end: number, taken: readonly Taken[]): boolean =>
  taken.every((other) => end <= other.start || start >= other.end);

interface Choice {
  readonly hunk: PatchHunk;
  readonly ends: readonly number[] | undefined;
  readonly cursor: number;
  readonly length: number;
  readonly last: number;
}

/** The places that cannot be told apart any further: one is the answer, none means that there is none. */
function choose(places: readonly number[], { hunk, ends, cursor, length, last }: Choice): readonly number[] {
  if (places.length === 0) return [];
  let left: readonly number[] = ends ? firstAfter(places, ends) : places;
  if (hunk.endOfFile) left = preferred(left, (at) => at + length === last);
  left = preferred(left, (at) => at >= cursor);
  return hunk.oldLine === undefined ? left : preferred(left, (at) => at + 1 === hunk.oldLine);
}

/** Those that fit, or all if none does. */
const preferred = (places: readonly number[], fits: (at: number) => boolean): readonly number[] => {
  const fitting = places.filter(fits);
  return fitting.length > 0 ? fitting : places;
};

/** Of each marker the first place after it; a hunk may begin with the marked line itself. */
function firstAfter(places: readonly number[], ends: readonly number[]): readonly number[] {
  const first = ends.map((end) => places.find((at) => at >= end - 1));
  return [...new Set(first.filter((at) => at !== undefined))];
}

/** The lines after every place where the markers stand one after the other. */
function anchorEnds(lines: readonly string[], anchors: readonly string[]): readonly number[] {
  let ends: readonly number[] = [0];
  for (const anchor of anchors) {
    const places = anchorPlaces(lines, anchor);
    const first = ends.length === 1 && ends[0] === 0;
    const next = first ? places : ends.map((end) => places.find((at) => at >= end));
    ends = [...new Set(next.filter((at) => at !== undefined).map((at) => at + 1))];
  }
  return ends;
}

/** Places of a marker: the whole line, tolerantly; else lines that begin with it, as markers are often cut short. */
function anchorPlaces(lines: readonly string[], anchor: string): readonly number[] {
  for (const tolerance of TOLERANCES) {
    const places = placesOf(lines, [anchor], tolerance);
    if (places.length > 0) return places;
  }
  const wanted = anchor.trim();
  return lines.flatMap((line, at) => (line.trimStart().startsWith(wanted) ? [at] : []));
}

/** A hunk that only adds: after its marker, else after the line it names, else at the end of the file. */
function placeInsertion(
  lines: readonly string[],
  { hunk, ops }: { readonly hunk: PatchHunk; readonly ops: readonly LineOp[] },
  { cursor, ends }: { readonly cursor: number; readonly ends: readonly number[] | undefined },
): Placed | NotPlaced {
  const placed = (start: number): Placed => ({ ok: true, ops, start, end: start, tolerance: 'exact' });
  if (hunk.endOfFile) return placed(lines.length);
  if (ends) {
    const chosen = preferred(ends, (at) => at >= cursor);
    return chosen.length === 1
      ? placed(chosen[0] ?? 0)
      : ambiguous(
          lines,
          chosen.map((at) => at - 1),
          1,
        );
  }
  if (hunk.oldLine === undefined) return placed(lines.length);
  if ((hunk.oldCount ?? 0) > 0 && lines.length > 0) {
    const why = 'it says that it covers lines of the file, but shows none: add the unchanged lines around it';
    return { ok: false, code: 'context_missing', why, nearest: excerpt(lines, hunk.oldLine - 1, 3) };
  }
  if (hunk.oldLine <= lines.length) return placed(hunk.oldLine);
  const why = `it adds lines after line ${hunk.oldLine}, but the file has ${lines.length}`;
  return { ok: false, code: 'context_missing', why };
}

function anchorMissing(lines: readonly string[], hunk: PatchHunk): NotPlaced {
  const nearest = nearestTo(lines, hunk.anchors.slice(-1));
  const markers = hunk.anchors.map((anchor) => `"@@ ${anchor}"`).join(', ');
  const why = `${markers} was not found${nearest ? '. The nearest line is' : ''}`;
  return { ok: false, code: 'anchor_missing', why, ...(nearest && { nearest }) };
}

function ambiguous(lines: readonly string[], places: readonly number[], count: number): NotPlaced {
  const shown = places.slice(0, 10).map((at) => at + 1);
  const why =
    `it fits in ${places.length} places (lines ${shown.join(', ')}${places.length > shown.length ? ', …' : ''}): ` +
    'add unchanged lines around it, or name the function with "@@ ". The first is';
  return { ok: false, code: 'ambiguous', why, nearest: excerpt(lines, places[0] ?? 0, count) };
}
