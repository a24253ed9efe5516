/** Answers a request wrongly, as its fault says. */
import type { ServerResponse } from 'node:http';
import type { ScriptReply } from '../../../src/core/models/script.ts';
import type { Fault } from './faults.ts';
import type { SeenRequest } from './seen.ts';
import { wordsOf, type ApiWords } from './api.ts';
import { DONE, errorBody, eventOf, type Manners } from './wire.ts';

export interface Exchange {
  readonly request: SeenRequest;
  readonly response: ServerResponse;
  readonly manners: Manners;
  /** Ends when the connection does. */
  readonly closed: AbortSignal;
}

/** Waits, but not longer than the connection lives. */
export function pause(ms: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    closed.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export const beginStream = (response: ServerResponse): void =>
  void response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });

/** The reply that a fault makes of the script's. */
export function spoilt(fault: Fault, reply: ScriptReply): ScriptReply {
  if (fault.kind === 'unknownTool')
    return { ...reply, calls: [{ tool: 'launch_rocket', args: { to: 'moon' } }] };
  if (fault.kind === 'proseArguments') {
    const calls = reply.calls.map(({ tool }) => ({
      tool,
      args: 'Sure! I would like to look at the file first.',
    }));
    return { ...reply, calls };
  }
  return reply;
}

/** Faults that answer by themselves; `false`: the fault leaves the answer to the usual way. */
export async function misbehave(fault: Fault, reply: ScriptReply, exchange: Exchange): Promise<boolean> {
  const { request, response, closed } = exchange;
  const words = wordsOf(request.api);
  const stream = () => streamOf(reply, exchange);
  switch (fault.kind) {
    case 'status':
      sendJson(
        response,
        fault.status,
        fault.body ?? errorBody(`status ${fault.status}, as told`),
        fault.headers,
      );
      return true;
    case 'html':
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Welcome</title><h1>It works!</h1>');
      return true;
    case 'redirect':
      response.writeHead(fault.status, { location: fault.to }).end();
      return true;
    case 'recorded':
      beginStream(response);
      response.end(fault.events.map(recordedEvent).join('') + DONE);
      return true;
    case 'reset':
      response.socket?.resetAndDestroy();
      return true;
    case 'silence':
      await forever(closed);
      return true;
    case 'slowFirst':
      await pause(fault.ms, closed);
      return false;
    case 'drip':
      await drip(stream(), fault, exchange);
      return true;
    case 'stall':
    case 'comments':
      await fallSilent(fault.kind, reply, exchange);
      return true;
    case 'cut':
      await cut(fault, stream(), exchange);
      return true;
    case 'wrongLength':
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'content-length': String(stream().length + 100),
      });
      response.write(stream().subarray(0, -words.marks.end.length));
      await pause(20, closed);
      response.socket?.destroy();
      return true;
    case 'emptyChoices':
      beginStream(response);
      response.end(words.empty(request.model) + words.done);
      return true;
    case 'badJson':
      beginStream(response);
      response.end(`data: {"choices": [{"delta": {"content": "Hel\n\n${words.done}`);
      return true;
    case 'errorInStream':
      beginStream(response);
      response.end((words.events(reply, wiring(exchange))[0] ?? '') + words.error(fault.error));
      return true;
    case 'endless':
      await endless(fault, exchange);
      return true;
    case 'huge':
      beginStream(response);
      response.end(words.text('x'.repeat(fault.bytes)));
      return true;
    case 'indices':
    case 'unknownTool':
    case 'proseArguments':
      return false;
  }
}

const recordedEvent = (event: unknown): string =>
  typeof event === 'string' ? `${event}\n\n` : eventOf(event as object);

const wiring = ({ request, manners }: Exchange) => ({ request, manners, indices: 'right' as const });

const streamOf = (reply: ScriptReply, exchange: Exchange): Buffer =>
  Buffer.from(eventsOf(reply, exchange).join('') + wordsOf(exchange.request.api).done);

const eventsOf = (reply: ScriptReply, exchange: Exchange): readonly string[] =>
  wordsOf(exchange.request.api).events(reply, wiring(exchange));

const forever = (closed: AbortSignal): Promise<void> => pause(2 ** 31 - 1, closed);

async function drip(
  bytes: Buffer,
  { ms, bytes: size }: Extract<Fault, { kind: 'drip' }>,
  { response, closed }: Exchange,
): Promise<void> {
  beginStream(response);
  for (let at = 0; at < bytes.length && !closed.aborted; at += size) {
    response.write(bytes.subarray(at, at + size));
    await pause(ms, closed);
  }
  response.end();
}

async function fallSilent(kind: 'stall' | 'comments', reply: ScriptReply, exchange: Exchange): Promise<void> {
  const { response, closed } = exchange;
  beginStream(response);
  if (kind === 'stall') response.write(begunWords(eventsOf(reply, exchange)));
  while (!closed.aborted) {
    if (kind === 'comments') response.write(': still thinking\n\n');
    await pause(20, closed);
  }
}

/** The events up to the first that say something, and one more. */
function begunWords(events: readonly string[]): string {
  const first = events.findIndex((event) => /"(content|delta)":"[^"]/.test(event));
  return events.slice(0, Math.max(3, first + 2)).join('');
}

async function cut(
  fault: Extract<Fault, { kind: 'cut' }>,
  bytes: Buffer,
  { request, response, closed }: Exchange,
): Promise<void> {
  beginStream(response);
  response.write(bytes.subarray(0, placeOf(fault.at, bytes, wordsOf(request.api).marks)));
  await pause(20, closed);
  if (fault.reset) response.socket?.resetAndDestroy();
  else response.end();
}

/** Where to cut: in the first event, in an event's middle, inside a character of several bytes, in a tool call's arguments. */
function placeOf(at: Extract<Fault, { kind: 'cut' }>['at'], bytes: Buffer, marks: ApiWords['marks']): number {
  switch (at) {
    case 'start':
      return 9;
    case 'chunk':
      return bytes.lastIndexOf(marks.piece) + 4;
    case 'utf8': {
      const wide = bytes.findIndex((byte) => byte >= 0xc0);
      return wide < 0 ? Math.floor(bytes.length / 2) : wide + 1;
    }
    case 'toolCall':
      return bytes.indexOf('\n\n', bytes.indexOf(marks.call)) + 2;
    case 'end':
      return bytes.indexOf(marks.end) - 20;
  }
}

async function endless(
  fault: Extract<Fault, { kind: 'endless' }>,
  { request, response, closed }: Exchange,
): Promise<void> {
  beginStream(response);
  const event = wordsOf(request.api).text(fault.of === 'text' ? 'and so on, '.repeat(50) : '');
  while (!closed.aborted) {
    if (!response.write(event)) await pause(1, closed);
    else if (fault.ms > 0) await pause(fault.ms, closed);
    else await new Promise((resolve) => setImmediate(resolve));
  }
}
