/** Bars of one row, below each other where they overlap in time. */
import type { SpanView } from '../../../src/protocol/timeline.ts';

export interface PlacedSpan {
  readonly span: SpanView;
  /** 0-based, from the top of the row. */
  readonly level: number;
}

/** Most bars below each other; the rest share the last level. */
const LEVELS_MAX = 5;

/** Each span on the first level that is free at its beginning. */
export function stack(spans: readonly SpanView[]): readonly PlacedSpan[] {
  const ends: number[] = [];
  return spans
    .toSorted((one, other) => one.from - other.from || one.id - other.id)
    .map((span) => {
      const free = ends.findIndex((end) => end <= span.from);
      const level = Math.min(LEVELS_MAX - 1, free === -1 ? ends.length : free);
      ends[level] = Math.max(ends[level] ?? 0, span.to ?? Infinity);
      return { span, level };
    });
}

export const levelsOf = (placed: readonly PlacedSpan[]): number =>
  1 + placed.reduce((most, { level }) => Math.max(most, level), 0);

/** What was spent until each moment at which more was; `cost` in US dollars where every price is known, else in tokens. */
export function spendingOf(spans: readonly SpanView[]): {
  readonly unit: 'cost' | 'tokens';
  readonly points: readonly { readonly at: number; readonly sum: number }[];
} {
  const paid = spans.filter((span) => span.to !== undefined && span.tokens !== undefined);
  const isPriced = paid.length > 0 && paid.every(({ costUsd }) => costUsd !== null);
  const priced = isPriced && paid.some(({ costUsd }) => (costUsd ?? 0) > 0);
  let sum = 0;
  const points = paid
    .toSorted((one, other) => (one.to ?? 0) - (other.to ?? 0))
    .map(({ to = 0, costUsd, tokens = 0 }) => {
      sum += priced ? (costUsd ?? 0) : tokens;
      return { at: to, sum };
    });
  return { unit: priced ? 'cost' : 'tokens', points };
}

/** The line that was the last to be written at a moment, 1-based; `offsets` rise. */
export function lineAt(offsets: readonly number[], passedMs: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? Infinity) <= passedMs) low = middle + 1;
    else high = middle;
  }
  return Math.min(offsets.length, Math.max(1, low));
}
