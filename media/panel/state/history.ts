/** Goals that were run before, to be called back with the arrow keys. */

/** Most goals that are remembered (I10). */
const HISTORY_MAX = 50;

/** `history` with a goal that was run at its end; each is remembered once. */
export const remembered = (history: readonly string[], goal: string): readonly string[] =>
  [...history.filter((each) => each !== goal), goal].slice(-HISTORY_MAX);

/** Where in the history a box is: undefined is what the person writes. */
export type Place = number | undefined;

/** The former (-1) or next (1) place; undefined where there is none. A step after the last leads back to what was written. */
export function moved(
  history: readonly string[],
  place: Place,
  by: -1 | 1,
): { readonly to: Place } | undefined {
  const at = (place ?? history.length) + by;
  if (at < 0 || at > history.length || (place === undefined && by === 1)) return undefined;
  return { to: at === history.length ? undefined : at };
}

/** Whether an arrow key leaves the text: the caret is in its first line, or in its last. */
export const isAtEdge = (text: string, caret: number, by: -1 | 1): boolean =>
  by === -1 ? !text.slice(0, caret).includes('\n') : !text.slice(caret).includes('\n');
