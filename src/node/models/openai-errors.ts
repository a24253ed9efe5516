/** What went wrong at an endpoint, in words that tell a person what to do. Never holds a key. */
import type { Endpoint } from '../../protocol/settings.ts';
import { PortError } from '../../core/ports.ts';
import { TryFailure } from '../../core/models/failure.ts';
import { CHECK_URL, shown } from './endpoint-fetch.ts';
import { record, text } from './loose.ts';
import type { Refusal } from './refusal.ts';

/** Where a try went. */
export interface Place {
  readonly endpoint: Endpoint;
  readonly baseUrl: URL;
  readonly key: string | undefined;
}

const SAID_CHARS_MAX = 400;

/** What the server says of its refusal, short and without anything that looks like a key. */
export function complaintOf({ body }: Refusal, key: string | undefined): string {
  const error = record(body)?.['error'] ?? body;
  const said =
    text(error) ?? text(record(error)?.['message']) ?? text(record(body)?.['message']) ?? detailOf(body);
  return clean(said, key);
}

/** FastAPI servers (vLLM and others) put theirs into `detail`. */
function detailOf(body: unknown): string {
  const detail = record(body)?.['detail'];
  return detail === undefined ? '' : (text(detail) ?? JSON.stringify(detail));
}

/** A server's words as they may be shown. */
export function clean(said: string, key: string | undefined): string {
  if (/^\s*</.test(said)) return '';
  const hidden = key === undefined || key === '' ? said : said.replaceAll(key, '[key]');
  const plain = hidden
    .replace(/\b(sk|key|gsk|xai|pk)-[\w*.-]{6,}/g, '[key]')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > SAID_CHARS_MAX ? `${plain.slice(0, SAID_CHARS_MAX)}…` : plain;
}

const CONTEXT =
  /context[_ ](length|window|size)|maximum context|too many (input )?tokens|prompt is too long|exceed_context/i;
const QUOTA = /insufficient_quota|exceeded your current quota|billing/i;

/** The failure that a status means. A 404 is `endpoint.missing`; its list of models is added by who can ask for it. */
export function refused(place: Place, refusal: Refusal): TryFailure {
  const said = complaintOf(refusal, place.key);
  const where = `${nameOf(place.endpoint)} (${shown(place.baseUrl)})`;
  const { status } = refusal;
  const fail = (code: string, what: string, options: { retryable?: boolean; advice?: string } = {}) =>
    new TryFailure(code, `${where} ${what}${said === '' ? '.' : `: ${said}`}`, {
      ...options,
      ...retryAfter(refusal.headers),
    });
  if (status === 401) return keyRefused(place, where);
  if (status === 402)
    return fail('endpoint.auth', 'wants to be paid (402)', { advice: 'Look at the credit of this account.' });
  if (status === 403) {
    return fail('endpoint.auth', 'refuses this key or region (403)', {
      advice: `See whether the key may use ${place.endpoint.model}.`,
    });
  }
  if (status === 404)
    return fail('endpoint.missing', `has no model ${place.endpoint.model} (404)`, { advice: CHECK_URL });
  if (status === 408) return fail('endpoint.timeout', 'gave up waiting (408)', { retryable: true });
  if (
    status === 413 ||
    ((status === 400 || status === 422 || status === 500) && CONTEXT.test(said + codeOf(refusal)))
  ) {
    return fail('endpoint.context', `cannot take so long a request (${status})`, {
      advice: 'Choose a model with a larger context window, or set the window of this endpoint.',
    });
  }
  if (status === 429 && QUOTA.test(said + codeOf(refusal))) {
    return fail('endpoint.rateLimited', 'has no quota left (429)', {
      advice: 'Look at the plan and billing of this account.',
    });
  }
  if (status === 429) {
    return fail('endpoint.rateLimited', 'asks for fewer requests (429)', {
      retryable: true,
      advice: 'Wait, or lower the concurrency.',
    });
  }
  if (status >= 500 || status === 409 || status === 425)
    return fail('endpoint.failed', `failed (${status})`, { retryable: true });
  return fail('endpoint.failed', `refused the request (${status})`, { advice: adviceFor(said) });
}

const adviceFor = (said: string): string =>
  /tool|function/i.test(said) ? 'Choose a model that can call tools.' : CHECK_URL;

const codeOf = ({ body }: Refusal): string => ` ${text(record(record(body)?.['error'])?.['code']) ?? ''}`;

const keyRefused = ({ key }: Place, where: string): TryFailure =>
  new TryFailure(
    'endpoint.auth',
    key === undefined
      ? `${where} wants a key, and none is set (401).`
      : `${where} does not accept the key (401).`,
    { advice: 'Set the key with "Configure Models" in the editor, or as OPENAI_API_KEY in the terminal.' },
  );

/** `Retry-After` in seconds or as a date, or OpenAI's own `retry-after-ms`. */
export function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const given = headers.get('retry-after') ?? '';
  const seconds = Number(given === '' ? Number.NaN : given);
  const sentAt = Date.parse(headers.get('date') ?? '');
  const until = Date.parse(given) - (Number.isNaN(sentAt) ? Date.now() : sentAt);
  const retryAfterMs = [exact, seconds * 1000, until].find((ms) => Number.isFinite(ms) && ms >= 0);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** Codes of Node and undici that say why there is no connection, with what to do. */
const NO_CONNECTION: readonly (readonly [RegExp, string, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there', 'Is the server running? Start it, or change the base URL.'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of the host is not known', 'Check the base URL and the network.'],
  [
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|terminated/,
    'the connection broke',
    'Is the server still running?',
  ],
  [
    /ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH/,
    'the host does not answer',
    'Check the base URL and the network.',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/,
    'its certificate is not trusted',
    'Add the certificate authority to the system, or set NODE_EXTRA_CA_CERTS.',
  ],
];

/** The failure behind an exception of the transport or the client library. */
export function broken(place: Place, error: unknown): PortError {
  const chain = causes(error);
  const own = chain.find((each) => each instanceof PortError);
  if (own !== undefined) return own;
  const where = `${nameOf(place.endpoint)} (${shown(place.baseUrl)})`;
  const signs = chain
    .map((each) => `${text(record(each)?.['code']) ?? ''} ${each instanceof Error ? each.message : ''}`)
    .join(' ');
  if (/UND_ERR_(HEADERS|BODY)_TIMEOUT/.test(signs)) {
    return new TryFailure('endpoint.timeout', `${where} sent nothing for too long.`, { retryable: true });
  }
  const known = NO_CONNECTION.find(([sign]) => sign.test(signs));
  if (known !== undefined) {
    const [, why, advice] = known;
    return new TryFailure('endpoint.unreachable', `${where} cannot be reached: ${why}.`, {
      retryable: true,
      advice,
      cause: error,
    });
  }
  if (chain.some((each) => each instanceof SyntaxError)) {
    return new TryFailure('endpoint.badReply', `${where} sent what is no JSON.`, {
      retryable: true,
      cause: error,
    });
  }
  return new TryFailure(
    'endpoint.unreachable',
    `${where} cannot be reached: ${clean(messageOf(error), place.key)}`,
    {
      retryable: true,
      advice: CHECK_URL,
      cause: error,
    },
  );
}

/** A page for people where JSON was expected. */
export const webPage = ({ endpoint, baseUrl }: Place): TryFailure =>
  new TryFailure('endpoint.badReply', `${nameOf(endpoint)} (${shown(baseUrl)}) answered with a web page.`, {
    advice: CHECK_URL,
  });

export const nameOf = (endpoint: Endpoint): string => endpoint.label ?? endpoint.id;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (
    let each = error;
    each !== undefined && chain.length < 8;
    each = each instanceof Error ? each.cause : undefined
  ) {
    chain.push(each);
  }
  return chain;
}
