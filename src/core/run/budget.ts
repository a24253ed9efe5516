/**
 * Hard limits of a run. A call reserves its worst case before it starts, so agents that work at once can never overshoot together.
 * The state is a fold of what the story has seen, so it goes the same way on replay.
 */
import type { Spent } from '../../protocol/events.ts';
import type { BudgetLimits } from '../../protocol/settings.ts';

/** A worst case; cost is null where no price is known. */
export interface Reservation {
  readonly tokens: number;
  readonly costUsd: number | null;
}

export interface Budget {
  /** Why the call may not start, or undefined after it was reserved. */
  reserve(key: string, worst: Reservation): string | undefined;
  /** Reserves without asking: for a call that was made in an earlier life. */
  hold(key: string, worst: Reservation): void;
  /** Replaces a reservation by what was really spent. */
  settle(key: string, spent: Spent | undefined): void;
}

/** `lost` is what calls that were cut off in earlier lives of the run may have cost. */
export function createBudget(
  limits: BudgetLimits,
  lost: { readonly tokens: number; readonly costUsd: number },
): Budget {
  const held = new Map<string, Reservation>();
  let { tokens, costUsd } = lost;
  const heldTokens = (): number => [...held.values()].reduce((sum, each) => sum + each.tokens, 0);
  const heldCost = (): number => [...held.values()].reduce((sum, each) => sum + (each.costUsd ?? 0), 0);
  return {
    reserve(key, worst) {
      const refused = refusal(
        limits,
        { tokens: tokens + heldTokens(), costUsd: costUsd + heldCost() },
        worst,
      );
      if (refused === undefined) held.set(key, worst);
      return refused;
    },
    hold(key, worst) {
      held.set(key, worst);
    },
    settle(key, spent) {
      held.delete(key);
      tokens += (spent?.inputTokens ?? 0) + (spent?.outputTokens ?? 0);
      costUsd += spent?.costUsd ?? 0;
    },
  };
}

function refusal(
  limits: BudgetLimits,
  used: { tokens: number; costUsd: number },
  worst: Reservation,
): string | undefined {
  if (limits.tokensMax !== undefined && used.tokens + worst.tokens > limits.tokensMax) {
    return `The token budget of ${String(limits.tokensMax)} would be passed: ${String(used.tokens)} are spent or held, and this call may take ${String(worst.tokens)}. Raise the limit to go on.`;
  }
  if (limits.costUsdMax === undefined) return undefined;
  if (worst.costUsd === null)
    return 'The run has a cost limit, but the price of this model is not known. Give its price in the settings, or start without a cost limit.';
  if (used.costUsd + worst.costUsd <= limits.costUsdMax) return undefined;
  return `The cost budget of ${dollars(limits.costUsdMax)} would be passed: ${dollars(used.costUsd)} are spent or held, and this call may take ${dollars(worst.costUsd)}. Raise the limit to go on.`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(4)}`;
}
