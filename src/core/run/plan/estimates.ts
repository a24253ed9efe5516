/** What a plan will likely cost, task by task: from its own estimates, what such work took so far in this run, and prices. */
import type { TaskEstimate } from '../../../protocol/plan-events.ts';
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { parentsIn } from '../../../protocol/plan-tree.ts';
import { costUsd } from '../../models/prices.ts';
import { endpointsFor } from '../../team/routes.ts';
import { candidatesOfTask } from '../candidates/how-many.ts';
import type { Run } from '../run.ts';

/** Tokens of a task without an estimate, of a role that has not worked yet. */
const TASK_TOKENS = 30_000;
/** Tokens of the review of a task, as a share of the task's. */
const REVIEW_SHARE = 0.2;
/** Share of an agent's tokens that the model writes. */
const OUTPUT_SHARE = 0.15;

/** What estimates are made from. */
export type EstimateRun = Pick<Run, 'settings' | 'history' | 'roles'>;

/** One estimate a task, in the order of the plan. */
export function estimatePlan(run: EstimateRun, plan: PlanSpec): readonly TaskEstimate[] {
  const parents = parentsIn(plan.tasks);
  return plan.tasks.map((task) =>
    parents.has(task.id) ? estimateWhole(run, task) : estimateTask(run, task),
  );
}

/** What a task with sub-tasks takes beside them: the look at what they came to. */
function estimateWhole(run: EstimateRun, { id, acceptance }: TaskSpec): TaskEstimate {
  if (acceptance.length === 0) return { task: id, tokens: 0, costUsd: 0 };
  const tokens = run.history.tokensOf('reviewer') ?? Math.round(TASK_TOKENS * REVIEW_SHARE);
  return { task: id, tokens, costUsd: priceOf(run, 'reviewer', tokens) };
}

/** What tasks take together where each is given to one. */
export function estimateEach(
  run: EstimateRun,
  tasks: readonly TaskSpec[],
): { readonly tokens: number; readonly costUsd: number | null } {
  const estimates = tasks.map((task) => estimateOne(run, task));
  return { tokens: estimates.reduce((sum, { tokens }) => sum + tokens, 0), costUsd: totalUsd(estimates) };
}

/** The sum; null where one is unknown. */
export function totalUsd(estimates: readonly TaskEstimate[]): number | null {
  let sum = 0;
  for (const { costUsd: cost } of estimates) {
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}

/** As many times as it is given to somebody. */
function estimateTask(run: EstimateRun, task: TaskSpec): TaskEstimate {
  const times = candidatesOfTask(run, task);
  const { tokens, costUsd: cost } = estimateOne(run, task);
  return { task: task.id, tokens: tokens * times, costUsd: cost === null ? null : cost * times };
}

function estimateOne(run: EstimateRun, task: TaskSpec): TaskEstimate {
  const tokens = task.estimate_tokens ?? run.history.tokensOf(task.role) ?? TASK_TOKENS;
  const review = run.roles.writes(task.role)
    ? (run.history.tokensOf('reviewer') ?? Math.round(tokens * REVIEW_SHARE))
    : 0;
  const [own, reviewed] = [
    priceOf(run, task.role, tokens, task.model),
    review === 0 ? 0 : priceOf(run, 'reviewer', review),
  ];
  return {
    task: task.id,
    tokens: tokens + review,
    costUsd: own === null || reviewed === null ? null : own + reviewed,
  };
}

/** Cost of so many tokens at the first endpoint of a role. */
function priceOf(
  { settings, history, roles }: EstimateRun,
  role: string,
  tokens: number,
  first?: string,
): number | null {
  const endpoint = endpointsFor({ ...roles.get(role), first }, settings)[0];
  const share = history.outputShareOf(role) ?? OUTPUT_SHARE;
  return endpoint === undefined
    ? null
    : costUsd(endpoint, { inputTokens: tokens * (1 - share), outputTokens: tokens * share });
}
