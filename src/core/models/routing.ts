/** Sends a request to its endpoints in order of preference until one is able to answer. */
import type { Endpoint } from '../../protocol/settings.ts';
import { plainText } from '../policy/terminal-text.ts';
import { PortError } from '../ports.ts';
import type { ModelContext, ModelReply, ModelRequest, Models, Try } from './contract.ts';
import { seenOf, type Endpoints } from './endpoints.ts';
import { imagesIn, withoutImages } from './images.ts';
import { CallFailure, triesOf } from './failure.ts';
import { costOfTries, hasRoom } from './prices.ts';

type ByKind = { readonly [kind in Endpoint['kind']]?: Models | undefined };

/**
 * Models over all kinds of endpoints. The next endpoint is asked only after a failure that has nothing to do with the request:
 * unreachable, timeout, rate limit, server fault, broken reply. A refused key or a missing model is told, not papered over.
 * Endpoints that are equal are taken in the order of how they do at the moment. Each kind gets the endpoints from its own on, so that
 * it knows whether anybody stands behind it. Without `endpoints` nothing is known of any, and they are asked as they stand.
 */
export function createRouter(byKind: ByKind, endpoints?: Endpoints): Models {
  return { complete: (request, context) => route({ byKind, endpoints }, request, context) };
}

interface House {
  readonly byKind: ByKind;
  readonly endpoints: Endpoints | undefined;
}

interface Failure {
  readonly endpoint: Endpoint;
  readonly error: PortError;
}

async function route(house: House, request: ModelRequest, context: ModelContext): Promise<ModelReply> {
  const { ordered, why } = orderOf(house, request);
  const tries: Try[] = [];
  const told = { by: -1 };
  const failures: Failure[] = [];
  for (const [index, endpoint] of ordered.entries()) {
    context.signal.throwIfAborted();
    if (tries.length > 0 && !hasRoom(request, endpoint, tries)) break;
    try {
      const own = { ...context, onText: speakerOf(index, told, context.onText) };
      const left = { ...request, ...allowanceAfter(request, tries), endpoints: ordered.slice(index) };
      const isBlind = endpoint.kind === 'editor' && imagesIn(request) > 0;
      const reply = await askOne(house, isBlind ? withoutImages(left) : left, own);
      const unseen = isBlind ? { unseen: "the editor's language models are given no images" } : {};
      const match = matchOf(house, request, { endpoint: reply.endpoint, why: whyAfter(failures, why) });
      return { ...reply, ...unseen, ...match, tries: [...tries, ...reply.tries] };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof PortError)) throw error;
      tries.push(...triedAt(endpoint, error));
      failures.push({ endpoint, error });
      if (!another(error)) break;
    }
  }
  throw giveUp(request.role, failures, tries);
}

/** The endpoints in the order in which they are asked, and why that is another one than the request's. */
function orderOf(
  { endpoints: known }: House,
  { endpoints, equals = [] }: ModelRequest,
): { readonly ordered: readonly Endpoint[]; readonly why: string | undefined } {
  const ordered = known?.order(endpoints, equals) ?? endpoints;
  const [chosen, first] = [ordered[0], endpoints[0]];
  if (!known || !chosen || !first || chosen === first) return { ordered, why: undefined };
  const [own, other] = [known.state(chosen.id), known.state(first.id)];
  const why =
    other.why !== undefined && own.health === 'fine'
      ? `its equal ${named(first)} comes later: ${other.why}`
      : `of equals it has ${calls(own.inFlight)} under way, ${named(first)} ${calls(other.inFlight)}`;
  return { ordered, why };
}

const calls = (count: number): string => `${String(count)} ${count === 1 ? 'call' : 'calls'}`;

/** Why an endpoint was asked, once others had been in vain. */
const whyAfter = (failures: readonly Failure[], why: string | undefined): string | undefined =>
  failures.length === 0
    ? why
    : failures
        .map(
          ({ endpoint, error }) =>
            `${named(endpoint)} did not answer: ${plainText(error.message).replace(/\.$/u, '')}`,
        )
        .join('; ')
        .slice(0, WHY_CHARS);

const WHY_CHARS = 400;

/** What is recorded with a reply of who gave it. */
function matchOf(
  { endpoints }: House,
  request: ModelRequest,
  { endpoint, why }: { readonly endpoint: string; readonly why: string | undefined },
): Pick<ModelReply, 'match'> {
  if (!endpoints) return {};
  const seen = request.endpoints.map(({ id }) => seenOf(endpoints.state(id)));
  return { match: { endpoint, ...(why !== undefined && { why }), seen } };
}

/** Asks the first endpoint and notes how it does. */
async function askOne(
  { byKind, endpoints }: House,
  request: ModelRequest,
  { onText, ...context }: ModelContext,
): Promise<ModelReply> {
  const endpoint = request.endpoints[0];
  if (endpoint === undefined) throw giveUp(request.role, [], []);
  const models = byKind[endpoint.kind] ?? absent(endpoint);
  const ticket = endpoints?.begin(endpoint.id);
  const heard = (text: string): void => {
    ticket?.first();
    onText(text);
  };
  try {
    const reply = await models.complete(request, { ...context, onText: heard });
    ticket?.end('ok');
    return reply;
  } catch (error) {
    const isUnwell = !context.signal.aborted && error instanceof PortError && another(error);
    ticket?.end(isUnwell ? 'failed' : 'neither', error instanceof Error ? plainText(error.message) : '');
    throw error;
  }
}

/** What is left of the allowance of a call after the tries it has made. */
function allowanceAfter(
  { allowance, endpoints }: ModelRequest,
  tries: readonly Try[],
): Pick<ModelRequest, 'allowance'> {
  if (allowance === undefined) return {};
  const owed = tries.reduce(
    (sum, { usage }) => sum + (usage ? usage.inputTokens + usage.outputTokens : 0),
    0,
  );
  const owedUsd = costOfTries(endpoints, tries);
  const costUsd = allowance.costUsd === null || owedUsd === null ? null : allowance.costUsd - owedUsd;
  return { allowance: { tokens: allowance.tokens - owed, costUsd } };
}

/** Shown between what a broken reply said and what the next endpoint says. */
const ANOTHER = '\n[the reply broke off; asking another model]\n';

const speakerOf =
  (index: number, told: { by: number }, onText: ModelContext['onText']): ModelContext['onText'] =>
  (delta) => {
    if (told.by >= 0 && told.by < index) onText(ANOTHER);
    told.by = index;
    onText(delta);
  };

const another = (error: PortError): boolean =>
  error.retryable ||
  ['endpoint.unreachable', 'endpoint.timeout', 'endpoint.rateLimited'].includes(error.code);

const triedAt = (endpoint: Endpoint, error: PortError): readonly Try[] =>
  error instanceof CallFailure ? triesOf(error) : [{ endpoint: endpoint.id, ok: false, code: error.code }];

function absent(endpoint: Endpoint): never {
  const what =
    endpoint.kind === 'editor' ? "the editor's language models" : `endpoints of kind ${endpoint.kind}`;
  throw new PortError(
    'endpoint.unreachable',
    `${named(endpoint)} cannot be asked here: ${what} are not there.`,
    {
      advice: 'Choose another endpoint for this role.',
    },
  );
}

function giveUp(role: string, failures: readonly Failure[], tries: readonly Try[]): PortError {
  const last = failures.at(-1);
  if (last === undefined) {
    return new PortError('endpoint.missing', `No endpoint is configured for ${role}.`, {
      advice: 'Configure a model for this role.',
    });
  }
  const { code, advice, message } = last.error;
  const retryable = failures.some(({ error }) => error.retryable);
  const told =
    failures.length === 1
      ? message
      : `No endpoint answered. ${failures.map(({ endpoint, error }) => `${named(endpoint)}: ${error.message}`).join(' ')}`;
  return new CallFailure({ code, message: told, retryable }, tries, { advice, cause: last.error });
}

const named = (endpoint: Endpoint): string => endpoint.label ?? endpoint.id;
