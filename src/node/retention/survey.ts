/** What lies in a storage folder, and how much of the disk it takes. */
import { join } from 'node:path';
import type { RunStore } from '../../core/ports.ts';
import type { RunViews } from '../../core/run/contract.ts';
import { hasFinished, type KeptRun, type Survey } from '../../core/run/keeping/retention.ts';
import { changedAt, sizeOf } from './sizes.ts';

export interface SurveyOptions {
  readonly storage: string;
  readonly store: RunStore;
  readonly views: Pick<RunViews, 'list'>;
  /** Ends it: it then rejects. */
  readonly signal?: AbortSignal;
}

/** Touches nothing. */
export async function surveyStorage(options: SurveyOptions): Promise<Survey> {
  const runs = await keptRuns(options);
  const size = (...path: readonly string[]): Promise<number> =>
    sizeOf(join(options.storage, ...path), options.signal);
  const [copies, scratch, trees, caches] = await Promise.all([
    size('copies'),
    size('tmp', 'scratch'),
    size('store'),
    size('cache'),
  ]);
  const bytes = {
    runs: runs.reduce((sum, run) => sum + run.bytes, 0),
    copies: copies + scratch,
    trees,
    caches,
  };
  return { runs, bytes };
}

/** Runs with their size and state; a journal that cannot be read counts as unfinished. */
export async function keptRuns({
  storage,
  store,
  views,
  signal,
}: SurveyOptions): Promise<readonly KeptRun[]> {
  const entries = new Map((await views.list()).map((entry) => [entry.id, entry]));
  const runs: KeptRun[] = [];
  for (const id of await store.list()) {
    const folder = join(storage, 'runs', id);
    const entry = entries.get(id);
    const updatedAt = entry?.updatedAt ?? (await changedAt(join(folder, 'journal.jsonl'))) ?? Infinity;
    const idle = entry && hasFinished(entry) ? 'finished' : 'unfinished';
    runs.push({
      id,
      bytes: await sizeOf(folder, signal),
      updatedAt,
      state: (await store.isOwned(id)) ? 'owned' : idle,
    });
  }
  return runs;
}
