/** Snapshots of folders as trees: everything that is not left out, nested repositories too, byte by byte. */
import * as fs from 'node:fs/promises';
import { PortError } from '../../core/ports.ts';
import type { TreeEntry } from '../merge-entries.ts';
import type { PrivateStore } from './store.ts';

/** A folder with the private index that belongs to it. */
export interface Staged {
  readonly tree: string;
  readonly index: string;
}

/** Nested repositories inside nested repositories are looked into this deep. */
const NESTING_MAX = 5;
const LINK = '160000';
const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
const NO_BLOB = '0000000000000000000000000000000000000000';

/**
 * Git writes contents above this length into one pack, which is synced once; others become a file each. With few bytes, a first base of
 * a large tree takes a quarter of the time. The few that are shorter still must not wait for each other: git then moves its store aside.
 */
const INTO_ONE_PACK = ['-c', 'core.bigFileThreshold=1', '-c', 'core.fsyncMethod=fsync'];

/**
 * Brings the index to what lies in the folder; `isFirst` tells that it knows nothing of it yet. The notes name what could not be read and
 * which repositories were nested.
 */
export async function stageAll(store: PrivateStore, at: Staged, isFirst = false): Promise<string[]> {
  const began = Date.now();
  const notes = await stageDeep(store, at, isFirst);
  await dateIndex(at.index, began);
  return notes;
}

async function stageDeep(store: PrivateStore, at: Staged, isFirst: boolean): Promise<string[]> {
  const notes: string[] = [];
  const opened = new Set<string>();
  for (let depth = 0; ; depth += 1) {
    const failed = await addAll(store, at, isFirst ? INTO_ONE_PACK : []);
    const nested = await nestedIn(store, at, failed !== undefined);
    const fresh = nested.filter((path) => !opened.has(path));
    if (fresh.length === 0 || depth === NESTING_MAX) {
      await drop(store, at, nested);
      return failed === undefined ? notes : [...notes, ...unreadable(failed)];
    }
    for (const path of fresh) opened.add(path);
    notes.push(
      ...fresh.map(
        (path) => `${path} is a repository of its own: its files are part of the base, its history is not.`,
      ),
    );
    await openNested(store, at, fresh);
  }
}

/** File systems count times in steps of up to two seconds. */
const STEP_MS = 2000;

/**
 * Dates an index to when its files began to be read. Git takes a file of the same length and second for unchanged unless the index is as
 * old as the file, so whatever was written since then, or shortly before, is read again the next time.
 */
export async function dateIndex(index: string, beganMs: number): Promise<void> {
  const date = new Date(Math.floor((beganMs - STEP_MS) / 1000) * 1000);
  // An empty folder has no index.
  await fs.utimes(index, date, date).catch(() => undefined);
}

/** Copies an index with its date, which is part of what it says. False where there is none. */
export async function copyIndex(from: string, to: string): Promise<boolean> {
  const stat = await fs.stat(from).catch(() => undefined);
  if (stat === undefined) return false;
  await fs.copyFile(from, to);
  await fs.utimes(to, stat.mtime, stat.mtime);
  return true;
}

/** What git said where it could not add everything; the rest is in the index. */
async function addAll(
  store: PrivateStore,
  at: Staged,
  how: readonly string[],
): Promise<PortError | undefined> {
  try {
    await store.text([...how, 'add', '-A', '--ignore-errors'], at);
    return undefined;
  } catch (error) {
    if (
      error instanceof PortError &&
      error.code === 'git.failed' &&
      !/fatal: (?!adding files failed)/u.test(error.message)
    ) {
      return error;
    }
    throw error;
  }
}

function unreadable(failed: PortError): string[] {
  const lines = failed.message
    .split('\n')
    .filter((line) => /error: /u.test(line) && !/does not have a commit/u.test(line));
  return lines.map((line) => `Left out: ${line.replace(/^.*?error: /u, '')}`);
}

/** Folders that git takes for repositories: those it stored as links, and those it refused because they have no commit. */
async function nestedIn(store: PrivateStore, at: Staged, refused: boolean): Promise<string[]> {
  const listed = await store.text(['ls-files', '-s', '-z'], at);
  const links = [...entriesOf(listed)].filter(([, entry]) => entry.mode === LINK).map(([path]) => path);
  if (!refused) return links;
  const others = (await store.text(['ls-files', '-o', '-z', '--exclude-standard'], at)).split('\0');
  return [...links, ...others.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1))];
}

/** Git looks into a nested repository once its index holds a file there; the file that is put there for it goes with the next add. */
async function openNested(store: PrivateStore, at: Staged, paths: readonly string[]): Promise<void> {
  const lines = paths.map(
    (path) => `0 ${NO_BLOB}\t${path}\0` + `100644 ${EMPTY_BLOB}\t${path}/.quartet-nested\0`,
  );
  await store.text(['update-index', '-z', '--index-info'], { ...at, input: lines.join('') });
}

async function drop(store: PrivateStore, at: Staged, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const lines = paths.map((path) => `0 ${NO_BLOB}\t${path}\0`).join('');
  await store.text(['update-index', '-z', '--index-info'], { ...at, input: lines });
}

/** Entries of an index or tree listing with `-z`: mode, id (and stage or type between), path. */
export function entriesOf(listing: string): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const record of listing.split('\0')) {
    const [, mode, blob, path] = /^(\d{6}) (?:[a-z]+ )?([0-9a-f]{40,64})(?: \d)?\t(.*)$/su.exec(record) ?? [];
    if (mode !== undefined && blob !== undefined && path !== undefined) entries.set(path, { mode, blob });
  }
  return entries;
}

/** Stores texts or bytes as they are; their ids in the same order. */
export async function storeBlobs(store: PrivateStore, contents: readonly Uint8Array[]): Promise<string[]> {
  if (contents.length === 0) return [];
  const folder = await store.draft();
  try {
    await fs.mkdir(folder);
    const paths = contents.map((_, index) => `${folder}/${index}`);
    for (const [index, path] of paths.entries())
      await fs.writeFile(path, contents[index] ?? new Uint8Array());
    const ids = await store.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], {
      input: `${paths.join('\n')}\n`,
    });
    return ids.trim().split('\n');
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Sets files of an index, or removes them where the entry is undefined. */
export async function setEntries(
  store: PrivateStore,
  index: string,
  entries: Iterable<readonly [path: string, entry: TreeEntry | undefined]>,
): Promise<void> {
  const lines = [...entries].map(([path, entry]) =>
    entry ? `${entry.mode} ${entry.blob}\t${path}\0` : `0 ${NO_BLOB}\t${path}\0`,
  );
  if (lines.length > 0)
    await store.text(['update-index', '--replace', '-z', '--index-info'], { index, input: lines.join('') });
}

/** A tree like `tree` but for some entries. */
export async function treeWith(
  store: PrivateStore,
  tree: string,
  entries: Iterable<readonly [path: string, entry: TreeEntry | undefined]>,
): Promise<string> {
  const index = await store.draft();
  try {
    await store.text(['read-tree', tree], { index });
    await setEntries(store, index, entries);
    return (await store.text(['write-tree'], { index })).trim();
  } finally {
    await fs.rm(index, { force: true });
  }
}
