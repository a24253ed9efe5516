/** Where a growing page scrolls by itself. */

/** A scrolling element as measured; lengths in pixels. */
export interface Measure {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  /** Where the part begins that is to be read from its top; undefined: the page's end is what is read. */
  readonly anchorTop: number | undefined;
}

/** How far from its place a page still counts as following, in pixels. */
const NEAR = 24;

/** Movement that is none, in pixels: browsers round. */
const STILL = 2;

/** Room left above an anchor, in pixels. */
const ROOM = 8;

/** Where the page belongs: at its end, but never so far that the anchor's beginning is out of sight. */
export function placeToBe({ scrollHeight, clientHeight, anchorTop }: Measure): number {
  const end = Math.max(0, scrollHeight - clientHeight);
  return anchorTop === undefined ? end : Math.min(end, Math.max(0, anchorTop - ROOM));
}

/** Whether the page is where it belongs, so that it may go on by itself. */
export const isThere = (measure: Measure): boolean =>
  Math.abs(measure.scrollTop - placeToBe(measure)) <= NEAR;

/**
 * Whether a page that followed still does after it was found at `now` when it was last left at `lastTop`. Only a
 * person moves it away: a page that grew has not moved, and its own growth may leave it behind for a moment.
 */
export function stillFollows(lastTop: number, now: Measure): boolean {
  const moved = now.scrollTop - lastTop;
  if (Math.abs(moved) <= STILL || isThere(now)) return true;
  return moved > 0 && placeToBe(now) === placeToBe({ ...now, anchorTop: undefined });
}
