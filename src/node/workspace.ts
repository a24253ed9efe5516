/** The person's folder for the terminal: no editor, so nothing is unsaved. Written only by `apply` (I5). */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { confine } from '../core/policy/paths.ts';
import { PortError, type TreeChange, type Workspace } from '../core/ports.ts';
import {
  confinedForReading,
  confinedForWriting,
  inFolder,
  openChecked,
  replaceBy,
  replaceFile,
  statIfThere,
} from './confined.ts';
import { removeAbandoned } from './drafts.ts';
import { createWhole, errorCode, makeFolder, stored } from './storage.ts';

export interface NodeWorkspaceOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly storage: string;
}

type Outcome = Awaited<ReturnType<Workspace['apply']>>;

export function createNodeWorkspace({ root, storage }: NodeWorkspaceOptions): Workspace {
  let last: Promise<unknown> = Promise.resolve();
  return {
    root,
    name: basename(root),
    unsaved: async () => new Map(),
    read: (path) => stored(`${path} could not be read`, () => read(root, path)),
    apply: (changes) => {
      const now = last.then(() =>
        stored('The changes could not be applied', () => apply(root, join(storage, 'apply'), changes)),
      );
      last = now.catch(() => undefined);
      return now;
    },
  };
}

/** Bytes of a file, or the target of a link: what a tree holds of it. */
async function read(root: string, path: string): Promise<Uint8Array | undefined> {
  const link = await linkAt(root, path);
  if (link !== undefined) return Buffer.from(link, 'utf8');
  const at = await confinedForReading(root, path);
  if (!at || !(await statIfThere(at.full))?.isFile()) return undefined;
  const handle = await openChecked(at);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function linkAt(root: string, path: string): Promise<string | undefined> {
  const confined = confine(path);
  if (!confined.ok || confined.path === '') return undefined;
  const full = join(await fs.realpath(root), confined.path);
  const parent = await fs.realpath(dirname(full)).catch(() => undefined);
  const stat = parent === dirname(full) ? await statIfThere(full) : undefined;
  return stat?.isSymbolicLink() === true ? fs.readlink(full) : undefined;
}

/**
 * All or nothing. What is about to be done is noted in storage first; a later call with the same changes finds the note, and
 * completes what was begun or, where a file was changed by somebody since, takes back what had been written.
 */
async function apply(root: string, notes: string, changes: readonly TreeChange[]): Promise<Outcome> {
  for (const change of changes) await assertWritable(root, change);
  const note = `${identity(changes)}.json`;
  const begun = (await statIfThere(join(notes, note))) !== undefined;
  for (const { path } of changes) await removeDraftsBeside(root, path);
  const states = await Promise.all(changes.map((change) => stateOf(root, change)));
  const moved = changes.filter((_, index) => states[index] === 'other').map((change) => change.path);
  if (moved.length > 0) {
    if (begun)
      await undo(
        root,
        changes.filter((_, index) => states[index] === 'after'),
      );
    await fs.rm(join(notes, note), { force: true });
    return { ok: false, moved };
  }
  await makeFolder(notes);
  if (!begun) await createWhole(notes, note, JSON.stringify(changes.map((change) => change.path)));
  const outcome = await writeAll(root, changes);
  await fs.rm(join(notes, note), { force: true });
  return outcome;
}

/** What a killed process was about to give the file's name to lies in the person's folder. */
async function removeDraftsBeside(root: string, path: string): Promise<void> {
  const at = await confinedForWriting(root, path).catch(() => undefined);
  if (at) await inFolder(dirname(at.full), path, removeAbandoned).catch(() => undefined);
}

async function writeAll(root: string, changes: readonly TreeChange[]): Promise<Outcome> {
  const written: TreeChange[] = [];
  try {
    for (const change of changes) {
      const state = await stateOf(root, change);
      if (state === 'other') {
        await undo(root, written);
        return { ok: false, moved: [change.path] };
      }
      if (state === 'after') continue;
      await put(root, change.path, change.after, change.mode);
      written.push(change);
    }
    return { ok: true };
  } catch (error) {
    await undo(root, written);
    throw error;
  }
}

/** Names a set of changes. */
function identity(changes: readonly TreeChange[]): string {
  const hash = createHash('sha256');
  for (const { path, before, after, mode } of changes) {
    for (const part of [path, before, after, mode]) {
      hash.update(part === undefined ? 'none' : `${part.length}:`);
      if (part !== undefined) hash.update(part);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;

/** Which of its two texts a file reads as now. */
async function stateOf(
  root: string,
  { path, before, after, mode }: TreeChange,
): Promise<'before' | 'after' | 'other'> {
  const now = await read(root, path);
  if (!same(now, after)) return same(now, before) ? 'before' : 'other';
  return same(before, after) && !(await hasMode(root, path, mode)) ? 'before' : 'after';
}

async function hasMode(root: string, path: string, mode: string | undefined): Promise<boolean> {
  if (mode !== '100644' && mode !== '100755') return true;
  const stat = await statIfThere(join(root, path));
  return (
    stat === undefined || process.platform === 'win32' || ((stat.mode & 0o100) !== 0) === (mode === '100755')
  );
}

async function assertWritable(root: string, { path, after, mode }: TreeChange): Promise<void> {
  const confined = confine(path);
  if (!confined.ok) throw new PortError(confined.code, `${path}: ${confined.why}.`);
  try {
    await confinedForWriting(root, path);
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'file.missing') throw error;
  }
  if (mode !== '120000' || after === undefined) return;
  const target = Buffer.from(after).toString('utf8');
  const led = confine(target.startsWith('/') ? target : `${dirname(confined.path)}/${target}`);
  if (!led.ok)
    throw new PortError('path.outside', `${path} would be a link out of the folder, to ${target}.`);
}

/** Puts back what was written, last first, as long as it still reads as it was written. */
async function undo(root: string, written: readonly TreeChange[]): Promise<void> {
  for (const { path, before, after } of [...written].reverse()) {
    if (same(await read(root, path), after)) await put(root, path, before, undefined);
  }
}

async function put(
  root: string,
  path: string,
  bytes: Uint8Array | undefined,
  mode: string | undefined,
): Promise<void> {
  if (bytes === undefined) return takeAway(root, path);
  const at = await confinedForWriting(root, path, true);
  const stat = await statIfThere(at.full);
  if (mode === '120000' || (mode === undefined && stat?.isSymbolicLink() === true)) {
    return replaceBy(at, (draft) => fs.symlink(Buffer.from(bytes).toString('utf8'), draft));
  }
  // The permissions of a link are everybody's: they are none of the file that takes its place.
  const former = stat?.isSymbolicLink() === true ? undefined : stat?.mode;
  if (stat?.isSymbolicLink() === true) await removeEntry(at.full, path);
  return replaceFile(at, bytes, { mode: permissions(former, mode), durable: true });
}

/** The permissions of a file with its right to be run as git's mode says. */
function permissions(now: number | undefined, mode: string | undefined): number | undefined {
  if (mode !== '100644' && mode !== '100755') return undefined;
  if (now === undefined) return mode === '100755' ? 0o755 : undefined;
  const plain = now & 0o7777 & ~0o111;
  return mode === '100755' ? plain | ((plain & 0o444) >> 2) : plain;
}

function removeEntry(full: string, path: string): Promise<void> {
  return inFolder(dirname(full), path, (folder) => fs.rm(join(folder, basename(full)), { force: true }));
}

/** Removes a file and the folders that it leaves empty. */
async function takeAway(root: string, path: string): Promise<void> {
  const at = await confinedForWriting(root, path);
  await removeEntry(at.full, path);
  const base = await fs.realpath(root);
  for (let folder = dirname(at.full); folder !== base; folder = dirname(folder)) {
    const emptied = await fs.rmdir(folder).then(
      () => true,
      (error: unknown) => {
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) return false;
        throw error;
      },
    );
    if (!emptied) return;
  }
}
