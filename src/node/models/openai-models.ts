/** Any server that speaks Chat Completions or Responses, through the `openai` package. */
import type OpenAI from 'openai';
import type { Endpoint } from '../../protocol/settings.ts';
import type { ModelRequest, Models } from '../../core/models/contract.ts';
import type { Endpoints } from '../../core/models/endpoints.ts';
import { TryFailure } from '../../core/models/failure.ts';
import {
  CALL_LIMITS,
  guarded,
  type CallLimits,
  type WireCall,
  type WireReply,
} from '../../core/models/guard.ts';
import { imagesIn, withoutImages } from '../../core/models/images.ts';
import { createProse } from '../../core/models/prose.ts';
import { callsInText } from '../../core/models/text-calls.ts';
import { inText } from '../../core/models/text-tools.ts';
import type { Clock, Log, Secrets } from '../../core/ports.ts';
import { watchingConnection } from './connection.ts';
import { CHECK_URL, createEndpointFetch, isAzure, shown, type Fetch } from './endpoint-fetch.ts';
import { listModels } from './model-list.ts';
import { broken, codeOf, complaintOf, nameOf, refused, type Place } from './openai-errors.ts';
import { adapted, habitsAtFirst, refusesApi, type Api, type Habits } from './habits.ts';
import { bodyOf } from './openai-request.ts';
import { responsesBodyOf } from './responses-request.ts';
import { readReply } from './openai-stream.ts';
import { RefusedError, refuseFailures } from './refusal.ts';

interface OpenAiOptions {
  readonly secrets: Secrets;
  readonly log: Log;
  readonly clock: Clock;
  readonly fetch?: Fetch;
  /** Shared with the router; absent: its own. */
  readonly endpoints?: Endpoints;
  /** Where the limits of `CALL_LIMITS` do not fit. */
  readonly limits?: Partial<CallLimits>;
}

/** Where an endpoint without a base URL is. */
export const OPENAI_URL = 'https://api.openai.com/v1';

/** Longest time that the client library's own timer takes; the limits are ours. */
const NEVER_MS = 2 ** 31 - 1;
const LIST_MS_MAX = 3000;
const LISTED_MAX = 20;

/** Answers for the first endpoint of a request, with retries and time limits. Errors: as `Models` says. */
export function createOpenAiModels({ secrets, log, clock, ...rest }: OpenAiOptions): Models {
  const fetch: Fetch = rest.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const habits = new Map<string, Habits>();
  const wire = async (call: WireCall): Promise<WireReply> => {
    const place = await placeOf(call.endpoint, secrets);
    const name = nameOfHabits(call.endpoint, place.baseUrl);
    const known = habits.get(name) ?? habitsAtFirst(call.endpoint, place.baseUrl);
    try {
      return await ask(place, call, { habits: known, fetch });
    } catch (error) {
      const refusal = RefusedError.in(error);
      if (refusal === undefined) throw broken(place, error);
      const text = `${complaintOf(refusal, place.key)} ${codeOf(refusal)}`;
      const better = adapted(known, {
        status: refusal.status,
        text,
        withImages: imagesIn(call.request) > 0,
        withTemperature: call.request.temperature !== undefined,
      });
      if (better === undefined) {
        if (refusesApi(known.api, refusal.status, text.toLowerCase())) throw withoutApi(place, known.api);
        throw await explained(place, refused(place, refusal), fetch);
      }
      habits.set(name, better);
      throw new TryFailure('endpoint.failed', `${nameOf(call.endpoint)} wants the request in another form.`, {
        adapted: true,
      });
    }
  };
  const limits = { ...CALL_LIMITS, ...rest.limits };
  return guarded(wire, { clock, log, limits, endpoints: rest.endpoints });
}

const nameOfHabits = ({ model, api, tools, vision }: Endpoint, baseUrl: URL): string =>
  JSON.stringify([baseUrl.href, model, api, tools, vision]);

interface Way {
  readonly habits: Habits;
  readonly fetch: Fetch;
}

async function ask(place: Place, call: WireCall, { habits, fetch }: Way): Promise<WireReply> {
  const ended = new AbortController();
  const signal = AbortSignal.any([call.signal, ended.signal]);
  const own: Fetch = (url, init) => watchingConnection(call, () => fetch(url, { ...init, signal }));
  const client = await clientFor(place, own);
  const prose = createProse(call.onText);
  const asked: WireCall = {
    ...call,
    request: requestFor(call.request, habits),
    onText: (delta) => {
      if (call.request.tools.length > 0) prose.add(delta);
      else call.onText(delta);
    },
  };
  try {
    const response = await sent(client, asked, habits);
    // A response is announced at once and thought about after; a chat begins when it has something to say.
    if (habits.api === 'responses') call.taken();
    else call.alive(0);
    const reply = await readReply(response, { call: asked, place, api: habits.api, ended });
    const written = callsWritten(reply, call, habits);
    prose.end(written !== undefined);
    return { ...(written ?? reply), ...unseenBy(call, habits) };
  } finally {
    ended.abort();
  }
}

/** The request as far as the endpoint's habits change what is said, not how. */
function requestFor(request: ModelRequest, habits: Habits): ModelRequest {
  const seen = habits.blind === undefined ? request : withoutImages(request);
  return habits.tools === 'text' ? inText(seen) : seen;
}

const unseenBy = ({ request, endpoint }: WireCall, { blind }: Habits): { readonly unseen?: string } =>
  blind === undefined || imagesIn(request) === 0 ? {} : { unseen: `${nameOf(endpoint)}: ${blind}` };

/** The reply with the tool calls that its text holds: because it was told to write them there, or because it did so by itself. */
function callsWritten(reply: WireReply, { request }: WireCall, habits: Habits): WireReply | undefined {
  if (request.tools.length === 0 || reply.toolCalls.length > 0) return undefined;
  const found = callsInText(reply.content, {
    tools: request.tools,
    turn: request.turn,
    how: habits.tools === 'text' ? 'told' : 'unasked',
    cut: reply.finish === 'length' || reply.finish === 'content_filter',
  });
  if (found === undefined) return undefined;
  // What was kept holds the calls as text; they go back as calls.
  const { kept: _kept, ...rest } = reply;
  return { ...rest, ...found, finish: reply.finish === 'stop' ? 'tool_calls' : reply.finish };
}

const sent = (client: OpenAI, { request, endpoint }: WireCall, habits: Habits): Promise<Response> =>
  habits.api === 'responses'
    ? client.responses.create(responsesBodyOf(request, endpoint, habits)).asResponse()
    : client.chat.completions.create(bodyOf(request, endpoint, habits)).asResponse();

/** The library reads keys, hosts and headers from the environment: each is given here, so that none of them is used. */
async function clientFor({ baseUrl, key }: Place, fetch: Fetch): Promise<OpenAI> {
  const { OpenAI } = await import('./openai-client.ts');
  const base = new URL(baseUrl);
  base.search = '';
  return new OpenAI({
    apiKey: 'not sent',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: base.href.replace(/\/+$/, ''),
    defaultQuery: Object.fromEntries(baseUrl.searchParams),
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    dangerouslyAllowBrowser: true,
    fetch: refuseFailures(createEndpointFetch({ baseUrl, key, fetch })),
  });
}

async function placeOf(endpoint: Endpoint, secrets: Secrets): Promise<Place> {
  const given = endpoint.baseUrl ?? OPENAI_URL;
  const baseUrl = URL.parse(given);
  if (baseUrl === null || !/^https?:$/.test(baseUrl.protocol)) {
    throw new TryFailure('endpoint.failed', `The base URL of ${nameOf(endpoint)} is no http address.`, {
      advice: CHECK_URL,
    });
  }
  // The address of an Azure resource alone: its APIs are below it.
  if (isAzure(baseUrl) && baseUrl.pathname === '/') baseUrl.pathname = '/openai/v1/';
  const key = await secrets.key(endpoint.id);
  return { endpoint, baseUrl, key: key === undefined || key.trim() === '' ? undefined : key.trim() };
}

/** Nothing else may be tried: the setting names this API. */
const withoutApi = ({ endpoint, baseUrl }: Place, api: Api): TryFailure =>
  new TryFailure(
    'endpoint.missing',
    `${nameOf(endpoint)} (${shown(baseUrl)}) has no ${api === 'chat' ? 'Chat Completions' : 'Responses'} API.`,
    { advice: 'Set "api" of this endpoint to "auto". ' + CHECK_URL },
  );

/** A missing model is told with the models that are there. */
async function explained(place: Place, failure: TryFailure, fetch: Fetch): Promise<TryFailure> {
  if (failure.code !== 'endpoint.missing') return failure;
  const names = await listModels({ ...place, fetch }, AbortSignal.timeout(LIST_MS_MAX)).catch(
    () => undefined,
  );
  if (names === undefined || names.length === 0) return failure;
  const more = names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : '';
  return new TryFailure(failure.code, failure.message, {
    advice: `It has: ${names.slice(0, LISTED_MAX).join(', ')}${more}.`,
  });
}
