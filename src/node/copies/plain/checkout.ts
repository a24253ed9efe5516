/** Folders and trees: what a folder holds becomes a tree, and a tree becomes the files of a folder. */
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../../storage.ts';
import type { TreeEntry } from '../../merge-entries.ts';
import { targetLeadsOut } from '../root.ts';
import { eachOf, lookThrough, type Found, type Looking } from './look.ts';
import type { PlainObjects } from './objects.ts';
import { createStatCache, modeOf, type StatCache } from './seen.ts';

/** A folder, and what is known of it. */
export interface Checkout {
  readonly root: string;
  readonly rules: string;
  readonly seen: StatCache;
  /** The files of its tree. */
  entries: ReadonlyMap<string, TreeEntry>;
  /** Links of its tree that would lead out of the folder, and are not in it. */
  hidden: ReadonlySet<string>;
}

export function createCheckout(root: string, rules: string): Checkout {
  return { root, rules, seen: createStatCache(), entries: new Map(), hidden: new Set() };
}

export interface Recorded {
  readonly entries: Map<string, TreeEntry>;
  readonly notes: readonly string[];
}

/** Stores what lies in a folder. */
export async function recordFolder(
  objects: PlainObjects,
  looking: Looking,
  { seen, former }: { readonly seen: StatCache; readonly former: ReadonlyMap<string, TreeEntry> },
): Promise<Recorded> {
  const { found, notes } = await lookThrough(looking);
  const entries = new Map<string, TreeEntry>();
  await eachOf(found, async ({ path, kind, stat }) => {
    const blob = await contentOf(objects, { path, kind, stat, full: join(looking.root, path) }, seen).catch(
      (error: unknown) => {
        if (!['EACCES', 'EPERM', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
        if (errorCode(error) !== 'ENOENT') notes.push(`Left out: ${path}: ${errorCode(error) ?? ''}`);
        return undefined;
      },
    );
    if (blob !== undefined) entries.set(path, { blob, mode: modeOf(stat, former.get(path)) });
  });
  return { entries, notes };
}

async function contentOf(
  objects: PlainObjects,
  { path, kind, stat, full }: Found & { readonly full: string },
  seen: StatCache,
): Promise<string> {
  if (kind === 'link') return objects.putBytes(Buffer.from(await fs.readlink(full), 'utf8'));
  const known = seen.known(path, stat);
  if (known !== undefined) return known;
  const blob = await objects.putFile(full);
  seen.note(path, stat, blob);
  return blob;
}

const lookingAt = ({ root, rules, entries }: Checkout): Looking => ({
  root,
  rules,
  held: new Set(entries.keys()),
});

/** The tree of a folder as it is now. */
export async function snapshot(objects: PlainObjects, at: Checkout): Promise<string> {
  const { entries } = await recordFolder(objects, lookingAt(at), { seen: at.seen, former: at.entries });
  for (const path of at.hidden) {
    const entry = at.entries.get(path);
    if (entry && !entries.has(path)) entries.set(path, entry);
  }
  at.entries = entries;
  return objects.putTree(entries);
}

/** Puts every file of a folder to a tree. What a rule leaves out stays. */
export async function checkOut(objects: PlainObjects, at: Checkout, tree: string): Promise<void> {
  const wanted = await objects.files(tree);
  const { found } = await lookThrough(lookingAt(at));
  const kept = new Set<string>();
  for (const { path, kind, stat } of found) {
    const entry = wanted.get(path);
    const same = entry !== undefined && kind === 'file' && at.seen.known(path, stat) === entry.blob;
    if (same && modeOf(stat, entry) === entry.mode) kept.add(path);
    else await takeAway(at.root, path);
  }
  const hidden = new Set<string>();
  const missing = [...wanted].filter(([path]) => !kept.has(path));
  await makeFolders(
    at.root,
    missing.map(([path]) => path),
  );
  await eachOf(missing, async ([path, entry]) => {
    if (entry.mode !== '120000') return writeFile(objects, join(at.root, path), entry);
    const target = Buffer.from(await objects.bytes(entry.blob)).toString('utf8');
    if (targetLeadsOut(at.root, path, target)) hidden.add(path);
    else await onto(join(at.root, path), (full) => fs.symlink(target, full));
  });
  at.entries = wanted;
  at.hidden = hidden;
}

async function writeFile(objects: PlainObjects, full: string, entry: TreeEntry): Promise<void> {
  await onto(full, () => objects.copyOut(entry.blob, full));
  await fs.chmod(full, entry.mode === '100755' ? 0o755 : 0o644);
}

/** Makes something where nothing may be; what a rule leaves out and is in its place goes. */
async function onto(full: string, make: (full: string) => Promise<void>): Promise<void> {
  await make(full).catch(async (error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
    await fs.rm(full, { recursive: true, force: true });
    await make(full);
  });
}

/** A file or link, and the folders that it leaves empty. */
async function takeAway(root: string, path: string): Promise<void> {
  await fs.rm(join(root, path), { force: true });
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    const emptied = await fs.rmdir(join(root, at)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

/** Real folders above every path. A link or file in such a place goes: nothing is ever written through a link. */
async function makeFolders(root: string, paths: readonly string[]): Promise<void> {
  const real = new Set<string>(['.']);
  const make = async (folder: string): Promise<void> => {
    if (real.has(folder)) return;
    await make(dirname(folder));
    const full = join(root, folder);
    const stat = await fs.lstat(full).catch(() => undefined);
    if (stat && !stat.isDirectory()) await fs.rm(full, { force: true });
    if (stat?.isDirectory() !== true) await fs.mkdir(full);
    real.add(folder);
  };
  for (const path of paths) await make(dirname(path));
}
