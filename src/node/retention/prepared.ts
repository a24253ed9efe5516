/** Collecting what was installed for working copies: by age as lent packages are, and the oldest where it is too much. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { sizeText, type Collected } from '../../core/run/keeping/retention.ts';
import { DONE, preparedFolder } from '../copies/prepared.ts';
import { realFolders, takeAway, type Removal } from './remove.ts';
import { changedAt, sizeOf } from './sizes.ts';
import { oldestCopy, unusedBefore, unusedText } from './unused.ts';

/** Above this the oldest go. */
const BYTES_MAX = 4 * 1024 ** 3;
/** An installation that is not whole and that nothing touched for so long was cut off, in milliseconds. */
const CUT_OFF_MS = 24 * 3_600_000;

export interface CollectPrepared extends Removal {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  /** For tests. */
  readonly preparedBytesMax?: number;
}

interface Installation {
  readonly name: string;
  readonly bytes: number;
  /** When it was used last; undefined where it is not whole. */
  readonly used: number | undefined;
}

export async function collectPrepared(options: CollectPrepared, now: number): Promise<readonly Collected[]> {
  const { storage, dryRun = false, preparedBytesMax = BYTES_MAX } = options;
  const home = preparedFolder(storage);
  const found: Installation[] = [];
  for (const name of await realFolders(home)) {
    const path = join(home, name);
    found.push({ name, bytes: await sizeOf(path), used: await changedAt(path + DONE) });
  }
  const limits = { before: await unusedBefore(storage, now), needed: await oldestCopy(storage) };
  const collected: Collected[] = [];
  let kept = 0;
  for (const each of found.toSorted((one, other) => (other.used ?? 0) - (one.used ?? 0))) {
    if (options.signal?.aborted === true) break;
    const { name, bytes, used } = each;
    const isTooMuch = kept + bytes > preparedBytesMax && used !== undefined && used < limits.needed;
    const why =
      used === undefined
        ? await cutOff(join(home, name), now)
        : used < limits.before
          ? unusedText(now - used)
          : isTooMuch
            ? `installed packages, older than others of ${sizeText(preparedBytesMax)}`
            : undefined;
    const gone = why !== undefined && (dryRun || (await takeInstallation(options, join(home, name))));
    if (gone) collected.push({ what: 'cache', name, bytes, why });
    else kept += bytes;
  }
  return collected;
}

/** Why an installation that is not whole goes; undefined where somebody may be at it. */
async function cutOff(path: string, now: number): Promise<string | undefined> {
  const at = await changedAt(path);
  return at !== undefined && now - at > CUT_OFF_MS ? 'packages whose installation was cut off' : undefined;
}

/** First what says that it is whole: nothing that is half gone is lent. */
async function takeInstallation(options: CollectPrepared, path: string): Promise<boolean> {
  await fs.rm(path + DONE, { force: true });
  return takeAway(options, path);
}
