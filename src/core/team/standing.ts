/**
 * How the endpoints of a run do, as its story has seen it: health as the last model step recorded it, load as agents begin and end. A
 * fold of the story's own order, so whoever is made next is matched on replay as it was.
 */
import type { EndpointHealth, Match } from '../../protocol/registry.ts';

/** An endpoint as the story knows it. */
export interface Standing {
  readonly health: EndpointHealth;
  readonly why?: string | undefined;
  /** Agents at work that ask it first. */
  readonly load: number;
}

export interface Standings {
  of(endpoint: string): Standing;
  /** A model step of the agent ended: who answered it, and how its endpoints did then. */
  heard(agent: string, match: Match): void;
  /** The agent works, and asks that endpoint first. */
  begin(agent: string, endpoint: string): void;
  rest(agent: string): void;
  /** All agents whose ids begin so are over. */
  retire(beginning: string): void;
  /** Calls back each time the health of an endpoint is another than it was. */
  onChange(changed: () => void): void;
}

const FINE = { health: 'fine', why: undefined } as const;

export function createStandings(): Standings {
  const seen = new Map<string, Omit<Standing, 'load'>>();
  const asks = new Map<string, string>();
  const listeners: (() => void)[] = [];
  return {
    of: (endpoint) => ({
      ...(seen.get(endpoint) ?? FINE),
      load: [...asks.values()].filter((id) => id === endpoint).length,
    }),
    heard(agent, match) {
      if (asks.has(agent)) asks.set(agent, match.endpoint);
      const isOther = match.seen.some(({ id, health }) => (seen.get(id) ?? FINE).health !== health);
      for (const { id, health, why } of match.seen) seen.set(id, { health, why });
      if (isOther) for (const changed of listeners) changed();
    },
    begin: (agent, endpoint) => void asks.set(agent, endpoint),
    rest: (agent) => void asks.delete(agent),
    retire: (beginning) => {
      for (const agent of [...asks.keys()]) if (agent.startsWith(beginning)) asks.delete(agent);
    },
    onChange: (changed) => void listeners.push(changed),
  };
}
