/** What agents see of the budget: leave to call, and where the bill goes. */
import type { Actor, EventType, Spent } from '../../protocol/events.ts';
import type { BudgetLimits, Caps, Endpoint } from '../../protocol/settings.ts';
import type { ModelRequest } from '../models/contract.ts';

/** Who wants to call, under the key of which model step. */
export interface Payer {
  readonly key: string;
  readonly who: Actor & { readonly agent: string };
}

/** Leave to call the endpoints `ways` with what is held; or why not. */
export type Permit =
  | {
      readonly ways: readonly Endpoint[];
      readonly held: { readonly tokens: number; readonly costUsd: number | null };
    }
  | { readonly refused: string };

/** Absent: without limit. */
export interface Left {
  readonly tokens?: number;
  readonly costUsd?: number;
  readonly agents?: number;
}

export interface Purse {
  /** Holds the worst case of a call; waits while others hold what it needs. */
  reserve(payer: Payer, request: ModelRequest): Promise<Permit>;
  /** The call is over: what it really cost takes the place of what was held. */
  settle(payer: Payer, spent: Spent | undefined): void;
  /** What is left for a role of the run's budget and its own. Changes as others spend: to be asked inside a step. */
  left(role: string): Left;
  /** Agents whose calls wait for room, each with whose calls hold it now. */
  waits(): readonly { readonly who: string; readonly on: string }[];
  /** Other limits from here on: the run's own, or those of roles as their files say, which the run's own outweigh. */
  limit(change: { readonly budget?: BudgetLimits; readonly roles?: Readonly<Record<string, Caps>> }): void;
  /** True where the journal had this record before this life. */
  isSaid(type: EventType, key: string): boolean;
}
