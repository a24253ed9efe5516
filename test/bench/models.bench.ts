/** What the team adds to a model's own time, what its requests weigh, and how much of each repeats the one before. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ModelRequest, Models } from '../../src/core/models/contract.ts';
import type { ScriptReply } from '../../src/core/models/script.ts';
import { systemText } from '../../src/core/run/agents/prompts.ts';
import type { Run } from '../../src/core/run/run.ts';
import { createRegistry } from '../../src/core/team/registry.ts';
import { specOf, TOOLS } from '../../src/core/tools/catalogue.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { Endpoint } from '../../src/protocol/settings.ts';
import { play } from '../scenarios/check.ts';
import { agent, FILES, fix, PLANNER, result, REVIEWER, script } from '../scenarios/parts.ts';
import { startModelServer } from '../support/model-server/server.ts';
import type { SeenRequest } from '../support/model-server/seen.ts';
import { figure, median, timed } from './figures.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: console.error };
/** Words of a long reply: a token each. */
const LONG = 4000;
const CALLS = 60;
const STREAMS = 32;
const TURNS = 20;

/** Lazy, as in the doors, so that loading it can be measured. */
async function modelsHere(): Promise<Models> {
  const { createOpenAiModels } = await import('../../src/node/models/openai-models.ts');
  return createOpenAiModels({ secrets: { key: async () => undefined }, log: QUIET, clock: nodeClock });
}

const endpointAt = (baseUrl: string): Endpoint =>
  Endpoint.parse({ id: 'bench', kind: 'openai', baseUrl, model: 'm' });

const requestTo = (baseUrl: string, content: string): ModelRequest => ({
  role: 'coder',
  attempt: 1,
  turn: 1,
  messages: [{ role: 'user', content }],
  tools: [],
  outputTokensMax: 100_000,
  endpoints: [endpointAt(baseUrl)],
});

const context = { signal: new AbortController().signal, onText: () => undefined };

/** As long as it is asked: `long`, `short`, or `slow` with pauses between its pieces. */
function answers({ recent }: SeenRequest): Partial<ScriptReply> {
  return {
    content: recent.includes('short') ? 'Done.' : 'word '.repeat(recent.includes('slow') ? 200 : LONG),
  };
}

/** A server in a process of its own, so that its work is not counted as ours. */
async function withServer<T>(pieceMs: number, work: (url: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', String(pieceMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    return await work(url);
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

/** The least that a client can do: the same request, and every byte of the reply read. */
async function bare(url: string, content: string): Promise<void> {
  const body = { model: 'm', messages: [{ role: 'user', content }], stream: true, max_tokens: 100_000 };
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream_options: { include_usage: true } }),
  });
  await response.text();
}

async function benchOverhead(): Promise<void> {
  await withServer(0, async (url) => {
    const models = await modelsHere();
    const ours = (what: string) => models.complete(requestTo(url, what), context);
    for (let warm = 0; warm < 10; warm++)
      await Promise.all([bare(url, 'short'), ours('short'), ours('long')]);
    const calls = async (one: () => Promise<unknown>): Promise<number> => {
      const ms = await timed(async () => {
        for (let n = 0; n < CALLS; n++) await one();
      });
      return ms / CALLS;
    };
    const plain = await median(5, () => calls(() => bare(url, 'short')));
    const full = await median(5, () => calls(() => ours('short')));
    figure('a short call, bare fetch', plain, 'ms');
    figure('a short call, over the bare fetch', full - plain, 'ms', { max: 10 });
    const plainLong = await median(7, () => timed(() => bare(url, 'long')));
    const fullLong = await median(7, () => timed(() => ours('long')));
    figure(`a stream of ${LONG} tokens, bare fetch`, plainLong, 'ms');
    figure('a streamed token, over the bare fetch', ((fullLong - plainLong) / LONG) * 1000, 'µs', {
      max: 100,
    });
  });
}

async function benchStreams(): Promise<void> {
  await withServer(5, async (url) => {
    const models = await modelsHere();
    await models.complete(requestTo(url, 'short'), context);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const ms = await timed(() =>
      Promise.all(Array.from({ length: STREAMS }, () => models.complete(requestTo(url, 'slow'), context))),
    );
    delay.disable();
    // The clock's own resolution is in every sample.
    figure(`${STREAMS} streams of 200 tokens, 5 ms apart, at once`, ms, 'ms');
    figure('event loop meanwhile, median delay', delay.percentile(50) / 1e6 - 1, 'ms');
    figure('event loop meanwhile, 99th percentile', delay.percentile(99) / 1e6 - 1, 'ms', { max: 50 });
    figure('event loop meanwhile, longest delay', delay.max / 1e6 - 1, 'ms');
  });
}

function benchFirstRequests(): void {
  const registry = createRegistry();
  for (const name of [...new Set(['planner', ...registry.forTasks, 'synthesizer'])]) {
    const role = registry.get(name);
    const tools = [...role.tools, ...role.submit].flatMap((tool) => TOOLS.get(tool) ?? []);
    const content = systemText({ settings: {} } as Run, role);
    const wire = {
      messages: [{ role: 'system', content }],
      tools: tools.map((tool) => ({ type: 'function', function: specOf(tool) })),
    };
    figure(
      `first request of ${name}: system text and tools`,
      Buffer.byteLength(JSON.stringify(wire)),
      'bytes',
      { max: 8192 },
    );
  }
}

/** Bytes of a request's input, in the order in which models read it. */
const inputOf = ({ body }: SeenRequest): string =>
  JSON.stringify([body['tools'], body['messages']]).slice(0, -2);

/** A coder that reads a little each turn, as it looks around and runs things: real requests over a real connection. */
async function benchRepetition(): Promise<void> {
  const reads = Array.from({ length: TURNS - 1 }, (_, turn) => [
    { tool: 'read_file', args: { path: `src/part-${turn}.txt` } },
  ]);
  const story = script(PLANNER, agent('coder', [...reads, [fix, result()]]), REVIEWER);
  const parts = reads.map((_, turn) => [`src/part-${turn}.txt`, `line of part ${turn}\n`.repeat(12)]);
  const server = await startModelServer({ answers: story });
  const models = await modelsHere();
  const endpoints = [{ ...endpointAt(server.url), kind: 'scripted' as const }];
  await play({
    files: { ...FILES, ...(Object.fromEntries(parts) as Record<string, string>) },
    script: story,
    models: () => models,
    settings: { endpoints, routes: { default: ['bench'] } },
  });
  await server.close();
  const sent = server.requests.filter(({ role }) => role === 'coder').map(inputOf);
  let [repeated, total, former, kept] = [0, 0, 0, 0];
  for (const [turn, text] of sent.entries()) {
    const before = sent[turn - 1];
    if (before === undefined) continue;
    const same = sharedStart(before, text);
    repeated += same;
    total += text.length;
    former += before.length;
    kept += same;
  }
  figure(`requests of a ${TURNS}-turn loop`, sent.length, 'requests', { min: TURNS });
  figure('of the former request, what the next repeats byte for byte', (kept / former) * 100, '%', {
    min: 99.9,
  });
  figure('of each request, what repeats the former one', (repeated / total) * 100, '%', { min: 95 });
  figure('longest request of that loop', Math.max(...sent.map((text) => text.length)), 'bytes');
}

function sharedStart(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return at;
  return length;
}

/** Each in a process of its own, where nothing is loaded yet. */
async function benchLoading(): Promise<void> {
  const load = (what: string): Promise<number> =>
    median(5, async () =>
      Number(
        spawnSync(process.execPath, [fileURLToPath(import.meta.url), what], { encoding: 'utf8' }).stdout,
      ),
    );
  figure('load the models chunk and the client library', await load('load'), 'ms', { max: 500 });
}

async function main(): Promise<void> {
  benchFirstRequests();
  await benchRepetition();
  await benchOverhead();
  await benchStreams();
  await benchLoading();
}

const [, , what, pieceMs = '0'] = process.argv;
if (what === 'serve') console.log((await startModelServer({ answers, pieceMs: Number(pieceMs) })).url);
else if (what === 'load') {
  process.stdout.write(
    String(
      await timed(() =>
        Promise.all([
          import('../../src/node/models/openai-models.ts'),
          import('openai'),
          import('openai/core/streaming'),
        ]),
      ),
    ),
  );
} else await main();
