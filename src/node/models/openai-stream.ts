/** Reads the response to a request, streamed or whole, whatever the server made of it. */
import type { WireCall, WireReply } from '../../core/models/guard.ts';
import { TryFailure } from '../../core/models/failure.ts';
import type { Api } from './habits.ts';
import { number, record } from './loose.ts';
import { nameOf, webPage, type Place } from './openai-errors.ts';
import { createReply, type Heard } from './openai-reply.ts';
import { RefusedError, jsonOr } from './refusal.ts';
import { createResponsesReply } from './responses-reply.ts';

interface Reading {
  readonly call: WireCall;
  readonly place: Place;
  readonly api: Api;
  /** Ends the connection. */
  readonly ended: AbortController;
}

/** Longest reply, in characters: far above what the output limit allows, so that only a server without an end meets it. */
const charsMaxFor = (outputTokensMax: number): number => Math.max(262_144, outputTokensMax * 24);

/** Errors: `TryFailure`, `RefusedError`, and those of the transport. */
export async function readReply(response: Response, reading: Reading): Promise<WireReply> {
  const { call, place, api } = reading;
  const reply = api === 'responses' ? createResponsesReply() : createReply();
  const charsMax = charsMaxFor(call.request.outputTokensMax);
  let chars = 0;
  for await (const piece of piecesOf(response, reading)) {
    if (api === 'chat') refuseError(piece);
    const heard: Heard = reply.add(piece);
    if (heard.chars === 0) continue;
    chars += heard.chars;
    call.alive(heard.chars);
    if (heard.text !== '') call.onText(heard.text);
    if (chars > charsMax) throw endless(place);
  }
  return reply.finish(call.request, call.endpoint);
}

/** Chunks of a stream, or one whole completion from a server that does not stream. */
async function* piecesOf(response: Response, { place, ended }: Reading): AsyncIterable<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('text/html')) throw webPage(place);
  if (!type.includes('json')) {
    const { Stream } = await import('./openai-client.ts');
    const quiet = { logLevel: 'off' } as never;
    yield* Stream.fromSSEResponse<unknown>(response, ended, quiet, false, 'events');
    return;
  }
  const body = jsonOr(await response.text());
  if (record(body) === undefined) throw noJson(place);
  yield body;
}

/** Servers that fail after they began say so in the stream. */
function refuseError(piece: unknown): void {
  const error = record(piece)?.['error'];
  if (error === undefined || error === null) return;
  const code = number(record(error)?.['code']) ?? number(record(error)?.['status']) ?? 500;
  const status = code >= 400 && code < 600 ? code : 500;
  throw new RefusedError({ status, headers: new Headers(), body: piece });
}

const noJson = ({ endpoint }: Place): TryFailure =>
  new TryFailure('endpoint.badReply', `${nameOf(endpoint)} sent what is no JSON.`, { retryable: true });

const endless = ({ endpoint }: Place): TryFailure =>
  new TryFailure('endpoint.badReply', `${nameOf(endpoint)} does not end its reply and was cut off.`, {
    advice: 'It does not keep to the output limit that it was sent; try another model or server.',
  });
