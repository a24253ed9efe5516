/**
 * Contents and trees by their SHA-256, for machines without git. A tree is a sorted manifest of one folder, so that trees share the
 * folders that are the same in both.
 */
import { sep } from 'node:path';
import { PortError } from '../../../core/ports.ts';
import type { TreeEntries, TreeEntry } from '../../merge-entries.ts';
import { createContents, type Contents } from './contents.ts';
import { isGit } from './look.ts';

export interface PlainObjects extends Pick<Contents, 'putFile' | 'copyOut' | 'settle'> {
  putBytes(bytes: Uint8Array): Promise<string>;
  /** Errors: `store.missing`. */
  bytes(blob: string): Promise<Uint8Array>;
  /** Errors: `path.invalid` for a path that is none of a file in a tree. */
  putTree(entries: TreeEntries): Promise<string>;
  /** What lies in one folder of a tree, by name. Errors: `store.missing`. */
  folder(tree: string): Promise<Folder>;
  /** Every file of a tree. Errors: `store.missing`. */
  files(tree: string): Promise<Map<string, TreeEntry>>;
  /** What lies at a path; undefined where there is nothing. Errors: `store.missing`. */
  at(tree: string, path: string): Promise<TreeEntry | undefined>;
}
/** Entries by name; the id of a folder's entry is that of its tree. */
export type Folder = ReadonlyMap<string, TreeEntry>;

export const FOLDER_MODE = '40000';
/** Manifests that are kept in memory. */
const KEPT_MAX = 20_000;

export function createObjects(dir: string, tmp: string): PlainObjects {
  const contents = createContents(dir, tmp);
  const manifests = new Map<string, Folder>();
  const folder = async (tree: string): Promise<Folder> => {
    const known = manifests.get(tree);
    if (known) return known;
    const read = readManifest((await contents.read('trees', tree)).toString('utf8'));
    if (manifests.size >= KEPT_MAX) manifests.clear();
    manifests.set(tree, read);
    return read;
  };
  const collect = async (tree: string, prefix: string, into: Map<string, TreeEntry>): Promise<void> => {
    for (const [name, entry] of await folder(tree)) {
      if (entry.mode === FOLDER_MODE) await collect(entry.blob, `${prefix}${name}/`, into);
      else into.set(prefix + name, entry);
    }
  };
  const putFolder = async (nested: Nested): Promise<string> => {
    const entries: (readonly [string, TreeEntry])[] = [];
    for (const [name, inner] of nested)
      entries.push([
        name,
        inner instanceof Map ? { mode: FOLDER_MODE, blob: await putFolder(inner) } : inner,
      ]);
    return contents.put('trees', manifestOf(entries));
  };
  return {
    putFile: (path) => contents.putFile(path),
    copyOut: (blob, to) => contents.copyOut(blob, to),
    settle: () => contents.settle(),
    putBytes: (bytes) => contents.put('blobs', bytes),
    bytes: async (blob) => Uint8Array.from(await contents.read('blobs', blob)),
    putTree: (entries) => putFolder(nest(entries)),
    folder,
    files: async (tree) => {
      const into = new Map<string, TreeEntry>();
      await collect(tree, '', into);
      return into;
    },
    at: async (tree, path) => {
      let entry: TreeEntry | undefined = { mode: FOLDER_MODE, blob: tree };
      // The tree itself must be there, whatever is asked of it.
      await folder(tree);
      for (const name of path === '' ? [] : path.split('/')) {
        if (entry?.mode !== FOLDER_MODE) return undefined;
        entry = (await folder(entry.blob)).get(name);
      }
      return entry;
    },
  };
}

/** What git keeps out of its trees as well: names that lead elsewhere, and the repository's own folder. */
const isNoName = (name: string): boolean =>
  name === '' || name === '.' || name === '..' || isGit(name) || (sep === '\\' && name.includes(sep));

type Nested = Map<string, TreeEntry | Nested>;

function nest(entries: TreeEntries): Nested {
  const top: Nested = new Map();
  for (const [path, entry] of entries) {
    const names = path.split('/');
    if (names.some(isNoName))
      throw new PortError('path.invalid', `"${path}" is no path of a file in a tree.`);
    const last = names.pop() ?? '';
    let at = top;
    for (const name of names) {
      const inner = at.get(name);
      const next = inner instanceof Map ? inner : (new Map() as Nested);
      at.set(name, next);
      at = next;
    }
    at.set(last, entry);
  }
  return top;
}

function manifestOf(entries: readonly (readonly [string, TreeEntry])[]): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, { mode, blob }]) => `${mode} ${blob} ${name}\0`).join('');
}

function readManifest(text: string): Folder {
  const lines = text.split('\0').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [mode = '', blob = ''] = line.split(' ', 2);
      return [line.slice(mode.length + blob.length + 2), { mode, blob }] as const;
    }),
  );
}
