/** Keeps a run's budget: which calls may start, at which endpoints, and what the person is told of it. */
import type { JournalLine } from '../../../protocol/events.ts';
import type { BudgetLimits, Caps, Endpoint, RunSettings } from '../../../protocol/settings.ts';
import { mayGet } from '../../policy/classes.ts';
import { costUsd, reservation } from '../../models/prices.ts';
import type { ModelRequest } from '../../models/contract.ts';
import type { Steps } from '../../ports.ts';
import type { Payer, Permit, Purse } from '../../team/purse.ts';
import type { ActiveTime } from '../journal/active-time.ts';
import { Budget } from './budget.ts';
import type { History } from './history.ts';
import { ledgerOf } from './ledger.ts';
import type { Past } from '../journal/past.ts';
import { keyInStory } from '../journal/upgrade.ts';

interface PurseParts {
  readonly lines: readonly JournalLine[];
  readonly past: Past;
  readonly settings: RunSettings;
  readonly active: ActiveTime;
  readonly history: History;
}

/** Percent of a limit from which on the cheaper endpoints are asked, where there are some. */
const DEGRADE_AT_PERCENT = 80;

/**
 * Calls that the journal knows the end of are asked nothing: they were made, and the ledger has counted them. So whatever was decided
 * then goes the same way again, though the limits may have been changed since.
 */
export function createPurse({ lines, past, settings, active, history }: PurseParts): Purse {
  const made = new Set(past.ends.map((end) => keyInStory(end.key)));
  const said = new Set([...past.said].map(saidInStory));
  const budget = new Budget(settings.budget, ledgerOf(lines), (role) => active.minutes(role));
  const { steps } = active;
  let limits = settings.budget;
  let own: Readonly<Record<string, Caps>> = {};
  return {
    reserve: async (payer, request) => {
      if (made.has(payer.key)) return { ways: request.endpoints, held: NOTHING };
      return permitFor({ budget, limits, endpoints: settings.endpoints, steps }, payer, request);
    },
    settle: ({ key, who }, spent) => {
      if (spent) history.note(who, spent);
      if (made.has(key)) return;
      budget.settle(key, spent);
      for (const { id, message } of budget.warnings(who.role))
        alert(steps, { key: `budget/${id}`, code: 'budget.near', message });
    },
    left: (role) => budget.left(role),
    waits: () => budget.waits(),
    limit(change) {
      limits = change.budget ?? limits;
      own = change.roles ?? own;
      budget.limit({ ...limits, roles: { ...own, ...limits.roles } });
    },
    isSaid: (type, key) => said.has(`${type} ${key}`),
  };
}

interface Keeping {
  readonly budget: Budget;
  readonly limits: BudgetLimits;
  readonly endpoints: RunSettings['endpoints'];
  readonly steps: Steps;
}

async function permitFor(keeping: Keeping, payer: Payer, request: ModelRequest): Promise<Permit> {
  const { budget, steps } = keeping;
  const { who, key } = payer;
  const ways = waysOf(keeping, who.role, request);
  const known = ways.map(({ endpoints }) => endpoints).filter((endpoints) => endpoints.length > 0);
  if (request.endpoints.length === 0) return { ways: [], held: NOTHING };
  if (known.length === 0) return { refused: unpriced(request.endpoints) };
  const grant = await budget.reserve(
    { key, role: who.role, agent: who.agent },
    known.map((endpoints) => reservation({ ...request, endpoints })),
    {
      waits() {
        const data = { agent: who.agent, state: 'waiting', note: WAITS } as const;
        steps.record({ type: 'agent.changed', key: `${key}/budget`, data });
      },
      starved(times) {
        sayStarved(steps, payer, times);
      },
    },
  );
  if ('refused' in grant) return grant;
  const chosen = known[grant.way] ?? [];
  const isCheaper = ways.some(({ endpoints, isDegraded }) => isDegraded && endpoints === chosen);
  if (isCheaper) sayDegraded(keeping, who.role, chosen);
  return { ways: chosen, held: grant.held };
}

/** The next room in the budget is kept for that call. */
function sayStarved(steps: Steps, { key, who: { agent, role, task } }: Payer, times: number): void {
  const why = `its call waited for the budget while ${String(times)} others were made`;
  const data = { guard: 'starvation', rung: 'reserved', why, agent, role } as const;
  steps.record({
    type: 'guard.fired',
    key: `${key}/starved`,
    data: { ...data, ...(task !== undefined && { task }) },
  });
}

const WAITS = 'Waits until other calls end: until then the rest of the budget is held for them.';

interface Way {
  readonly endpoints: readonly Endpoint[];
  readonly isDegraded: boolean;
}

/** The ways to make a call, in order of preference. With a cost limit, endpoints without a price are none (never taken for free). */
function waysOf(
  { budget, limits, endpoints, steps }: Keeping,
  role: string,
  request: ModelRequest,
): readonly Way[] {
  const { degradeTo = [], degradeAtPercent = DEGRADE_AT_PERCENT, costUsdMax, roles } = limits;
  const isPriceless = costUsdMax === undefined && roles?.[role]?.costUsdMax === undefined;
  const allowed = (endpoint: Endpoint): boolean => isPriceless || costUsd(endpoint, NO_TOKENS) !== null;
  const cheaper = endpoints.filter(
    (each) => degradeTo.includes(each.id) && mayGet(each, request.textClass ?? 'internal'),
  );
  const own: Way = { endpoints: request.endpoints.filter(allowed), isDegraded: false };
  const cheap: Way = { endpoints: cheaper.filter(allowed), isDegraded: true };
  for (const endpoint of request.endpoints.filter((each) => !allowed(each)))
    alert(steps, {
      key: `budget/unpriced/${endpoint.id}`,
      code: 'budget.unpriced',
      message: notAsked(endpoint),
    });
  if (cheap.endpoints.length === 0) return [own];
  return budget.share(role) * 100 >= degradeAtPercent ? [cheap] : [own, cheap];
}

const NOTHING = { tokens: 0, costUsd: 0 };
const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };

const nameOf = (endpoint: Endpoint): string => endpoint.label ?? endpoint.id;

const notAsked = (endpoint: Endpoint): string =>
  `${nameOf(endpoint)} is not asked while there is a cost limit: its price is not known.`;

const unpriced = (endpoints: readonly Endpoint[]): string =>
  `The run has a cost limit, but the price of ${endpoints.map(nameOf).join(' and ')} is not known. Give the price in the settings (0 for a model of your own), or go on without a cost limit.`;

function sayDegraded({ budget, steps }: Keeping, role: string, endpoints: readonly Endpoint[]): void {
  const percent = Math.floor(budget.share(role) * 100);
  alert(steps, {
    key: `budget/degraded/${role}`,
    code: 'budget.degraded',
    message: `${percent} % of the budget are used: the ${role} now asks ${endpoints.map(nameOf).join(', ')}.`,
  });
}

function alert(steps: Steps, { key, code, message }: { key: string; code: string; message: string }): void {
  steps.record({ type: 'alert.raised', key, data: { code, message } });
}

/** `type key` as the story knows it. */
function saidInStory(name: string): string {
  const space = name.indexOf(' ');
  return `${name.slice(0, space)} ${keyInStory(name.slice(space + 1))}`;
}
