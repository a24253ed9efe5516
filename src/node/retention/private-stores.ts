/** Collecting garbage in the private stores of trees. Only what lies in `<storage>/store` is ever touched. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { giveUp, keptRuns, prune } from '../copies/plain/keeping.ts';
import { storeIn, type PrivateStore } from '../copies/store.ts';
import { openPlainStore, PLAIN_STORE } from '../plain-copies.ts';
import { isRealFolder, realFolders } from './remove.ts';

/** Objects that nothing refers to are kept for this long: a step under way refers to them in a moment. */
const COLLECT = ['gc', '--quiet', '--prune=1.hour.ago'];
const RUN_REF = /^refs\/quartet\/([^/]+)\//u;

export interface StoresOptions {
  readonly storage: string;
  readonly log: Log;
  readonly git?: string | undefined;
}

/** A private store, of either kind. */
export interface TreeStore {
  readonly dir: string;
  /** Runs whose trees it keeps. */
  runs(): Promise<ReadonlySet<string>>;
  /** Gives up the trees of these runs. */
  release(runs: ReadonlySet<string>): Promise<void>;
  /** Removes objects that no run needs any more. */
  prune(): Promise<void>;
}

/** The private stores of a storage folder. */
export async function privateStores({ storage, git }: StoresOptions): Promise<readonly TreeStore[]> {
  const home = join(storage, 'store');
  const stores: TreeStore[] = [];
  for (const name of await realFolders(home)) {
    const dir = join(home, name);
    if (!(await isRealFolder(join(dir, 'indexes')))) continue;
    if (/^[0-9a-f]{16}\.git$/u.test(name)) stores.push(onGit(storeIn(storage, dir, git)));
    else if (PLAIN_STORE.test(name)) stores.push(plain(storage, dir));
  }
  return stores;
}

function plain(storage: string, dir: string): TreeStore {
  return {
    dir,
    runs: async () => new Set(await keptRuns(dir)),
    release: async (runs) => {
      for (const run of runs) await giveUp(dir, run);
    },
    prune: async () => prune(dir, (await openPlainStore(storage, dir)).objects),
  };
}

const onGit = (store: PrivateStore): TreeStore => ({
  dir: store.dir,
  runs: async () => new Set((await refsOf(store)).flatMap((ref) => RUN_REF.exec(ref)?.[1] ?? [])),
  release: (runs) => releaseRuns(store, runs),
  prune: () => pruneStore(store),
});

async function refsOf(store: PrivateStore): Promise<readonly string[]> {
  const refs = await store.text(['for-each-ref', '--format=%(refname)', 'refs/quartet']);
  return refs.split('\n').filter((ref) => ref !== '');
}

async function releaseRuns(store: PrivateStore, runs: ReadonlySet<string>): Promise<void> {
  const refs = (await refsOf(store)).filter((ref) => runs.has(RUN_REF.exec(ref)?.[1] ?? ''));
  if (refs.length === 0) return;
  await store.text(['update-ref', '--stdin'], { input: refs.map((ref) => `delete ${ref}\n`).join('') });
}

/** Packs what stays. */
async function pruneStore(store: PrivateStore): Promise<void> {
  // The index of the last base makes the next one fast: git keeps what it refers to.
  const index = store.index('base');
  await store.text(COLLECT, { index }).catch(async () => {
    // It refers to objects that are lost.
    await fs.rm(index, { force: true });
    await store.text(COLLECT);
  });
}
