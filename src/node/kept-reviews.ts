/** What a person decided of a review at the terminal and has not handed in: beside the journal, so that it goes with the run. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, replaceCache } from './storage.ts';

const NAME = 'review.json';

/** Runs are those of this storage, by id. To write `undefined` keeps nothing. */
export function createKeptReviews(storage: string) {
  const folderOf = (run: string) => join(storage, 'runs', run);
  return {
    read: (run: string): Promise<string | undefined> => readIfThere(join(folderOf(run), NAME)),
    async write(run: string, text: string | undefined): Promise<void> {
      if (text === undefined) await fs.rm(join(folderOf(run), NAME), { force: true });
      else await replaceCache(folderOf(run), NAME, text);
    },
  };
}
