/** Reading trees of the private store. */
import { PortError, type TreeDelta } from '../../core/ports.ts';
import type { TreeEntry } from '../merge-entries.ts';
import { entriesOf } from './staging.ts';
import type { PrivateStore } from './store.ts';

/** All files of a tree. Errors: `store.missing`. */
export async function filesOf(store: PrivateStore, tree: string): Promise<Map<string, TreeEntry>> {
  return entriesOf(await store.text(['ls-tree', '-r', '-z', '--full-tree', tree]));
}

/** Bytes of `<tree>:<path>` or of a blob by id; undefined where there is no such file. */
export async function readObject(store: PrivateStore, name: string): Promise<Uint8Array | undefined> {
  if (name.includes('\n')) return undefined;
  const output = await store.catFile(['--batch'], `${name}\n`);
  const end = output.indexOf(0x0a);
  const [, type, size] = output.subarray(0, end).toString('utf8').split(' ');
  if (type !== 'blob') return undefined;
  return Uint8Array.from(output.subarray(end + 1, end + 1 + Number(size)));
}

/** Errors: `store.missing`. */
export async function assertTree(store: PrivateStore, tree: string): Promise<void> {
  const [, type] = (await store.catFile(['--batch-check'], `${tree}\n`)).toString('utf8').trim().split(' ');
  if (type === 'tree') return;
  throw new PortError('store.missing', `The tree ${tree} is not in the private store ${store.dir}.`, {
    advice: 'The private store lost part of this run. Start the goal again.',
  });
}

/** Names in a folder of a tree, folders with a trailing "/". */
export async function namesOf(
  store: PrivateStore,
  tree: string,
  path: string,
): Promise<readonly string[] | undefined> {
  const below = path === '' ? [] : ['--', `${path}/`];
  const listing = await store.text(['ls-tree', '-z', '--full-tree', tree, ...below]);
  const names = listing.split('\0').flatMap((record) => {
    const [, type, name] = /^\d{6} ([a-z]+) [0-9a-f]+\t(.*)$/su.exec(record) ?? [];
    if (name === undefined) return [];
    return [name.slice(path === '' ? 0 : path.length + 1) + (type === 'tree' ? '/' : '')];
  });
  return names.length === 0 && path !== '' ? undefined : names.sort();
}

/** True for a name that is not UTF-8: nothing can be told of such a file, nor handed over. */
export const isUnnamable = (path: string): boolean => path.includes('\uFFFD');

/** Differences of two trees, sorted by path; a moved file is a deleted and an added one. Files that cannot be named are left out. */
export async function deltasOf(store: PrivateStore, from: string, to: string): Promise<readonly TreeDelta[]> {
  const options = [
    '-r',
    '-z',
    '--raw',
    '--numstat',
    '--no-renames',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-textconv',
  ];
  return parseDeltas(await store.text(['diff-tree', ...options, from, to]));
}

/** Reads `--raw --numstat -z`: first all raw records, each followed by its path, then all counts. */
function parseDeltas(output: string): readonly TreeDelta[] {
  const fields = output.split('\0');
  const counts = new Map<string, readonly [string, string]>();
  for (const field of fields) {
    const [, additions, deletions, path] = /^(-|\d+)\t(-|\d+)\t(.*)$/su.exec(field) ?? [];
    if (additions !== undefined && deletions !== undefined && path !== undefined)
      counts.set(path, [additions, deletions]);
  }
  const deltas: TreeDelta[] = [];
  for (let at = 0; fields[at]?.startsWith(':') === true; at += 2) {
    const path = fields[at + 1] ?? '';
    deltas.push(deltaOf(fields[at] ?? '', path, counts.get(path) ?? ['0', '0']));
  }
  return deltas.filter(({ path }) => !isUnnamable(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function deltaOf(record: string, path: string, [additions, deletions]: readonly [string, string]): TreeDelta {
  const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = record.slice(1).split(' ');
  const binary = additions === '-';
  return {
    path,
    kind: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified',
    ...(status !== 'A' && { oldBlob, oldMode }),
    ...(status !== 'D' && { newBlob, newMode }),
    binary,
    additions: binary ? 0 : Number(additions),
    deletions: binary ? 0 : Number(deletions),
  };
}
