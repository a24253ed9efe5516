/** The part of the fold that keeps what planners want to be different in mid-run. */
import type { JournalLine } from '../../../protocol/events.ts';
import type { TaskEstimate } from '../../../protocol/plan-events.ts';
import type { SuggestionView } from '../../../protocol/view.ts';

export function suggestionsAfter(
  open: readonly SuggestionView[],
  line: JournalLine,
): readonly SuggestionView[] {
  switch (line.type) {
    case 'plan.suggested':
      return [...without(open, line.data.task), { key: line.key ?? '', ...line.data }];
    case 'suggestion.decided':
      return without(open, line.data.task);
    // What was given up waits again, or fails.
    case 'task.changed':
      return line.data.state === 'working' || open.length === 0 ? open : without(open, line.data.task);
    case 'run.finished':
    case 'run.upgraded':
      return [];
    default:
      return open;
  }
}

const without = (open: readonly SuggestionView[], task: string): readonly SuggestionView[] =>
  open.some((each) => each.task === task) ? open.filter((each) => each.task !== task) : open;

/** Null where one is unknown. */
export function sumUsd(estimates: readonly TaskEstimate[]): number | null {
  return estimates.reduce<number | null>(
    (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
    0,
  );
}
