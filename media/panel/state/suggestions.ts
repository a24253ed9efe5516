/** Other plans that planners want in mid-run: which question is about which, and what would be different. */
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { planChange } from '../../../src/protocol/plan-change.ts';
import { graft } from '../../../src/protocol/plan-tree.ts';
import type { RunView, SuggestionView } from '../../../src/protocol/view.ts';

/** What a question about a plan is about; undefined: the plan of the run. */
export const suggestionFor = ({ suggestions }: RunView, signal: string): SuggestionView | undefined =>
  suggestions?.find(({ key }) => signal === key || signal.startsWith(`${key}/`));

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
