/** Collecting garbage in the private stores of trees. Only what lies in `<storage>/store` is ever touched. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { storeIn, type PrivateStore } from '../copies/store.ts';
import { isRealFolder, realFolders } from './remove.ts';

/** Objects that nothing refers to are kept for this long: a step under way refers to them in a moment. */
const COLLECT = ['gc', '--quiet', '--prune=1.hour.ago'];
const RUN_REF = /^refs\/quartet\/([^/]+)\//u;

export interface StoresOptions {
  readonly storage: string;
  readonly log: Log;
  readonly git?: string | undefined;
}

/** The private stores of a storage folder. */
export async function privateStores({ storage, git }: StoresOptions): Promise<readonly PrivateStore[]> {
  const home = join(storage, 'store');
  const stores: PrivateStore[] = [];
  for (const name of await realFolders(home)) {
    const dir = join(home, name);
    const ours = /^[0-9a-f]{16}\.git$/u.test(name) && (await isRealFolder(join(dir, 'indexes')));
    if (ours) stores.push(storeIn(storage, dir, git));
  }
  return stores;
}

/** Runs whose trees a store keeps. */
export async function runsKept(store: PrivateStore): Promise<ReadonlySet<string>> {
  const refs = await refsOf(store);
  return new Set(refs.flatMap((ref) => RUN_REF.exec(ref)?.[1] ?? []));
}

async function refsOf(store: PrivateStore): Promise<readonly string[]> {
  const refs = await store.text(['for-each-ref', '--format=%(refname)', 'refs/quartet']);
  return refs.split('\n').filter((ref) => ref !== '');
}

/** Gives up the trees of these runs. */
export async function releaseRuns(store: PrivateStore, runs: ReadonlySet<string>): Promise<void> {
  const refs = (await refsOf(store)).filter((ref) => runs.has(RUN_REF.exec(ref)?.[1] ?? ''));
  if (refs.length === 0) return;
  await store.text(['update-ref', '--stdin'], { input: refs.map((ref) => `delete ${ref}\n`).join('') });
}

/** Removes objects that no run needs any more, and packs the rest. */
export async function pruneStore(store: PrivateStore): Promise<void> {
  // The index of the last base makes the next one fast: git keeps what it refers to.
  const index = store.index('base');
  await store.text(COLLECT, { index }).catch(async () => {
    // It refers to objects that are lost.
    await fs.rm(index, { force: true });
    await store.text(COLLECT);
  });
}
