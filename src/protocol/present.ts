/** What goes on in a run right now: who does what, who waits for whom, and what each has taken so far. */
import { sumOf, tokensOf } from './ledger.ts';
import { ENDPOINT, type Wait } from './team-view.ts';
import type { ActiveStep, AgentView, NeedView, RunView } from './view.ts';

/** An agent at work. */
export interface AgentNow {
  readonly agent: AgentView;
  /** What it waits for; absent where it waits for nobody. What waits for the person is a need. */
  readonly wait?: Wait | undefined;
  readonly need?: NeedView | undefined;
  /** The step that it began last of those that run. */
  readonly step?: ActiveStep | undefined;
  readonly tokens: number;
  /** US dollars; null: a part of it has no known price. */
  readonly costUsd: number | null;
}

export interface Present {
  readonly agents: readonly AgentNow[];
  /** Steps that no agent is about: tests, merges, working copies. */
  readonly steps: readonly ActiveStep[];
}

/** Agents that live now. */
export const agentsNow = ({ agents, finished }: RunView): readonly AgentView[] =>
  finished ? [] : agents.filter(({ state }) => state !== 'done' && state !== 'failed');

const NOBODY: Present = { agents: [], steps: [] };

/** Agents and steps in the order in which they began; nobody while the run rests. */
export function presentOf(run: RunView): Present {
  if (run.finished || run.paused || run.unreadable) return NOBODY;
  const all = agentsNow(run);
  const known = new Set(all.map(({ id }) => id));
  const of = ({ who }: ActiveStep): string | undefined =>
    who?.agent !== undefined && known.has(who.agent) ? who.agent : undefined;
  return {
    agents: all
      .map((agent) => ({
        agent,
        wait: run.team?.waits.find(({ who, on }) => who === agent.id && on !== 'person'),
        need: run.needs.find(({ ask }) => ask.who?.agent === agent.id),
        step: run.active.findLast((step) => of(step) === agent.id),
        ...takenBy(run, agent.id),
      }))
      .filter(({ agent, wait, need, step }) => agent.state !== 'idle' || wait || need || step),
    steps: run.active.filter((step) => of(step) === undefined),
  };
}

function takenBy({ ledger }: RunView, id: string): Pick<AgentNow, 'tokens' | 'costUsd'> {
  const sum = sumOf(ledger.filter(({ agent }) => agent === id));
  return { tokens: tokensOf(sum), costUsd: sum.costUsd };
}

/** Whether it can do nothing until somebody answers it. A call that waits for its model is under way. */
export const isHeld = ({ wait, need }: AgentNow): boolean =>
  need !== undefined || (wait !== undefined && !wait.on.startsWith(ENDPOINT));

/** How many get on with it, and how many wait for somebody. */
export function countsOf({ agents, steps }: Present): { readonly working: number; readonly waiting: number } {
  const waiting = agents.filter(isHeld).length;
  return { working: agents.length + steps.length - waiting, waiting };
}
