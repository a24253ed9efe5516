/** Other plans that planners want in mid-run: which question is about which. */
import type { RunView, SuggestionView } from './view.ts';

/** What a question about a plan is about; undefined: the plan of the run. */
export const suggestionFor = (
  { suggestions }: Pick<RunView, 'suggestions'>,
  signal: string,
): SuggestionView | undefined =>
  suggestions?.find(({ key }) => signal === key || signal.startsWith(`${key}/`));
