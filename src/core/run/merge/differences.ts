/** The differences between two recorded trees, as steps. */
import type { ChangedFile } from '../../../protocol/events.ts';
import { unifiedDiff } from '../../changes/unified-diff.ts';
import { clip } from '../../tools/contract.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { hasConflictMarks } from '../../changes/marks.ts';
import type { Run } from '../run.ts';

/** Longest diff that a model is shown, in characters. */
const DIFF_CHARS = 40_000;

/** Files that differ. */
export function changedFiles(
  run: Run,
  key: string,
  { from, to }: { from: string; to: string },
): Promise<ChangedFile[]> {
  return run.steps.step<ChangedFile[]>(
    key,
    { kind: 'diff', title: 'Compare the trees', input: { from, to } },
    async () => {
      const deltas = await run.ports.copies.diff(from, to);
      return deltas.map((delta) => ({ ...delta }));
    },
  );
}

/** The unified diff between two trees, for a model. */
export function diffText(run: Run, key: string, { from, to }: { from: string; to: string }): Promise<string> {
  return run.steps.step<string>(
    key,
    { kind: 'diff', title: 'Read the diff', input: { from, to } },
    async () => {
      const parts: string[] = [];
      for (const delta of await run.ports.copies.diff(from, to)) {
        const [before, after] = await Promise.all([
          textAt(run, from, delta.path),
          textAt(run, to, delta.path),
        ]);
        parts.push(
          delta.binary ? `Binary file ${delta.path} ${delta.kind}.` : unifiedDiff(delta.path, before, after),
        );
      }
      return run.redactor.redact(clip(parts.join('\n') || '(no change)', DIFF_CHARS));
    },
  );
}

async function textAt(run: Run, tree: string, path: string): Promise<string | undefined> {
  const bytes = await run.ports.copies.read(tree, path);
  return bytes && decodeUtf8(bytes);
}

/** Those of some files that still hold marks of a conflict. */
export function markedFiles(
  run: Run,
  key: string,
  tree: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const spec = { kind: 'diff' as const, title: 'Look for marks of conflicts', input: { tree, paths } };
  return run.steps.step<readonly string[]>(key, spec, async () => {
    const found: string[] = [];
    for (const path of paths) if (hasConflictMarks((await textAt(run, tree, path)) ?? '')) found.push(path);
    return found;
  });
}
