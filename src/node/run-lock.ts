/** Who owns a run: a file `lock` in its folder that names the process and is touched as long as that lives. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { PortError } from '../core/ports.ts';
import { draftIn } from './drafts.ts';
import { lives, thisProcess, type ProcessName } from './processes.ts';
import { createSynced, errorCode, readIfThere, storageError } from './storage.ts';

/** How locks are timed, in milliseconds. */
export interface LockTiming {
  /** How often an owner touches its lock. */
  readonly beat: number;
  /** A lock whose process cannot be looked at (another host, no start time) may be stale after this silence. */
  readonly silence: number;
  /** How long it is then watched: clocks jump and differ, but a living owner touches its lock. */
  readonly watch: number;
}
const TIMING: LockTiming = { beat: 5_000, silence: 120_000, watch: 16_000 };
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
  /** The owner that was given up for dead although nobody saw it end, in words. */
  readonly takenFrom: string | undefined;
  /** The run folder was renamed. */
  moved(folder: string): void;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Called once if the lock is lost: somebody else has it, or its folder is gone. */
  readonly lost: (error: PortError) => void;
  readonly timing?: Partial<LockTiming>;
}

/** This process, as locks and people name it. */
export const ownName = (): string => nameIn(thisProcess());

const nameIn = ({ pid, host }: ProcessName): string => `process ${pid} on ${host}`;

/** Takes the lock of a run folder. Errors: `run.locked`, naming who has it; `storage.failed`. */
export async function takeLock(folder: string, options: LockOptions): Promise<RunLock> {
  const token = randomBytes(12).toString('hex');
  const path = join(folder, 'lock');
  const timing = { ...TIMING, ...options.timing };
  const text = JSON.stringify({ token, ...thisProcess() } satisfies LockFile);
  let takenFrom: string | undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      await createSynced(path, text);
      return keep({ first: path, token, text, takenFrom, lost: options.lost, beatMs: timing.beat });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw storageError('The run could not be locked', error);
    }
    const held = await look(path, timing);
    if (!held && tries < TRIES) continue;
    if (!held) throw locked('another process');
    if (
      held.state === 'owned' ||
      tries >= TRIES ||
      (held.state === 'silent' && !(await staysSilent(path, timing)))
    )
      throw locked(held.by);
    takenFrom = held.state === 'silent' ? silentText(held) : undefined;
    if (!(await removeStale(path, held.text))) await wait(BREAKING_MS);
  }
}

const TRIES = 5;
/** Time for another process that removes the same stale lock. */
const BREAKING_MS = 30;

/** Does the work while this process owns a run that nobody owned; undefined where somebody does, or is not surely gone. */
export async function whileFree<T>(folder: string, work: () => Promise<T>): Promise<T | undefined> {
  const timing = { silence: Infinity };
  const lock = await takeLock(folder, { lost: () => undefined, timing }).catch((error: unknown) => {
    if (error instanceof PortError && error.code === 'run.locked') return undefined;
    throw error;
  });
  if (!lock) return undefined;
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Who holds the lock of a run folder now; undefined if nobody alive does. */
export async function holder(folder: string): Promise<string | undefined> {
  const held = await look(join(folder, 'lock'), TIMING);
  return held?.state === 'owned' ? held.by : undefined;
}

/** `silent`: it cannot be looked at, and its lock was not touched for long. */
interface Held {
  readonly state: 'owned' | 'silent' | 'dead';
  readonly by: string;
  readonly silentMs: number;
  /** What was judged. */
  readonly text: string;
}

async function look(path: string, timing: LockTiming): Promise<Held | undefined> {
  const [text, touched] = [await readIfThere(path), await touchedAt(path)];
  if (text === undefined || touched === undefined) return undefined;
  // A time in the future is as far from now as one in the past: one of the clocks was put elsewhere.
  const silentMs = Math.abs(Date.now() - touched);
  const lock = parse(text);
  if (!lock)
    return {
      state: silentMs < WRITING_MS_MAX ? 'owned' : 'dead',
      by: 'a process that starts',
      silentMs,
      text,
    };
  const alive = lives(lock);
  const unsure = silentMs < timing.silence ? 'owned' : 'silent';
  return {
    state: alive === 'yes' ? 'owned' : alive === 'no' ? 'dead' : unsure,
    by: nameIn(lock),
    silentMs,
    text,
  };
}

/** Watches a lock: true where nobody touches it. */
async function staysSilent(path: string, { watch, beat }: LockTiming): Promise<boolean> {
  const before = await touchedAt(path);
  for (const end = performance.now() + watch; performance.now() < end;) {
    await wait(Math.min(watch, beat) / 5);
    if ((await touchedAt(path)) !== before) return false;
  }
  return true;
}

function silentText({ by, silentMs }: Held): string {
  return `${by}, which gave no sign of life for ${Math.round(silentMs / 60_000)} minutes`;
}

const locked = (by: string) =>
  new PortError('run.locked', `The run is owned by ${by}.`, {
    retryable: true,
    advice: 'Follow it there, stop it there, or take it over.',
  });

/** When the lock was last touched, in milliseconds since 1970. */
async function touchedAt(path: string): Promise<number | undefined> {
  try {
    return (await fs.stat(path)).mtimeMs;
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

/**
 * Removes the lock that was judged to be stale, and no other: who has judged it so may find a fresh one in its place. Only one process at a
 * time may remove a given lock; false where another does. It is moved away first, so that one that came in between is put back.
 */
async function removeStale(path: string, judged: string): Promise<boolean> {
  const claim = `${path}.stale-${createHash('sha256').update(judged).digest('hex').slice(0, 12)}`;
  if (!(await claims(claim))) return false;
  try {
    if ((await readIfThere(path)) !== judged) return true;
    const aside = draftIn(dirname(path), 'lock');
    await fs.rename(path, aside);
    if ((await readIfThere(aside)) !== judged) await fs.link(aside, path).catch(() => undefined);
    await fs.rm(aside, { force: true });
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw storageError('A stale lock could not be removed', error);
  } finally {
    await fs.rm(claim, { force: true });
  }
}

/** True for one process at a time. What a process left that died meanwhile is taken away for the next try. */
async function claims(claim: string): Promise<boolean> {
  try {
    await fs.writeFile(claim, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw storageError('A stale lock could not be removed', error);
    const madeAt = await touchedAt(claim);
    if (madeAt !== undefined && Math.abs(Date.now() - madeAt) > WRITING_MS_MAX)
      await fs.rm(claim, { force: true });
    return false;
  }
}

interface Keeping {
  readonly first: string;
  readonly token: string;
  readonly text: string;
  readonly takenFrom: string | undefined;
  readonly lost: (error: PortError) => void;
  readonly beatMs: number;
}

function keep({ first, token, text, takenFrom, lost, beatMs }: Keeping): RunLock {
  let path = first;
  const theirs = async () => parse((await readIfThere(path)) ?? '');
  const beat = async () => {
    const lock = await theirs();
    if (lock?.token === token) return fs.utimes(path, new Date(), new Date());
    // A lock that somebody deleted is put back; the journal tells whether another process wrote meanwhile.
    const back = lock === undefined && (await createSynced(path, text).then(() => true, wasTaken));
    if (back) return undefined;
    clearInterval(timer);
    lost(lostTo(lock));
    return undefined;
  };
  let beating: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beat().catch(() => undefined);
  }, beatMs);
  timer.unref();
  return {
    takenFrom,
    moved: (folder) => {
      path = join(folder, 'lock');
    },
    release: async () => {
      clearInterval(timer);
      // One that is putting the lock back would leave it behind.
      await beating;
      if ((await theirs().catch(() => undefined))?.token === token) await fs.rm(path, { force: true });
    },
  };
}

function lostTo(lock: LockFile | undefined): PortError {
  const message = lock
    ? `The run was taken over by ${nameIn(lock)}.`
    : 'The lock of the run is lost: its folder was taken away, or another process has it.';
  return new PortError('run.locked', message, { advice: 'Look at the run again; it may go on elsewhere.' });
}

/** Another process, or no folder any more, is in the way; what else fails is tried again at the next beat. */
function wasTaken(error: unknown): boolean {
  if (['EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) return false;
  throw error;
}
