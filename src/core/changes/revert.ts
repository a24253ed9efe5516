/** Taking hunks back out of the new text. */
import type { Hunk } from './hunks.ts';
import { splitLines } from './text-form.ts';

/** The new text without some hunks of `hunksOf(old, new)`: none leaves it as it is, all give the old text. */
export function revertHunks(newText: string, hunks: readonly Hunk[]): string {
  const lines = splitLines(newText);
  const last = [...hunks].sort((a, b) => b.newStart - a.newStart);
  for (const { newStart, newLines, lines: own } of last) {
    const removed = own.filter(({ kind }) => kind === 'removed').map(({ text }) => text);
    lines.splice(newStart - 1, newLines, ...removed);
  }
  return lines.join('');
}
