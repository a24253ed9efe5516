/** Follows a run's journal: each line once, in order. */
import type { JournalLine } from '../protocol/events.ts';
import type { Disposable, Hasher, RunStore } from '../core/ports.ts';
import { createJournalReader, storedJournal } from '../core/run/journal/reader.ts';

export interface Following extends Disposable {
  /** Reads what is there now; resolves when all of it was told. */
  catchUp(): Promise<void>;
}

/** Where lines come from. */
export interface LineSource {
  readonly store: RunStore;
  readonly hasher: Hasher;
}

/** Calls back for lines after the first `known`. */
export function followLines(
  { store, hasher }: LineSource,
  runId: string,
  known: number,
  onLine: (line: JournalLine) => void,
): Following {
  let told = known;
  let reader = createJournalReader(storedJournal(store, runId), hasher);
  let reading = Promise.resolve();
  const tell = (line: JournalLine): void => {
    if (line.seq <= told) return;
    told = line.seq;
    onLine(line);
  };
  const read = async (): Promise<void> => {
    if (await reader.catchUp(tell)) return;
    // Lines that were not durable were taken back. Numbers that were told are not told again.
    reader = createJournalReader(storedJournal(store, runId), hasher);
    await reader.catchUp(tell);
  };
  const catchUp = (): Promise<void> => {
    reading = reading.then(read, read);
    return reading;
  };
  const watch = store.watch(runId, () => void catchUp().catch(() => undefined));
  return {
    catchUp,
    dispose: () => {
      watch.dispose();
    },
  };
}

/** Number of whole lines a journal has. */
export async function countLines(store: Pick<RunStore, 'tail'>, runId: string): Promise<number> {
  let count = 0;
  for (let from = 0; ;) {
    const { lines, next } = await store.tail(runId, from);
    if (lines === '') return count;
    count += lines.split('\n').length - 1;
    from = next;
  }
}
