/** The plan as a graph: what is wrong with it, what is ready, what lies on the longest path. Pure. */
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { ancestorsOf, parentOf, parentsIn } from '../../../protocol/plan-tree.ts';
import { nestingProblems, type NestingLimits } from './nested.ts';

/** What a plan is held to. */
export interface PlanLimits extends NestingLimits {
  readonly tasks: number;
  /** Ids of the endpoints that a task may name; absent where they are not known. */
  readonly endpoints?: readonly string[];
}

/** Everything that is wrong with a plan, in words a planner or a person can act on. Empty: the plan is good. */
export function checkPlan(plan: PlanSpec, roles: readonly string[], limits: PlanLimits): readonly string[] {
  const ids = new Set<string>();
  const problems: string[] = [];
  if (plan.tasks.length > limits.tasks) {
    problems.push(
      `The plan has ${String(plan.tasks.length)} tasks; at most ${String(limits.tasks)} are allowed.`,
    );
  }
  for (const task of plan.tasks) {
    if (ids.has(task.id)) problems.push(`Two tasks have the id "${task.id}".`);
    ids.add(task.id);
  }
  for (const task of plan.tasks)
    problems.push(...checkTask(task, ids, roles), ...checkModel(task, limits.endpoints));
  problems.push(...nestingProblems(plan.tasks, limits));
  if (problems.length > 0) return problems;
  const cycle = findCycle(plan.tasks);
  if (cycle) return [`The tasks wait for each other in a circle: ${cycle.join(' → ')}.`];
  const knot = findCycle(
    unitsOf(plan).map((unit) => ({ ...NO_TASK, id: unit.id, depends_on: [...unit.dependsOn] })),
  );
  if (knot) return [`Tasks that are gated together wait for a task between them: ${knot.join(' → ')}.`];
  return unitsOf(plan).flatMap(conditionProblems);
}

/** Tasks that are gated together run together or not at all: what decides about that is the same for all of them. */
function conditionProblems({ tasks }: Unit): readonly string[] {
  const within = tasks.filter(({ when }) => when && tasks.some(({ id }) => id === when.task));
  if (within.length > 0)
    return within.map(
      ({ id, when }) =>
        `Task "${id}" runs only if "${when?.task ?? ''}" is ${when?.is ?? ''}, but both are gated together and end as one: gate it alone, or leave out its "when".`,
    );
  const conditions = new Set(tasks.map(({ when }) => when && `${when.task} ${when.is}`));
  if (conditions.size < 2) return [];
  const names = tasks.map(({ id }) => id).join(', ');
  return [
    `Tasks that are gated together run or are left out together: ${names} need the same "when", or none. Gate those alone that run under a condition of their own.`,
  ];
}

function checkTask(task: TaskSpec, ids: ReadonlySet<string>, roles: readonly string[]): string[] {
  const problems: string[] = [];
  if (!roles.includes(task.role)) {
    problems.push(
      `Task "${task.id}" asks for the role "${task.role}", which does not exist. Roles: ${roles.join(', ')}.`,
    );
  }
  for (const needed of links(task)) {
    if (needed === task.id) problems.push(`Task "${task.id}" depends on itself.`);
    else if (!ids.has(needed))
      problems.push(`Task "${task.id}" refers to "${needed}", which is not in the plan.`);
  }
  return problems;
}

function checkModel({ id, model }: TaskSpec, endpoints: readonly string[] | undefined): readonly string[] {
  if (model === undefined || endpoints === undefined || endpoints.includes(model)) return [];
  return [
    `Task "${id}" asks for the model "${model}", which is no endpoint. Endpoints: ${endpoints.join(', ')}.`,
  ];
}

function links(task: TaskSpec): readonly string[] {
  return [
    ...task.depends_on,
    ...(task.when ? [task.when.task] : []),
    ...(task.gate === 'own' ? [] : [task.gate.with]),
  ];
}

/** What a task waits for: its dependencies and the task its condition looks at. */
function waitsFor(task: TaskSpec): readonly string[] {
  return [...new Set([...task.depends_on, ...(task.when ? [task.when.task] : [])])];
}

/** The ids of one circle of dependencies, its first repeated at the end; undefined where there is none. */
function findCycle(tasks: readonly TaskSpec[]): readonly string[] | undefined {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const state = new Map<string, 'open' | 'closed'>();
  const path: string[] = [];
  const visit = (id: string): readonly string[] | undefined => {
    if (state.get(id) === 'closed') return undefined;
    if (state.get(id) === 'open') return [...path.slice(path.indexOf(id)), id];
    state.set(id, 'open');
    path.push(id);
    for (const next of waitsFor(byId.get(id) ?? NO_TASK)) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    state.set(id, 'closed');
    return undefined;
  };
  for (const task of tasks) {
    const cycle = visit(task.id);
    if (cycle) return cycle;
  }
  return undefined;
}

const NO_TASK = { depends_on: [], gate: 'own' } as unknown as TaskSpec;

/**
 * A unit of work: tasks that are gated, reviewed and integrated together (`gate: {with}`), in an order that respects their
 * dependencies. Most units hold one task. A task with sub-tasks is a unit that comes last of them: it is done when they are.
 */
export interface Unit {
  /** Id of its last task. */
  readonly id: string;
  readonly tasks: readonly TaskSpec[];
  readonly dependsOn: readonly string[];
  readonly priority: number;
  /** The tasks that it is part of, outermost first: it waits for what they wait for. Absent: none. */
  readonly within?: readonly TaskSpec[];
  /** Ids of its sub-tasks. Absent: none. */
  readonly parts?: readonly string[];
}

/** It has no sub-tasks yet: a planner breaks it down when its turn comes. */
export const isToBreakDown = ({ tasks, parts }: Unit): boolean =>
  parts === undefined && tasks.some(({ expand }) => expand === true);

/** Groups a valid plan's tasks into units. */
export function unitsOf(plan: PlanSpec): readonly Unit[] {
  const group = new Map(plan.tasks.map((task) => [task.id, task.id]));
  const find = (id: string): string => (group.get(id) === id ? id : find(group.get(id) ?? id));
  for (const task of plan.tasks) if (task.gate !== 'own') group.set(find(task.id), find(task.gate.with));
  const members = new Map<string, TaskSpec[]>();
  for (const task of inOrder(plan.tasks)) {
    const root = find(task.id);
    members.set(root, [...(members.get(root) ?? []), task]);
  }
  const unitOf = new Map<string, string>();
  for (const tasks of members.values()) for (const task of tasks) unitOf.set(task.id, lastId(tasks));
  const above = aboveEach(plan.tasks);
  const parts = partsOf(plan.tasks);
  return [...members.values()].map((tasks) => {
    const id = lastId(tasks);
    const [within, own] = [above(id), parts.get(id)];
    const before = [...[...within, ...tasks].flatMap(waitsFor), ...(own ?? [])];
    return {
      id,
      tasks,
      priority: Math.max(...[...within, ...tasks].map((task) => task.priority)),
      dependsOn: [...new Set(before.map((task) => unitOf.get(task) ?? task))].filter((other) => other !== id),
      ...(within.length > 0 && { within }),
      ...(own && { parts: own }),
    };
  });
}

/** The tasks that one is part of, outermost first. */
function aboveEach(tasks: readonly TaskSpec[]): (id: string) => readonly TaskSpec[] {
  const parents = parentsIn(tasks);
  const known = new Map(tasks.filter(({ id }) => parents.has(id)).map((task) => [task.id, task]));
  return (id) => (known.size === 0 ? [] : ancestorsOf(id).flatMap((each) => known.get(each) ?? []));
}

/** The ids of sub-tasks, by the task that they are part of. */
function partsOf(tasks: readonly TaskSpec[]): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const { id } of tasks) {
    const parent = parentOf(id);
    if (parent !== undefined) parts.set(parent, [...(parts.get(parent) ?? []), id]);
  }
  return parts;
}

function lastId(tasks: readonly TaskSpec[]): string {
  return tasks.at(-1)?.id ?? '';
}

/** The tasks so that each comes after what it waits for; otherwise as given. */
function inOrder(tasks: readonly TaskSpec[]): readonly TaskSpec[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const placed = new Set<string>();
  const order: TaskSpec[] = [];
  const place = (task: TaskSpec): void => {
    if (placed.has(task.id)) return;
    placed.add(task.id);
    for (const id of waitsFor(task)) {
      const needed = byId.get(id);
      if (needed) place(needed);
    }
    order.push(task);
  };
  for (const task of tasks) place(task);
  return order;
}

/** Length of the longest chain of units that waits for each unit, itself included. */
export function remainingPath(units: readonly Unit[]): ReadonlyMap<string, number> {
  const dependents = new Map(units.map(({ id }): [string, string[]] => [id, []]));
  for (const unit of units) for (const id of unit.dependsOn) dependents.get(id)?.push(unit.id);
  const length = new Map<string, number>();
  const measure = (id: string): number => {
    const known = length.get(id);
    if (known !== undefined) return known;
    let longest = 0;
    for (const dependent of dependents.get(id) ?? []) longest = Math.max(longest, measure(dependent));
    length.set(id, 1 + longest);
    return 1 + longest;
  };
  for (const unit of units) measure(unit.id);
  return length;
}
