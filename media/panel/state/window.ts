/** Which rows of a long list are drawn: those in sight, and some around them. Pure; lengths in pixels. */
import type { FeedItem } from '../../../src/protocol/view.ts';
import type { FeedGroup } from './feed.ts';

/** Rows from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is in sight, counted from the beginning of the list. */
export interface Sight {
  readonly top: number;
  readonly bottom: number;
}

/** Rows as far as they are known: how many, and how high each is or likely is. */
export interface Rows {
  readonly count: number;
  height(index: number): number;
}

/** Rows drawn at first, before anything was measured: the latest. */
const FIRST = 30;

/** Least that is drawn beyond either end of what is in sight. */
const MARGIN_MIN = 600;

const marginOf = ({ top, bottom }: Sight): number => Math.max(MARGIN_MIN, bottom - top);

/** The latest rows. */
export const tailOf = (count: number): Range => ({ start: Math.max(0, count - FIRST), end: count });

/** Height of the rows of a range together. */
export function extentOf(rows: Rows, { start, end }: Range): number {
  let sum = 0;
  for (let index = start; index < end; index += 1) sum += rows.height(index);
  return sum;
}

/** The rows that `sight` and a margin on both sides touch; at least one where there are any. */
function around(rows: Rows, { top, bottom }: Sight, margin: number): Range {
  let start = 0;
  let above = 0;
  while (start < rows.count - 1 && above + rows.height(start) < top - margin) above += rows.height(start++);
  let end = start;
  let below = above;
  while (end < rows.count && (end === start || below < bottom + margin)) below += rows.height(end++);
  return { start, end };
}

/**
 * What is to be drawn for `sight`: `drawn`, for as long as that reaches far enough beyond what is in sight and not much farther, so that
 * small movements draw nothing anew.
 */
export function rangeFor(rows: Rows, sight: Sight, drawn: Range): Range {
  const margin = marginOf(sight);
  const least = around(rows, sight, margin / 2);
  const most = around(rows, sight, margin * 2);
  const reaches = drawn.start <= least.start && drawn.end >= least.end;
  const isLean = drawn.start >= most.start && drawn.end <= most.end;
  return reaches && isLean ? drawn : around(rows, sight, margin);
}

/** The stretches that are drawn, in order: `range`, and the row of its own that must stay, as it has the focus. */
export function stretches({ start, end }: Range, kept: number | undefined): readonly Range[] {
  const range = { start, end };
  if (kept === undefined || (kept >= start && kept < end)) return [range];
  const own = { start: kept, end: kept + 1 };
  return kept < start ? [own, range] : [range, own];
}

/** Height of a line of text, and how many signs one likely holds. */
const LINE = 19;
const SIGNS = 48;

const linesOf = (text: string): number => Math.ceil(text.length / SIGNS) + text.split('\n').length;

function likelyHeight(item: FeedItem): number {
  switch (item.kind) {
    case 'said':
    case 'message':
      return LINE * linesOf(item.text);
    case 'tool':
      return 24;
    case 'note':
      return LINE * linesOf(item.text);
    case 'gate':
    case 'review':
      return 110;
    default:
      return LINE;
  }
}

const likely = new WeakMap<FeedGroup, number>();

/** How high a group that was never drawn likely is. What another version wrote counts as a line. */
export function likelyHeightOf(group: FeedGroup): number {
  const known = likely.get(group);
  if (known !== undefined) return known;
  const height = group.items.reduce((sum, item) => sum + likelyHeight(item), 34);
  likely.set(group, height);
  return height;
}
