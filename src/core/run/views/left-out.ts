/** What the person left out of a change that was taken: the end and the summary speak of the whole otherwise. */
import type { ChangesView, RunView } from '../../../protocol/view.ts';

/** Files in words; "part of" where single changes of a file were left out. Nothing where all was taken, or none. */
function leftOut(changes: ChangesView | undefined): string | undefined {
  const { accepted = [], rejected = [] } = changes?.decided ?? {};
  if (accepted.length === 0 || rejected.length === 0) return undefined;
  const names = rejected.map(({ path, hunk }) => (hunk === undefined ? path : `part of ${path}`));
  return [...new Set(names)].join(', ');
}

type Told = Pick<RunView, 'finished' | 'summary'>;

/** The end and the summary with a sentence on what was left out. */
export function tellLeftOut({ changes, finished, summary }: RunView): Told {
  const left = leftOut(changes);
  if (left === undefined || finished === undefined) return {};
  return {
    finished: { ...finished, message: `${finished.message} You left out: ${left}.` },
    ...(summary && {
      summary: {
        ...summary,
        body: `${summary.body}\n\nLeft out in the review, whatever is said of it above: ${left}.`,
      },
    }),
  };
}
