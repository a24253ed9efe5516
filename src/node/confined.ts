/** Paths on disk that stay below a root, whatever links lie on the way and whenever they were made. */
import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { confine } from '../core/policy/paths.ts';
import { protectedPath } from '../core/policy/protected.ts';
import { PortError } from '../core/ports.ts';
import { draftIn } from './drafts.ts';
import { errorCode } from './storage.ts';

/** A path that was checked. */
export interface Confined {
  /** As spelled, relative to the root, with "/". */
  readonly path: string;
  /** Absolute, without links in its folders. */
  readonly full: string;
}

const outside = (path: string, why: string) =>
  new PortError('path.outside', `${path}: ${why}.`, { advice: 'Use a path inside the workspace.' });

function spelled(path: string): string {
  const confined = confine(path);
  if (!confined.ok) throw new PortError(confined.code, `${path}: ${confined.why}.`);
  return confined.path;
}

/** For reading: links are followed where they end below the root, at nothing that the spelled path would have been asked for. */
export async function confinedForReading(root: string, path: string): Promise<Confined | undefined> {
  const plain = spelled(path);
  const base = await fs.realpath(root);
  const { full, whole } = await realOf(join(base, plain), path);
  if (full !== base && !full.startsWith(base + sep)) throw outside(path, 'a link leads out of the folder');
  if (!whole) return undefined;
  const led = relative(base, full).split(sep).join('/');
  if (led !== plain && protectedPath(led)?.class !== protectedPath(plain)?.class) {
    throw outside(path, `a link leads to ${led}, which is protected`);
  }
  return { path: plain, full };
}

/** Where a path leads, or how far it does. */
async function realOf(at: string, path: string): Promise<{ readonly full: string; readonly whole: boolean }> {
  try {
    return { full: await fs.realpath(at), whole: true };
  } catch (error) {
    if (errorCode(error) === 'ELOOP') throw outside(path, 'links lead in a circle');
    if (!ABSENT.has(errorCode(error) ?? '')) throw error;
  }
  if ((await statIfThere(at))?.isSymbolicLink()) throw outside(path, 'a link leads to nothing');
  return { full: (await realOf(dirname(at), path)).full, whole: false };
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** For changing: no folder on the way, and not the file itself, may be a link. `make` creates missing folders. */
export async function confinedForWriting(root: string, path: string, make = false): Promise<Confined> {
  const plain = spelled(path);
  if (plain === '') throw new PortError('file.folder', 'The folder itself cannot be written.');
  let at = await fs.realpath(root);
  for (const name of plain.split('/').slice(0, -1)) {
    at = join(at, name);
    const stat = await statIfThere(at);
    if (stat?.isSymbolicLink()) throw outside(path, `${name} is a link`);
    if (stat && !stat.isDirectory())
      throw new PortError('file.parent', `${path}: ${name} is a file, not a folder.`);
    if (!stat && !make) throw new PortError('file.missing', `There is no file ${path}.`);
    if (!stat)
      await inFolder(dirname(at), path, (folder) => fs.mkdir(join(folder, name)).catch(ignore('EEXIST')));
  }
  return { path: plain, full: join(at, plain.slice(plain.lastIndexOf('/') + 1)) };
}

const ignore = (code: string) => (error: unknown) => {
  if (errorCode(error) !== code) throw error;
};

/**
 * Works in a checked folder by a name that stays with it, so that a link put in its place meanwhile leads nowhere. Systems
 * without such names are left with a check just before.
 */
export async function inFolder<T>(
  folder: string,
  path: string,
  work: (at: string) => Promise<T>,
): Promise<T> {
  if (process.platform !== 'linux') {
    if ((await fs.realpath(folder)) !== folder) throw outside(path, MOVED);
    return work(folder);
  }
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await fs.open(folder, flags).catch((error: unknown) => {
    throw ['ENOTDIR', 'ELOOP', 'ENOENT'].includes(errorCode(error) ?? '') ? outside(path, MOVED) : error;
  });
  try {
    const at = `/proc/self/fd/${handle.fd}`;
    if ((await fs.readlink(at)) !== folder) throw outside(path, MOVED);
    return await work(at);
  } finally {
    await handle.close();
  }
}

const MOVED = 'a folder on the way was replaced';

/** What lies at a path, links not followed. */
export async function statIfThere(full: string): Promise<Stats | undefined> {
  try {
    return await fs.lstat(full);
  } catch (error) {
    if (ABSENT.has(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Opens a checked file and makes sure that what was opened is what was checked. */
export async function openChecked({ full, path }: Confined): Promise<fs.FileHandle> {
  const handle = await fs.open(full, READ);
  const opened = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : full;
  if ((await fs.realpath(opened).catch(() => undefined)) === full) return handle;
  await handle.close();
  throw outside(path, MOVED);
}

/** A pipe must not block, and a link put there since the check must not be followed. Windows knows neither flag. */
const WINDOWS = process.platform === 'win32';
const READ = constants.O_RDONLY | (WINDOWS ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK);
const DRAFT =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (WINDOWS ? 0 : constants.O_NOFOLLOW);

export interface Replacing {
  /** Permission bits; absent: those of what was there. */
  readonly mode?: number | undefined;
  /** The bytes survive a power cut before the name does. */
  readonly durable?: boolean;
}

/** Writes a file whole or not at all. */
export async function replaceFile(at: Confined, bytes: Uint8Array, how: Replacing = {}): Promise<void> {
  const stat = await statIfThere(at.full);
  if (stat?.isSymbolicLink()) throw outside(at.path, 'it is a link');
  if (stat && !stat.isFile()) throw new PortError('file.folder', `${at.path} is not a file.`);
  const mode = how.mode ?? (stat ? stat.mode & 0o7777 : undefined);
  await replaceBy(at, (draft) => writeDraft(draft, bytes, { ...how, mode }));
}

/** Makes something under another name in the same folder, then gives it the name. */
export async function replaceBy(at: Confined, make: (draft: string) => Promise<void>): Promise<void> {
  await inFolder(dirname(at.full), at.path, async (folder) => {
    const draft = draftIn(folder, '.quartet');
    try {
      await make(draft);
      await fs.rename(draft, join(folder, basename(at.full)));
    } catch (error) {
      await fs.rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  });
}

async function writeDraft(draft: string, bytes: Uint8Array, { mode, durable }: Replacing): Promise<void> {
  const handle = await fs.open(draft, DRAFT, 0o666);
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode);
    if (durable === true) await handle.sync();
  } finally {
    await handle.close();
  }
}
