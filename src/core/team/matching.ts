/** Which endpoints an agent is matched to, in which order, and why: what it requires, how they do, how loaded they are. Pure. */
import type { Passed } from '../../protocol/registry.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { endpointsThatServe } from './capabilities.ts';
import type { Standing } from './standing.ts';

export interface Wanted {
  /** As the role's route has them. */
  readonly endpoints: readonly Endpoint[];
  readonly requires: readonly string[];
  /** Ids that are equal, group by group. */
  readonly equals: readonly (readonly string[])[];
}

export interface EndpointMatch {
  readonly endpoints: readonly Endpoint[];
  /** Undefined: those of the route, in its order. */
  readonly why: string | undefined;
  /** Those that serve as well and stand before the first in the route. */
  readonly passed: readonly Passed[];
}

/**
 * Those that serve, the healthy before the others, else in the route's order; of equals the least loaded first. One that is ill comes
 * last but stays: it may be all there is in the end.
 */
export function matchEndpoints(wanted: Wanted, standing: (id: string) => Standing): EndpointMatch {
  const { endpoints: serve, why: served } = endpointsThatServe(wanted.endpoints, wanted.requires);
  const spread = wanted.equals.reduce((all, group) => leastLoaded(all, group, standing), serve);
  const endpoints = spread.toSorted((one, other) => rank(standing(one.id)) - rank(standing(other.id)));
  const [first] = endpoints;
  const passed = first ? passedFor(first, serve, standing) : [];
  const why = [...(served === undefined ? [] : [served]), ...passed.map(({ why: each }) => each)].join('; ');
  return { endpoints, why: why === '' ? undefined : why, passed };
}

/** One whose circuit is open or that rests is worse than one that failed once. */
const rank = ({ health }: Standing): number => ({ fine: 0, doubtful: 1, resting: 2, open: 2 })[health];

function leastLoaded(
  endpoints: readonly Endpoint[],
  group: readonly string[],
  standing: (id: string) => Standing,
): readonly Endpoint[] {
  const members = endpoints
    .filter(({ id }) => group.includes(id))
    .toSorted((one, other) => standing(one.id).load - standing(other.id).load);
  return endpoints.map((endpoint) =>
    group.includes(endpoint.id) ? (members.shift() ?? endpoint) : endpoint,
  );
}

/** Why those before it in the route are not asked first. */
function passedFor(
  first: Endpoint,
  serve: readonly Endpoint[],
  standing: (id: string) => Standing,
): readonly Passed[] {
  return serve.slice(0, serve.indexOf(first)).map((endpoint) => {
    const { health, why = 'it does not answer now', load } = standing(endpoint.id);
    const told =
      health === 'fine'
        ? `${nameOf(endpoint)} has ${agents(load)} at work, this one ${agents(standing(first.id).load)}`
        : `${nameOf(endpoint)} is ${HEALTHS[health]}: ${why}`;
    return { endpoint: endpoint.id, why: told };
  });
}

const HEALTHS = { doubtful: 'doubtful', resting: 'resting', open: 'left alone' } as const;

const agents = (count: number): string => `${String(count)} ${count === 1 ? 'agent' : 'agents'}`;

const nameOf = (endpoint: Endpoint): string => endpoint.label ?? endpoint.id;
