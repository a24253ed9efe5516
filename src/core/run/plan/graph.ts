/** The plan as a graph: what belongs together, what is ready, what lies on the longest path. Pure. */
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { ancestorsOf, parentOf, parentsIn } from '../../../protocol/plan-tree.ts';

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

/** What a task waits for: its dependencies and the task its condition looks at. */
export function waitsFor(task: TaskSpec): readonly string[] {
  return [...new Set([...task.depends_on, ...(task.when ? [task.when.task] : [])])];
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
