/** Tasks in their tree: which are part of which, what waits for what then, and what a whole takes. */
import type { TaskEstimate } from './plan-events.ts';
import { ancestorsOf, isBelow, parentOf } from './plan-tree.ts';
import type { TaskSpec } from './plan.ts';
import { criticalPath } from './critical-path.ts';
import type { RunView, TaskView } from './view.ts';

/** Tasks that are part of none of the others, in order. */
export function rootsOf<T extends { readonly spec: TaskSpec }>(tasks: readonly T[]): readonly T[] {
  const ids = new Set(tasks.map(({ spec }) => spec.id));
  return tasks.filter(({ spec }) => !ids.has(parentOf(spec.id) ?? ''));
}

/** The sub-tasks of a task, in order. */
export const partsOf = <T extends { readonly spec: TaskSpec }>(
  tasks: readonly T[],
  id: string,
): readonly T[] => tasks.filter(({ spec }) => parentOf(spec.id) === id);

/**
 * What each task comes after, by its id, without what follows from the rest: the first sub-tasks of a task come after what it waits for,
 * and it comes to its end after the last of them.
 */
export function afterEach(specs: readonly TaskSpec[]): ReadonlyMap<string, readonly string[]> {
  const known = new Map(specs.map((spec) => [spec.id, spec]));
  const waits = (spec: TaskSpec | undefined): readonly string[] =>
    spec ? [...new Set([...spec.depends_on, ...(spec.when ? [spec.when.task] : [])])] : [];
  const after = ({ id }: TaskSpec): readonly string[] => {
    const parts = specs.filter((spec) => parentOf(spec.id) === id);
    if (parts.length > 0)
      return parts
        .map((part) => part.id)
        .filter((part) => !parts.some((other) => waits(other).includes(part)));
    const around = [...ancestorsOf(id), id].map((each) => waits(known.get(each)));
    return around.findLast((each) => each.length > 0) ?? [];
  };
  return new Map(specs.map((spec) => [spec.id, after(spec)]));
}

/** Ids of the tasks along the chain that takes longest by what is estimated, first to last; none where no two follow each other. */
export function criticalIn({ tasks, plan }: Pick<RunView, 'tasks' | 'plan'>): readonly string[] {
  const after = afterEach(tasks.map(({ spec }) => spec));
  const likely = new Map(plan?.estimates?.map(({ task, tokens }) => [task, tokens]));
  return criticalPath(
    tasks.map(({ spec: { id, estimate_tokens }, tokens }) => ({
      id,
      after: after.get(id) ?? [],
      weight: likely.get(id) ?? estimate_tokens ?? tokens,
    })),
  );
}

/** What a task has taken with its sub-tasks, and is likely to. Cost is null where a part of it is unknown. */
export interface Takes {
  readonly tokens: number;
  readonly costUsd: number | null;
  /** Absent where nothing was estimated. */
  readonly likely?: { readonly tokens: number; readonly costUsd: number | null };
}

export function takesOf(
  task: TaskView,
  tasks: readonly TaskView[],
  estimates: readonly TaskEstimate[] = [],
): Takes {
  const all = [task, ...tasks.filter(({ spec }) => isBelow(spec.id, task.spec.id))];
  const likely = all.flatMap(({ spec }) => likelyOf(spec, estimates));
  return {
    ...sumOf(all),
    ...(likely.length > 0 && { likely: sumOf(likely) }),
  };
}

function likelyOf(
  { id, estimate_tokens }: TaskSpec,
  estimates: readonly TaskEstimate[],
): readonly Pick<TaskEstimate, 'tokens' | 'costUsd'>[] {
  const estimate = estimates.find(({ task }) => task === id);
  if (estimate) return [estimate];
  return estimate_tokens === undefined ? [] : [{ tokens: estimate_tokens, costUsd: null }];
}

const sumOf = (parts: readonly Pick<TaskEstimate, 'tokens' | 'costUsd'>[]) => ({
  tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
  costUsd: parts.reduce<number | null>(
    (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
    0,
  ),
});
