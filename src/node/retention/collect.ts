/** Collecting garbage of a storage folder: runs that the rules give up, and what no run needs. What goes is told, with the reason. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Hasher, Log, RunStore } from '../../core/ports.ts';
import type { RunViews } from '../../core/run/contract.ts';
import { readJournal, storedJournal } from '../../core/run/journal/reader.ts';
import {
  COLLECTED_KINDS,
  runsToDrop,
  unfinishedRuns,
  type Collected,
  type CollectedKind,
  type CollectHow,
  type Dropped,
  type RetentionRules,
} from '../../core/run/keeping/retention.ts';
import { blobsIn } from '../../core/run/journal/verify.ts';
import { MANIFEST } from '../copies/lent-cache.ts';
import { whileFree } from '../run-lock.ts';
import { collectPrepared } from './prepared.ts';
import { syncFolder } from '../storage.ts';
import { privateStores } from './private-stores.ts';
import { realFolders, takeAway } from './remove.ts';
import { beganAt, unusedBefore, unusedText } from './unused.ts';
import { changedAt, sizeOf } from './sizes.ts';
import { keptRuns } from './survey.ts';
import { sweepLeftovers } from './sweep.ts';

/** Trees may be kept for a run that is being made: those of a run that is not there go when its name is so old. */
const MAKING_MS_MAX = 3_600_000;

export interface CollectOptions extends CollectHow {
  readonly storage: string;
  readonly store: RunStore;
  readonly views: Pick<RunViews, 'list'>;
  readonly hasher: Hasher;
  readonly log: Log;
  readonly git?: string;
}

/** Returns what went, also where it was stopped; it rejects only where it was before anything went. What is in use, or held by another program, is left until the next time. */
export async function collectGarbage(
  options: CollectOptions,
  rules: RetentionRules,
): Promise<readonly Collected[]> {
  const { kinds = COLLECTED_KINDS, dryRun = false } = options;
  const wants = (...some: readonly CollectedKind[]): boolean =>
    !isStopped(options) && some.some((kind) => kinds.includes(kind));
  const dropped = wants('run') ? await dropRuns(options, runsToDrop(await keptRuns(options), rules)) : [];
  const gone = new Set(dropped.map(({ name }) => name));
  const left = wants('copy', 'scratch') ? await collectLeftovers(options, gone) : [];
  const blobs = wants('blob') ? await collectBlobs(options) : [];
  const caches = wants('cache')
    ? [...(await collectCaches(options, rules.now)), ...(await collectPrepared(options, rules.now))]
    : [];
  const trees = wants('trees') && !dryRun ? await collectTrees(options, { now: rules.now, gone }) : [];
  return [...dropped, ...left, ...blobs, ...caches, ...trees];
}

const isStopped = ({ signal }: Pick<CollectHow, 'signal'>): boolean => signal?.aborted === true;

async function dropRuns(options: CollectOptions, drops: readonly Dropped[]): Promise<readonly Collected[]> {
  const { storage, dryRun } = options;
  const dropped: Collected[] = [];
  for (const { id, bytes, why } of drops) {
    if (isStopped(options)) break;
    const folder = join(storage, 'runs', id);
    const gone = dryRun === true || (await whileFree(folder, () => takeAway(options, folder)));
    if (gone === true) dropped.push({ what: 'run', name: id, bytes, why });
  }
  if (dropped.length > 0 && dryRun !== true) await syncFolder(join(storage, 'runs'));
  return dropped;
}

async function collectLeftovers(
  options: CollectOptions,
  dropped: ReadonlySet<string>,
): Promise<readonly Collected[]> {
  const { storage, log, store, views, dryRun = false, signal } = options;
  const unfinished = async (): Promise<ReadonlySet<string>> => {
    const runs = await unfinishedRuns(store, views);
    return new Set([...runs].filter((id) => !dropped.has(id)));
  };
  const sizes = new Map<string, number>();
  for (const path of [join(storage, 'copies'), join(storage, 'tmp', 'scratch')])
    for (const name of await realFolders(path))
      sizes.set(join(path, name), await sizeOf(join(path, name), signal));
  const left = await sweepLeftovers({ storage, log, unfinished, dryRun, ...(signal && { signal }) });
  return left.map(({ kind, path, run }) => ({
    what: kind,
    name: path.slice(path.lastIndexOf(run)),
    bytes: sizes.get(path) ?? 0,
    why: 'its run has finished or is gone',
  }));
}

/** Blobs that were written for a line that never was. */
async function collectBlobs(options: CollectOptions): Promise<readonly Collected[]> {
  const collected: Collected[] = [];
  for (const id of await options.store.list()) {
    const folder = join(options.storage, 'runs', id);
    if (isStopped(options)) break;
    if (await options.store.isOwned(id)) continue;
    const found = await whileFree(folder, () => unusedBlobs(options, id)).catch(() => undefined);
    collected.push(...(found ?? []));
  }
  return collected;
}

async function unusedBlobs(
  { storage, store, hasher, dryRun }: CollectOptions,
  id: string,
): Promise<readonly Collected[]> {
  const folder = join(storage, 'runs', id, 'blobs');
  const names = await fs.readdir(folder).catch(() => []);
  if (names.length === 0) return [];
  // A journal that cannot be read whole does not tell which blobs it needs.
  const { lines, tornBytes } = await readJournal(storedJournal(store, id), hasher);
  const used = new Set(tornBytes > 0 ? names : blobsIn(lines));
  const collected: Collected[] = [];
  for (const name of names.filter((each) => !used.has(each))) {
    const { size } = await fs.lstat(join(folder, name));
    if (dryRun !== true) await fs.rm(join(folder, name), { force: true });
    collected.push({ what: 'blob', name: `${id}/${name}`, bytes: size, why: 'no line refers to it' });
  }
  return collected;
}

/** Private copies of installed packages. Working copies that are there link to those that were lent since their run began. */
async function collectCaches(options: CollectOptions, now: number): Promise<readonly Collected[]> {
  const { storage, dryRun } = options;
  const folder = join(storage, 'cache', 'lent');
  const before = await unusedBefore(storage, now);
  const collected: Collected[] = [];
  for (const name of (await realFolders(folder)).filter((each) => !each.startsWith('.'))) {
    if (isStopped(options)) break;
    const path = join(folder, name);
    const used = await changedAt(join(path, MANIFEST));
    if (used === undefined || used >= before) continue;
    const bytes = await sizeOf(path);
    if (dryRun === true || (await takeAway(options, path)))
      collected.push({ what: 'cache', name, bytes, why: unusedText(now - used) });
  }
  return collected;
}

interface TreesGone {
  readonly now: number;
  /** Runs that were just dropped. */
  readonly gone: ReadonlySet<string>;
}

async function collectTrees(
  options: CollectOptions,
  { now, gone }: TreesGone,
): Promise<readonly Collected[]> {
  const collected: Collected[] = [];
  for (const privateStore of await privateStores(options)) {
    if (isStopped(options)) break;
    try {
      const before = await sizeOf(privateStore.dir);
      // Trees before runs: they are kept before the run that needs them is there.
      const kept = await privateStore.runs();
      const there = new Set(await options.store.list());
      const isGone = (id: string): boolean =>
        !there.has(id) && (gone.has(id) || now - (beganAt(id) ?? 0) > MAKING_MS_MAX);
      await privateStore.release(new Set([...kept].filter(isGone)));
      await privateStore.prune();
      const bytes = before - (await sizeOf(privateStore.dir));
      if (bytes > 0)
        collected.push({ what: 'trees', name: privateStore.dir, bytes, why: 'no run needs them' });
    } catch (error) {
      options.log.warn(`${privateStore.dir} could not be collected: ${String(error)}`);
    }
  }
  return collected;
}
