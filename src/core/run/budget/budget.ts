/**
 * Hard limits of a run and of its roles. A call holds its worst case before it starts, so agents that work at once can never overshoot
 * together. What was spent before is the fold of the journal; what is called now is held and counted on top.
 *
 * A call that does not fit only because others are under way waits for them (I9: they end by their own time limits); one that would
 * not fit if they cost nothing is refused.
 */
import type { Spent } from '../../../protocol/events.ts';
import type { BudgetLimits, Caps } from '../../../protocol/settings.ts';
import { TEAM_LIMITS } from '../../limits.ts';
import type { Left } from '../../team/purse.ts';
import type { Ledger } from './ledger.ts';

/** A worst case; cost is null where no price is known. */
export interface Reservation {
  readonly tokens: number;
  readonly costUsd: number | null;
}

/** Who wants to call. */
export interface Caller {
  /** Of its model step. */
  readonly key: string;
  readonly role: string;
  readonly agent: string;
}

/** What is held for a call, and for which of its ways; or why it may not start. */
export type Grant = { readonly way: number; readonly held: Reservation } | { readonly refused: string };

/** A limit that is used up to the share of `WARN_SHARE`. */
export interface Warning {
  /** Unique for this limit and its height. */
  readonly id: string;
  readonly message: string;
}

/** Share of a limit from which on the person is told that its end comes near. */
const WARN_SHARE = 0.8;

/** Times its worst case that is held for a call where there is room: tries that break are owed too. */
const HELD_TIMES = 2;

/** The limits of the run, or of one role, with what is used of them. */
interface Scope {
  readonly role: string | undefined;
  caps: Caps;
  tokens: number;
  costUsd: number;
  turns: number;
  readonly agents: Set<string>;
}

interface Held extends Reservation {
  readonly caller: Caller;
}

/** What whoever reserves is told. */
export interface Told {
  /** It has to wait for others. */
  readonly waits: () => void;
  /** So many others were let through while it waited: from now on none is before it. */
  readonly starved: (times: number) => void;
}

interface Waiting {
  readonly caller: Caller;
  readonly ways: readonly Reservation[];
  readonly told: Told;
  readonly resolve: (grant: Grant) => void;
  /** Others that were let through while it waited, and took of the same limits. */
  passed: number;
}

/** A call that waits for the end of another's. */
export interface BudgetWait {
  readonly who: string;
  readonly on: string;
}

/** `spent` is what former lives left; `minutes` tells active minutes, of a role or of the run. */
export class Budget {
  readonly #spent: Ledger;
  readonly #run: Scope;
  /** Of each role that has asked, limited or not: a limit may come later. */
  readonly #roles = new Map<string, Scope>();
  readonly #minutes: (role: string | undefined) => number;
  readonly #held = new Map<string, Held>();
  #waiting: readonly Waiting[] = [];

  constructor(limits: BudgetLimits, spent: Ledger, minutes: (role: string | undefined) => number) {
    this.#minutes = minutes;
    this.#spent = spent;
    this.#run = scopeOf(undefined, limits, spent);
    this.limit(limits);
  }

  /**
   * Holds a call's worst case, for the first of its ways that fits (they are in order of preference), and twice as much where there
   * is room. A small call may pass a large one that waits, so many times; then it waits behind it.
   */
  async reserve(caller: Caller, ways: readonly Reservation[], told: Told): Promise<Grant> {
    const grant = this.#grant({ caller, ways }, this.#waiting);
    if (grant) return grant;
    told.waits();
    return new Promise((resolve) => {
      this.#waiting = [...this.#waiting, { caller, ways, told, resolve, passed: 0 }];
    });
  }

  /** Who waits, and for whose calls: for the wait-for graph (I9). */
  waits(): readonly BudgetWait[] {
    return this.#waiting.flatMap(({ caller: { agent, ...caller } }) =>
      [...this.#held.values()]
        .filter((held) => this.#isShared(caller, held.caller) && held.caller.agent !== agent)
        .map((held) => ({ who: agent, on: held.caller.agent })),
    );
  }

  /** Replaces what was held by what was really spent; those that wait are looked at in the order in which they came. */
  settle(key: string, spent: Spent | undefined): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    for (const scope of this.#scopesOf(held.caller.role)) {
      scope.tokens += (spent?.inputTokens ?? 0) + (spent?.outputTokens ?? 0);
      scope.costUsd += spent?.costUsd ?? 0;
    }
    this.#lookAgain();
  }

  /** Other limits from here on; what was used counts as it did. Calls that wait are looked at again. */
  limit(limits: BudgetLimits): void {
    this.#run.caps = limits;
    for (const role of Object.keys(limits.roles ?? {})) this.#ofRole(role);
    for (const [role, scope] of this.#roles) scope.caps = limits.roles?.[role] ?? {};
    this.#lookAgain();
  }

  #lookAgain(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      const grant = this.#grant(each, this.#waiting);
      if (grant) each.resolve(grant);
      else this.#waiting = [...this.#waiting, each];
    }
  }

  /** True where what one holds may be what the other lacks. */
  #isShared(one: Pick<Caller, 'role'>, other: Pick<Caller, 'role'>): boolean {
    const { tokensMax, costUsdMax } = this.#run.caps;
    return one.role === other.role || tokensMax !== undefined || costUsdMax !== undefined;
  }

  /** The call is let through before these: whoever was passed too often is told, once. */
  #passed(caller: Caller, before: readonly Waiting[]): void {
    for (const each of before) {
      if (!this.#isShared(caller, each.caller)) continue;
      each.passed += 1;
      if (each.passed === TEAM_LIMITS.passedOver) each.told.starved(each.passed);
    }
  }

  /** The limits that come near, of the run and of this role. */
  warnings(role: string): readonly Warning[] {
    return this.#scopesOf(role).flatMap((scope) =>
      this.#meters(scope)
        .filter(({ used, max }) => used >= max * WARN_SHARE)
        .map(({ name, used, max, shown }) => ({
          id: `${scope.role ?? 'run'}/${name}/${max}`,
          message: `${Math.floor((used / max) * 100)} % of ${ofScope(scope)} ${name} budget are used: ${shown(used)} of ${shown(max)}.`,
        })),
    );
  }

  /** The largest used share of any limit that holds for the role: 1 is all of it. */
  share(role: string): number {
    const meters = this.#scopesOf(role).flatMap((scope) => this.#meters(scope));
    return Math.max(0, ...meters.map(({ used, max }) => used / max));
  }

  /** What neither is spent nor held of the limits that hold for the role. */
  left(role: string): Left {
    const least = (of: (scope: Scope) => number | undefined): number | undefined => {
      const rests = this.#scopesOf(role).flatMap((scope) => of(scope) ?? []);
      return rests.length === 0 ? undefined : Math.max(0, Math.min(...rests));
    };
    const rest = (max: number | undefined, used: number) => (max === undefined ? undefined : max - used);
    const tokens = least((scope) => rest(scope.caps.tokensMax, scope.tokens + this.#underWay(scope).tokens));
    const costUsd = least((scope) =>
      rest(scope.caps.costUsdMax, scope.costUsd + this.#underWay(scope).costUsd),
    );
    const agents = least(({ caps, agents: made }) => rest(caps.agentsMax, made.size));
    return {
      ...(tokens !== undefined && { tokens }),
      ...(costUsd !== undefined && { costUsd }),
      ...(agents !== undefined && { agents }),
    };
  }

  /** Undefined where the call has to wait for others. `before`: those that came before it and wait. */
  #grant({ caller, ways }: Pick<Waiting, 'caller' | 'ways'>, before: readonly Waiting[]): Grant | undefined {
    const scopes = this.#scopesOf(caller.role);
    const over = scopes.flatMap((scope) => this.#usedUp(scope, caller) ?? []);
    if (over[0] !== undefined) return { refused: over[0] };
    const isBehind = before.some(
      (each) => each.passed >= TEAM_LIMITS.passedOver && this.#isShared(caller, each.caller),
    );
    for (const [way, worst] of isBehind ? [] : ways.entries()) {
      if (this.#refusal(scopes, worst, this.#underWay) !== undefined) continue;
      const more = times(worst, HELD_TIMES);
      const held = this.#refusal(scopes, more, this.#underWay) === undefined ? more : worst;
      this.#hold(caller, held);
      this.#passed(caller, before);
      return { way, held };
    }
    const alone = ways.map((worst) => this.#refusal(scopes, worst, () => NOTHING));
    return alone.includes(undefined) ? undefined : { refused: alone[0] ?? 'No model is left to ask.' };
  }

  #hold(caller: Caller, held: Reservation): void {
    this.#held.set(caller.key, { ...held, caller });
    for (const scope of this.#scopesOf(caller.role)) {
      scope.turns += 1;
      scope.agents.add(caller.agent);
    }
  }

  #scopesOf(role: string): readonly Scope[] {
    return [this.#run, this.#ofRole(role)];
  }

  #ofRole(role: string): Scope {
    const scope = this.#roles.get(role) ?? scopeOf(role, {}, this.#spent);
    this.#roles.set(role, scope);
    return scope;
  }

  readonly #underWay = (scope: Scope): { readonly tokens: number; readonly costUsd: number } => {
    const held = [...this.#held.values()].filter(
      ({ caller }) => scope.role === undefined || caller.role === scope.role,
    );
    return {
      tokens: held.reduce((sum, each) => sum + each.tokens, 0),
      costUsd: held.reduce((sum, each) => sum + (each.costUsd ?? 0), 0),
    };
  };

  /** Why the worst case does not fit beside what `beside` tells. */
  #refusal(
    scopes: readonly Scope[],
    worst: Reservation,
    beside: (scope: Scope) => { readonly tokens: number; readonly costUsd: number },
  ): string | undefined {
    return scopes.flatMap((scope) => refusalIn(scope, worst, beside(scope)) ?? [])[0];
  }

  /** Limits that no other call's end gives room under. Minutes are looked at before each call; what is under way ends by its own. */
  #usedUp(scope: Scope, caller: Caller): string | undefined {
    const { turnsMax, agentsMax, minutesMax } = scope.caps;
    const minutes = this.#minutes(scope.role);
    if (minutesMax !== undefined && minutes >= minutesMax)
      return `${The(scope)} has been active for ${minutes.toFixed(1)} of ${minutesMax} minutes. ${RAISE}`;
    if (turnsMax !== undefined && scope.turns >= turnsMax)
      return `${The(scope)} has used all ${turnsMax} turns of its budget. ${RAISE}`;
    if (agentsMax !== undefined && scope.agents.size >= agentsMax && !scope.agents.has(caller.agent))
      return `${The(scope)} has used all ${agentsMax} agents of its budget. ${RAISE}`;
    return undefined;
  }

  #meters(scope: Scope): readonly Meter[] {
    const { costUsdMax, tokensMax, minutesMax, turnsMax, agentsMax } = scope.caps;
    const minutes = minutesMax === undefined ? 0 : this.#minutes(scope.role);
    return [
      ...meter('cost', costUsdMax, scope.costUsd, dollars),
      ...meter('token', tokensMax, scope.tokens, String),
      ...meter('minute', minutesMax, minutes, (value) => value.toFixed(1)),
      ...meter('turn', turnsMax, scope.turns, String),
      ...meter('agent', agentsMax, scope.agents.size, String),
    ];
  }
}

interface Meter {
  readonly name: string;
  readonly used: number;
  readonly max: number;
  readonly shown: (value: number) => string;
}

const meter = (
  name: string,
  max: number | undefined,
  used: number,
  shown: (value: number) => string,
): readonly Meter[] => (max === undefined ? [] : [{ name, used, max, shown }]);

const NOTHING = { tokens: 0, costUsd: 0 };
const RAISE = 'Raise the limit to go on.';

function scopeOf(role: string | undefined, caps: Caps, spent: Ledger): Scope {
  const rows = spent.rows().filter((row) => role === undefined || row.role === role);
  const askers = [...spent.askers().values()].filter((who) => role === undefined || who.role === role);
  return {
    role,
    caps,
    tokens: rows.reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0),
    costUsd: rows.reduce((sum, row) => sum + (row.costUsd ?? 0), 0),
    turns: askers.length,
    agents: new Set(askers.map((who) => who.agent ?? who.role)),
  };
}

function refusalIn(
  scope: Scope,
  worst: Reservation,
  beside: { readonly tokens: number; readonly costUsd: number },
): string | undefined {
  const { tokensMax, costUsdMax } = scope.caps;
  const tokens = scope.tokens + beside.tokens;
  if (tokensMax !== undefined && tokens + worst.tokens > tokensMax)
    return `${ofScope(scope, true)} token budget of ${count(tokensMax)} would be passed: ${count(tokens)} are spent or held, and this call may take ${count(worst.tokens)}. ${RAISE}`;
  if (costUsdMax === undefined) return undefined;
  if (worst.costUsd === null)
    return `${The(scope)} has a cost limit, but the price of this model is not known. Give its price in the settings (0 for a model of your own), or go on without a cost limit.`;
  const cost = scope.costUsd + beside.costUsd;
  if (cost + worst.costUsd <= costUsdMax) return undefined;
  return `${ofScope(scope, true)} cost budget of ${dollars(costUsdMax)} would be passed: ${dollars(cost)} are spent or held, and this call may take ${dollars(worst.costUsd)}. ${RAISE}`;
}

const count = (tokens: number): string => tokens.toLocaleString('en');

const times = ({ tokens, costUsd }: Reservation, factor: number): Reservation => ({
  tokens: tokens * factor,
  costUsd: costUsd === null ? null : costUsd * factor,
});

const The = ({ role }: Scope): string => (role === undefined ? 'The run' : `The role ${role}`);

function ofScope({ role }: Scope, first = false): string {
  if (role !== undefined) return `${first ? 'The' : 'the'} ${role}'s`;
  return first ? "The run's" : "the run's";
}

/** Cents, and where that would say too little, what is below them. */
const dollars = (amount: number): string => `$${amount.toFixed(amount === 0 || amount >= 1 ? 2 : 4)}`;
