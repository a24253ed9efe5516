/** Runs a case against a real local server with the real client, and closes both. */
import { nodeClock } from '../../../../src/node/clock.ts';
import type { CallLimits } from '../../../../src/core/models/guard.ts';
import type { ModelReply, ModelRequest, Models } from '../../../../src/core/models/contract.ts';
import type { Endpoint } from '../../../../src/protocol/settings.ts';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import { createOpenAiModels } from '../../../../src/node/models/openai-models.ts';
import { InMemoryLog } from '../../../support/in-memory/small.ts';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../../support/model-server/server.ts';
import { contextOf, endpointOf, requestOf } from '../../core/models/make.ts';

/** One try, within limits that a busy machine keeps. */
const ONCE: Partial<CallLimits> = {
  firstMs: 10_000,
  betweenMs: 10_000,
  wholeMs: 20_000,
  retriesMax: 0,
  firstWaitMs: 10,
  waitMsMax: 2000,
  pauseMs: 200,
};

/** Limits that are soon reached. */
export const SHORT: Partial<CallLimits> = { firstMs: 400, betweenMs: 300, wholeMs: 1500 };

export interface Served {
  readonly server: ModelServer;
  readonly models: Models;
  readonly log: InMemoryLog;
  readonly endpoint: Endpoint;
  readonly context: ReturnType<typeof contextOf>;
  ask(more?: Partial<ModelRequest>, signal?: AbortSignal): Promise<ModelReply>;
}

interface ServeOptions extends Omit<ModelServerOptions, 'answers'> {
  readonly answers?: ModelServerOptions['answers'];
  readonly says?: Partial<ScriptReply>;
  readonly limits?: Partial<CallLimits>;
  readonly secret?: string;
  readonly endpoint?: Partial<Endpoint>;
  /** Stands for a host of the world: every request to it comes to the server. */
  readonly host?: string;
}

export async function serve<T>(options: ServeOptions, work: (served: Served) => Promise<T>): Promise<T> {
  const { says = { content: 'Hello there.' }, limits, secret, endpoint: more, host, ...rest } = options;
  const server = await startModelServer({ answers: () => says, ...rest });
  const log = new InMemoryLog();
  const models = createOpenAiModels({
    secrets: { key: async () => secret },
    log,
    clock: nodeClock,
    limits: { ...ONCE, ...limits },
    ...(host !== undefined && {
      fetch: (url: string, init: RequestInit) => fetch(url.replace(host, new URL(server.url).origin), init),
    }),
  });
  const endpoint = endpointOf({ label: 'The server', baseUrl: server.url, ...more });
  const context = contextOf();
  const ask: Served['ask'] = (request, signal = context.signal) =>
    models.complete(requestOf({ endpoints: [endpoint], ...request }), { ...context, signal });
  try {
    return await work({ server, models, log, endpoint, context, ask });
  } finally {
    await server.close();
  }
}

/** The failure of a promise. */
export async function failureOf<E = Error>(work: Promise<unknown>): Promise<E> {
  try {
    await work;
  } catch (error) {
    return error as E;
  }
  throw new Error('It did not fail.');
}
