/** Plans that change while they are carried out: what may change, and what begins anew. Pure. */
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { planChange } from '../../../protocol/plan-change.ts';
import { ancestorsOf, isBelow, parentsIn } from '../../../protocol/plan-tree.ts';
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
 * anew; of its other sub-tasks `partsOfChanged` says which do.
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

/** Tasks with sub-tasks that read otherwise now than whoever works on these was told. */
export const wholesReworded = (former: PlanSpec, next: PlanSpec): readonly string[] =>
  wholesThatDiffer(former, next, toldOf);

/** Sub-tasks, however deep, of tasks that read otherwise now, or wait for something else. */
export function partsOfChanged(former: PlanSpec, next: PlanSpec): readonly string[] {
  const wholes = wholesThatDiffer(former, next, (task) => `${toldOf(task)} ${waitsOf(task)}`);
  return next.tasks.map(({ id }) => id).filter((id) => wholes.some((whole) => isBelow(id, whole)));
}

function wholesThatDiffer(
  former: PlanSpec,
  next: PlanSpec,
  of: (task: TaskSpec) => string,
): readonly string[] {
  const parents = parentsIn(next.tasks);
  const before = new Map(former.tasks.map((task) => [task.id, of(task)]));
  return next.tasks
    .filter((task) => parents.has(task.id) && (before.get(task.id) ?? of(task)) !== of(task))
    .map(({ id }) => id);
}

const toldOf = ({ title, description }: TaskSpec): string => JSON.stringify([title, description]);
const waitsOf = ({ depends_on, when }: TaskSpec): string =>
  JSON.stringify([depends_on, when?.task, when?.is]);

const membersOf = ({ tasks }: Unit): string =>
  tasks
    .map(({ id }) => id)
    .sort()
    .join(' ');
