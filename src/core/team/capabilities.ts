/**
 * Who can do what: roles, tools and endpoints with what they provide, in which version, and how they are. A task names what it requires;
 * matching says what serves it, and of everything else why not. Pure: health and load of endpoints are what the story has seen of them.
 */
import type { Endpoint } from '../../protocol/settings.ts';
import type { Standing } from './standing.ts';

export interface Entry {
  readonly kind: 'role' | 'tool' | 'endpoint' | 'worker';
  readonly id: string;
  /** Whole numbers with points; absent where it has none. */
  readonly version?: string | undefined;
  /** Plain names, or `name=number`. */
  readonly provides: readonly string[];
  /** Absent: not known, which counts as well. */
  readonly health?: 'fine' | 'doubtful' | 'down';
  /** Calls under way. */
  readonly load?: number;
}

/** What was found for one requirement. */
export interface Matched {
  readonly requires: string;
  /** Best first: the healthy, then the least loaded. */
  readonly by: readonly Entry[];
  /** Why those that come near do not serve. */
  readonly refused: readonly {
    /** Absent where what is required cannot be read. */
    readonly kind?: Entry['kind'];
    readonly id: string;
    readonly why: string;
  }[];
}

interface Requirement {
  readonly kind: Entry['kind'] | undefined;
  readonly name: string;
  readonly least: number | undefined;
  readonly version: string | undefined;
}

const REQUIREMENT =
  /^(?:(role|tool|endpoint|worker):)?([\w.-]+)(?:>=(\d+(?:\.\d+)?))?(?:@(\d+(?:\.\d+)*))?$/u;

/** Reads `vision`, `context>=64000`, `tool:run_tests`, `role:coder@1.2`. Undefined where it reads like none of these. */
function readRequirement(text: string): Requirement | undefined {
  const parts = REQUIREMENT.exec(text.trim());
  if (!parts) return undefined;
  const [, kind, name = '', least, version] = parts;
  return {
    kind: kind as Entry['kind'] | undefined,
    name,
    least: least === undefined ? undefined : Number(least),
    version,
  };
}

const UNREADABLE = 'it reads like none of: name, name>=number, kind:name, name@version';

export function matchOne(requires: string, entries: readonly Entry[]): Matched {
  const wanted = readRequirement(requires);
  if (!wanted) return { requires, by: [], refused: [{ id: requires, why: UNREADABLE }] };
  const judged = entries
    .filter(({ kind }) => wanted.kind === undefined || kind === wanted.kind)
    .map((entry) => ({ entry, why: unfit(entry, wanted) }));
  return {
    requires,
    by: judged
      .filter(({ why }) => why === undefined)
      .map(({ entry }) => entry)
      .toSorted((one, other) => rank(one) - rank(other) || (one.load ?? 0) - (other.load ?? 0)),
    refused: judged.flatMap(({ entry: { kind, id }, why }) =>
      why === undefined || why === '' ? [] : [{ kind, id, why }],
    ),
  };
}

const rank = ({ health = 'fine' }: Entry): number => ['fine', 'doubtful', 'down'].indexOf(health);

/** Why an entry does not serve; "" where it has nothing to do with it. */
function unfit(entry: Entry, { name, least, version }: Requirement): string | undefined {
  const provided = entry.provides.find((each) => each === name || each.startsWith(`${name}=`));
  if (provided === undefined && entry.id !== name)
    return entry.kind === 'endpoint' ? `it provides no ${name}` : '';
  const amount = Number(provided?.split('=')[1] ?? Number.NaN);
  if (least !== undefined && !(amount >= least))
    return `its ${name} is ${Number.isNaN(amount) ? 'not known' : String(amount)}, less than ${String(least)}`;
  if (version !== undefined && !isCompatible(entry.version, version))
    return `it is version ${entry.version ?? 'unknown'}, and ${version} is required`;
  if (entry.health === 'down') return 'it does not answer now';
  return undefined;
}

/** The same major version, and not older. */
export function isCompatible(has: string | undefined, wanted: string): boolean {
  if (has === undefined) return false;
  const [own, least] = [has.split('.').map(Number), wanted.split('.').map(Number)];
  if (own[0] !== least[0]) return false;
  for (let at = 1; at < Math.max(own.length, least.length); at++) {
    const [mine = 0, other = 0] = [own[at], least[at]];
    if (mine !== other) return mine > other;
  }
  return true;
}

/** The endpoints that a task's requirements leave, in the order given; all where it requires none of an endpoint. */
export function endpointsThatServe(
  endpoints: readonly Endpoint[],
  requires: readonly string[],
): { readonly endpoints: readonly Endpoint[]; readonly why: string | undefined } {
  const entries = endpoints.map(endpointEntry);
  const asked = requires.filter((each) => isOfEndpoints(each, entries));
  if (asked.length === 0) return { endpoints, why: undefined };
  const matches = asked.map((each) => matchOne(each, entries));
  const serve = endpoints.filter(({ id }) => matches.every(({ by }) => by.some((entry) => entry.id === id)));
  const refused = matches.flatMap((match) => match.refused.map(({ id, why }) => `${id} not: ${why}`));
  return {
    endpoints: serve,
    why: `for ${asked.join(', ')}${refused.length === 0 ? '' : ` (${refused.join('; ')})`}`,
  };
}

/** True for what is required of whichever endpoint is asked: what only endpoints provide, and the id or the model of one of these. */
export function isOfEndpoints(requires: string, entries: readonly Entry[]): boolean {
  const wanted = readRequirement(requires);
  if (!wanted) return false;
  const { kind, name } = wanted;
  if (kind !== undefined) return kind === 'endpoint';
  return (
    OF_ENDPOINTS.has(name) ||
    entries.some((entry) => entry.kind === 'endpoint' && (entry.id === name || entry.provides.includes(name)))
  );
}

const OF_ENDPOINTS: ReadonlySet<string> = new Set(['vision', 'context', 'secret', 'priced', 'local']);

function endpointEntry({
  id,
  model,
  vision,
  contextTokens,
  classesMax = 'secret',
  ...endpoint
}: Endpoint): Entry {
  const { inputUsdPerMillion, baseUrl = '' } = endpoint;
  return {
    kind: 'endpoint',
    id,
    version: /(\d+(?:\.\d+)*)/u.exec(model)?.[1],
    provides: [
      model,
      `context=${String(contextTokens)}`,
      ...(vision === true ? ['vision'] : []),
      ...(classesMax === 'secret' ? ['secret'] : []),
      ...(inputUsdPerMillion === undefined ? [] : ['priced']),
      ...(/^https?:\/\/(?:localhost|127\.|\[::1\])/u.test(baseUrl) ? ['local'] : []),
    ],
  };
}

/** One that is ill now serves later: a plan is not refused for it, it only comes last. */
const standingOf = (standing: Standing | undefined): Pick<Entry, 'health' | 'load'> =>
  standing ? { health: standing.health === 'fine' ? 'fine' : 'doubtful', load: standing.load } : {};

/** A role as it is needed here. */
export interface RoleLike {
  readonly name: string;
  readonly tools: readonly string[];
  readonly submit: readonly string[];
  readonly version?: string | undefined;
}

/** A tool with the version of its contract. */
export interface ToolLike {
  readonly name: string;
  readonly version?: string | undefined;
}

/** Everything a run has. `tools` are those that its settings enable; `standing`: how an endpoint does, where that is known. */
export function entriesOf(
  { endpoints }: { readonly endpoints: readonly Endpoint[] },
  { roles, tools }: { readonly roles: readonly RoleLike[]; readonly tools: readonly ToolLike[] },
  standing?: (endpoint: string) => Standing,
): readonly Entry[] {
  return [
    ...roles.map(({ name, version = '1', ...role }): Entry => ({
      kind: 'role',
      id: name,
      version,
      provides: [...role.tools, ...role.submit].map((tool) => `uses-${tool}`),
    })),
    ...tools.map(({ name, version = '1' }): Entry => ({ kind: 'tool', id: name, version, provides: [] })),
    ...endpoints.map((endpoint) => ({ ...endpointEntry(endpoint), ...standingOf(standing?.(endpoint.id)) })),
  ];
}
