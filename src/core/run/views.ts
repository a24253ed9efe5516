/** Read-only views of runs, whoever owns them: folds of their journals (I4). */
import type { RunEntry, RunView } from '../../protocol/view.ts';
import { PortError, type Disposable, type Hasher, type RunStore } from '../ports.ts';
import { CHAIN_START, decodeJournal } from './codec.ts';
import type { RunViews } from './contract.ts';
import { createFold } from './state.ts';

/** A status that is not live although the journal reads so: its owner is gone. */
const CLOSED: NonNullable<RunView['paused']> = {
  reason: 'closed',
  message: 'Quartet ended while this run worked; it can go on.',
};

export function createRunViews(
  store: RunStore,
  hasher: Hasher,
  origin: RunEntry['origin'] = 'editor',
): RunViews {
  const reader = (runId: string): (() => Promise<RunView>) => createReader(store, hasher, runId);
  const view = (runId: string): Promise<RunView> => reader(runId)();
  return {
    view,
    async list() {
      const entries: RunEntry[] = [];
      for (const id of await store.list()) {
        const state = await view(id).catch(() => undefined);
        if (state) entries.push(entryOf(state, origin));
      }
      return entries;
    },
    follow: (runId, changed) => follow(store, runId, { view: reader(runId), changed }),
    watchList: (changed) => store.watch(undefined, changed),
  };
}

/** Reads a run's state again and again; only what its journal has grown by is decoded anew. */
function createReader(store: RunStore, hasher: Hasher, runId: string): () => Promise<RunView> {
  let fold = createFold();
  let known = 0;
  let end = CHAIN_START;
  return async () => {
    const text = await store.read(runId);
    // A journal that does not go on from what was read is read anew: it was cut, or is another.
    if (known > 0 && !text.slice(0, known).endsWith(`"sum":"${end.sum}"}\n`))
      [fold, known, end] = [createFold(), 0, CHAIN_START];
    const grown = decodeJournal(text.slice(known), hasher, end);
    for (const line of grown.lines) fold.apply(line);
    known = text.length - grown.torn.length;
    end = grown.end;
    const state = fold.view();
    if (!state) throw new PortError('journal.damaged', `The journal of ${runId} is empty.`);
    return truthful(state, await store.isOwned(runId));
  };
}

/** A run that nobody owns does not work, whatever its last line says. */
function truthful(view: RunView, owned: boolean): RunView {
  if (owned || view.finished || view.paused) return view;
  return { ...view, status: 'paused', paused: CLOSED, active: [] };
}

function entryOf(view: RunView, origin: RunEntry['origin']): RunEntry {
  const { id, goal, mode, demo, status, startedAt, updatedAt } = view;
  return { id, goal, mode, demo, status, startedAt, updatedAt, origin };
}

interface Following {
  readonly view: () => Promise<RunView>;
  readonly changed: (view: RunView) => void;
}

/** Reads again after each growth, one reading at a time; growth during a reading leads to one more. */
function follow(store: RunStore, runId: string, { view, changed }: Following): Disposable {
  let disposed = false;
  let reading = false;
  let again = false;
  const read = async (): Promise<void> => {
    again = true;
    if (reading) return;
    reading = true;
    while (isWanted()) {
      again = false;
      const state = await view().catch(() => undefined);
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
