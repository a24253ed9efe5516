/** What taking an applied change back would do, found out without doing it and without owning the run. */
import { PortError } from '../../ports.ts';
import type { EnginePorts, UndoPreview } from '../contract.ts';
import { appliedIn } from './epilogue.ts';
import { readJournal, storedJournal } from '../journal/reader.ts';

/** Writes nothing into the workspace and no line into the journal. Errors: `undo.nothing`, `run.missing`, `journal.damaged`. */
export async function previewUndo(ports: EnginePorts, runId: string): Promise<UndoPreview> {
  const { store, hasher, copies, workspace } = ports;
  const { lines } = await readJournal(storedJournal(store, runId), hasher);
  const applied = appliedIn(lines);
  if (!applied)
    throw new PortError('undo.nothing', 'There is nothing to undo: no change of this run is applied.');
  const { tree: now } = await copies.takeBase(await workspace.unsaved(), applied.after);
  const merged =
    now === applied.after
      ? { tree: applied.before, conflicts: [] }
      : await copies.merge(applied.after, now, applied.before);
  const conflicts = merged.conflicts.map(({ path, why }) => ({ path, why }));
  const since = new Set((await copies.diff(applied.after, now)).map(({ path }) => path));
  const touched = (await copies.diff(applied.before, applied.after)).map(({ path }) => path);
  const back = (await copies.diff(now, merged.tree)).filter(
    ({ path }) => !conflicts.some((conflict) => conflict.path === path),
  );
  return {
    files: back.map(({ path, kind, additions, deletions }) => ({
      path,
      how: kind === 'deleted' ? 'removed' : kind === 'added' ? 'brought back' : 'put back',
      additions,
      deletions,
    })),
    changedSince: touched.filter((path) => since.has(path)),
    conflicts,
  };
}
