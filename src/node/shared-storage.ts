/** Where the editor keeps its runs: one folder for all windows on a workspace. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * VS Code gives a further window on the same folder, and sometimes a reloaded one, a place of its own beside the first's:
 * `<workspace>-1/<extension>`. Our runs have locks of their own, and every window is to see them all: the first's place is used.
 */
export async function sharedStorage(storage: string): Promise<string> {
  const place = dirname(storage);
  const first = /^(.+)-[1-9]$/.exec(basename(place))?.[1];
  if (first === undefined) return storage;
  const folder = join(dirname(place), first);
  const stat = await fs.stat(folder).catch(() => undefined);
  return stat?.isDirectory() === true ? join(folder, basename(storage)) : storage;
}

/** Of a window that may hold several folders, each has a place of its own in the window's. */
export async function storageOfFolder(storage: string, folder: string): Promise<string> {
  const real = await fs.realpath(folder).catch(() => folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 16);
  return join(await sharedStorage(storage), 'folders', name);
}
