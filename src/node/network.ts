/** How this process reaches the network at the terminal: the proxy of the environment, and which certificate authorities it trusts. */
import * as http from 'node:http';
import * as tls from 'node:tls';
import type { Fetch } from './models/endpoint-fetch.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names. */
export interface ProxySetting {
  /** For display: no name, no password. */
  readonly shown: string;
  readonly noProxy: string | undefined;
}

/** Servers of this machine are never asked through a proxy. */
const LOCAL = ['localhost', '127.0.0.1', '::1', '[::1]'];

const set = (env: Env, name: string): string | undefined =>
  (env[name.toLowerCase()] ?? env[name.toUpperCase()])?.trim() || undefined;

export function proxyOf(env: Env): ProxySetting | undefined {
  const given = set(env, 'https_proxy') ?? set(env, 'http_proxy');
  if (given === undefined) return undefined;
  const url = URL.parse(given);
  return { shown: url === null ? 'that is no address' : url.origin, noProxy: set(env, 'no_proxy') };
}

/** Newer than the Node whose types are used. */
interface Proxying {
  setGlobalProxyFromEnv?(env: Record<string, string>): unknown;
}
interface Authorities {
  getCACertificates?(type: 'default' | 'system'): readonly string[];
  setDefaultCACertificates?(certificates: readonly string[]): void;
}

/** Why a proxy that is set cannot be used; `undefined` where it is used. */
export function proxyProblem(
  env: Env,
  node = http as Proxying,
  version = process.version,
): string | undefined {
  const proxy = proxyOf(env);
  if (proxy === undefined || env['NODE_USE_ENV_PROXY'] === '1') return undefined;
  const given = set(env, 'https_proxy') ?? set(env, 'http_proxy') ?? '';
  if (!/^https?:\/\//i.test(given)) return 'its address must begin with http:// or https://.';
  return node.setGlobalProxyFromEnv === undefined
    ? `this Node (${version}) can use one only from its start. Use Node 24.14 or newer, or Node 22.21 or newer with NODE_USE_ENV_PROXY=1.`
    : undefined;
}

/** Makes `fetch` and every other client of Node use the proxy and the authorities of the system, where this Node can. */
function join(env: Env): void {
  trustSystem(tls);
  const proxy = proxyOf(env);
  if (proxy === undefined || proxyProblem(env) !== undefined) return;
  const [plain, secure] = [set(env, 'http_proxy'), set(env, 'https_proxy')];
  (http as Proxying).setGlobalProxyFromEnv?.({
    ...(plain !== undefined && { http_proxy: plain }),
    ...(secure !== undefined && { https_proxy: secure }),
    no_proxy: [...(proxy.noProxy?.split(',') ?? []), ...LOCAL].join(','),
  });
}

export const trustsSystem = (node: Authorities = tls): boolean =>
  node.getCACertificates !== undefined && node.setDefaultCACertificates !== undefined;

function trustSystem(node: Authorities): void {
  if (!trustsSystem(node)) return;
  try {
    const both = [
      ...(node.getCACertificates?.('default') ?? []),
      ...(node.getCACertificates?.('system') ?? []),
    ];
    node.setDefaultCACertificates?.([...new Set(both)]);
  } catch {
    // A store that cannot be read leaves what Node trusts by itself.
  }
}

/** A `fetch` that joins the network before its first request, so that commands that need none pay nothing. */
export function networkFetch(env: Env, warn: (text: string) => void): Fetch {
  let joined = false;
  return async (url, init) => {
    if (!joined) {
      joined = true;
      join(env);
      const problem = proxyProblem(env);
      if (problem !== undefined)
        warn(`The proxy ${proxyOf(env)?.shown ?? ''} is set, but not used: ${problem}`);
    }
    return await globalThis.fetch(url, init);
  };
}
