/** Any server that speaks Chat Completions, through the `openai` package. */
import type OpenAI from 'openai';
import type { Endpoint } from '../../protocol/settings.ts';
import type { Models } from '../../core/models/contract.ts';
import type { Endpoints } from '../../core/models/endpoints.ts';
import { TryFailure } from '../../core/models/failure.ts';
import {
  CALL_LIMITS,
  guarded,
  type CallLimits,
  type WireCall,
  type WireReply,
} from '../../core/models/guard.ts';
import type { Clock, Log, Secrets } from '../../core/ports.ts';
import { CHECK_URL, createEndpointFetch, type Fetch } from './endpoint-fetch.ts';
import { watchingConnection } from './connection.ts';
import { listModels } from './model-list.ts';
import { broken, complaintOf, nameOf, refused, type Place } from './openai-errors.ts';
import { adapted, bodyOf, habitsAtFirst, type Habits } from './openai-request.ts';
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
    const name = `${place.baseUrl.href} ${call.endpoint.model}`;
    const known = habits.get(name) ?? habitsAtFirst(place.baseUrl);
    try {
      return await ask(place, call, { habits: known, fetch });
    } catch (error) {
      const refusal = RefusedError.in(error);
      if (refusal === undefined) throw broken(place, error);
      const better = habitsAfter(known, refusal.status, complaintOf(refusal, place.key));
      if (better === undefined) throw await explained(place, refused(place, refusal), fetch);
      habits.set(name, better);
      throw new TryFailure('endpoint.failed', `${nameOf(call.endpoint)} wants the request in another form.`, {
        adapted: true,
      });
    }
  };
  const limits = { ...CALL_LIMITS, ...rest.limits };
  return guarded(wire, { clock, log, limits, endpoints: rest.endpoints });
}

const habitsAfter = (known: Habits, status: number, complaint: string): Habits | undefined =>
  status === 400 || status === 422 ? adapted(known, complaint) : undefined;

interface Way {
  readonly habits: Habits;
  readonly fetch: Fetch;
}

async function ask(place: Place, call: WireCall, { habits, fetch }: Way): Promise<WireReply> {
  const ended = new AbortController();
  const signal = AbortSignal.any([call.signal, ended.signal]);
  const own: Fetch = (url, init) => watchingConnection(call, () => fetch(url, { ...init, signal }));
  const client = await clientFor(place, own);
  const body = bodyOf(call.request, call.endpoint.model, habits);
  try {
    const response = await client.chat.completions.create(body).asResponse();
    call.alive(0);
    return await readReply(response, { call, place, ended });
  } finally {
    ended.abort();
  }
}

/** The library reads keys, hosts and headers from the environment: each is given here, so that none of them is used. */
async function clientFor({ baseUrl, key }: Place, fetch: Fetch): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
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
  const key = await secrets.key(endpoint.id);
  return { endpoint, baseUrl, key: key === undefined || key.trim() === '' ? undefined : key.trim() };
}

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
