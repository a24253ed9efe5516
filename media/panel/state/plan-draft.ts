/** A plan being edited. Every edit returns a new plan; what other tasks say of a removed one goes with it. */
import { globFault, type GlobFault } from '../../../src/protocol/globs.ts';
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import { isBelow, parentOf } from '../../../src/protocol/plan-tree.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { t } from '../texts.ts';
import { isActive } from './names.ts';

/** In place of a question: the edit is of a plan that is being carried out. */
export const LIVE_PLAN = 'live';

/** Whether the plan can be changed while it is carried out. */
export const isLivePlan = (run: RunView): boolean => isActive(run) && run.plan?.decided === 'approved';

/** As `TaskSpec` has it. */
const TOPIC = /^#?[a-z0-9][a-z0-9-]{0,39}$/;

const ID = /^[a-z0-9][a-z0-9-]{0,39}(?:\.[a-z0-9][a-z0-9-]{0,39}){0,4}$/;

/** What a person may change of a task. */
export type TaskPatch = Partial<
  Pick<
    TaskSpec,
    | 'title'
    | 'description'
    | 'role'
    | 'model'
    | 'depends_on'
    | 'candidates'
    | 'files'
    | 'acceptance'
    | 'requires'
    | 'topics'
    | 'when'
    | 'expand'
  >
>;

const withTasks = (plan: PlanSpec, tasks: TaskSpec[]): PlanSpec => ({ ...plan, tasks });

export const changeTask = (plan: PlanSpec, id: string, patch: TaskPatch): PlanSpec =>
  withTasks(
    plan,
    plan.tasks.map((task) => (task.id === id ? { ...task, ...patch } : task)),
  );

/**
 * The plan with an empty task at its end, or as the last sub-task of `parent`, which may write what that may; its name is the first free
 * `task-n`. `allowed`: what a parent may write that is not in the plan.
 */
export function addTask(plan: PlanSpec, parent?: string, allowed?: readonly string[]): PlanSpec {
  const taken = new Set(plan.tasks.map(({ id }) => id));
  const named = (number: number): string =>
    parent === undefined ? `task-${number}` : `${parent}.task-${number}`;
  let number = plan.tasks.filter(({ id }) => parentOf(id) === parent).length + 1;
  while (taken.has(named(number))) number += 1;
  const files = plan.tasks.find(({ id }) => id === parent)?.files ?? allowed;
  const task: TaskSpec = {
    id: named(number),
    title: '',
    description: '',
    role: 'coder',
    depends_on: [],
    acceptance: [],
    priority: 0,
    gate: 'own',
    ...(files && { files: [...files] }),
  };
  const isIn = ({ id }: TaskSpec): boolean => parent === undefined || id === parent || isBelow(id, parent);
  const at = plan.tasks.findLastIndex(isIn) + 1;
  return withTasks(plan, [...plan.tasks.slice(0, at), task, ...plan.tasks.slice(at)]);
}

/** The plan without a task and its sub-tasks. */
export function removeTask(plan: PlanSpec, id: string): PlanSpec {
  const isGone = (each: string): boolean => each === id || isBelow(each, id);
  const gone = plan.tasks.map((task) => task.id).filter(isGone);
  return withTasks(
    plan,
    plan.tasks.filter((task) => !isGone(task.id)).map((task) => gone.reduce(forget, task)),
  );
}

function forget(task: TaskSpec, id: string): TaskSpec {
  const { when, ...rest } = task;
  return {
    ...rest,
    depends_on: task.depends_on.filter((other) => other !== id),
    gate: task.gate !== 'own' && task.gate.with === id ? 'own' : task.gate,
    ...(when !== undefined && when.task !== id && { when }),
  };
}

/** The ids of the tasks beside one, itself included, in order. */
export const besideOf = ({ tasks }: PlanSpec, id: string): readonly string[] =>
  tasks.map((task) => task.id).filter((other) => parentOf(other) === parentOf(id));

/** The plan with a task, and what is in it, moved by `by` places among those beside it, as far as there are places. */
export function moveTask(plan: PlanSpec, id: string, by: number): PlanSpec {
  const beside = besideOf(plan, id);
  const from = beside.indexOf(id);
  const to = Math.min(beside.length - 1, Math.max(0, from + by));
  if (from < 0 || to === from) return plan;
  const others = beside.filter((other) => other !== id);
  const order = [...others.slice(0, to), id, ...others.slice(to)];
  const blockOf = (each: string): readonly TaskSpec[] =>
    plan.tasks.filter((task) => task.id === each || isBelow(task.id, each));
  const blocks = order.flatMap(blockOf);
  const rest = plan.tasks.filter((task) => !blocks.includes(task));
  const at = rest.findIndex((task) => task.id === parentOf(id)) + 1;
  return withTasks(plan, [...rest.slice(0, at), ...blocks, ...rest.slice(at)]);
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
  const faults = (task.files ?? []).flatMap((glob) => {
    const fault = globFault(glob);
    return fault === undefined ? [] : [{ task: task.id, text: globText(fault, name, glob) }];
  });
  return [
    ...says(!ID.test(task.id), t('{0}: the id is not plain.', name)),
    ...says(task.title.trim() === '', t('{0} needs a title.', task.id)),
    ...says(task.title.length > 120, t('{0}: the title is longer than 120 characters.', task.id)),
    ...says(task.description.trim() === '', t('{0} needs a description.', name)),
    ...says(task.description.length > 8000, t('{0}: the description is longer than 8000 characters.', name)),
    ...says(task.role.trim() === '', t('{0} needs a role.', name)),
    ...says(missing.length > 0, t('{0} waits for {1}, which is not in the plan.', name, missing.join(', '))),
    ...says(
      task.when !== undefined && !ids.has(task.when.task),
      t('{0} runs only after {1}, which is not in the plan.', name, task.when?.task ?? ''),
    ),
    ...says(task.when?.task === task.id, t('{0} waits for itself.', name)),
    ...says(
      (task.requires ?? []).some((each) => each.length > 100) || (task.requires?.length ?? 0) > 10,
      t('{0} requires too much: at most 10 things of 100 characters.', name),
    ),
    ...says(
      (task.topics?.length ?? 0) > 10 || (task.topics ?? []).some((each) => !TOPIC.test(each)),
      t('{0}: at most 10 topics such as #api, of small letters, digits and “-”.', name),
    ),
    ...says(
      task.acceptance.length > 20 || task.acceptance.some((each) => each.length > 500),
      t('{0}: at most 20 criteria of 500 characters.', name),
    ),
    ...says(
      (task.files?.length ?? 0) > 100 || (task.files ?? []).some((each) => each.length > 300),
      t('{0}: at most 100 file scopes of 300 characters.', name),
    ),
    ...faults,
    ...says(task.depends_on.length > 50, t('{0} waits for more than 50 tasks.', name)),
  ];
}

function globText(fault: GlobFault, name: string, glob: string): string {
  switch (fault) {
    case 'empty':
      return t('{0} has an empty file scope.', name);
    case 'absolute':
      return t('{0}: {1} is no path of the workspace.', name, glob);
    case 'outside':
      return t('{0}: {1} leads out of the workspace.', name, glob);
    case 'backslash':
      return t('{0}: part folders by "/" in {1}.', name, glob);
    case 'negated':
      return t('{0}: {1} leaves something out. Name what the task may write.', name, glob);
    case 'unclosed':
      return t('{0}: {1} has a bracket that is not closed.', name, glob);
  }
}

/** A circle of dependencies, its first task repeated at the end; undefined if there is none. */
export function findCycle(plan: PlanSpec): readonly string[] | undefined {
  const depends = new Map(
    plan.tasks.map(({ id, depends_on, when }) => [id, when ? [...depends_on, when.task] : depends_on]),
  );
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
