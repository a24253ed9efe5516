/** What a commit of an applied change would hold beside the run's work, found out without doing it and without owning the run. */
import { PortError } from '../../ports.ts';
import type { CommitPreview, EnginePorts } from '../contract.ts';
import { appliedIn } from './epilogue.ts';
import { readJournal, storedJournal } from '../journal/reader.ts';

/** Errors: `commit.nothing`, `run.missing`, `journal.damaged`. */
export async function previewCommit(ports: EnginePorts, runId: string): Promise<CommitPreview> {
  const { store, hasher, copies, commits } = ports;
  const { lines } = await readJournal(storedJournal(store, runId), hasher);
  const applied = appliedIn(lines);
  if (!applied)
    throw new PortError('commit.nothing', 'There is nothing to commit: no change of this run is applied.');
  const files = (await copies.diff(applied.before, applied.after)).map(({ path }) => path);
  const before = new Map<string, Uint8Array | undefined>();
  for (const path of files) before.set(path, await copies.read(applied.before, path));
  const mixed = (await commits?.differing(before)) ?? [];
  return { files, mixed, branch: await commits?.branch() };
}
