/** Where a person who decides hunk by hunk goes on. */
import { hunkDecision, type Judged } from './decisions.ts';

export interface HunkAt {
  readonly path: string;
  readonly id: string;
  /** Of the proposed text, from 1. */
  readonly line: number;
}

/** The next hunk that is not decided: further down in the file, then in the files after it, then from the top. */
export function nextUndecided(
  files: readonly Judged[],
  from: { readonly path: string; readonly id: string },
): HunkAt | undefined {
  const all = files.flatMap(({ file, progress, hunks }) =>
    hunks.map((each) => ({
      at: { path: file.path, id: each.hunk.id, line: Math.max(1, each.hunk.newStart) },
      isOpen: hunkDecision(progress, each) === 'undecided',
    })),
  );
  const place = all.findIndex(({ at }) => at.path === from.path && at.id === from.id);
  return [...all.slice(place + 1), ...all.slice(0, place + 1)].find(({ isOpen }) => isOpen)?.at;
}
