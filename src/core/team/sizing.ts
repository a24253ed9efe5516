/**
 * How many work at once: as many as there is work for, and as the person's limit, processors, rates and health of endpoints and the budget
 * allow. Pure: who asks says how things stand.
 */
import type { Endpoint, RunSettings } from '../../protocol/settings.ts';
import type { Standing } from './standing.ts';

/** A number of agents, and what bounds it. */
export interface Size {
  readonly agents: number;
  readonly by: 'limit' | 'work' | 'processors' | 'rates' | 'health' | 'budget';
  readonly why: string;
}

/** Units of work that could go on now and whose agents ask the same endpoints. */
export interface Crew {
  readonly units: number;
  readonly endpoints: readonly Endpoint[];
  /** Tokens that one call takes on average; absent: not known yet. */
  readonly callTokens?: number | undefined;
}

/** How things stand. */
export interface Situation {
  /** Tasks that could ever run at the same time. */
  readonly width: number;
  readonly crews: readonly Crew[];
  readonly standing?: (endpoint: string) => Pick<Standing, 'health'>;
  /** Tasks at work, and how many more the budget has room for; absent: it has no limit. */
  readonly budget?: { readonly atWork: number; readonly more: number } | undefined;
}

/** Calls that one agent makes in a minute, as a rule. */
const CALLS_PER_MINUTE = 4;
/** Tokens that a call takes, as a rule: the first ones are short, and most of the input of later ones was sent before. */
const CALL_TOKENS = 8000;
/** Tasks at once for each processor: agents mostly wait for models, their tests do not. */
const PER_PROCESSOR = 2;

type Bound = readonly [agents: number, by: Size['by'], why: string];

export function sizeOf(
  { limits, processors }: Pick<RunSettings, 'limits' | 'processors'>,
  { width, crews, standing = () => ({ health: 'fine' }), budget }: Situation,
): Size {
  const bounds: readonly Bound[] = [
    [limits.concurrency, 'limit', 'the limit `concurrency`'],
    [width, 'work', 'tasks that can run at the same time'],
    ...(processors === undefined
      ? []
      : [
          [
            processors * PER_PROCESSOR,
            'processors',
            `${String(processors)} ${processors === 1 ? 'processor' : 'processors'}`,
          ] as const,
        ]),
    ...crewsBound(crews, { most: limits.concurrency, standing }),
    ...(budget ? [[budget.atWork + budget.more, 'budget', budgetText(budget)] as const] : []),
  ];
  const [agents, by, why] = bounds.reduce(fewer);
  return { agents: Math.max(1, agents), by, why };
}

const fewer = (one: Bound, other: Bound): Bound => (other[0] < one[0] ? other : one);

interface Asking {
  readonly most: number;
  readonly standing: NonNullable<Situation['standing']>;
}

/** As many of each crew as its endpoints take; nothing where they take all. Why: what holds back most. */
function crewsBound(crews: readonly Crew[], asking: Asking): readonly Bound[] {
  const held = crews.flatMap((crew): readonly Bound[] => {
    const bounds = crewBounds(crew, asking);
    if (bounds.length === 0) return [];
    const [agents, by, why] = bounds.reduce(fewer);
    return agents < crew.units ? [[Math.max(1, agents) - crew.units, by, why]] : [];
  });
  if (held.length === 0) return [];
  const units = crews.reduce((sum, crew) => sum + crew.units, 0);
  const [, by, why] = held.reduce(fewer);
  return [[held.reduce((sum, [less]) => sum + less, units), by, why]];
}

function crewBounds({ endpoints, callTokens = CALL_TOKENS }: Crew, asking: Asking): readonly Bound[] {
  const well = endpoints.filter(({ id }) => !AWAY.has(asking.standing(id).health));
  return [
    ...rateOf(
      well.map(({ requestsPerMinute }) => requestsPerMinute),
      CALLS_PER_MINUTE,
      'requests a minute',
    ),
    ...rateOf(
      well.map(({ tokensPerMinute }) => tokensPerMinute),
      CALLS_PER_MINUTE * callTokens,
      'tokens a minute',
    ),
    ...healthOf(endpoints, well, asking),
  ];
}

/** What endpoints allow together, where one agent takes so much; nothing where one of them has no limit. */
function rateOf(rates: readonly (number | undefined)[], each: number, unit: string): readonly Bound[] {
  if (rates.length === 0 || rates.some((rate) => rate === undefined)) return [];
  const all = rates.reduce<number>((sum, rate = 0) => sum + rate, 0);
  return [[Math.floor(all / each), 'rates', `${String(all)} ${unit}`]];
}

/** That take no call now. */
const AWAY: ReadonlySet<string> = new Set(['resting', 'open']);

/** Where all endpoints asked to be left alone there is half as much for them; where they are only left alone, as little as can be. */
function healthOf(
  endpoints: readonly Endpoint[],
  well: readonly Endpoint[],
  { most, standing }: Asking,
): readonly Bound[] {
  if (endpoints.length === 0 || well.length > 0) return [];
  const names = endpoints.map(({ id, label }) => label ?? id).join(', ');
  return endpoints.some(({ id }) => standing(id).health === 'resting')
    ? [[Math.floor(most / 2), 'health', `${names}: too many requests, it asks to be left alone`]]
    : [[1, 'health', `${names}: it does not answer now`]];
}

const budgetText = ({ more }: { readonly more: number }): string =>
  more === 0
    ? 'budget for no more tasks'
    : `budget for ${String(more)} more ${more === 1 ? 'task' : 'tasks'}`;
