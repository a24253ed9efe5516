/** HTTP to one endpoint: its key goes to its own host alone, redirects elsewhere are refused, and a reply has a longest length. */
import { TryFailure } from '../../core/models/failure.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Longest body that is read, in bytes. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const REDIRECTS_MAX = 3;

/** Nothing else is sent: client libraries add headers from the environment that belong to other hosts. */
const HEADERS_SENT = ['accept', 'content-type', 'content-length'];

export interface EndpointHost {
  readonly baseUrl: URL;
  readonly key: string | undefined;
  readonly fetch: Fetch;
}

/** A `fetch` for one endpoint. Errors: `TryFailure` for a redirect that leads elsewhere and for a body without an end. */
export function createEndpointFetch({ baseUrl, key, fetch }: EndpointHost) {
  return async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const headers = ownHeaders(init.headers, baseUrl, key);
    let url = new URL(input instanceof Request ? input.url : input);
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      if (url.origin !== baseUrl.origin) throw elsewhere(baseUrl, url);
      const response = await fetch(url.href, { ...init, headers, redirect: 'manual' });
      const target = redirectOf(response);
      if (target === undefined) return limited(response);
      await response.body?.cancel();
      url = new URL(target, url);
    }
    throw new TryFailure('endpoint.failed', `${shown(baseUrl)} redirects in a circle.`, {
      advice: CHECK_URL,
    });
  };
}

/** An address as it may be shown: no credentials, no query. */
export const shown = (url: URL): string => url.origin + url.pathname;

export const CHECK_URL = 'Check the base URL of the endpoint; it usually ends in /v1.';

function ownHeaders(given: RequestInit['headers'], baseUrl: URL, key: string | undefined): Headers {
  const all = new Headers(given);
  const own = new Headers({ 'user-agent': 'quartet' });
  for (const name of HEADERS_SENT) {
    const value = all.get(name);
    if (value !== null) own.set(name, value);
  }
  if (key === undefined) return own;
  if (isAzure(baseUrl) && !TOKEN.test(key)) own.set('api-key', key);
  else own.set('authorization', `Bearer ${key}`);
  return own;
}

/** A signed token, as Entra gives them, in place of a key: Azure takes keys in a header of their own. */
const TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/;

const AZURE = /(^|\.)(openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/;

/** Azure's hosts take keys and addresses in a way of their own. */
export const isAzure = (url: URL): boolean => AZURE.test(url.hostname);

/** Target of a redirect that keeps the method; one that would turn a POST into a GET is no answer to follow. */
const redirectOf = (response: Response): string | undefined =>
  response.status >= 300 && response.status < 400
    ? (response.headers.get('location') ?? undefined)
    : undefined;

const elsewhere = (from: URL, to: URL): TryFailure =>
  new TryFailure(
    'endpoint.failed',
    `${shown(from)} redirects to another host (${to.origin}), which was not followed: the key is for ${from.host} alone.`,
    { advice: `If ${to.host} is right, make it the base URL of the endpoint.` },
  );

/** The same response, whose body fails once it is longer than any reply may be. */
function limited(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= BODY_BYTES_MAX) controller.enqueue(chunk);
        else controller.error(tooLong());
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}

const tooLong = (): TryFailure =>
  new TryFailure(
    'endpoint.badReply',
    `The reply is longer than ${BODY_BYTES_MAX / 1024 / 1024} MB and was cut off.`,
    { advice: 'The server does not keep to the output limit that it was sent; try another model or server.' },
  );
