/** Three-way merge of two lists of files over their common base, with contents reached by blob id. */
import { merge3 } from '../core/changes/merge3.ts';
import { mergeTrees, type PathMerge, type TreeConflictKind } from '../core/changes/merge-trees.ts';
import type { TreeConflict } from '../core/ports.ts';

/** One file of a tree: git blob id and git mode. */
export interface TreeEntry {
  readonly blob: string;
  readonly mode: string;
}
export type TreeEntries = ReadonlyMap<string, TreeEntry>;

export interface Blobs {
  read(blob: string): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<string>;
}

export interface MergedEntries {
  readonly entries: Map<string, TreeEntry>;
  readonly conflicts: readonly TreeConflict[];
}

/** Longest text that is merged line by line, in bytes; above it two changed sides are a conflict. */
const TEXT_BYTES_MAX = 4 * 1024 * 1024;

const WHY: Readonly<Record<TreeConflictKind, string>> = {
  'modify/delete': 'deleted on one side and changed on the other',
  'add/add': 'added on both sides, and not text',
  binary: 'not text, and changed on both sides',
  type: 'a link or a nested repository was changed on both sides',
  mode: 'its mode was changed on both sides',
  'file/folder': 'a file on one side and a folder on the other',
};

/**
 * What changed on one side only is taken; what changed on both is combined line by line. A conflicting text holds both
 * sides marked; of two sides that cannot be marked ours stays, or what is left; a folder stays where the other has a file.
 */
export async function mergeEntries(
  trees: { readonly base: TreeEntries; readonly ours: TreeEntries; readonly theirs: TreeEntries },
  blobs: Blobs,
): Promise<MergedEntries> {
  const { base, ours, theirs } = trees;
  const texts = await textsOf(mergeTrees(base, ours, theirs), blobs);
  const merged = mergeTrees(base, ours, theirs, { isBinary: (blob) => texts.get(blob) === undefined });
  const entries = new Map<string, TreeEntry>();
  const conflicts: TreeConflict[] = [];
  for (const one of merged) {
    const { entry, conflict } = await resolve(one, texts, blobs);
    if (entry) entries.set(one.path, entry);
    if (conflict) conflicts.push({ path: one.path, ...conflict });
  }
  return { entries, conflicts };
}

/** Texts of all blobs that have to be merged; those that are not text are absent. */
async function textsOf(merges: readonly PathMerge[], blobs: Blobs): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const ids = merges.flatMap((one) =>
    one.take === 'merge' ? [one.base?.blob, one.ours.blob, one.theirs.blob] : [],
  );
  for (const id of new Set(ids)) {
    const text = id === undefined ? undefined : textOf(await blobs.read(id));
    if (id !== undefined && text !== undefined) texts.set(id, text);
  }
  return texts;
}

interface Resolved {
  readonly entry: TreeEntry | undefined;
  readonly conflict?: { readonly why: string; readonly marked?: string };
}

async function resolve(one: PathMerge, texts: ReadonlyMap<string, string>, blobs: Blobs): Promise<Resolved> {
  if (one.take === 'conflict') {
    const left = one.kind === 'file/folder' ? undefined : (one.ours ?? one.theirs);
    return { entry: left && entryOf(left), conflict: { why: WHY[one.kind] } };
  }
  if (one.take !== 'merge') return { entry: one.file && entryOf(one.file) };
  const [base, ours, theirs] = [one.base, one.ours, one.theirs].map(
    (file) => texts.get(file?.blob ?? '') ?? '',
  );
  const merged = merge3(base ?? '', ours ?? '', theirs ?? '');
  const entry = { blob: await blobs.write(new TextEncoder().encode(merged.text)), mode: one.mode };
  if (merged.ok) return { entry };
  return { entry, conflict: { why: 'both sides changed the same lines', marked: merged.text } };
}

const entryOf = (file: { readonly blob: string; readonly mode?: string }): TreeEntry => ({
  blob: file.blob,
  mode: file.mode ?? '100644',
});

/** The bytes as text, or undefined where they are not UTF-8 text that survives the way back. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > TEXT_BYTES_MAX || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
