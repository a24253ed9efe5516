/** What a person may change about a run while it works, and what is recorded of it. */
import * as z from 'zod';
import { PlanSpec } from './plan.ts';
import { Autonomy } from './policy.ts';
import { BudgetLimits } from './settings.ts';

/** How many may be set to work at once. */
export const CONCURRENCY_MAX = 32;

/** Value of the signal `change`. */
export const Change = z.discriminatedUnion('do', [
  /** Goes on with this plan: what is finished stays, a task that differs is begun anew. */
  z.object({ do: z.literal('plan'), plan: PlanSpec }),
  /** The person works on the task themselves. */
  z.object({ do: z.literal('take'), task: z.string().max(100) }),
  /** Limits and freedom from here on; what is absent stays. */
  z.object({
    do: z.literal('settings'),
    autonomy: Autonomy.optional(),
    budget: BudgetLimits.optional(),
    concurrency: z.number().int().min(1).max(CONCURRENCY_MAX).optional(),
  }),
]);
export type Change = z.infer<typeof Change>;

/** `@` and the name of a role, a task (sub-tasks included) or a `#topic`, and what is said. */
const ADDRESSED = /^@(#?[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)\s+([\s\S]+)$/iu;

/** What a person types to a team at work: for one of it where it begins with its name. */
export function readSaid(typed: string): { readonly text: string; readonly to?: string } {
  const [, to, text] = ADDRESSED.exec(typed.trim()) ?? [];
  return to === undefined || text === undefined ? { text: typed } : { text, to: to.toLowerCase() };
}

/** Answer to `hand`: the task goes back as the working copy is now, or agents go on with it. */
export const HandAnswer = z.object({
  decision: z.enum(['give', 'drop']),
  summary: z.string().max(4000).optional(),
});
export type HandAnswer = z.infer<typeof HandAnswer>;

/** What a person did by hand and is not part of the result. It is kept as long as the run is. */
export const HandKept = z.object({
  task: z.string(),
  attempt: z.number().int(),
  /** The tree as they left it, and the one that it was made from. */
  tree: z.string(),
  from: z.string(),
  why: z.string(),
});
export type HandKept = z.infer<typeof HandKept>;

/** Data of the events that tell what people changed. */
export const PEOPLE_EVENTS = {
  /** The person asked it to pause: what is under way ends first, and nothing new begins. */
  'run.draining': z.object({}),
  /** A question that is not asked any more. */
  'signal.withdrawn': z.object({ reason: z.string() }),
  /** What holds from here on. */
  'settings.changed': z.object({
    autonomy: Autonomy.optional(),
    budget: BudgetLimits.optional(),
    concurrency: z.number().int().optional(),
  }),
  /** What a person did by hand was put aside. */
  'hand.kept': HandKept,
  /** A change that was not made, and why. */
  'change.refused': z.object({ what: z.string(), problems: z.array(z.string()) }),
} as const;
