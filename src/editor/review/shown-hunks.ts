/** The hunks of the files under review, read once for each text. */
import type { TreeReader, ReviewHunk } from '../../core/run/handover/provenance.ts';
import type { RunView } from '../../protocol/view.ts';
import { roleName } from '../role-name.ts';
import { t, told } from '../told.ts';

/** A hunk with what the record says of it. */
export interface ShownHunk extends ReviewHunk {
  /** One line: task, role, tests. */
  readonly origin: string;
  /** Why it is there, in paragraphs. */
  readonly why: readonly string[];
  /** The same as it is recorded, for models. */
  readonly record: readonly string[];
}

export interface ShownHunks {
  /** Hunks of a file; none before they are read, and where a file is taken or left as a whole. */
  of(path: string): readonly ShownHunk[];
  /** Reads what is not read yet; true where something is different now. */
  read(view: RunView, edited: (path: string) => string | undefined): Promise<boolean>;
}

interface Known {
  readonly identity: string;
  readonly hunks: readonly ShownHunk[];
}

export function createShownHunks(trees: () => Promise<TreeReader>): ShownHunks {
  const tongue = { t, role: roleName, told };
  const known = new Map<string, Known>();
  const readOne = async (view: RunView, path: string, edited: string | undefined): Promise<boolean> => {
    const identity = JSON.stringify([view.id, view.changes?.base, view.changes?.tree, edited]);
    if (known.get(path)?.identity === identity) return false;
    const [{ fileHunks, originOf, explain }, copies] = await Promise.all([import('../at-need.ts'), trees()]);
    const hunks = (await fileHunks(copies, view, path, edited)).map((hunk) => ({
      ...hunk,
      origin: originOf(view, path, hunk, tongue),
      why: explain(view, path, hunk, tongue),
      record: explain(view, path, hunk),
    }));
    known.set(path, { identity, hunks });
    return true;
  };
  return {
    of: (path) => known.get(path)?.hunks ?? [],
    async read(view, edited) {
      const paths = (view.changes?.files ?? []).filter(({ binary }) => !binary).map(({ path }) => path);
      for (const path of known.keys()) if (!paths.includes(path)) known.delete(path);
      const changed = await Promise.all(paths.map((path) => readOne(view, path, edited(path))));
      return changed.includes(true);
    },
  };
}
