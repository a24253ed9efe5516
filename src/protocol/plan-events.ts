/** What a journal holds of plans: data of event types, part of `EVENT_DATA`. */
import * as z from 'zod';
import { PlanSpec } from './plan.ts';

/** What a task will likely take, its review included. */
export const TaskEstimate = z.object({
  task: z.string(),
  tokens: z.number(),
  /** Null where the price of an endpoint is unknown. */
  costUsd: z.number().nullable(),
});
export type TaskEstimate = z.infer<typeof TaskEstimate>;

export const PLAN_EVENTS = {
  'plan.proposed': z.object({
    revision: z.number().int(),
    plan: PlanSpec,
    problems: z.array(z.string()),
    /** Likely cost of all tasks; null where a price is unknown. */
    costUsd: z.number().nullable(),
    estimates: z.array(TaskEstimate).optional(),
  }),
  'plan.decided': z.object({
    revision: z.number().int(),
    approved: z.boolean(),
    by: z.enum(['person', 'settings']),
    plan: PlanSpec,
    reason: z.string().optional(),
    /** What its planner has read of strangers, in words: it stands in the texts of tasks. */
    tainted: z.string().optional(),
    /** Absent: as they were proposed. */
    estimates: z.array(TaskEstimate).optional(),
  }),
  /**
   * A planner wants another plan while it is carried out, each of its tries; its key is the name of the question about it.
   * `breakdown`: `plan` holds the sub-tasks of the task. `replan`: the task is stuck, and `plan` is the whole plan.
   */
  'plan.suggested': z.object({
    task: z.string(),
    kind: z.enum(['breakdown', 'replan']),
    plan: PlanSpec,
    problems: z.array(z.string()),
    costUsd: z.number().nullable(),
    estimates: z.array(TaskEstimate),
  }),
  /** What became of it; where it was taken, `plan.decided` has the plan. */
  'suggestion.decided': z.object({
    task: z.string(),
    kind: z.enum(['breakdown', 'replan']),
    taken: z.boolean(),
    by: z.enum(['person', 'settings', 'planner']),
    why: z.string().optional(),
  }),
} as const;
