/** What runs left behind when they were cut off: working copies, scratch folders, drafts. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { isAbandoned, removeAbandoned } from '../drafts.ts';
import { whileFree } from '../run-lock.ts';
import { finishRemovals, isRealFolder, realFolders, takeAway } from './remove.ts';

export interface SweepOptions {
  readonly storage: string;
  readonly log: Log;
  /** Runs that may still need their folders. Asked only where a folder was found. */
  readonly unfinished: () => Promise<ReadonlySet<string>>;
  /** Only tells what would go. */
  readonly dryRun?: boolean;
  /** Stops after what is being taken away. */
  readonly signal?: AbortSignal;
}

/** A folder that goes. */
export interface Leftover {
  readonly path: string;
  /** The run that it belonged to. */
  readonly run: string;
  readonly kind: 'copy' | 'scratch';
}

/** An index of a working copy, or its lock. */
const INDEX = /^(.+)\.[0-9a-f]{12}(?:\.lock)?$/u;
/** Folders of ours are named after their run. */
const RUN_NAME = /^run-[0-9a-z]+-[0-9a-z]+(?=-)/u;
/**
 * Removes working copies and scratch folders that belong to no unfinished run, and drafts of dead processes. Nothing outside the storage folder and
 * nothing behind a link is touched, nor what does not carry the name of a run. Returns what went.
 */
export async function sweepLeftovers(options: SweepOptions): Promise<readonly Leftover[]> {
  const { storage, dryRun = false } = options;
  // Folders before runs: a folder seen here belongs to a run that is seen below.
  const found = [
    ...(await leftIn(join(storage, 'copies'), 'copy')),
    ...(await leftIn(join(storage, 'tmp', 'scratch'), 'scratch')),
  ];
  const needed = found.length === 0 ? new Set() : await options.unfinished();
  const leftovers = found.filter(({ run }) => !needed.has(run));
  if (dryRun) return leftovers;
  await finishRemovals(options);
  const gone: Leftover[] = [];
  for (const leftover of leftovers) {
    if (options.signal?.aborted === true) return gone;
    if (await takeLeftover(options, leftover)) gone.push(leftover);
  }
  await removeIndexes(storage);
  await removeDrafts(options);
  return gone;
}

async function leftIn(folder: string, kind: Leftover['kind']): Promise<readonly Leftover[]> {
  return (await realFolders(folder)).flatMap((name) => {
    const run = RUN_NAME.exec(name)?.[0];
    return run === undefined ? [] : [{ path: join(folder, name), run, kind }];
  });
}

/** A finished run may be owned once more, to apply or undo its change: then its folders stay. */
async function takeLeftover(options: SweepOptions, { path, run }: Leftover): Promise<boolean> {
  const folder = join(options.storage, 'runs', run);
  if (!(await isRealFolder(folder))) return takeAway(options, path);
  return (await whileFree(folder, () => takeAway(options, path))) ?? false;
}

/** Indexes in the private stores whose working copy is not there: one is made after its folder, and goes after it. */
async function removeIndexes(storage: string): Promise<void> {
  for (const store of await realFolders(join(storage, 'store'))) {
    const indexes = join(storage, 'store', store, 'indexes');
    for (const file of await fs.readdir(indexes).catch(() => [])) {
      const copy = INDEX.exec(file)?.[1];
      if (copy === undefined || !RUN_NAME.test(copy) || (await isRealFolder(join(storage, 'copies', copy))))
        continue;
      await fs.rm(join(indexes, file), { force: true });
    }
  }
}

/** Runs, trees, caches and notes that were being made when their process ended. */
async function removeDrafts(options: SweepOptions): Promise<void> {
  const { storage } = options;
  for (const folder of [join(storage, 'tmp'), join(storage, 'cache', 'lent')]) {
    if (!(await isRealFolder(folder))) continue;
    for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
      if (!(await isAbandoned(folder, entry.name))) continue;
      if (entry.isDirectory()) await takeAway(options, join(folder, entry.name));
      else await fs.rm(join(folder, entry.name), { force: true });
    }
  }
  const stores = (await realFolders(join(storage, 'store'))).map((name) => join(storage, 'store', name));
  const parts = stores.flatMap((store) => [store, join(store, 'info'), join(store, 'indexes')]);
  for (const folder of [join(storage, 'apply'), ...parts])
    if (await isRealFolder(folder)) await removeAbandoned(folder);
}
