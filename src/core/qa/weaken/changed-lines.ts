/** Which lines of a text changed, as far as findings need it: bounded work, and one change where texts differ too much. */
import { diffArrays } from 'diff';

/** [start, end) on both sides, counted from 0. */
export interface Changed {
  readonly before: { readonly start: number; readonly end: number };
  readonly after: { readonly start: number; readonly end: number };
}

const EDITS_MAX = 2000;

export function changedLines(before: readonly string[], after: readonly string[]): readonly Changed[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: EDITS_MAX });
  if (parts === undefined)
    return [{ before: { start: 0, end: before.length }, after: { start: 0, end: after.length } }];
  const changes: Changed[] = [];
  let [was, now] = [0, 0];
  let open: { was: number; now: number } | undefined;
  const close = (): void => {
    if (open !== undefined)
      changes.push({ before: { start: open.was, end: was }, after: { start: open.now, end: now } });
    open = undefined;
  };
  for (const { added, removed, value } of parts) {
    if (added || removed) open ??= { was, now };
    else close();
    if (!added) was += value.length;
    if (!removed) now += value.length;
  }
  close();
  return changes;
}
