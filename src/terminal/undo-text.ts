/** What an undo would do, in words. */
import { plainText } from '../core/policy/terminal-text.ts';
import type { UndoPreview } from '../core/run/contract.ts';

export function undoText({ files, changedSince, conflicts }: UndoPreview): string {
  const since = new Set(changedSince);
  const lines = files.map(({ path, how, additions, deletions }) => {
    const kept = since.has(path) ? '; what you changed since is kept' : '';
    return `  ${how.padEnd(12)} ${path} (+${additions} -${deletions})${kept}`;
  });
  const left = conflicts.map(({ path, why }) => `  stays        ${path}: ${why}`);
  if (lines.length + left.length === 0) return 'Your files are as before the run already.';
  return plainText([...lines, ...left].join('\n'));
}
