/** What differs between two plans. Pure. */
import type { PlanSpec, TaskSpec } from './plan.ts';

/** Ids of tasks. */
export interface PlanChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** What is worked on is another thing now: text, role, model, scope, dependencies. */
  readonly changed: readonly string[];
}

/** What of a task makes it another one. Priority and estimates do not. */
function essence(task: TaskSpec): string {
  const { title, description, role, model, acceptance, files, depends_on, gate, when, expand, topics } = task;
  return JSON.stringify([
    title,
    description,
    role,
    model,
    acceptance,
    files,
    depends_on,
    gate,
    when?.task,
    when?.is,
    ...(expand === true ? [expand] : []),
    ...(topics ? [{ topics }] : []),
  ]);
}

/** What of a plan makes it another one; equal for plans between which nothing differs, in the same order. */
export const planEssence = ({ tasks }: PlanSpec): string =>
  JSON.stringify(tasks.map((task) => [task.id, essence(task)]));

export function planChange(former: PlanSpec, next: PlanSpec): PlanChange {
  const before = new Map(former.tasks.map((task) => [task.id, task]));
  const ids = new Set(next.tasks.map(({ id }) => id));
  return {
    added: next.tasks.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    removed: former.tasks.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    changed: next.tasks
      .filter((task) => {
        const old = before.get(task.id);
        return old !== undefined && essence(old) !== essence(task);
      })
      .map(({ id }) => id),
  };
}

/** The change in a line, such as "new: docs; changed: api, web". "" where nothing differs. */
export function planChangeText({ added, removed, changed }: PlanChange): string {
  const parts = [
    ['new', added],
    ['changed', changed],
    ['removed', removed],
  ] as const;
  return parts.flatMap(([what, ids]) => (ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`])).join('; ');
}
