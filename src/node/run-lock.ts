/** Who owns a run: a file `lock` in its folder that names the process and is touched as long as that lives. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { PortError } from '../core/ports.ts';
import { lives, thisProcess } from './processes.ts';
import { createSynced, errorCode, readIfThere, storageError } from './storage.ts';

const BEAT_MS = 5_000;
/** A lock whose process cannot be looked at (another host, no start time) is stale after this silence. */
const SILENCE_MS_MAX = 120_000;
/** A lock that cannot be read is being written, unless it is older than this. */
const WRITING_MS_MAX = 10_000;

const LockFile = z.object({
  token: z.string(),
  pid: z.number().int().positive(),
  host: z.string(),
  started: z.string().optional(),
});
type LockFile = z.infer<typeof LockFile>;

export interface RunLock {
  /** The run folder was renamed. */
  moved(folder: string): void;
  release(): Promise<void>;
}

/**
 * Takes the lock of a run folder. `lost` is called once if another process took it over, which it may do only after it
 * found this one dead. Errors: `run.locked`, `storage.failed`.
 */
export async function takeLock(folder: string, lost: (error: PortError) => void): Promise<RunLock> {
  const token = randomBytes(12).toString('hex');
  const path = join(folder, 'lock');
  const text = JSON.stringify({ token, ...thisProcess() } satisfies LockFile);
  for (let tries = 0; ; tries += 1) {
    try {
      await createSynced(path, text);
      return keep(path, token, lost);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw storageError('The run could not be locked', error);
    }
    const held = await holder(folder);
    if (held !== undefined || tries >= 5) throw locked(held);
    await removeStale(path, token);
  }
}

/** Who holds the lock of a run folder now; undefined if nobody alive does. */
export async function holder(folder: string): Promise<string | undefined> {
  const path = join(folder, 'lock');
  const [text, silent] = [await readIfThere(path), await silenceMs(path)];
  if (text === undefined || silent === undefined) return undefined;
  const lock = parse(text);
  if (!lock) return silent < WRITING_MS_MAX ? 'a process that starts' : undefined;
  const alive = lives(lock);
  const owned = alive === 'yes' || (alive === 'unsure' && silent < SILENCE_MS_MAX);
  return owned ? `process ${lock.pid} on ${lock.host}` : undefined;
}

const locked = (by: string | undefined) =>
  new PortError('run.locked', `The run is owned by ${by ?? 'another process'}.`, {
    retryable: true,
    advice: 'Follow it there, or stop it there first.',
  });

/** Milliseconds since the lock was last touched. A time in the future, after a clock was put back, counts as now. */
async function silenceMs(path: string): Promise<number | undefined> {
  try {
    return Math.max(0, Date.now() - (await fs.stat(path)).mtimeMs);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): LockFile | undefined {
  try {
    return LockFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Moves a stale lock away before deleting it, so that a fresh one that came in between is noticed and put back. */
async function removeStale(path: string, token: string): Promise<void> {
  const before = await readIfThere(path);
  const aside = `${path}.${token}`;
  try {
    await fs.rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw storageError('A stale lock could not be removed', error);
  }
  const moved = await readIfThere(aside);
  if (moved !== before) await fs.link(aside, path).catch(() => undefined);
  await fs.rm(aside, { force: true });
}

function keep(first: string, token: string, lost: (error: PortError) => void): RunLock {
  let path = first;
  const mine = async () => parse((await readIfThere(path)) ?? '')?.token === token;
  const beat = async () => {
    const now = new Date();
    if (await mine()) return fs.utimes(path, now, now);
    clearInterval(timer);
    lost(new PortError('run.locked', 'Another process took the run over.', { advice: 'Follow it there.' }));
    return undefined;
  };
  const timer = setInterval(() => void beat().catch(() => undefined), BEAT_MS);
  timer.unref();
  return {
    moved: (folder) => {
      path = join(folder, 'lock');
    },
    release: async () => {
      clearInterval(timer);
      if (await mine().catch(() => false)) await fs.rm(path, { force: true });
    },
  };
}
