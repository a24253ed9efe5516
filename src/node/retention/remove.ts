/** Taking folders away: out of sight at once, then for good. Links are removed, what they lead to never. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { errorCode } from '../storage.ts';

/** Folders in `<storage>/tmp` that are on their way out. */
const GONE = 'gone.';
/** A process that was just killed, or a scanner, may hold files for a moment. */
const RETRIES = { maxRetries: 4, retryDelay: 100 };

export interface Removal {
  readonly storage: string;
  readonly log: Log;
}

/** True where the folder is gone from its place. One that somebody holds is left, and logged, until the next time. */
export async function takeAway({ storage, log }: Removal, path: string): Promise<boolean> {
  if (!(await isRealFolder(path))) return false;
  const away = join(storage, 'tmp', `${GONE}${randomBytes(8).toString('hex')}`);
  try {
    await fs.mkdir(join(storage, 'tmp'), { recursive: true });
    await fs.rename(path, away);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    log.warn(`${path} is left for the next time: ${String(error)}`);
    return false;
  }
  await finish(away, log);
  return true;
}

/** Removes what an earlier removal left. */
export async function finishRemovals({ storage, log }: Removal): Promise<void> {
  const names = await fs.readdir(join(storage, 'tmp')).catch(() => []);
  for (const name of names) if (name.startsWith(GONE)) await finish(join(storage, 'tmp', name), log);
}

async function finish(path: string, log: Log): Promise<void> {
  try {
    await removeTree(path);
  } catch (error) {
    log.warn(`${path} is left for the next time: ${String(error)}`);
  }
}

/** Removes a folder with everything in it, also where folders were made read-only. */
async function removeTree(path: string): Promise<void> {
  try {
    await fs.rm(path, { recursive: true, force: true, ...RETRIES });
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    await makeWritable(path);
    await fs.rm(path, { recursive: true, force: true, ...RETRIES });
  }
}

async function makeWritable(folder: string): Promise<void> {
  if (!(await isRealFolder(folder))) return;
  await fs.chmod(folder, 0o700);
  for (const entry of await fs.readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}

/** A folder, and no link to one. */
export async function isRealFolder(path: string): Promise<boolean> {
  const stat = await fs.lstat(path).catch(() => undefined);
  return stat?.isDirectory() ?? false;
}

/** Names of the real folders in a folder that is no link itself; none where it is not there. */
export async function realFolders(folder: string): Promise<readonly string[]> {
  if (!(await isRealFolder(folder))) return [];
  const entries = await fs.readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
