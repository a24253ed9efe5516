/** Follows a run's journal: each line once, in order. */
import type { JournalLine } from '../protocol/events.ts';
import type { Disposable, RunStore } from '../core/ports.ts';

export interface Following extends Disposable {
  /** Reads what is there now; resolves when all of it was told. */
  catchUp(): Promise<void>;
}

/** Calls back for lines after the first `known`. */
export function followLines(
  store: RunStore,
  runId: string,
  known: number,
  onLine: (line: JournalLine, text: string) => void,
): Following {
  let told = known;
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    const lines = (await store.read(runId)).split('\n').slice(0, -1);
    for (const text of lines.slice(told)) onLine(JSON.parse(text) as JournalLine, text);
    told = Math.max(told, lines.length);
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
export async function countLines(store: RunStore, runId: string): Promise<number> {
  return (await store.read(runId)).split('\n').length - 1;
}
