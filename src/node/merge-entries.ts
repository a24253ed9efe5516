/** Three-way merge of two lists of files over their common base. Contents are reached by blob id. */
import { diff3Merge } from 'node-diff3';
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

interface Sides {
  readonly base: TreeEntry | undefined;
  readonly ours: TreeEntry | undefined;
  readonly theirs: TreeEntry | undefined;
}

/** Longest text that is merged line by line, in bytes; above it two changed sides are a conflict. */
const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * What changed on one side only is taken; what changed on both is combined line by line. A conflicting text holds both
 * sides marked; of two sides that cannot be marked (binary, links, deleted here and changed there) ours stays, or what is left.
 */
export async function mergeEntries(
  trees: { readonly base: TreeEntries; readonly ours: TreeEntries; readonly theirs: TreeEntries },
  blobs: Blobs,
): Promise<{ readonly entries: Map<string, TreeEntry>; readonly conflicts: TreeConflict[] }> {
  const entries = new Map<string, TreeEntry>();
  const conflicts: TreeConflict[] = [];
  const paths = new Set([...trees.ours.keys(), ...trees.theirs.keys()]);
  for (const path of [...paths].sort()) {
    const sides = { base: trees.base.get(path), ours: trees.ours.get(path), theirs: trees.theirs.get(path) };
    const { entry, conflict } = await mergeOne(sides, blobs);
    if (entry) entries.set(path, entry);
    if (conflict) conflicts.push({ path, ...conflict });
  }
  conflicts.push(...clashes(entries));
  return { entries, conflicts };
}

interface Merged {
  readonly entry: TreeEntry | undefined;
  readonly conflict?: { readonly why: string; readonly marked?: string };
}

async function mergeOne(sides: Sides, blobs: Blobs): Promise<Merged> {
  const { base, ours, theirs } = sides;
  if (same(ours, theirs) || same(base, theirs)) return { entry: ours };
  if (same(base, ours)) return { entry: theirs };
  if (!ours || !theirs) {
    return { entry: ours ?? theirs, conflict: { why: 'deleted on one side and changed on the other' } };
  }
  if (isLink(ours) || isLink(theirs)) {
    return { entry: ours, conflict: { why: 'a link was changed on both sides' } };
  }
  const mode = ours.mode === base?.mode ? theirs.mode : ours.mode;
  if (ours.blob === theirs.blob || theirs.blob === base?.blob) return { entry: { blob: ours.blob, mode } };
  if (ours.blob === base?.blob) return { entry: { blob: theirs.blob, mode } };
  return mergeContents({ base: base && !isLink(base) ? base : undefined, ours, theirs }, mode, blobs);
}

async function mergeContents(sides: Sides, mode: string, blobs: Blobs): Promise<Merged> {
  const [base, ours, theirs] = await Promise.all(
    [sides.base, sides.ours, sides.theirs].map(async (side) =>
      side ? text(await blobs.read(side.blob)) : '',
    ),
  );
  if (base === undefined || ours === undefined || theirs === undefined) {
    return { entry: sides.ours, conflict: { why: 'not text, and changed on both sides' } };
  }
  const merged = mergeTexts(base, ours, theirs);
  const entry = { blob: await blobs.write(new TextEncoder().encode(merged.text)), mode };
  if (!merged.conflict) return { entry };
  return { entry, conflict: { why: 'both sides changed the same lines', marked: merged.text } };
}

/** Line by line; line ends belong to their lines, so that they merge like any other character. */
export function mergeTexts(
  base: string,
  ours: string,
  theirs: string,
): { readonly text: string; readonly conflict: boolean } {
  let conflict = false;
  const parts = diff3Merge(lines(ours), lines(base), lines(theirs), { excludeFalseConflicts: true });
  const out = parts.map((part) => {
    if (part.ok) return part.ok.join('');
    conflict = true;
    return marked(part.conflict?.a ?? [], part.conflict?.b ?? []);
  });
  return { text: out.join(''), conflict };
}

function marked(ours: readonly string[], theirs: readonly string[]): string {
  const whole = (side: readonly string[]) => {
    const joined = side.join('');
    return joined === '' || joined.endsWith('\n') ? joined : `${joined}\n`;
  };
  return `<<<<<<< ours\n${whole(ours)}=======\n${whole(theirs)}>>>>>>> theirs\n`;
}

const lines = (content: string): string[] => content.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** The bytes as text, or undefined where they are not UTF-8 text that survives the way back. */
function text(bytes: Uint8Array): string | undefined {
  if (bytes.length > TEXT_BYTES_MAX || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const isLink = (entry: TreeEntry) => entry.mode === '120000';
const same = (a: TreeEntry | undefined, b: TreeEntry | undefined) =>
  a?.blob === b?.blob && a?.mode === b?.mode;

/** A file of one side where the other has a folder: the folder stays. */
function clashes(entries: Map<string, TreeEntry>): TreeConflict[] {
  const folders = new Set<string>();
  for (const path of entries.keys()) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  }
  const clashing = [...entries.keys()].filter((path) => folders.has(path));
  for (const path of clashing) entries.delete(path);
  return clashing.map((path) => ({ path, why: 'a file on one side and a folder on the other' }));
}
