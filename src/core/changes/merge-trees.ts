/** Three-way merge of trees: what becomes of each path. Contents are merged by the caller, with `merge3`. */

/** A file of a tree: id of its contents, and git mode (100644 unless told; 100755, 120000 a link, 160000 a nested repository). */
export interface TreeFile {
  readonly blob: string;
  readonly mode?: string;
}
/** Files by path, relative with "/". What is not in the map is absent. */
export type TreeFiles = ReadonlyMap<string, TreeFile>;

/**
 * Why two sides do not combine. `modify/delete`: one changed what the other deleted. `add/add`: both added something that is
 * not text. `binary`: both changed contents that are not text. `type`: one made it a link or a nested repository, or both
 * changed one. `mode`: both changed the mode differently. `file/folder`: a file here, a folder of that name there.
 */
export type TreeConflictKind = 'modify/delete' | 'add/add' | 'binary' | 'type' | 'mode' | 'file/folder';

/** What becomes of a path. `undefined` as a file means absent. */
export type PathMerge =
  | { readonly path: string; readonly take: 'same' | 'ours' | 'theirs'; readonly file: TreeFile | undefined }
  | {
      readonly path: string;
      readonly take: 'merge';
      /** Absent where both sides added the file: merge over an empty text. */
      readonly base: TreeFile | undefined;
      readonly ours: TreeFile;
      readonly theirs: TreeFile;
      /** Mode of the result. */
      readonly mode: string;
    }
  | {
      readonly path: string;
      readonly take: 'conflict';
      readonly kind: TreeConflictKind;
      readonly base: TreeFile | undefined;
      readonly ours: TreeFile | undefined;
      readonly theirs: TreeFile | undefined;
    };

export interface MergeTreesOptions {
  /** True for contents that cannot be merged line by line. Asked only for blobs that both sides changed. */
  readonly isBinary?: (blob: string) => boolean;
}

interface Sides {
  readonly base: TreeFile | undefined;
  readonly ours: TreeFile | undefined;
  readonly theirs: TreeFile | undefined;
}

const PLAIN = '100644';

/** Every path of the three trees with what becomes of it, sorted by code unit. A path that all three hold alike is `same`. */
export function mergeTrees(
  base: TreeFiles,
  ours: TreeFiles,
  theirs: TreeFiles,
  options: MergeTreesOptions = {},
): readonly PathMerge[] {
  const paths = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort();
  const isBinary = options.isBinary ?? (() => false);
  const merged = paths.map((path) =>
    mergePath(path, { base: base.get(path), ours: ours.get(path), theirs: theirs.get(path) }, isBinary),
  );
  return withFolderClashes(merged, { base, ours, theirs });
}

function mergePath(path: string, sides: Sides, isBinary: (blob: string) => boolean): PathMerge {
  const { base, ours, theirs } = sides;
  if (sameFile(ours, theirs)) return { path, take: 'same', file: ours };
  if (sameFile(base, theirs)) return { path, take: 'ours', file: ours };
  if (sameFile(base, ours)) return { path, take: 'theirs', file: theirs };
  const conflict = (kind: TreeConflictKind): PathMerge => ({ path, take: 'conflict', kind, ...sides });
  if (!ours || !theirs) return conflict('modify/delete');
  if (isSpecial(ours) || isSpecial(theirs)) return conflict('type');
  const mode = mergedMode(base, ours, theirs);
  if (mode === undefined) return conflict('mode');
  if (ours.blob === theirs.blob || theirs.blob === base?.blob) {
    return { path, take: 'ours', file: { blob: ours.blob, mode } };
  }
  if (ours.blob === base?.blob) return { path, take: 'theirs', file: { blob: theirs.blob, mode } };
  const plainBase = base && !isSpecial(base) ? base : undefined;
  const blobs = [plainBase?.blob, ours.blob, theirs.blob].filter((blob) => blob !== undefined);
  if (blobs.some(isBinary)) return conflict(base ? 'binary' : 'add/add');
  return { path, take: 'merge', base: plainBase, ours, theirs, mode };
}

const modeOf = (file: TreeFile): string => file.mode ?? PLAIN;

const sameFile = (one: TreeFile | undefined, other: TreeFile | undefined): boolean =>
  one && other ? one.blob === other.blob && modeOf(one) === modeOf(other) : one === other;

const isSpecial = (file: TreeFile): boolean => !modeOf(file).startsWith('100');

/** The mode that one side changed; of two added files the one that may be run. `undefined` where both changed it differently. */
function mergedMode(base: TreeFile | undefined, ours: TreeFile, theirs: TreeFile): string | undefined {
  const [o, t] = [modeOf(ours), modeOf(theirs)];
  if (o === t) return o;
  if (!base || isSpecial(base)) return '100755';
  const b = modeOf(base);
  if (o === b) return t;
  return t === b ? o : undefined;
}

/** A file where another path of the result needs a folder becomes a conflict. */
function withFolderClashes(
  merged: readonly PathMerge[],
  trees: { readonly base: TreeFiles; readonly ours: TreeFiles; readonly theirs: TreeFiles },
): readonly PathMerge[] {
  const present = merged.filter((one) => !('file' in one) || one.file !== undefined);
  const folders = new Set(present.flatMap(({ path }) => foldersOf(path)));
  const clashes = (one: PathMerge) => folders.has(one.path) && (!('file' in one) || one.file !== undefined);
  return merged.map((one) =>
    clashes(one)
      ? {
          path: one.path,
          take: 'conflict',
          kind: 'file/folder',
          base: trees.base.get(one.path),
          ours: trees.ours.get(one.path),
          theirs: trees.theirs.get(one.path),
        }
      : one,
  );
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
