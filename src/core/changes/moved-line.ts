/** Where a line stands after a text was changed around it. */
import { lineChanges } from './line-diff.ts';
import { splitLines } from './text-form.ts';

/** Line numbers count from 1. Gives 0 where the line is gone, or never was: then only the file can be named. */
export function movedLine(before: string, after: string, line: number): number {
  const at = line - 1;
  const old = splitLines(before);
  if (at < 0 || at >= old.length) return 0;
  let shift = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of lineChanges(old, splitLines(after))) {
    if (oldStart > at) break;
    if (at < oldEnd) return 0;
    shift += newEnd - newStart - (oldEnd - oldStart);
  }
  return line + shift;
}
