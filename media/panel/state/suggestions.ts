/** Other plans that planners want in mid-run: what would be different. */
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { planChange } from '../../../src/protocol/plan-change.ts';
import { graft } from '../../../src/protocol/plan-tree.ts';
import { suggestionFor } from '../../../src/protocol/suggestion.ts';
import type { RunView, SuggestionView } from '../../../src/protocol/view.ts';

/** The plan that a question is about. */
export const planUnder = (run: RunView, signal: string): PlanSpec | undefined =>
  suggestionFor(run, signal)?.plan ?? run.plan?.spec;

/** The whole plan as it would be with what is suggested, or with an edit of it. */
export function wholePlan(
  run: RunView,
  suggestion: SuggestionView | undefined,
  edited: PlanSpec | undefined = suggestion?.plan,
): PlanSpec | undefined {
  if (suggestion?.kind !== 'breakdown') return edited;
  return run.plan && edited && graft(run.plan.spec, suggestion.task, edited.tasks);
}

/** A task that would come, go or be another. */
export interface Different {
  readonly id: string;
  readonly how: 'added' | 'changed' | 'removed';
  readonly title: string;
  readonly role: string;
}

export function differenceOf(run: RunView, suggestion: SuggestionView): readonly Different[] {
  const former = run.plan?.spec ?? { summary: '', tasks: [] };
  const next = wholePlan(run, suggestion) ?? former;
  const { added, changed, removed } = planChange(former, next);
  const told = (ids: readonly string[], how: Different['how'], { tasks }: PlanSpec): readonly Different[] =>
    tasks.filter(({ id }) => ids.includes(id)).map(({ id, title, role }) => ({ id, how, title, role }));
  return [
    ...told(added, 'added', next),
    ...told(changed, 'changed', next),
    ...told(removed, 'removed', former),
  ];
}
