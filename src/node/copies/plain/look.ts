/** Walks a folder for what a tree holds of it: every file that no rule leaves out, and those that the tree held before. */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createIgnoreRules, type IgnoreRules } from '../../ignore-rules.ts';
import { errorCode, readIfThere } from '../../storage.ts';

export interface Found {
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly stat: BigIntStats;
}

export interface Looking {
  readonly root: string;
  /** On top of the folder's own `.gitignore` files. */
  readonly rules: string;
  /** Files that count although a rule leaves them out. */
  readonly held: ReadonlySet<string>;
  /** A folder that is passed over, with "/". */
  readonly but?: string | undefined;
}

const folds = process.platform === 'win32' || process.platform === 'darwin';
export const isGit = (name: string): boolean => (folds ? name.toLowerCase() : name) === '.git';

/** Notes name what could not be read. Links are found, never followed. */
export async function lookThrough(looking: Looking): Promise<{ found: Found[]; notes: string[] }> {
  const look: Look = {
    ...looking,
    ignore: createIgnoreRules(),
    holds: foldersOf(looking.held),
    found: [],
    notes: [],
  };
  await lookInto(look, '', false);
  return look;
}

interface Look extends Looking {
  readonly ignore: IgnoreRules;
  /** Folders above files that are held. */
  readonly holds: ReadonlySet<string>;
  readonly found: Found[];
  readonly notes: string[];
}

async function lookInto(look: Look, folder: string, ignored: boolean): Promise<void> {
  const entries = await fs
    .readdir(join(look.root, folder), { withFileTypes: true })
    .catch((error: unknown) => {
      if (folder === '') throw error;
      leftOut(look, folder, error);
      return [];
    });
  const ruled = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const own = ruled
    ? await readIfThere(join(look.root, folder, '.gitignore')).catch(() => undefined)
    : undefined;
  if (folder === '') look.ignore.add('', look.rules + (own ?? ''));
  else if (own !== undefined) look.ignore.add(folder, own);
  const [folders, leaves] = [[] as (readonly [string, boolean])[], [] as string[]];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (isGit(entry.name) || path === look.but) continue;
    if (entry.isDirectory()) {
      const out = ignored || look.ignore.ignores(`${path}/`);
      if (!out || look.holds.has(path)) folders.push([path, out]);
    } else if (look.held.has(path) || !(ignored || look.ignore.ignores(path))) leaves.push(path);
  }
  await eachOf(leaves, (path) => take(look, path));
  for (const [path, out] of folders) await lookInto(look, path, out);
}

/** Files that are looked at, read or written at once. */
const AT_ONCE = 16;

/** Does the work for all, some at a time. */
export async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work));
}

async function take(look: Look, path: string): Promise<void> {
  try {
    const stat = await fs.lstat(join(look.root, path), { bigint: true });
    if (stat.isFile()) look.found.push({ path, kind: 'file', stat });
    else if (stat.isSymbolicLink()) look.found.push({ path, kind: 'link', stat });
  } catch (error) {
    leftOut(look, path, error);
  }
}

function leftOut(look: Look, path: string, error: unknown): void {
  const unnamable = path.includes('\uFFFD') && errorCode(error) === 'ENOENT';
  look.notes.push(
    `Left out: ${path}: ${unnamable ? 'its name is not UTF-8' : (errorCode(error) ?? String(error))}`,
  );
}

export function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}
