/**
 * What calls of each role took so far, for estimates: a fold of what the story has met, so that a replay estimates the same. (The budget
 * instead begins with the whole record, since it must never let a call through that does not fit.)
 */
import type { Spent } from '../../../protocol/events.ts';

export interface History {
  note(who: { readonly role: string; readonly agent: string }, spent: Spent): void;
  /** Tokens of an agent's whole work, on average; undefined before one of this role has worked. */
  tokensOf(role: string): number | undefined;
  /** Tokens of one of a role's calls, on average; undefined before its first. */
  callTokensOf(role: string): number | undefined;
  /** Share of a role's tokens that models wrote; undefined before its first call. */
  outputShareOf(role: string): number | undefined;
}

interface Known {
  input: number;
  output: number;
  calls: number;
  readonly agents: Set<string>;
}

export function createHistory(): History {
  const roles = new Map<string, Known>();
  const worked = (role: string): Known | undefined => {
    const known = roles.get(role);
    return known !== undefined && known.input + known.output > 0 ? known : undefined;
  };
  return {
    note: ({ role, agent }, spent) => {
      const known = roles.get(role) ?? { input: 0, output: 0, calls: 0, agents: new Set() };
      roles.set(role, known);
      known.input += spent.inputTokens;
      known.output += spent.outputTokens;
      known.calls += spent.calls;
      known.agents.add(agent);
    },
    tokensOf: (role) => {
      const known = worked(role);
      return known && Math.round((known.input + known.output) / known.agents.size);
    },
    callTokensOf: (role) => {
      const known = worked(role);
      return known && Math.round((known.input + known.output) / Math.max(1, known.calls));
    },
    outputShareOf: (role) => {
      const known = worked(role);
      return known && known.output / (known.input + known.output);
    },
  };
}
