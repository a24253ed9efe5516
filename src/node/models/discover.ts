/** Looks for models that a person already has: a key in the environment, servers on this machine. */
import { listModels } from './model-list.ts';
import type { Fetch } from './endpoint-fetch.ts';
import { OPENAI_URL } from './openai-models.ts';

/** Somewhere a model may answer. Holds no key. */
export interface Candidate {
  readonly source: 'environment' | 'local';
  readonly label: string;
  readonly baseUrl: string;
  /** Names it says it has; may be empty where it does not say. */
  readonly models: readonly string[];
  /** True where `OPENAI_API_KEY` belongs to it. */
  readonly hasKey: boolean;
  /** Why it could not be asked for its models. Only of the environment: a local server that does not answer is none. */
  readonly problem?: string;
}

export interface Discovery {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch?: Fetch;
  /** Servers to look for on this machine; absent: `LOCAL_SERVERS`. */
  readonly local?: readonly LocalServer[];
  readonly signal?: AbortSignal;
}

export interface LocalServer {
  readonly label: string;
  readonly baseUrl: string;
}

const onPort = (label: string, port: number): LocalServer => ({
  label,
  baseUrl: `http://127.0.0.1:${port}/v1`,
});

/** The usual ports of servers that people run by themselves. */
const LOCAL_SERVERS: readonly LocalServer[] = [
  onPort('Ollama', 11434),
  onPort('LM Studio', 1234),
  onPort('llama.cpp', 8080),
  onPort('vLLM', 8000),
  onPort('SGLang', 30000),
  onPort('Jan', 1337),
  onPort('KoboldCpp', 5001),
  onPort('LiteLLM', 4000),
];

const LOCAL_MS_MAX = 700;
const REMOTE_MS_MAX = 4000;

/** Candidates, those of the environment first. All are asked at once; it takes no longer than the longest limit. */
export async function discoverModels(discovery: Discovery): Promise<readonly Candidate[]> {
  const fetch: Fetch = discovery.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const within = (ms: number): AbortSignal =>
    discovery.signal === undefined
      ? AbortSignal.timeout(ms)
      : AbortSignal.any([discovery.signal, AbortSignal.timeout(ms)]);
  const own = ownServer(discovery.env);
  const local = (discovery.local ?? LOCAL_SERVERS).filter(
    ({ baseUrl }) => !sameServer(baseUrl, own?.baseUrl),
  );
  const found = await Promise.all([
    ...(own === undefined ? [] : [askOwn(own, fetch, within(REMOTE_MS_MAX))]),
    ...local.map((server) => askLocal(server, fetch, within(LOCAL_MS_MAX))),
  ]);
  discovery.signal?.throwIfAborted();
  return found.filter((candidate) => candidate !== undefined);
}

interface OwnServer {
  readonly baseUrl: string;
  readonly key: string | undefined;
}

/** The server that the environment names; a key alone is OpenAI's. */
function ownServer(env: Discovery['env']): OwnServer | undefined {
  const set = (name: string): string | undefined => env[name]?.trim() || undefined;
  const key = set('OPENAI_API_KEY');
  const baseUrl = set('OPENAI_BASE_URL');
  return key === undefined && baseUrl === undefined ? undefined : { baseUrl: baseUrl ?? OPENAI_URL, key };
}

async function askOwn({ baseUrl, key }: OwnServer, fetch: Fetch, signal: AbortSignal): Promise<Candidate> {
  const url = URL.parse(baseUrl);
  const candidate = {
    source: 'environment' as const,
    label: url === null ? 'OPENAI_BASE_URL' : url.hostname === 'api.openai.com' ? 'OpenAI' : url.host,
    baseUrl,
    hasKey: key !== undefined,
  };
  if (url === null) return { ...candidate, models: [], problem: 'OPENAI_BASE_URL is no address.' };
  try {
    return { ...candidate, models: await listModels({ baseUrl: url, key, fetch }, signal) };
  } catch (error) {
    return { ...candidate, models: [], problem: problemOf(error) };
  }
}

/** A local server never gets the key: it was set for another host. */
async function askLocal(
  { label, baseUrl }: LocalServer,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  try {
    const models = await listModels({ baseUrl: new URL(baseUrl), key: undefined, fetch }, signal);
    return models.length === 0 ? undefined : { source: 'local', label, baseUrl, models, hasKey: false };
  } catch {
    return undefined;
  }
}

function sameServer(one: string, other: string | undefined): boolean {
  const plain = (url: string): string | undefined =>
    URL.parse(url)?.host.replace(/^localhost\b/, '127.0.0.1');
  return other !== undefined && plain(one) === plain(other);
}

const problemOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'It does not answer.';
  return error.cause instanceof Error ? error.cause.message : error.message;
};
