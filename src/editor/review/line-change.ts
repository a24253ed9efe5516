/** A change between two texts as the editor's quick diff tells it: line numbers from 1; an end of 0 is no line, after the start. */
import { splitLines } from '../../core/changes/text-form.ts';

export interface LineChange {
  readonly originalStartLineNumber: number;
  readonly originalEndLineNumber: number;
  readonly modifiedStartLineNumber: number;
  readonly modifiedEndLineNumber: number;
}

const span = (start: number, end: number): readonly [number, number] =>
  end === 0 ? [start, start] : [start - 1, end];

/** The original with this change made in it. */
export function takeOver(original: string, modified: string, change: LineChange): string {
  const [from, to] = span(change.originalStartLineNumber, change.originalEndLineNumber);
  const [first, last] = span(change.modifiedStartLineNumber, change.modifiedEndLineNumber);
  const lines = splitLines(original);
  lines.splice(from, to - from, ...splitLines(modified).slice(first, last));
  return lines.join('');
}

/** The modified text with this change taken back. */
export function takeBack(original: string, modified: string, change: LineChange): string {
  return takeOver(modified, original, {
    originalStartLineNumber: change.modifiedStartLineNumber,
    originalEndLineNumber: change.modifiedEndLineNumber,
    modifiedStartLineNumber: change.originalStartLineNumber,
    modifiedEndLineNumber: change.originalEndLineNumber,
  });
}
