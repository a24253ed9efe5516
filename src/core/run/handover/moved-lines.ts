/** Remarks name lines of the text that was read; the change set may show them elsewhere. */
import type { RunView } from '../../../protocol/view.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { movedLine } from '../../changes/moved-line.ts';
import type { TreeReader } from './provenance.ts';

/** Line numbers from 1; 0 is the whole file. */
export interface LineAt {
  readonly path: string;
  readonly line: number;
  /** Where the line is counted. */
  readonly tree: string | undefined;
}

/** The line in the proposed text; 0 where it is gone. Where its own tree is not known, or not text, it is as it was named. */
export async function lineNow(copies: TreeReader, view: RunView, at: LineAt): Promise<number> {
  const { path, line, tree } = at;
  const now = view.changes?.tree;
  if (line === 0 || tree === undefined || now === undefined || tree === now) return line;
  const textOf = async (of: string) => {
    const bytes = await copies.read(of, path);
    return bytes && decodeUtf8(bytes);
  };
  const [before, after] = [await textOf(tree), await textOf(now)];
  return before === undefined || after === undefined ? line : movedLine(before, after, line);
}
