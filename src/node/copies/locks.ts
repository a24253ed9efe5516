/** Locks that a git which was killed left in a private store. Nobody takes them away: git refuses for ever, and a person would have to. */
import * as fs from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError } from '../../core/ports.ts';

const LOOK_MS = 250;
/** Git holds a lock for moments. One that stays the same for so long is nobody's. */
const HELD_MS_MAX = 10_000;
/** One that is so old by the clock is nobody's either, if it is still the same after one more look: clocks jump. */
const AGE_MS_MAX = 60_000;
/** Other windows may take the lock again and again; then git's own words are the answer. */
const TRIES_MAX = 120;

/** Does the work; where a lock below `dir` is in its way, waits until that is free, and removes it where it is nobody's. */
export async function despiteLocks<T>(dir: string, work: () => Promise<T>): Promise<T> {
  let former: Lock | undefined;
  let sameMs = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const path = lockIn(error, dir);
      if (path === undefined || tries === TRIES_MAX) throw error;
      const now = await lookAt(path);
      sameMs = now !== undefined && now.stamp === former?.stamp ? sameMs + LOOK_MS : 0;
      former = now;
      const isOld = now !== undefined && sameMs > 0 && now.ageMs > AGE_MS_MAX;
      if (isOld || sameMs >= HELD_MS_MAX) await fs.rm(path, { force: true });
      else await wait(LOOK_MS);
    }
  }
}

/** The lock that git's words name; undefined where it is no lock of ours. */
function lockIn(error: unknown, dir: string): string | undefined {
  if (!(error instanceof PortError) || error.code !== 'git.failed') return undefined;
  const named = /Unable to create '(.+?\.lock)': File exists/u.exec(error.message)?.[1];
  if (named === undefined) return undefined;
  const inside = relative(dir, resolve(dir, named));
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : resolve(dir, named);
}

interface Lock {
  readonly stamp: string;
  readonly ageMs: number;
}

async function lookAt(path: string): Promise<Lock | undefined> {
  const stat = await fs.lstat(path).catch(() => undefined);
  return stat && { stamp: `${path} ${stat.ino} ${stat.mtimeMs}`, ageMs: Math.abs(Date.now() - stat.mtimeMs) };
}
