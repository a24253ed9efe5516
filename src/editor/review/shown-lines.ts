/** Where remarks stand in the proposed texts, read once for each change set. */
import type { LineAt } from '../../core/run/handover/moved-lines.ts';
import type { TreeReader } from '../../core/run/handover/provenance.ts';
import type { RunView } from '../../protocol/view.ts';

export interface ShownLines {
  /** The line now, from 1; 0 is the whole file. Before it is read, the line as it was named. */
  of(at: LineAt): number;
  /** Reads what is not read yet; true where a line stands elsewhere now. */
  read(view: RunView, lines: readonly LineAt[]): Promise<boolean>;
}

export function createShownLines(trees: () => Promise<TreeReader>): ShownLines {
  const known = new Map<string, number>();
  let shown: string | undefined;
  const nameOf = ({ path, line, tree }: LineAt) => JSON.stringify([path, line, tree]);
  return {
    of: (at) => known.get(nameOf(at)) ?? at.line,
    async read(view, lines) {
      const tree = view.changes?.tree;
      if (tree !== shown) known.clear();
      shown = tree;
      const missing = lines.filter((at) => at.tree !== undefined && !known.has(nameOf(at)));
      if (missing.length === 0) return false;
      const [{ lineNow }, copies] = await Promise.all([import('../at-need.ts'), trees()]);
      let moved = false;
      for (const at of missing) {
        const line = await lineNow(copies, view, at);
        known.set(nameOf(at), line);
        moved ||= line !== at.line;
      }
      return moved;
    },
  };
}
