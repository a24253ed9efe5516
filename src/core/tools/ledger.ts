/**
 * What agents of a run were refused and what the person was asked: so that nobody is tired into a yes, and somebody who is refused
 * again and again is noticed. It follows the story's own order, so a replay counts the same.
 */
import type { Actor, RunEvent } from '../../protocol/events.ts';

export interface Ledger {
  /** Why the person is not asked any more; undefined where they may be. The question counts as open from then on. */
  mayAsk(key: string, who: Actor, subject: string): string | undefined;
  /** The person answered. */
  answered(who: Actor, subject: string, allowed: boolean): void;
  /** A call was refused. */
  denied(key: string, who: Actor, why: string): void;
}

export interface LedgerLimits {
  readonly questionsOpenMax: number;
  readonly questionsMax: number;
}

/** Refusals of one agent that raise an alert. */
const ALERTS_AT: readonly number[] = [3, 10, 30, 100];

export function createLedger(
  limits: LedgerLimits,
  record: (event: RunEvent & { readonly key: string }) => void,
): Ledger {
  const saidNo = new Set<string>();
  const denials = new Map<string, number>();
  let open = 0;
  let asked = 0;
  const reached = (limit: string, value: number, who: Actor): void => {
    record({ type: 'limit.reached', key: `policy/${limit}`, data: { limit, value, who } });
  };
  return {
    mayAsk(_key, who, subject) {
      if (saidNo.has(`${who.agent ?? who.role} ${subject}`))
        return 'The person was asked this already and said no. Do it another way, or hand over without it.';
      if (open >= limits.questionsOpenMax) {
        reached('questionsOpen', limits.questionsOpenMax, who);
        return `Not allowed: ${String(open)} questions wait for the person already, and more would only tire them. Go on without it.`;
      }
      if (asked >= limits.questionsMax) {
        reached('questions', limits.questionsMax, who);
        return `Not allowed: this run has asked the person ${String(asked)} times, which is its limit. Go on without it.`;
      }
      open += 1;
      asked += 1;
      return undefined;
    },
    answered(who, subject, allowed) {
      open -= 1;
      if (!allowed) saidNo.add(`${who.agent ?? who.role} ${subject}`);
    },
    denied(_key, who, why) {
      const agent = who.agent ?? who.role;
      const times = (denials.get(agent) ?? 0) + 1;
      denials.set(agent, times);
      if (!ALERTS_AT.includes(times)) return;
      const message = `${who.role}${who.task === undefined ? '' : ` (${who.task})`} was refused ${String(times)} times; the last time: ${why}. It may be following instructions that it read somewhere.`;
      record({
        type: 'alert.raised',
        key: `policy/denials/${agent}/${String(times)}`,
        data: { code: 'policy.denials', message, who },
      });
    },
  };
}
