/** Looks at one endpoint for the doctor: reachable, key, model, a reply, a tool call. */
import type { Endpoint } from '../../protocol/settings.ts';
import type { EndpointFacts } from '../doctor/facts.ts';
import { PortError } from '../ports.ts';
import type { Models } from './contract.ts';
import type { EndpointState } from './endpoints.ts';
import { probeModel } from './probe.ts';

export interface CheckNeeds {
  readonly models: Models;
  readonly key: (endpoint: Endpoint) => Promise<string | undefined>;
  /** Names of the models that a server lists; rejects where there is no list. */
  readonly list: (
    endpoint: Endpoint,
    key: string | undefined,
    signal: AbortSignal,
  ) => Promise<readonly string[]>;
  /** How an endpoint does for what works in this process; absent where nothing can. */
  readonly now?: (id: string) => EndpointState;
}

/** Never rejects but by abort: what fails is part of the facts. */
export async function checkEndpoint(
  endpoint: Endpoint,
  needs: CheckNeeds,
  signal: AbortSignal,
): Promise<EndpointFacts> {
  // Before it is asked here, or it would tell of that.
  const now = nowOf(needs.now?.(endpoint.id));
  return { ...(await checked(endpoint, needs, signal)), ...now };
}

function nowOf(state: EndpointState | undefined): Pick<EndpointFacts, 'now'> {
  if (!state) return {};
  const { health, inFlight, why } = state;
  return { now: { health, inFlight, ...(why !== undefined && { why }) } };
}

async function checked(
  endpoint: Endpoint,
  { models, key, list }: CheckNeeds,
  signal: AbortSignal,
): Promise<EndpointFacts> {
  // What plays a record answers for the turns that it holds, and for no test.
  if (endpoint.kind === 'scripted' || endpoint.kind === 'cassette')
    return factsOf(endpoint, undefined, { tools: 'called' });
  const own = await key(endpoint);
  const [listed, answer] = await Promise.all([
    endpoint.kind === 'openai' ? list(endpoint, own, signal).catch(() => undefined) : undefined,
    probeModel(models, endpoint, signal).catch((error: unknown) => failureOf(error)),
  ]);
  const known = listed !== undefined && { listed: isListed(listed, endpoint.model) };
  const said = 'failure' in answer ? answer : { tools: answer.tools };
  return factsOf(endpoint, own, { ...known, ...said });
}

function factsOf(
  endpoint: Endpoint,
  key: string | undefined,
  found: Pick<EndpointFacts, 'listed' | 'tools' | 'failure'>,
): EndpointFacts {
  return {
    id: endpoint.id,
    name: endpoint.label ?? endpoint.model,
    kind: endpoint.kind,
    ...(endpoint.baseUrl !== undefined && { address: plainAddress(endpoint.baseUrl) }),
    hasKey: key !== undefined && key !== '',
    hasPrice: endpoint.inputUsdPerMillion !== undefined && endpoint.outputUsdPerMillion !== undefined,
    ...found,
  };
}

/** Gemini lists its models below `models/`. */
const isListed = (names: readonly string[], model: string): boolean =>
  names.some((name) => name === model || name === `models/${model}` || name === `${model}:latest`);

function plainAddress(text: string): string {
  const url = URL.parse(text);
  return url === null ? 'no address' : url.origin + url.pathname;
}

function failureOf(error: unknown): Required<Pick<EndpointFacts, 'failure'>> {
  if (!(error instanceof PortError)) {
    const message =
      error instanceof Error && error.name === 'TimeoutError' ? 'It does not answer in time.' : String(error);
    return { failure: { code: 'endpoint.failed', message } };
  }
  const { code, message, advice } = error;
  return { failure: { code, message, ...(advice !== undefined && { advice }) } };
}
