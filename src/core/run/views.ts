/** Read-only views of runs, whoever owns them: folds of their journals (I4). */
import type { RunEntry, RunView } from '../../protocol/view.ts';
import { PortError, type Disposable, type Hasher, type RunStore } from '../ports.ts';
import { decodeJournal } from './codec.ts';
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
  const view = async (runId: string): Promise<RunView> => {
    const fold = createFold();
    for (const line of decodeJournal(await store.read(runId), hasher).lines) fold.apply(line);
    const state = fold.view();
    if (!state) throw new PortError('journal.damaged', `The journal of ${runId} is empty.`);
    return truthful(state, await store.isOwned(runId));
  };
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
    follow: (runId, changed) => follow(store, runId, { view, changed }),
    watchList: (changed) => store.watch(undefined, changed),
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
  readonly view: (runId: string) => Promise<RunView>;
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
      const state = await view(runId).catch(() => undefined);
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
