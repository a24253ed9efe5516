/** What is wrong with a plan that somebody edits, outside of a run; and what is to be known of it. Pure. */
import type { PlanSpec } from '../../../protocol/plan.ts';
import { createRegistry } from '../../team/registry.ts';
import { checkPlan } from './check-plan.ts';
import { scopeNotes } from './scopes.ts';

export interface DraftLimits {
  readonly tasks: number;
  readonly depth: number;
  /** Roles that a task may be given to, the person's own included. */
  readonly roles: readonly string[];
}

export function checkDraft(
  plan: PlanSpec,
  { roles, ...limits }: DraftLimits,
): { readonly problems: readonly string[]; readonly notes: readonly string[] } {
  const registry = createRegistry();
  const problems = checkPlan(plan, roles, { ...limits, writes: (role) => registry.writes(role) });
  return { problems, notes: problems.length > 0 ? [] : scopeNotes(plan, registry) };
}
