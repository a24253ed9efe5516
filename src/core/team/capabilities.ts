/**
 * Who can do what: roles, tools and endpoints with what they provide, and roles and tools in which version. A task names what it requires;
 * matching says what serves it, and of everything else why not. Pure, and the same at any time: one that is ill now serves later, so how
 * endpoints do decides only in which order they are asked (`matching.ts`).
 */
import type { Endpoint } from '../../protocol/settings.ts';
import { versionOf } from '../tools/contracts.ts';
import type { Tool } from '../tools/contract.ts';
import type { Role } from './role.ts';

export interface Entry {
  readonly kind: 'role' | 'tool' | 'endpoint';
  readonly id: string;
  /** Whole numbers with points. Absent: an endpoint, whose model's name tells none that could be relied on. */
  readonly version?: string;
  /** Plain names, or `name=number`. */
  readonly provides: readonly string[];
}

/** What was found for one requirement. */
export interface Matched {
  readonly requires: string;
  /** In the order in which they were given. */
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

const REQUIREMENT = /^(?:(role|tool|endpoint):)?([\w.-]+)(?:>=(\d+(?:\.\d+)?))?(?:@(\d+(?:\.\d+)*))?$/u;

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
    by: judged.filter(({ why }) => why === undefined).map(({ entry }) => entry),
    refused: judged.flatMap(({ entry: { kind, id }, why }) =>
      why === undefined || why === '' ? [] : [{ kind, id, why }],
    ),
  };
}

/** Why an entry does not serve; "" where it has nothing to do with it. */
function unfit(entry: Entry, { name, least, version }: Requirement): string | undefined {
  const provided = entry.provides.find((each) => each === name || each.startsWith(`${name}=`));
  if (provided === undefined && entry.id !== name)
    return entry.kind === 'endpoint' ? `it provides no ${name}` : '';
  const amount = Number(provided?.split('=')[1] ?? Number.NaN);
  if (least !== undefined && !(amount >= least))
    return `its ${name} is ${Number.isNaN(amount) ? 'not known' : String(amount)}, less than ${String(least)}`;
  if (version === undefined) return undefined;
  if (entry.version === undefined) return `it has no version, and ${version} is required`;
  return isCompatible(entry.version, version)
    ? undefined
    : `it is version ${entry.version}, and ${version} is required`;
}

/** The same major version, and not older. */
export function isCompatible(has: string, wanted: string): boolean {
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

/** What tasks may require of an endpoint. */
export function endpointEntry({
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

/** A role as it is needed here. */
export type RoleLike = Pick<Role, 'name' | 'tools' | 'submit' | 'version'>;

/** A tool as it is needed here. */
export type ToolLike = Pick<Tool, 'name' | 'version'>;

/** Everything a run has. `tools` are those that its settings enable. */
export function entriesOf(
  { endpoints }: { readonly endpoints: readonly Endpoint[] },
  { roles, tools }: { readonly roles: readonly RoleLike[]; readonly tools: readonly ToolLike[] },
): readonly Entry[] {
  return [
    ...roles.map(({ name, version, ...role }): Entry => ({
      kind: 'role',
      id: name,
      version,
      provides: [...role.tools, ...role.submit].map((tool) => `uses-${tool}`),
    })),
    ...tools.map((tool): Entry => ({
      kind: 'tool',
      id: tool.name,
      version: versionOf(tool),
      provides: [],
    })),
    ...endpoints.map(endpointEntry),
  ];
}
