/**
 * What is known of each endpoint at the moment: health, load, speed and rate. It is this process's view and no part of the story: who is
 * asked is chosen inside the model step and stands in its output.
 */
import type { EndpointHealth, EndpointSeen } from '../../protocol/registry.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { Clock } from '../ports.ts';
import { createRateLimiter, type RateLimiter } from '../resilience/rate-limit.ts';

/** An endpoint as it does now. */
export interface EndpointState {
  readonly id: string;
  readonly health: EndpointHealth;
  /** Where it is not fine: what was seen. */
  readonly why?: string;
  /** Calls under way. */
  readonly inFlight: number;
  /** Milliseconds until the first piece of a reply, and until its end, of late; absent before the first reply. */
  readonly firstMs?: number;
  readonly wholeMs?: number;
  readonly failuresInARow: number;
}

/** One call under way. */
export interface Ticket {
  /** The first piece of its reply came. */
  first(): void;
  /** `neither`: how it ended says nothing about the endpoint. `why`: how it failed. */
  end(how: 'ok' | 'failed' | 'neither', why?: string): void;
}

export interface Endpoints {
  readonly rates: RateLimiter;
  begin(id: string): Ticket;
  /** Its circuit is open for so long. */
  open(id: string, ms: number): void;
  /** Those that are equal change places: the healthy before the others, then the least loaded, then the fastest. */
  order(endpoints: readonly Endpoint[], equals: readonly (readonly string[])[]): readonly Endpoint[];
  state(id: string): EndpointState;
}

/** For how long an endpoint that failed comes after its equals. */
const DOUBT_MS = 30_000;

/** Weight of the latest call in what is known of an endpoint's speed. */
const LATEST = 0.3;

interface Known {
  inFlight: number;
  firstMs: number | undefined;
  wholeMs: number | undefined;
  failures: number;
  failedAt: number;
  /** How it failed last. */
  failedBy: string;
  openUntil: number;
}

const UNKNOWN: Known = {
  inFlight: 0,
  firstMs: undefined,
  wholeMs: undefined,
  failures: 0,
  failedAt: -Infinity,
  failedBy: '',
  openUntil: 0,
};

export function createEndpoints(clock: Clock): Endpoints {
  const all = new Map<string, Known>();
  const rates = createRateLimiter(clock);
  const knownOf = (id: string): Known => {
    const known = all.get(id) ?? { ...UNKNOWN };
    all.set(id, known);
    return known;
  };
  const state = (id: string): EndpointState => {
    const known = knownOf(id);
    const { inFlight, firstMs, wholeMs, failures } = known;
    const health = healthOf(known, clock.now(), rates.restingMs(id) > 0);
    const why = whyOf(health, known, {
      restingMs: rates.restingMs(id),
      openMs: known.openUntil - clock.now(),
    });
    return {
      id,
      health,
      ...(why !== undefined && { why }),
      inFlight,
      failuresInARow: failures,
      ...(firstMs !== undefined && { firstMs }),
      ...(wholeMs !== undefined && { wholeMs }),
    };
  };
  return {
    rates,
    state,
    begin: (id) => ticket(knownOf(id), clock),
    open: (id, ms) => {
      knownOf(id).openUntil = clock.now() + ms;
    },
    order: (endpoints, equals) => {
      const ordered = [...endpoints];
      for (const group of equals) placeGroup(ordered, group, state);
      return ordered;
    },
  };
}

function healthOf({ openUntil, failures, failedAt }: Known, now: number, rests: boolean): EndpointHealth {
  if (openUntil > now) return 'open';
  if (rests) return 'resting';
  return failures > 0 && failedAt + DOUBT_MS > now ? 'doubtful' : 'fine';
}

/** Characters of a failure that are told. */
const WHY_CHARS = 200;

function whyOf(
  health: EndpointHealth,
  { failures, failedBy }: Known,
  { restingMs, openMs }: { readonly restingMs: number; readonly openMs: number },
): string | undefined {
  const last = failedBy === '' ? '' : `: ${failedBy}`;
  switch (health) {
    case 'open':
      return `it failed ${times(failures)} and is left alone for ${seconds(openMs)} s${last}`;
    case 'resting':
      return `it asked to be left alone for ${seconds(restingMs)} s`;
    case 'doubtful':
      return `its last call failed${last}`;
    default:
      return undefined;
  }
}

const seconds = (ms: number): string => String(Math.ceil(ms / 1000));
const times = (count: number): string => (count <= 1 ? 'again and again' : `${String(count)} times in a row`);

/** As it is recorded with a call. */
export const seenOf = ({ id, health, inFlight, why }: EndpointState): EndpointSeen => ({
  id,
  health,
  inFlight,
  ...(why !== undefined && { why }),
});

function ticket(known: Known, clock: Clock): Ticket {
  const startedAt = clock.now();
  known.inFlight += 1;
  let isFirst = true;
  return {
    first: () => {
      if (isFirst) known.firstMs = average(known.firstMs, clock.now() - startedAt);
      isFirst = false;
    },
    end: (how, why = '') => {
      known.inFlight -= 1;
      if (how === 'neither') return;
      known.failures = how === 'ok' ? 0 : known.failures + 1;
      if (how === 'failed') {
        known.failedAt = clock.now();
        known.failedBy = why.slice(0, WHY_CHARS).replace(/\.$/u, '');
        return;
      }
      known.openUntil = 0;
      known.wholeMs = average(known.wholeMs, clock.now() - startedAt);
    },
  };
}

const average = (former: number | undefined, latest: number): number =>
  former === undefined ? latest : former + (latest - former) * LATEST;

/** Puts the endpoints of one group, best first, into the places that they hold together. */
function placeGroup(
  ordered: Endpoint[],
  group: readonly string[],
  state: (id: string) => EndpointState,
): void {
  const places = [...ordered.keys()].filter((index) => group.includes(ordered[index]?.id ?? ''));
  const members = places.flatMap((index) => ordered[index] ?? []);
  const best = members
    .map((endpoint, index) => ({ endpoint, index, now: state(endpoint.id) }))
    .sort(
      (a, b) =>
        rank(a.now) - rank(b.now) ||
        a.now.inFlight - b.now.inFlight ||
        speed(a.now) - speed(b.now) ||
        a.index - b.index,
    );
  for (const [index, place] of places.entries()) {
    const chosen = best[index];
    if (chosen) ordered[place] = chosen.endpoint;
  }
}

const rank = ({ health }: EndpointState): number => ['fine', 'doubtful', 'resting', 'open'].indexOf(health);

/** One that was never asked is worth a try. */
const speed = ({ wholeMs }: EndpointState): number => wholeMs ?? 0;
