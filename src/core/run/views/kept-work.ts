/** What a person did by hand and is not part of a run's result: what of it differs, and how it is got back. */
import type { KeptView, RunView } from '../../../protocol/view.ts';
import type { WorkingCopies } from '../../ports.ts';
import { diffText, type TaskFile } from './task-change.ts';

/** The last of a task, or of all where none is named; undefined where nothing is kept. */
export function keptOf({ kept = [] }: Pick<RunView, 'kept'>, task?: string): KeptView | undefined {
  return kept.findLast((each) => task === undefined || each.task === task);
}

/** Errors: those of the store, such as a tree that is not there any more. */
export async function changeOfKept(
  copies: Pick<WorkingCopies, 'diff'>,
  { from, tree }: Pick<KeptView, 'from' | 'tree'>,
): Promise<readonly TaskFile[]> {
  return (await copies.diff(from, tree)).map(({ path, kind, binary }) => ({
    path,
    binary,
    before: kind === 'added' ? undefined : from,
    after: kind === 'deleted' ? undefined : tree,
  }));
}

/** As a unified diff. */
export async function keptDiffText(
  copies: Pick<WorkingCopies, 'diff' | 'read'>,
  kept: Pick<KeptView, 'from' | 'tree'>,
): Promise<string> {
  return diffText(copies, await changeOfKept(copies, kept));
}

/** Its files as they were left, to be written somewhere; undefined: deleted. */
export async function keptFiles(
  copies: Pick<WorkingCopies, 'diff' | 'read'>,
  kept: Pick<KeptView, 'from' | 'tree'>,
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const files = new Map<string, Uint8Array | undefined>();
  for (const { path, after } of await changeOfKept(copies, kept))
    files.set(path, after === undefined ? undefined : await copies.read(after, path));
  return files;
}
