/** What changed between two lists of lines. The same answer every time, and bounded work for any input. */
import { diffArrays } from 'diff';

/** A maximal run of changed lines: [start, end) on both sides, counted from 0. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Edits that one exact comparison may need; its work grows with the square. Beyond it, lines that occur once anchor the comparison. */
const EXACT_EDITS_MAX = 1500;

/** Runs of changed lines in order, never touching each other. Lines are equal if their text is. */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  return joined(
    compare(before, after, { oldStart: 0, newStart: 0, oldEnd: before.length, newEnd: after.length }),
  );
}

function compare(before: readonly string[], after: readonly string[], span: LineChange): LineChange[] {
  const inner = trimmed(before, after, span);
  if (inner.oldStart === inner.oldEnd || inner.newStart === inner.newEnd)
    return isEmpty(inner) ? [] : [inner];
  const exact = exactChanges(before, after, inner);
  if (exact) return exact;
  const anchors = anchorsOf(before, after, inner);
  if (anchors.length === 0) return [inner];
  return between(anchors, inner).flatMap((part) => compare(before, after, part));
}

const isEmpty = (change: LineChange): boolean =>
  change.oldStart === change.oldEnd && change.newStart === change.newEnd;

function trimmed(before: readonly string[], after: readonly string[], span: LineChange): LineChange {
  let { oldStart, newStart, oldEnd, newEnd } = span;
  while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
    oldStart++;
    newStart++;
  }
  while (oldStart < oldEnd && newStart < newEnd && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return { oldStart, newStart, oldEnd, newEnd };
}

function exactChanges(
  before: readonly string[],
  after: readonly string[],
  span: LineChange,
): LineChange[] | undefined {
  const parts = diffArrays(
    before.slice(span.oldStart, span.oldEnd),
    after.slice(span.newStart, span.newEnd),
    { maxEditLength: EXACT_EDITS_MAX },
  );
  if (!parts) return undefined;
  const changes: LineChange[] = [];
  let { oldStart, newStart } = span;
  for (const { count, added, removed } of parts) {
    const oldEnd = oldStart + (added ? 0 : count);
    const newEnd = newStart + (removed ? 0 : count);
    if (added || removed) changes.push({ oldStart, oldEnd, newStart, newEnd });
    [oldStart, newStart] = [oldEnd, newEnd];
  }
  return changes;
}

/** Pairs of equal lines that occur once on each side, rising on both: the longest such list. */
function anchorsOf(
  before: readonly string[],
  after: readonly string[],
  span: LineChange,
): readonly (readonly [number, number])[] {
  const onceAfter = onceIn(after, span.newStart, span.newEnd);
  const pairs: (readonly [number, number])[] = [];
  for (const [line, at] of onceIn(before, span.oldStart, span.oldEnd)) {
    const other = onceAfter.get(line);
    if (other !== undefined) pairs.push([at, other]);
  }
  return longestRising(pairs);
}

function onceIn(lines: readonly string[], start: number, end: number): Map<string, number> {
  const once = new Map<string, number>();
  const often = new Set<string>();
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? '';
    if (often.has(line)) continue;
    if (!once.has(line)) {
      once.set(line, at);
      continue;
    }
    once.delete(line);
    often.add(line);
  }
  return once;
}

/** Longest run of pairs (sorted by the first) whose second rises too, by patience sorting. */
function longestRising(
  pairs: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  interface Link {
    readonly pair: readonly [number, number];
    readonly before: Link | undefined;
  }
  const piles: Link[] = [];
  for (const pair of pairs) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((piles[middle]?.pair[1] ?? 0) < pair[1]) low = middle + 1;
      else high = middle;
    }
    piles[low] = { pair, before: piles[low - 1] };
  }
  const rising: (readonly [number, number])[] = [];
  for (let link = piles.at(-1); link; link = link.before) rising.push(link.pair);
  return rising.reverse();
}

/** The spans before, between and after anchors. */
function between(anchors: readonly (readonly [number, number])[], span: LineChange): LineChange[] {
  const spans: LineChange[] = [];
  let { oldStart, newStart } = span;
  for (const [oldAt, newAt] of anchors) {
    spans.push({ oldStart, newStart, oldEnd: oldAt, newEnd: newAt });
    [oldStart, newStart] = [oldAt + 1, newAt + 1];
  }
  spans.push({ oldStart, newStart, oldEnd: span.oldEnd, newEnd: span.newEnd });
  return spans;
}

/** Joins changes that touch: removed lines and the added ones right after them are one change. */
function joined(changes: readonly LineChange[]): LineChange[] {
  const out: LineChange[] = [];
  for (const change of changes) {
    const last = out.at(-1);
    if (last?.oldEnd === change.oldStart && last.newEnd === change.newStart) {
      out[out.length - 1] = { ...last, oldEnd: change.oldEnd, newEnd: change.newEnd };
    } else out.push(change);
  }
  return out;
}
