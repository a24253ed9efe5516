/** Files of one root on disk. Nothing outside it is read or written, by no spelling and through no link. */
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PortError, type Files } from '../core/ports.ts';
import {
  confinedForReading,
  confinedForWriting,
  inFolder,
  openChecked,
  replaceFile,
  statIfThere,
} from './confined.ts';
import { errorCode, stored } from './storage.ts';

const missing = (path: string) => new PortError('file.missing', `There is no file ${path}.`);

/** `storage` holds scratch folders. */
export function createNodeFiles({ storage }: { readonly storage: string }): Files {
  return {
    read: (root, path) => allowed(`${path} could not be read`, () => read(root, path)),
    write: (root, path, bytes) =>
      allowed(`${path} could not be written`, async () =>
        replaceFile(await confinedForWriting(root, path, true), bytes),
      ),
    remove: (root, path) => allowed(`${path} could not be removed`, () => remove(root, path)),
    move: (root, from, to) => allowed(`${from} could not be moved`, () => move(root, from, to)),
    stat: (root, path) => allowed(`${path} could not be looked at`, () => stat(root, path)),
    names: (root, path) => allowed(`${path} could not be listed`, () => names(root, path)),
    scratch: (name) => stored('A scratch folder could not be made', () => scratch(storage, name)),
    discardScratch: (name) =>
      fs
        .rm(scratchAt(storage, name), { recursive: true, force: true, maxRetries: 4, retryDelay: 100 })
        .catch(() => undefined),
  };
}

/** A file of the project that this process may not touch is no failure of storage. */
async function allowed<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await stored(doing, work);
  } catch (error) {
    if (!(error instanceof PortError) || !DENIED.has(errorCode(error.cause) ?? '')) throw error;
    throw new PortError('file.denied', `${doing}: permission denied.`, { cause: error.cause });
  }
}

const DENIED = new Set(['EACCES', 'EPERM']);

async function read(root: string, path: string): Promise<Uint8Array | undefined> {
  const at = await confinedForReading(root, path);
  if (!at || !(await statIfThere(at.full))?.isFile()) return undefined;
  const handle = await openChecked(at);
  try {
    return (await handle.stat()).isFile() ? await handle.readFile() : undefined;
  } finally {
    await handle.close();
  }
}

async function remove(root: string, path: string): Promise<void> {
  const { full } = await confinedForWriting(root, path);
  const found = await statIfThere(full);
  if (!found) throw missing(path);
  if (found.isDirectory()) throw new PortError('file.folder', `${path} is a folder.`);
  await inFolder(dirname(full), path, (folder) => fs.unlink(join(folder, basename(full))));
}

async function move(root: string, from: string, to: string): Promise<void> {
  const source = await confinedForWriting(root, from);
  const found = await statIfThere(source.full);
  if (!found) throw missing(from);
  if (found.isDirectory()) throw new PortError('file.folder', `${from} is a folder.`);
  const target = await confinedForWriting(root, to, true);
  if (await statIfThere(target.full))
    throw new PortError('file.exists', `There is something at ${to} already.`);
  await inFolder(dirname(source.full), from, (here) =>
    inFolder(dirname(target.full), to, (there) =>
      fs.rename(join(here, basename(source.full)), join(there, basename(target.full))),
    ),
  );
}

async function stat(root: string, path: string): ReturnType<Files['stat']> {
  const at = await confinedForReading(root, path);
  const found = at && (await statIfThere(at.full));
  if (found?.isFile()) return { kind: 'file', size: found.size };
  return found?.isDirectory() ? { kind: 'folder', size: 0 } : undefined;
}

async function names(root: string, path: string): Promise<readonly string[] | undefined> {
  const at = await confinedForReading(root, path);
  if (!at || !(await statIfThere(at.full))?.isDirectory()) return undefined;
  const entries = await inFolder(at.full, path, (folder) => fs.readdir(folder, { withFileTypes: true }));
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}

function scratchAt(storage: string, name: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,199}$/iu.test(name))
    throw new PortError('path.invalid', `"${name}" names no folder.`);
  return join(storage, 'tmp', 'scratch', name);
}

async function scratch(storage: string, name: string): Promise<string> {
  const folder = scratchAt(storage, name);
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 4, retryDelay: 100 });
  await fs.mkdir(folder, { recursive: true });
  return fs.realpath(folder);
}
