/** A file change in pieces that a person can accept or reject one by one. */
import { lineChanges } from './line-diff.ts';
import { splitLines } from './text-form.ts';

export type HunkLineKind = 'context' | 'removed' | 'added';

/** One line of a hunk. `text` holds its line end. Line numbers count from 1; absent where the side lacks the line. */
export interface HunkLine {
  readonly kind: HunkLineKind;
  readonly text: string;
  readonly oldLine?: number;
  readonly newLine?: number;
}

/** A maximal run of changed lines with up to `context` unchanged ones around it. */
export interface Hunk {
  /** Made of what the hunk removes and adds, so that it stays when other hunks come, go or move it. Unique in its file. */
  readonly id: string;
  /** First changed line on each side, from 1. With a count of 0: the line before which lines are added or were removed. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly HunkLine[];
}

/** The hunks between two texts, in order. Contexts of neighbours may overlap; changed lines never do. */
export function hunksOf(oldText: string, newText: string, context = 3): readonly Hunk[] {
  const [before, after] = [splitLines(oldText), splitLines(newText)];
  const seen = new Map<string, number>();
  const changes = lineChanges(before, after);
  return changes.map((change, index) => {
    const removed = before.slice(change.oldStart, change.oldEnd);
    const added = after.slice(change.newStart, change.newEnd);
    const head = before.slice(
      Math.max(changes[index - 1]?.oldEnd ?? 0, change.oldStart - context),
      change.oldStart,
    );
    const tail = before.slice(
      change.oldEnd,
      Math.min(changes[index + 1]?.oldStart ?? before.length, change.oldEnd + context),
    );
    const lines = [
      ...head.map((text, at) =>
        both(text, change.oldStart - head.length + at, change.newStart - head.length + at),
      ),
      ...removed.map((text, at): HunkLine => ({ kind: 'removed', text, oldLine: change.oldStart + at + 1 })),
      ...added.map((text, at): HunkLine => ({ kind: 'added', text, newLine: change.newStart + at + 1 })),
      ...tail.map((text, at) => both(text, change.oldEnd + at, change.newEnd + at)),
    ];
    return {
      id: uniqueId(`${removed.join('')}\u0000${added.join('')}`, seen),
      oldStart: change.oldStart + 1,
      oldLines: removed.length,
      newStart: change.newStart + 1,
      newLines: added.length,
      lines,
    };
  });
}

/** The old text with only the accepted hunks of `hunksOf(oldText, newText)`: none gives the old text, all the new one. Ids that are not there count for nothing. */
export function applyHunks(oldText: string, newText: string, acceptedIds: Iterable<string>): string {
  const accepted = new Set(acceptedIds);
  const before = splitLines(oldText);
  const parts: string[] = [];
  let at = 0;
  for (const hunk of hunksOf(oldText, newText, 0)) {
    if (!accepted.has(hunk.id)) continue;
    parts.push(before.slice(at, hunk.oldStart - 1).join(''));
    for (const line of hunk.lines) if (line.kind === 'added') parts.push(line.text);
    at = hunk.oldStart - 1 + hunk.oldLines;
  }
  parts.push(before.slice(at).join(''));
  return parts.join('');
}

const both = (text: string, oldAt: number, newAt: number): HunkLine => ({
  kind: 'context',
  text,
  oldLine: oldAt + 1,
  newLine: newAt + 1,
});

function uniqueId(content: string, seen: Map<string, number>): string {
  const id = fingerprint(content);
  const count = (seen.get(id) ?? 0) + 1;
  seen.set(id, count);
  return count === 1 ? id : `${id}-${count}`;
}

/** FNV-1a over UTF-16 units, twice with different seeds: 64 bits as 16 hexadecimal digits. Tells hunks apart; guards nothing. */
function fingerprint(content: string): string {
  let [first, second] = [0x811c9dc5, 0x9e3779b1];
  for (let at = 0; at < content.length; at++) {
    const unit = content.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b);
  }
  return hex(first) + hex(second);
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
