/** Read-only views of runs, whoever owns them: folds of their journals (I4). */
import type { RunEntry, RunView, Unreadable } from '../../../protocol/view.ts';
import { PortError, type Disposable, type Hasher, type RunStore } from '../../ports.ts';
import type { RunViews } from '../contract.ts';
import { isLater } from '../journal/engine-version.ts';
import { createJournalReader, storedJournal, type JournalReader } from '../journal/reader.ts';
import { pictureOf } from './shown.ts';
import { isCurrent, listingOf, readSnapshot, snapshotOf, type Listing } from './snapshot.ts';
import { createFold } from './state.ts';
import { cutShort, lostEntry, nothingRead, unreadableBy } from './unreadable.ts';

/** A status that is not live although the journal reads so: its owner is gone. */
const CLOSED: NonNullable<RunView['paused']> = {
  reason: 'closed',
  message: 'Quartet ended while this run worked; it can go on.',
};

/** Runs whose fold is kept although nobody follows them, the last looked at. */
const KEPT_MAX = 2;

const IMPORTED: NonNullable<RunView['paused']> = {
  reason: 'closed',
  message: 'The run was imported. It can be looked at, verified and replayed, but not worked on.',
};

/** One run's state, read again and again. */
type ReadView = () => Promise<RunView>;

export function createRunViews(
  store: RunStore,
  hasher: Hasher,
  origin: RunEntry['origin'] = 'editor',
): RunViews {
  const kept = new Map<string, ReadView>();
  const readerOf = (runId: string): ReadView => {
    const read = kept.get(runId) ?? createReader({ store, hasher, runId, feed: true });
    kept.delete(runId);
    kept.set(runId, read);
    for (const oldest of kept.keys()) if (kept.size > KEPT_MAX) kept.delete(oldest);
    return read;
  };
  const list = createList(store, hasher, origin);
  return {
    view: (runId) => readerOf(runId)(),
    list,
    picture: (runId, call) => pictureOf({ store, hasher }, runId, call),
    follow: (runId, changed, failed) => follow(store, runId, { view: readerOf(runId), changed, failed }),
    watchList: (changed) => store.watch(undefined, changed),
  };
}

interface Reading {
  readonly store: RunStore;
  readonly hasher: Hasher;
  readonly runId: string;
  readonly feed: boolean;
}

/** Reads a run's state again and again; only what its journal has grown by is read anew. */
function createReader(reading: Reading): ReadView {
  const folding = createFolding(reading);
  const { store, runId } = reading;
  return async () => {
    const view = await folding.view();
    return truthful(view, await store.isOwned(runId));
  };
}

interface Folding {
  /** The state as the journal has it now. */
  readonly view: () => Promise<RunView>;
  readonly place: JournalReader['place'];
}

/** One reading at a time; a journal that lost lines, which were not durable yet, is read from its start. */
function createFolding({ store, hasher, runId, feed }: Reading): Folding {
  const begin = () => ({
    fold: createFold({ feed }),
    reader: createJournalReader(storedJournal(store, runId), hasher),
  });
  let now = begin();
  let last: Promise<unknown> = Promise.resolve();
  const grow = async (): Promise<RunView> => {
    const { fold, reader } = now;
    let last = 0;
    try {
      const isWhole = await reader.catchUp((line) => {
        fold.apply(line);
        last = line.seq;
      });
      const view = fold.view();
      if (isWhole && view) return view;
      if (isWhole) throw new PortError('journal.damaged', 'The journal does not begin with a run.');
    } catch (error) {
      now = begin();
      const unreadable = unreadableBy(error, (fold.view()?.lastSeq ?? last) + 1);
      if (!unreadable) throw error;
      const view = fold.view();
      return view ? cutShort(view, unreadable) : nothingRead(runId, await store.read(runId), unreadable);
    }
    now = begin();
    return grow();
  };
  return {
    view() {
      const next = last.then(grow);
      last = next.catch(() => undefined);
      return next;
    },
    place: () => now.reader.place(),
  };
}

/** A run that nobody owns does not work, whatever its last line says. */
function truthful(read: RunView, owned: boolean): RunView {
  if (read.unreadable) return read;
  const view: RunView = isLater(read.engine) ? { ...read, later: true } : read;
  if (view.imported && !view.finished)
    return { ...view, status: 'paused', paused: IMPORTED, active: [], needs: [] };
  if (owned || view.finished || view.paused) return view;
  return { ...view, status: 'paused', paused: CLOSED, active: [] };
}

/** What is known of a listed run; `folding` as long as it may still grow. */
interface Listed {
  readonly listing: Listing;
  readonly folding?: Folding;
  readonly unreadable?: Unreadable;
}

/** Lists runs. A journal that did not grow since it was listed, here or by another process, is not read again. */
function createList(store: RunStore, hasher: Hasher, origin: RunEntry['origin']): RunViews['list'] {
  const known = new Map<string, Listed>();
  const entryOf = async (runId: string): Promise<RunEntry> => {
    const listed = await listAnew({ store, hasher, runId, feed: false }, known.get(runId));
    known.set(runId, listed);
    const { settled, engine, ...entry } = listed.listing.entry;
    const { unreadable } = listed;
    const status = settled || (await store.isOwned(runId)) ? entry.status : 'paused';
    const marks = { ...(unreadable && { unreadable }), ...(isLater(engine) && { later: true as const }) };
    return { ...entry, id: runId, status, origin, ...marks };
  };
  return async () => {
    const ids = await store.list();
    for (const id of [...known.keys()]) if (!ids.includes(id)) known.delete(id);
    const entries: RunEntry[] = [];
    for (const id of ids)
      entries.push(await entryOf(id).catch((error: unknown) => lostEntry(id, error, origin)));
    return entries;
  };
}

async function listAnew(reading: Reading, former: Listed | undefined): Promise<Listed> {
  const { store, hasher, runId } = reading;
  const text = former ? undefined : await store.readSnapshot(runId);
  const cached = former?.listing ?? (text === undefined ? undefined : readSnapshot(text, hasher));
  if (cached && !former?.folding && (await isCurrent(cached, storedJournal(store, runId))))
    return { listing: cached };
  const folding = former?.folding ?? createFolding(reading);
  const view = await folding.view();
  const listing = listingOf(view, folding.place());
  // It is looked at anew each time: somebody may bring the lines back.
  if (view.unreadable) return { listing, folding, unreadable: view.unreadable };
  const { settled } = listing.entry;
  if (settled || !(await store.isOwned(runId)))
    await store.writeSnapshot(runId, snapshotOf(listing, hasher)).catch(() => undefined);
  return settled ? { listing } : { listing, folding };
}

interface Following {
  readonly view: ReadView;
  readonly changed: (view: RunView) => void;
  readonly failed: ((error: Error) => void) | undefined;
}

/** Reads again after each growth, one reading at a time; growth during a reading leads to one more. */
function follow(store: RunStore, runId: string, { view, changed, failed }: Following): Disposable {
  let disposed = false;
  let reading = false;
  let again = false;
  let told: string | undefined;
  const tell = (error: unknown): undefined => {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (!disposed && failure.message !== told) failed?.(failure);
    told = failure.message;
  };
  const read = async (): Promise<void> => {
    again = true;
    if (reading) return;
    reading = true;
    while (isWanted()) {
      again = false;
      const state = await view().catch(tell);
      if (state) told = undefined;
      if (state && !disposed) changed(state);
    }
    reading = false;
  };
  const isWanted = (): boolean => again && !disposed;
  const watch = store.watch(runId, () => void read());
  void read();
  return {
    dispose() {
      disposed = true;
      watch.dispose();
    },
  };
}
