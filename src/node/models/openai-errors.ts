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
export function complaintOf({ body: sent }: Refusal, key: string | undefined): string {
  const body = bodyOf(sent);
  const error = record(body)?.['error'] ?? body;
  const said =
    text(error) ?? text(record(error)?.['message']) ?? text(record(body)?.['message']) ?? detailOf(body);
  return clean(said, key);
}

/** Gemini puts its errors into a list. */
const bodyOf = (sent: unknown): unknown => (Array.isArray(sent) ? (sent as unknown[])[0] : sent);

/** FastAPI servers (vLLM and others) put theirs into `detail`. */
function detailOf(body: unknown): string {
  const detail = record(body)?.['detail'];
  return detail === undefined ? '' : (text(detail) ?? JSON.stringify(detail));
}

/** A server's words as they may be shown. */
function clean(said: string, key: string | undefined): string {
  if (/^\s*</.test(said)) return '';
  const hidden = key === undefined || key === '' ? said : said.replaceAll(key, '[key]');
  const plain = hidden
    .replace(/\b(sk|key|gsk|xai|pk)-[\w*.-]{6,}/g, '[key]')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > SAID_CHARS_MAX ? `${plain.slice(0, SAID_CHARS_MAX)}…` : plain;
}

interface Meaning {
  readonly code: string;
  readonly what: string;
  readonly retryable?: boolean;
  readonly advice?: string;
}

const CONTEXT =
  /context[_ ](length|window|size)|maximum context|too many (input )?tokens|(prompt|input) is too long|exceed_context|maximum (number of tokens|(prompt|input) length)/i;
const QUOTA = /insufficient_quota|exceeded your current quota|billing/i;

const WINDOW: Meaning = {
  code: 'endpoint.context',
  what: 'cannot take so long a request',
  advice: 'Choose a model with a larger context window, or set the window of this endpoint.',
};
/** Azure's code and words, and OpenAI's. */
const FILTERED =
  /content_filter|content management policy|ResponsibleAIPolicyViolation|content_policy_violation/i;
const FILTER: Meaning = {
  code: 'endpoint.failed',
  what: 'has a content filter that refuses the request',
  advice: 'Put the goal in other words, change the filter of this deployment, or choose another model.',
};
const NO_QUOTA: Meaning = {
  code: 'endpoint.rateLimited',
  what: 'has no quota left',
  advice: 'Look at the plan and billing of this account.',
};

/** What a status means where the server's words change nothing. */
const BY_STATUS: Readonly<Record<number, Meaning>> = {
  402: {
    code: 'endpoint.auth',
    what: 'wants to be paid',
    advice: 'Look at the credit of this account.',
  },
  403: {
    code: 'endpoint.auth',
    what: 'refuses this key or region',
    advice: 'See whether the key may use this model.',
  },
  404: { code: 'endpoint.missing', what: 'has no such model', advice: CHECK_URL },
  408: { code: 'endpoint.timeout', what: 'gave up waiting', retryable: true },
  409: { code: 'endpoint.failed', what: 'failed', retryable: true },
  413: WINDOW,
  425: { code: 'endpoint.failed', what: 'failed', retryable: true },
  429: {
    code: 'endpoint.rateLimited',
    what: 'asks for fewer requests',
    retryable: true,
    advice: 'Wait, or lower the concurrency.',
  },
};

function meaningOf(status: number, words: string): Meaning {
  if ([400, 422, 500].includes(status) && CONTEXT.test(words)) return WINDOW;
  if (status === 400 && FILTERED.test(words)) return FILTER;
  if (status === 429 && QUOTA.test(words)) return NO_QUOTA;
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return { code: 'endpoint.failed', what: 'failed', retryable: true };
  return { code: 'endpoint.failed', what: 'refused the request', advice: adviceFor(words) };
}

/** The failure that a status means. A 404 is `endpoint.missing`; its list of models is added by who can ask for it. */
export function refused(place: Place, refusal: Refusal): TryFailure {
  const where = `${nameOf(place.endpoint)} (${shown(place.baseUrl)})`;
  const { status, headers } = refusal;
  if (status === 401) return keyRefused(place, where);
  const said = complaintOf(refusal, place.key);
  const { code, what, ...options } = meaningOf(status, `${said} ${codeOf(refusal)}`);
  const model = code === 'endpoint.missing' ? ` as ${place.endpoint.model}` : '';
  const retryAfterMs = retryAfter(headers);
  const message = [
    `${where} ${what}${model} (${status})${said === '' ? '.' : `: ${said}`}`,
    filtersOf(refusal),
    retryAfterMs === undefined ? '' : ` It asks to be left alone for ${span(retryAfterMs)}.`,
  ].join('');
  return new TryFailure(code, message, { ...options, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** Which filters of Azure refused. */
function filtersOf({ body }: Refusal): string {
  const results = record(record(errorOf(body)?.['innererror'])?.['content_filter_result']) ?? {};
  const names = Object.keys(results).filter((name) => record(results[name])?.['filtered'] === true);
  return names.length === 0 ? '' : ` Filtered for: ${names.join(', ')}.`;
}

const span = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;

const adviceFor = (said: string): string =>
  /tool|function/i.test(said) ? 'Choose a model that can call tools.' : CHECK_URL;

/** The server's own code for its refusal. */
export const codeOf = ({ body }: Refusal): string => text(errorOf(body)?.['code']) ?? '';

const errorOf = (body: unknown) => record(record(bodyOf(body))?.['error']);

const keyRefused = ({ key }: Place, where: string): TryFailure =>
  new TryFailure(
    'endpoint.auth',
    key === undefined
      ? `${where} wants a key, and none is set (401).`
      : `${where} does not accept the key (401).`,
    { advice: 'Set the key with "Configure Models" in the editor, or as OPENAI_API_KEY in the terminal.' },
  );

/** `Retry-After` in seconds or as a date, or OpenAI's own `retry-after-ms`. */
function retryAfter(headers: Headers): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const given = headers.get('retry-after') ?? '';
  const seconds = Number(given === '' ? Number.NaN : given);
  const sentAt = Date.parse(headers.get('date') ?? '');
  const until = Date.parse(given) - (Number.isNaN(sentAt) ? Date.now() : sentAt);
  return [exact, seconds * 1000, until].find((ms) => Number.isFinite(ms) && ms >= 0);
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
    `${where} cannot be reached: ${clean(messageOf(chain.at(-1)), place.key)}`,
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
