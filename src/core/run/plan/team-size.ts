/**
 * How many work at once, decided again while the run goes on: when a unit ends, when the person changes budget or limits, when an endpoint
 * gets ill or well. What is left of the budget changes as others spend, so it is looked at in a step; everything else is a fold of the
 * story. What bounds the team is told when it holds somebody back, and when it no longer does.
 */
import type { BudgetLimits } from '../../../protocol/settings.ts';
import type { Left } from '../../team/purse.ts';
import { endpointsFor } from '../../team/routes.ts';
import { sizeOf, type Crew, type Size } from '../../team/sizing.ts';
import { AGENTS_EACH, candidatesOf, type Need } from '../candidates/how-many.ts';
import type { Run } from '../run.ts';
import { estimateEach } from './estimates.ts';
import { remainingPath, type Unit } from './graph.ts';

/** The units that are left. */
export interface Remaining {
  readonly atWork: readonly Unit[];
  readonly waiting: readonly Unit[];
}

export interface TeamSize {
  /** Decides again; `when` says on what occasion, and is part of its keys. */
  decide(when: string, remaining: Remaining): Promise<number>;
  /** The same with what was known of the budget last. */
  now(when: string, remaining: Remaining): number;
}

export function createTeamSize(run: Run): TeamSize {
  const times = new Map<string, number>();
  let room: number | undefined;
  let told = '';
  /** The same occasion may come more than once. */
  const keyOf = (when: string): string => {
    const count = (times.get(when) ?? 0) + 1;
    times.set(when, count);
    return `team/size/${when}${count === 1 ? '' : `/${String(count)}`}`;
  };
  const settle = (key: string, remaining: Remaining): number => {
    const { size, most } = sizeNow(run, remaining, room);
    const isHeld = size.agents < most;
    const saying = isHeld ? `${String(size.agents)} by ${size.by}` : '';
    if (saying !== told)
      run.steps.record({
        type: 'team.sized',
        key,
        data: { agents: size.agents, of: most, why: size.why },
      });
    told = saying;
    return size.agents;
  };
  return {
    async decide(when, remaining) {
      const key = keyOf(when);
      room =
        remaining.waiting.length > 0 && isLimited(run.heard.budget)
          ? await look(run, key, remaining)
          : undefined;
      return settle(key, remaining);
    },
    now: (when, remaining) => settle(keyOf(when), remaining),
  };
}

const isLimited = ({ tokensMax, costUsdMax, agentsMax, roles = {} }: BudgetLimits): boolean =>
  [{ tokensMax, costUsdMax, agentsMax }, ...Object.values(roles)].some(
    (caps) => caps.tokensMax !== undefined || caps.costUsdMax !== undefined || caps.agentsMax !== undefined,
  );

/** For how many more tasks there is budget, beside those at work. */
async function look(run: Run, key: string, remaining: Remaining): Promise<number> {
  const spec = {
    kind: 'choice' as const,
    title: 'See how many tasks there is budget for',
    input: { waiting: remaining.waiting.map(({ id }) => id) },
  };
  const { more } = await run.steps.step<{ more: number }>(key, spec, () =>
    Promise.resolve({ more: roomIn(run, remaining) }),
  );
  return more;
}

/** Of a task at work so much is yet to come, as a rule. */
const REST_SHARE = 0.5;

function roomIn(run: Run, { atWork, waiting }: Remaining): number {
  const each = mean(run, waiting);
  const rest = total(run, atWork);
  const roles = [...new Set(waiting.flatMap(({ tasks }) => tasks.map(({ role }) => role)))];
  const rooms = roles.map((role) => roomFor(run.team.purse.left(role), each, rest));
  return Math.max(0, Math.min(waiting.length, ...rooms));
}

function roomFor(left: Left, each: Need, rest: Need): number {
  const room = (has: number | undefined, taken: number | null, need: number | null): number =>
    has === undefined || need === null || need <= 0
      ? Infinity
      : Math.floor((has - (taken ?? 0) * REST_SHARE) / need);
  return Math.min(
    room(left.tokens, rest.tokens, each.tokens),
    room(left.costUsd, rest.costUsd, each.costUsd),
    room(left.agents, 0, AGENTS_EACH),
  );
}

/** What units will likely take together; several candidates of one are as many times its work. */
function total(run: Run, units: readonly Unit[]): Need {
  const needs = units.map((unit) => ({ times: candidatesOf(run, unit), ...estimateEach(run, unit.tasks) }));
  const isKnown = needs.every(({ costUsd }) => costUsd !== null);
  return {
    tokens: needs.reduce((sum, { tokens, times }) => sum + tokens * times, 0),
    costUsd: isKnown ? needs.reduce((sum, { costUsd, times }) => sum + (costUsd ?? 0) * times, 0) : null,
  };
}

function mean(run: Run, units: readonly Unit[]): Need {
  const { tokens, costUsd } = total(run, units);
  return { tokens: tokens / units.length, costUsd: costUsd === null ? null : costUsd / units.length };
}

/** Who could work now, by the endpoints that they ask. A unit counts with the role that begins it. */
function crewsOf(run: Run, units: readonly Unit[]): readonly Crew[] {
  const left = new Set(units.map(({ id }) => id));
  const crews = new Map<string, Crew>();
  for (const unit of units) {
    const [task] = unit.tasks;
    if (!task || unit.dependsOn.some((id) => left.has(id))) continue;
    const { role: name, model: first } = task;
    const role = run.roles.has(name) ? run.roles.get(name) : { name };
    const endpoints = endpointsFor({ ...role, first }, run.settings);
    const key = `${endpoints.map(({ id }) => id).join(' ')} ${name}`;
    const number = (crews.get(key)?.units ?? 0) + candidatesOf(run, unit);
    crews.set(key, { endpoints, callTokens: run.history.callTokensOf(name), units: number });
  }
  return [...crews.values()];
}

/** The size now, and how many could work if nothing but the plan and the person's limit bounded it. */
function sizeNow(
  run: Run,
  { atWork, waiting }: Remaining,
  room: number | undefined,
): { readonly size: Size; readonly most: number } {
  const units = [...atWork, ...waiting];
  // The units of the longest path wait for one another; several candidates of one unit do not.
  const agents = units.reduce((sum, unit) => sum + candidatesOf(run, unit), 0);
  const width = Math.max(1, agents - Math.max(0, ...remainingPath(units).values()) + 1);
  const load = atWork.reduce((sum, unit) => sum + candidatesOf(run, unit), 0);
  const size = sizeOf(run.settings, {
    width,
    crews: crewsOf(run, units),
    standing: (id) => run.team.standings.of(id),
    budget: room === undefined ? undefined : { atWork: load, more: room },
  });
  return { size, most: Math.min(run.settings.limits.concurrency, width) };
}
