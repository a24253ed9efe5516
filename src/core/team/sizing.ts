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

/** How things stand. */
export interface Situation {
  /** Tasks that could ever run at the same time. */
  readonly width: number;
  /** Of those who do most of the work. */
  readonly endpoints: readonly Endpoint[];
  readonly standing?: (endpoint: string) => Pick<Standing, 'health'>;
  /** Tasks at work, and how many more the budget has room for; absent: it has no limit. */
  readonly budget?: { readonly atWork: number; readonly more: number } | undefined;
}

/** Calls that one agent makes in a minute, as a rule. */
const CALLS_PER_MINUTE = 4;
/** Tasks at once for each processor: agents mostly wait for models, their tests do not. */
const PER_PROCESSOR = 2;

type Bound = readonly [agents: number, by: Size['by'], why: string];

export function sizeOf(
  { limits, processors }: Pick<RunSettings, 'limits' | 'processors'>,
  { width, endpoints, standing = () => ({ health: 'fine' }), budget }: Situation,
): Size {
  const well = endpoints.filter(({ id }) => !AWAY.has(standing(id).health));
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
    ...rateOf(well),
    ...healthOf(endpoints, well, { most: limits.concurrency, standing }),
    ...(budget ? [[budget.atWork + budget.more, 'budget', budgetText(budget)] as const] : []),
  ];
  const [agents, by, why] = bounds.reduce((least, bound) => (bound[0] < least[0] ? bound : least));
  return { agents: Math.max(1, agents), by, why };
}

/** What the endpoints of a role allow together; nothing where one of them has no limit. */
function rateOf(endpoints: readonly Endpoint[]): readonly Bound[] {
  const rates = endpoints.map(({ requestsPerMinute }) => requestsPerMinute);
  if (rates.length === 0 || rates.some((rate) => rate === undefined)) return [];
  const all = rates.reduce<number>((sum, rate = 0) => sum + rate, 0);
  return [[Math.floor(all / CALLS_PER_MINUTE), 'rates', `${String(all)} requests a minute`]];
}

/** That take no call now. */
const AWAY: ReadonlySet<string> = new Set(['resting', 'open']);

/** Where all endpoints asked to be left alone there is half as much for them; where they are only left alone, as little as can be. */
function healthOf(
  endpoints: readonly Endpoint[],
  well: readonly Endpoint[],
  { most, standing }: { readonly most: number; readonly standing: NonNullable<Situation['standing']> },
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
