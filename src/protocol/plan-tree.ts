/** Which task is part of which: a sub-task is named `<parent>.<child>`. Pure. */
import type { PlanSpec, TaskSpec } from './plan.ts';

/** Id of the task that it is part of. */
export function parentOf(id: string): string | undefined {
  const at = id.lastIndexOf('.');
  return at < 0 ? undefined : id.slice(0, at);
}

/** Levels above it: 0 for a task that is part of none. */
export const depthOf = (id: string): number => id.split('.').length - 1;

/** Whether it is part of the other, however deep. */
export const isBelow = (id: string, other: string): boolean => id.startsWith(`${other}.`);

/** Ids of the tasks that it is part of, outermost first. */
export function ancestorsOf(id: string): readonly string[] {
  const parts = id.split('.');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
}

/** Ids of the tasks that have sub-tasks. */
export function parentsIn(tasks: readonly Pick<TaskSpec, 'id'>[]): ReadonlySet<string> {
  return new Set(tasks.flatMap(({ id }) => parentOf(id) ?? []));
}

/** The plan with these sub-tasks of a task, in the place of those that it had. */
export function graft(plan: PlanSpec, task: string, parts: readonly TaskSpec[]): PlanSpec {
  const rest = plan.tasks.filter(({ id }) => !isBelow(id, task));
  const at = rest.findIndex(({ id }) => id === task) + 1;
  return { ...plan, tasks: [...rest.slice(0, at), ...parts, ...rest.slice(at)] };
}
