/** Plans that change while they are carried out: what may change, and what begins anew. Pure. */
import type { PlanSpec } from '../../../protocol/plan.ts';
import { planChange } from '../../../protocol/plan-change.ts';
import { ancestorsOf, parentsIn } from '../../../protocol/plan-tree.ts';
import { unitsOf, type Unit } from './graph.ts';

/** Why the plan cannot become this one, given which tasks are done. The plan itself has been checked. */
export function problemsOfChange(
  former: PlanSpec,
  next: PlanSpec,
  isDone: (task: string) => boolean,
): readonly string[] {
  const { added, removed, changed } = planChange(former, next);
  const mixed = unitsOf(next).filter(
    ({ tasks }) => tasks.some(({ id }) => isDone(id)) && !tasks.every(({ id }) => isDone(id)),
  );
  return [
    ...changed
      .filter(isDone)
      .map((id) => `Task "${id}" is done and stays as it is: add another task for what is to be different.`),
    ...removed
      .filter(isDone)
      .map((id) => `Task "${id}" is done: its change is part of the result. Leave it in the plan.`),
    ...added.flatMap((id) =>
      ancestorsOf(id)
        .filter(isDone)
        .map((above) => `Task "${above}" is done: add "${id}" beside it, not as a sub-task.`),
    ),
    ...mixed.map(
      ({ tasks }) =>
        `A task that is done cannot be gated with one that is not: ${tasks.map(({ id }) => id).join(', ')}.`,
    ),
  ];
}

/**
 * Tasks of the former or the new plan whose unit begins anew, or goes. What has other sub-tasks, or some that differ, comes to its end
 * anew; sub-tasks stay as they are where only what is said of the whole differs.
 */
export function beginAgain(former: PlanSpec, next: PlanSpec): ReadonlySet<string> {
  const { added, removed, changed } = planChange(former, next);
  const [were, are] = [parentsIn(former.tasks), parentsIn(next.tasks)];
  const reshaped = former.tasks.map(({ id }) => id).filter((id) => were.has(id) !== are.has(id));
  const above = [...added, ...removed, ...changed].flatMap(ancestorsOf);
  const before = new Set(unitsOf(former).map(membersOf));
  const regrouped = unitsOf(next)
    .filter((unit) => !before.has(membersOf(unit)))
    .flatMap(({ tasks }) => tasks.map(({ id }) => id));
  return new Set([...removed, ...changed, ...regrouped, ...reshaped, ...above]);
}

const membersOf = ({ tasks }: Unit): string =>
  tasks
    .map(({ id }) => id)
    .sort()
    .join(' ');
