/** Plans within plans: how a planner hands them over, and what is wrong with where a sub-task stands. Pure. */
import { globFault, type GlobFault } from '../../../protocol/globs.ts';
import type { PlanSpec, SubmittedPlan, SubmittedTask, TaskSpec } from '../../../protocol/plan.ts';
import { ancestorsOf, depthOf, isBelow, parentOf, parentsIn } from '../../../protocol/plan-tree.ts';
import { covers } from './scopes.ts';

/**
 * A submitted plan as it is recorded: each sub-task after its parent, named by it, with its parent's files where it names none.
 * `below`: what is handed over are the sub-tasks of that task.
 */
export function flatPlan(submitted: SubmittedPlan, below?: TaskSpec): PlanSpec {
  const tasks = flat(submitted.tasks, below?.id);
  const known = new Map([...(below ? [below] : []), ...tasks].map((task) => [task.id, task]));
  return {
    ...submitted,
    tasks: tasks.map((task) => {
      const files = task.files ?? filesAbove(task.id, known);
      return { ...task, ...(files && { files: [...files] }) };
    }),
  };
}

function filesAbove(id: string, known: ReadonlyMap<string, TaskSpec>): readonly string[] | undefined {
  const nearest = [...ancestorsOf(id)].reverse().find((above) => known.get(above)?.files);
  return nearest === undefined ? undefined : known.get(nearest)?.files;
}

function flat(tasks: readonly SubmittedTask[], parent: string | undefined): readonly TaskSpec[] {
  const own = new Set(tasks.map(({ id }) => id));
  const named = (id: string): string =>
    parent === undefined || isBelow(id, parent) || !own.has(id) ? id : `${parent}.${id}`;
  return tasks.flatMap(({ tasks: parts = [], ...task }) => {
    const id = named(task.id);
    const { gate, when } = task;
    const spec: TaskSpec = {
      ...task,
      id,
      depends_on: task.depends_on.map(named),
      gate: gate === 'own' ? gate : { with: named(gate.with) },
      ...(when && { when: { ...when, task: named(when.task) } }),
    };
    return [spec, ...flat(parts, id)];
  });
}

/** What a plan's nesting is held to. */
export interface NestingLimits {
  /** Levels of sub-tasks; absent where it is not known. */
  readonly depth?: number | undefined;
  /** Whether tasks of a role write; absent where it is not known. */
  readonly writes?: ((role: string) => boolean) | undefined;
}

/** What is wrong with where tasks stand in one another, and with their file scopes. */
export function nestingProblems(tasks: readonly TaskSpec[], limits: NestingLimits): readonly string[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const parents = parentsIn(tasks);
  return tasks.flatMap((task) => [
    ...globProblems(task),
    ...placeProblems(task, known, limits),
    ...linkProblems(task, known),
    ...wholeProblems(task, tasks, parents),
    ...scopeProblems(task, known, limits),
  ]);
}

const FAULTS: Readonly<Record<GlobFault, string>> = {
  empty: 'is empty',
  absolute: 'is no path of the workspace: leave out what leads there',
  outside: 'leads out of the workspace',
  backslash: 'has a "\\": part folders by "/"',
  negated: 'leaves something out: name what the task may write',
  unclosed: 'has a bracket that is not closed',
};

function globProblems({ id, files = [] }: TaskSpec): readonly string[] {
  return files.flatMap((glob) => {
    const fault = globFault(glob);
    return fault === undefined ? [] : [`Task "${id}" has a file scope "${glob}" that ${FAULTS[fault]}.`];
  });
}

function placeProblems(
  { id, expand }: TaskSpec,
  known: ReadonlyMap<string, TaskSpec>,
  { depth }: NestingLimits,
): readonly string[] {
  const parent = parentOf(id);
  const level = depthOf(id);
  return [
    ...(parent !== undefined && !known.has(parent)
      ? [`Task "${id}" is part of "${parent}", which is not in the plan.`]
      : []),
    ...(depth !== undefined && level > depth
      ? [`Task "${id}" is a sub-task ${String(level)} levels deep; at most ${String(depth)} are allowed.`]
      : []),
    ...(depth !== undefined && level === depth && expand === true
      ? [`Task "${id}" cannot be broken down: sub-tasks go at most ${String(depth)} levels deep.`]
      : []),
  ];
}

/** Tasks wait for those beside them: what is within another task is its own. */
function linkProblems(task: TaskSpec, known: ReadonlyMap<string, TaskSpec>): readonly string[] {
  const { id, depends_on, when, gate } = task;
  const links = [...depends_on, ...(when ? [when.task] : []), ...(gate === 'own' ? [] : [gate.with])];
  return links
    .filter((other) => known.has(other) && other !== id && parentOf(other) !== parentOf(id))
    .map(
      (other) =>
        `Task "${id}" refers to "${other}", which does not stand beside it: a task waits for those of its own level, and so do its sub-tasks with it.`,
    );
}

/** What has sub-tasks, or will have, is gated as a whole when they are done. */
function wholeProblems(
  { id, gate, expand }: TaskSpec,
  tasks: readonly TaskSpec[],
  parents: ReadonlySet<string>,
): readonly string[] {
  if (!parents.has(id) && expand !== true) return [];
  const isMate = gate !== 'own' || tasks.some((other) => other.gate !== 'own' && other.gate.with === id);
  return isMate
    ? [`Task "${id}" is made of sub-tasks, so it cannot be gated together with another: gate "own".`]
    : [];
}

function scopeProblems(
  { id, role, files }: TaskSpec,
  known: ReadonlyMap<string, TaskSpec>,
  { writes }: NestingLimits,
): readonly string[] {
  const parent = known.get(parentOf(id) ?? '');
  if (!parent?.files) return [];
  const { files: allowed } = parent;
  if (!files)
    return writes?.(role) === true
      ? [
          `Task "${id}" may write everything, "${parent.id}" only ${allowed.join(', ')}: give it files of these.`,
        ]
      : [];
  const beyond = files.filter((glob) => !covers(allowed, glob));
  return beyond.length === 0
    ? []
    : [
        `Task "${id}" may write ${beyond.join(', ')}, which "${parent.id}" may not: it is held to ${allowed.join(', ')}.`,
      ];
}
