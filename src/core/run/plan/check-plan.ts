/** What is wrong with a plan. Pure. */
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { TAKEN_NAMES } from '../../team/message.ts';
import { unitsOf, waitsFor, type Unit } from './graph.ts';
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
    if (TAKEN_NAMES.has(task.id))
      problems.push(
        `A task cannot have the id "${task.id}": on the team that is somebody else. Give it another.`,
      );
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
