/** What storage files need in common: error codes, durable creation, folders that survive a power cut. */
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PortError } from '../core/ports.ts';
import { draftIn } from './drafts.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const AGAIN = new Set(['EBUSY', 'EMFILE', 'ENFILE', 'EAGAIN', 'EINTR', 'ETXTBSY']);

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** A failure of the file system as `storage.full` or `storage.failed`. Errors of ports pass unchanged. */
export function storageError(doing: string, cause: unknown): PortError {
  if (cause instanceof PortError) return cause;
  const code = errorCode(cause) ?? '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (FULL.has(code)) {
    return new PortError('storage.full', `${doing}: there is no space left (${code}).`, {
      cause,
      advice: 'Free some space on the disk that holds the storage folder, then resume the run.',
    });
  }
  return new PortError('storage.failed', `${doing}: ${reason}`, {
    cause,
    retryable: AGAIN.has(code),
    advice: 'Check that the storage folder exists, is writable and its disk is healthy, then resume the run.',
  });
}

/** Runs an operation on storage; its failure is a `PortError` that begins with `doing`. */
export async function stored<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(doing, error);
  }
}

/** Makes the names in a folder durable. Where folders cannot be synced (Windows) the file system journals them itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and those above it, each name durable. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await fs.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(dirname(at));
    if (at === first || at === dirname(at)) return;
  }
}

/** Creates a file with these bytes and syncs it. Errors: EEXIST. The name is durable once its folder is synced. */
export async function createSynced(path: string, bytes: string | Uint8Array): Promise<void> {
  const handle = await fs.open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a file in `folder` that is there whole or not at all, and durable when resolved. An existing one is kept. */
export async function createWhole(folder: string, name: string, bytes: string | Uint8Array): Promise<void> {
  const draft = draftIn(folder, `.${name}`);
  try {
    await createSynced(draft, bytes);
    await fs.rename(draft, join(folder, name));
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Replaces a file that may be lost: whole or not there at all, but not durable. */
export async function replaceCache(folder: string, name: string, text: string): Promise<void> {
  const draft = draftIn(folder, `.${name}`);
  try {
    await fs.writeFile(draft, text, { flag: 'wx', mode: 0o600 });
    await fs.rename(draft, join(folder, name));
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
}

/** A text file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
