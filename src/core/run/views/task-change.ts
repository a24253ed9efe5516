/**
 * What one task changed: between the tree before its change was merged and the tree after. Of a task with sub-tasks it is what all of them
 * changed; where another task's change came between, a file that both touched shows that, too.
 */
import type { RunView } from '../../../protocol/view.ts';
import { isBelow } from '../../../protocol/plan-tree.ts';
import { unifiedDiff } from '../../changes/unified-diff.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import type { WorkingCopies } from '../../ports.ts';
import { unitsOf } from '../plan/graph.ts';

/** One file that differs. A side without a tree has no such file. */
export interface TaskFile {
  readonly path: string;
  readonly binary: boolean;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What is merged of the task, else its change as it was last tested; none where there is neither. Errors: those of the store, such as a tree that is not there any more. */
export async function changeOfTask(
  copies: Pick<WorkingCopies, 'diff'>,
  view: RunView,
  task: string,
): Promise<readonly TaskFile[]> {
  const files = new Map<string, TaskFile>();
  for (const { before, after } of pairsOf(view, task))
    for (const { path, kind, binary } of await copies.diff(before, after)) {
      const former = files.get(path);
      files.set(path, {
        path,
        binary: binary || former?.binary === true,
        before: former ? former.before : kind === 'added' ? undefined : before,
        after: kind === 'deleted' ? undefined : after,
      });
    }
  return [...files.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
}

interface Pair {
  readonly before: string;
  readonly after: string;
}

/** The trees around each merge of the task's units; before anything is merged, those of its tests. */
function pairsOf(view: RunView, task: string): readonly Pair[] {
  const merged = mergesOf(view, task);
  if (merged.length > 0) return merged;
  const tested = view.tasks.filter(({ spec: { id } }) => id === task || isBelow(id, task));
  return tested.flatMap(({ change }) => (change ? [{ before: change.from, after: change.to }] : []));
}

function mergesOf({ plan, merges = [], start }: RunView, task: string): readonly Pair[] {
  const isIts = (id: string): boolean => id === task || isBelow(id, task);
  const units = new Set(
    (plan ? unitsOf(plan.spec) : [])
      .filter(({ tasks }) => tasks.some(({ id }) => isIts(id)))
      .map(({ id }) => id),
  );
  const kept = merges.filter(({ verdict }) => verdict !== 'red');
  return kept.flatMap(({ unit, tree }, at) => {
    const before = kept[at - 1]?.tree ?? start;
    return before !== undefined && (units.has(unit) || isIts(unit)) ? [{ before, after: tree }] : [];
  });
}

/** The change as a unified diff. "" where there is none. */
export async function taskDiffText(
  copies: Pick<WorkingCopies, 'diff' | 'read'>,
  view: RunView,
  task: string,
): Promise<string> {
  return diffText(copies, await changeOfTask(copies, view, task));
}

export async function diffText(
  copies: Pick<WorkingCopies, 'read'>,
  files: readonly TaskFile[],
): Promise<string> {
  const textAt = async (tree: string | undefined, path: string): Promise<string | undefined> => {
    const bytes = tree === undefined ? undefined : await copies.read(tree, path);
    return bytes && decodeUtf8(bytes);
  };
  const parts: string[] = [];
  for (const { path, binary, before, after } of files)
    parts.push(
      binary
        ? `Binary file ${path} differs.\n`
        : unifiedDiff(path, await textAt(before, path), await textAt(after, path)),
    );
  return parts.join('');
}
