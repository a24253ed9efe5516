/** A plan being edited. Every edit returns a new plan; what other tasks say of a removed one goes with it. */
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { t } from '../texts.ts';
import { isActive } from './names.ts';

/** In place of a question: the edit is of a plan that is being carried out. */
export const LIVE_PLAN = 'live';

/** Whether the plan can be changed while it is carried out. */
export const isLivePlan = (run: RunView): boolean => isActive(run) && run.plan?.decided === 'approved';

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** What a person may change of a task. */
export type TaskPatch = Partial<
  Pick<TaskSpec, 'title' | 'description' | 'role' | 'model' | 'depends_on' | 'candidates'>
>;

const withTasks = (plan: PlanSpec, tasks: TaskSpec[]): PlanSpec => ({ ...plan, tasks });

export const changeTask = (plan: PlanSpec, id: string, patch: TaskPatch): PlanSpec =>
  withTasks(
    plan,
    plan.tasks.map((task) => (task.id === id ? { ...task, ...patch } : task)),
  );

/** The plan with an empty task at its end; the task's id is the first free `task-n`. */
export function addTask(plan: PlanSpec): PlanSpec {
  const taken = new Set(plan.tasks.map(({ id }) => id));
  let number = plan.tasks.length + 1;
  while (taken.has(`task-${number}`)) number += 1;
  const task: TaskSpec = {
    id: `task-${number}`,
    title: '',
    description: '',
    role: 'coder',
    depends_on: [],
    acceptance: [],
    priority: 0,
    gate: 'own',
  };
  return withTasks(plan, [...plan.tasks, task]);
}

export const removeTask = (plan: PlanSpec, id: string): PlanSpec =>
  withTasks(
    plan,
    plan.tasks.filter((task) => task.id !== id).map((task) => forget(task, id)),
  );

function forget(task: TaskSpec, id: string): TaskSpec {
  const { when, ...rest } = task;
  return {
    ...rest,
    depends_on: task.depends_on.filter((other) => other !== id),
    gate: task.gate !== 'own' && task.gate.with === id ? 'own' : task.gate,
    ...(when !== undefined && when.task !== id && { when }),
  };
}

/** The plan with a task moved by `by` places, as far as there are places. */
export function moveTask(plan: PlanSpec, id: string, by: number): PlanSpec {
  const from = plan.tasks.findIndex((task) => task.id === id);
  const to = Math.min(plan.tasks.length - 1, Math.max(0, from + by));
  const moved = plan.tasks[from];
  if (moved === undefined || to === from) return plan;
  const rest = plan.tasks.filter((task) => task !== moved);
  return withTasks(plan, [...rest.slice(0, to), moved, ...rest.slice(to)]);
}

/** The plan with a dependency of task `id` on `other` turned on or off. */
export function toggleDependency(plan: PlanSpec, id: string, other: string): PlanSpec {
  const depends = plan.tasks.find((task) => task.id === id)?.depends_on ?? [];
  const on = depends.includes(other);
  return changeTask(plan, id, {
    depends_on: on ? depends.filter((each) => each !== other) : [...depends, other],
  });
}

/** One thing that keeps a plan from being sent, and the task it is about. */
export interface DraftProblem {
  readonly task?: string;
  readonly text: string;
}

/**
 * What is wrong with a plan as it stands, as far as the page can tell: a plan without problems fits `PlanSpec`.
 * The editor knows more (`plan.check`).
 */
export function draftProblems(plan: PlanSpec): readonly DraftProblem[] {
  if (plan.tasks.length === 0) return [{ text: t('A plan needs at least one task.') }];
  const ids = new Set(plan.tasks.map(({ id }) => id));
  const cycle = findCycle(plan);
  return [
    ...plan.tasks.flatMap((task) => taskProblems(task, ids)),
    ...(cycle === undefined
      ? []
      : [{ text: t('Tasks wait for each other in a circle: {0}.', cycle.join(' → ')) }]),
  ];
}

function taskProblems(task: TaskSpec, ids: ReadonlySet<string>): readonly DraftProblem[] {
  const says = (wrong: boolean, text: string): DraftProblem[] => (wrong ? [{ task: task.id, text }] : []);
  const name = task.title.trim() || task.id;
  const missing = task.depends_on.filter((id) => !ids.has(id));
  return [
    ...says(!ID.test(task.id), t('{0}: the id is not plain.', name)),
    ...says(task.title.trim() === '', t('{0} needs a title.', task.id)),
    ...says(task.title.length > 120, t('{0}: the title is longer than 120 characters.', task.id)),
    ...says(task.description.trim() === '', t('{0} needs a description.', name)),
    ...says(task.description.length > 8000, t('{0}: the description is longer than 8000 characters.', name)),
    ...says(task.role.trim() === '', t('{0} needs a role.', name)),
    ...says(missing.length > 0, t('{0} waits for {1}, which is not in the plan.', name, missing.join(', '))),
    ...says(task.depends_on.length > 50, t('{0} waits for more than 50 tasks.', name)),
  ];
}

/** A circle of dependencies, its first task repeated at the end; undefined if there is none. */
export function findCycle(plan: PlanSpec): readonly string[] | undefined {
  const depends = new Map(plan.tasks.map(({ id, depends_on }) => [id, depends_on]));
  const cleared = new Set<string>();
  const walk = (id: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(id);
    if (at >= 0) return [...path.slice(at), id];
    if (cleared.has(id)) return undefined;
    const found = (depends.get(id) ?? []).map((next) => walk(next, [...path, id])).find((cycle) => cycle);
    if (!found) cleared.add(id);
    return found;
  };
  return plan.tasks.map(({ id }) => walk(id, [])).find((cycle) => cycle);
}

/** What the tasks are estimated to take, in tokens; undefined if no task says. */
export function estimatedTokens(tasks: readonly TaskSpec[]): number | undefined {
  const known = tasks.flatMap(({ estimate_tokens }) => estimate_tokens ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}
