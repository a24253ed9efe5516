/** Which installed packages nobody uses any more. */
import { join } from 'node:path';
import { realFolders } from './remove.ts';

const DAY_MS = 24 * 3_600_000;
/** What was not used for so long goes. */
const DAYS_MAX = 30;

/** When a run began, by its name or that of a folder of it; undefined where the name tells no time. */
export function beganAt(name: string): number | undefined {
  const time = /^run-([0-9a-z]{9})-/u.exec(name)?.[1];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}

/** What was used last before this time may go: working copies that are there use what was used since their run began. */
export async function unusedBefore(storage: string, now: number): Promise<number> {
  return Math.min(now - DAYS_MAX * DAY_MS, await oldestCopy(storage));
}

/** When the first of the runs began that have working copies now; `Infinity` where none has. */
export async function oldestCopy(storage: string): Promise<number> {
  const names = await realFolders(join(storage, 'copies'));
  return Math.min(...names.map((name) => beganAt(name) ?? 0));
}

export const unusedText = (ms: number): string =>
  `installed packages, not used for ${Math.floor(ms / DAY_MS)} days`;
