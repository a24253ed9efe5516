/** A real HTTP server that speaks Chat Completions and Responses, plays a script, remembers every request and misbehaves when told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findReply, type Script, type ScriptReply } from '../../../src/core/models/script.ts';
import { PortError } from '../../../src/core/ports.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { beginStream, misbehave, pause, sendJson, spoilt, type Exchange } from './misbehave.ts';
import { askerOfSeen, seen, type SeenRequest } from './seen.ts';
import { withinWindow } from './window.ts';
import { refusalOf } from './refuse.ts';
import { wordsOf } from './api.ts';
import { MANNERS, errorBody, type IndexStyle, type Manners } from './wire.ts';

/** A script, or a function from requests to what a script would say. */
export type Answers = Script | ((request: SeenRequest) => Partial<ScriptReply>);

export interface ModelServerOptions {
  readonly answers: Answers;
  readonly faults?: FaultPlan | ((request: SeenRequest) => Fault | undefined);
  readonly manners?: Partial<Manners>;
  /** The key it wants; absent: it takes any and none. */
  readonly key?: string;
  /** The models it has; absent: `scripted`, and it takes any name. */
  readonly models?: readonly string[];
  readonly port?: number;
  /** Between the pieces of a stream. */
  readonly pieceMs?: number;
}

export interface ModelServer {
  /** Base URL, with `/v1`. */
  readonly url: string;
  /** Requests for completions, in order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Answers that go on now. */
  readonly active: number;
  /** Answers whose connection the other side closed before their end. */
  readonly abandoned: number;
  close(): Promise<void>;
}

export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const count = { active: 0, abandoned: 0 };
  const server = createServer((incoming, response) => {
    answer(incoming, response, { options, requests, count }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, errorBody(`The model server failed: ${String(error)}`));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get active() {
      return count.active;
    },
    get abandoned() {
      return count.abandoned;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Hall {
  readonly options: ModelServerOptions;
  readonly requests: SeenRequest[];
  readonly count: { active: number; abandoned: number };
}

async function answer(incoming: IncomingMessage, response: ServerResponse, hall: Hall): Promise<void> {
  const { options } = hall;
  const path = new URL(incoming.url ?? '/', 'http://here').pathname;
  if (options.key !== undefined && incoming.headers.authorization !== `Bearer ${options.key}`) {
    sendJson(
      response,
      401,
      errorBody(`Incorrect API key provided: ${incoming.headers.authorization ?? 'none'}.`),
    );
  } else if (incoming.method === 'GET' && path === '/v1/models') {
    const data = (options.models ?? ['scripted']).map((id) => ({ id, object: 'model', owned_by: 'here' }));
    sendJson(response, 200, { object: 'list', data });
  } else if (incoming.method === 'POST' && path.endsWith('/chat/completions') && isHome(path)) {
    await complete('chat', incoming, { response, hall });
  } else if (incoming.method === 'POST' && path.endsWith('/responses') && isHome(path)) {
    await complete('responses', incoming, { response, hall });
  } else {
    sendJson(response, 404, errorBody(`Nothing is at ${incoming.method ?? ''} ${path}.`));
  }
}

/** Where the APIs are: as at most servers, and as at Azure. */
const isHome = (path: string): boolean =>
  /^\/(v1|openai\/v1|openai\/deployments\/[^/]+)\/(chat\/completions|responses)$/.test(path);

interface Opened {
  readonly response: ServerResponse;
  readonly hall: Hall;
}

async function complete(
  api: SeenRequest['api'],
  incoming: IncomingMessage,
  { response, hall }: Opened,
): Promise<void> {
  const { options, requests, count } = hall;
  const body: unknown = JSON.parse(await textOf(incoming));
  const { headers, url = '' } = incoming;
  const request = seen({ number: requests.length + 1, api, body, headers, url });
  requests.push(request);
  const closed = new AbortController();
  count.active += 1;
  response.on('close', () => {
    count.active -= 1;
    if (!response.writableFinished) count.abandoned += 1;
    closed.abort();
  });
  const manners = { ...MANNERS, ...options.manners };
  const refusal = refusalOf(request, manners, options.models);
  if (refusal !== undefined) {
    sendJson(response, refusal.status, refusal.body);
    return;
  }
  const read = manners.window ? withinWindow(request, manners.window) : request;
  await reply({ request: read, response, manners, closed: closed.signal }, options);
}

async function reply(exchange: Exchange, options: ModelServerOptions): Promise<void> {
  const { request, response } = exchange;
  const found = replyFor(options.answers, request);
  if (found instanceof PortError) {
    sendJson(response, 400, errorBody(found.message));
    return;
  }
  const fault = faultFor(options.faults, request);
  const meant = fault === undefined ? found : spoilt(fault, found);
  const said = exchange.manners.tools === 'yes' ? meant : written(meant);
  if (fault !== undefined && (await misbehave(fault, said, exchange))) return;
  await send(said, exchange, {
    indices: fault?.kind === 'indices' ? fault.style : 'right',
    pieceMs: options.pieceMs ?? 0,
  });
}

/** The reply of a model that cannot call: its calls stand in its text. */
function written(reply: ScriptReply): ScriptReply {
  const blocks = reply.calls.map(
    ({ tool, args }) => `<tool_call>\n${JSON.stringify({ name: tool, arguments: args })}\n</tool_call>`,
  );
  const content = [reply.content, ...blocks].filter((part) => part !== '').join('\n');
  return { ...reply, content, calls: [], finish: reply.finish === 'tool_calls' ? 'stop' : reply.finish };
}

async function send(
  said: ScriptReply,
  exchange: Exchange,
  { indices, pieceMs }: { readonly indices: IndexStyle; readonly pieceMs: number },
): Promise<void> {
  const { request, response, manners, closed } = exchange;
  const wiring = { request, manners, indices };
  const words = wordsOf(request.api);
  if (!request.stream || manners.streaming === 'ignored') {
    sendJson(response, 200, words.whole(said, wiring));
    return;
  }
  beginStream(response);
  for (const event of words.events(said, wiring)) {
    if (closed.aborted) return;
    response.write(event);
    if (pieceMs > 0) await pause(pieceMs, closed);
  }
  response.end(words.done);
}

function replyFor(answers: Answers, request: SeenRequest): ScriptReply | PortError {
  try {
    if (typeof answers === 'function') return { content: '', calls: [], ...answers(request) };
    return findReply(answers, askerOfSeen(request));
  } catch (error) {
    if (error instanceof PortError) return error;
    throw error;
  }
}

function faultFor(faults: ModelServerOptions['faults'], request: SeenRequest): Fault | undefined {
  if (faults === undefined) return undefined;
  if (typeof faults === 'function') return faults(request);
  return faults.find(
    ({ at, from, role }) =>
      (at === undefined || at === request.number) &&
      (from === undefined || request.number >= from) &&
      (role === undefined || role === request.role),
  )?.fault;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
