/**
 * How many work at once: as many as there is work for, and as processors and rates of endpoints allow. The budget is no part of it: it may
 * be changed when a run goes on, and calls wait for their share of it. Pure.
 */
import type { Endpoint, RunSettings } from '../../protocol/settings.ts';

/** A number of agents, and what bounds it. */
interface Size {
  readonly agents: number;
  readonly why: string;
}

/** Calls that one agent makes in a minute, as a rule. */
const CALLS_PER_MINUTE = 4;
/** Tasks at once for each processor: agents mostly wait for models, their tests do not. */
const PER_PROCESSOR = 2;

/** `width`: tasks that could ever run at the same time. */
export function sizeOf(
  { limits, processors }: Pick<RunSettings, 'limits' | 'processors'>,
  { width, endpoints }: { readonly width: number; readonly endpoints: readonly Endpoint[] },
): Size {
  const bounds: readonly (readonly [agents: number, why: string])[] = [
    [limits.concurrency, 'the limit `concurrency`'],
    [width, 'tasks that can run at the same time'],
    ...(processors === undefined
      ? []
      : [[processors * PER_PROCESSOR, `${String(processors)} processors`] as const]),
    ...rateOf(endpoints),
  ];
  const [agents, why] = bounds.reduce((least, bound) => (bound[0] < least[0] ? bound : least));
  return { agents: Math.max(1, agents), why };
}

/** What the endpoints of a role allow together; nothing where one of them has no limit. */
function rateOf(endpoints: readonly Endpoint[]): readonly (readonly [number, string])[] {
  const rates = endpoints.map(({ requestsPerMinute }) => requestsPerMinute);
  if (rates.length === 0 || rates.some((rate) => rate === undefined)) return [];
  const all = rates.reduce<number>((sum, rate = 0) => sum + rate, 0);
  return [[Math.floor(all / CALLS_PER_MINUTE), `${String(all)} requests a minute`]];
}
