/** Makes a dependable model of a wire that tries once: time limits, a circuit breaker and further tries, all of them counted. */
import type { Endpoint } from '../../protocol/settings.ts';
import { PortError, type Clock, type Log } from '../ports.ts';
import { CircuitOpenError, createBreakers } from '../resilience/breaker.ts';
import { DeadlineError, withDeadlines, type Deadlines, type Watched } from '../resilience/deadlines.ts';
import { TooLongError, type Admitted } from '../resilience/rate-limit.ts';
import { retrying, type RetryRules } from '../resilience/retry.ts';
import type { ModelContext, ModelReply, ModelRequest, Models, Try, Usage } from './contract.ts';
import { createEndpoints, type Endpoints } from './endpoints.ts';
import { CallFailure, TryFailure } from './failure.ts';
import { hasRoom } from './prices.ts';
import { CHARS_PER_TOKEN, estimateInput, tokensIn } from './tokens.ts';

/** One try at one endpoint. */
export interface WireCall {
  readonly request: ModelRequest;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  readonly onText: (delta: string) => void;
  /** The endpoint took the request and thinks before it says anything: what it uses is owed, the wait goes on. */
  readonly taken: () => void;
  /** The endpoint took the request or sent more of its reply: this many characters of it. */
  readonly alive: (chars: number) => void;
  /** A connection is being made, and is made. A wire that cannot tell says neither. */
  readonly connecting: () => void;
  readonly connected: () => void;
}

export type WireReply = Omit<ModelReply, 'tries' | 'endpoint'>;

/** Speaks to an endpoint once. Errors: `TryFailure`; what it throws after its signal aborted is not looked at. */
export type Wire = (call: WireCall) => Promise<WireReply>;

/** The named limits of a call (I10). */
export interface CallLimits extends Deadlines {
  /** Further tries after the first. */
  readonly retriesMax: number;
  readonly firstWaitMs: number;
  /** Longest wait between tries; an endpoint that asks for more is given up. */
  readonly waitMsMax: number;
  /** The same where another endpoint stands behind this one. */
  readonly waitMsMaxWithFallback: number;
  /** Failures in a row after which an endpoint is left alone, and for how long. */
  readonly failuresMax: number;
  readonly pauseMs: number;
}

export const CALL_LIMITS: CallLimits = {
  connectMs: 10_000,
  firstMs: 180_000,
  betweenMs: 90_000,
  wholeMs: 900_000,
  retriesMax: 3,
  firstWaitMs: 500,
  waitMsMax: 60_000,
  waitMsMaxWithFallback: 5_000,
  failuresMax: 5,
  pauseMs: 15_000,
};

interface Guard {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: CallLimits;
  /** Shared with the router, so that it knows who is unwell; absent: its own. */
  readonly endpoints?: Endpoints | undefined;
}

/** Answers at the first endpoint of a request; those behind it are the router's, and only shorten its patience. */
export function guarded(wire: Wire, guard: Guard): Models {
  const { clock, log, limits } = guard;
  const attempt = attempts(wire, { ...guard, endpoints: guard.endpoints ?? createEndpoints(clock) });
  return {
    complete: async (request, context) => {
      const endpoint = request.endpoints[0];
      if (endpoint === undefined) throw noEndpoint(request.role);
      const call = callOf(request, context);
      const rules = retryRules(limits, request.endpoints.length > 1, (error, waitMs) =>
        log.warn(`${nameOf(endpoint)}: ${told(error)} Asking again in ${Math.round(waitMs)} ms.`),
      );
      try {
        const reply = await retrying(rules, { clock, signal: context.signal }, () => attempt(endpoint, call));
        const ok: Try = { endpoint: endpoint.id, ok: true, usage: reply.usage };
        return { ...reply, endpoint: endpoint.id, tries: [...call.tries, ok] };
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof PortError)) throw error;
        throw new CallFailure(error, call.tries, { advice: error.advice, cause: error });
      }
    },
  };
}

/** One guarded try; a failed one is recorded in its call with what it is owed. */
function attempts(wire: Wire, { clock, limits, endpoints }: Guard & { readonly endpoints: Endpoints }) {
  const breakers = createBreakers({ ...limits, counts: isUnwell });
  return async (endpoint: Endpoint, call: Call): Promise<WireReply> => {
    const { request, context } = call;
    if (call.tries.length > 0 && !hasRoom(request, endpoint, call.tries)) throw noRoom(endpoint);
    const admitted = await admit(endpoints, endpoint, { call, limits });
    const heard = { chars: 0, taken: false, open: true };
    const send = (watched: Watched): Promise<WireReply> =>
      orBreach(request, endpoint, (tooMuch) =>
        wire({
          request,
          endpoint,
          ...watched,
          onText: (delta) => heard.open && call.say(delta),
          taken: () => (heard.taken = true),
          alive: (more) => {
            heard.taken = true;
            heard.chars += more;
            watched.alive();
            tooMuch(heard.chars);
          },
        }),
      );
    try {
      const reply = await breakers.run(endpoint.id, context.signal, () =>
        withDeadlines(clock, limits, context.signal, send),
      );
      admitted.used(reply.usage.inputTokens + reply.usage.outputTokens);
      return reply;
    } catch (error) {
      const isOwed = heard.taken || (error instanceof DeadlineError && error.which !== 'connect');
      const owed = isOwed ? owedFor(request, heard.chars) : undefined;
      admitted.used((owed?.inputTokens ?? 0) + (owed?.outputTokens ?? 0));
      const failure = toFailure(endpoint, error);
      if (breakers.isOpen(endpoint.id)) endpoints.open(endpoint.id, limits.pauseMs);
      if (error instanceof CircuitOpenError) throw failure;
      call.tries.push(failed(endpoint, failure, owed));
      if (failure instanceof TryFailure && failure.retryAfterMs !== undefined)
        endpoints.rates.rest(endpoint.id, failure.retryAfterMs);
      throw failure;
    } finally {
      heard.open = false;
    }
  };
}

/** Waits until the endpoint's rates let one more request go; with another endpoint behind it, not for long. */
async function admit(
  endpoints: Endpoints,
  endpoint: Endpoint,
  { call: { request, context, tries }, limits }: { readonly call: Call; readonly limits: CallLimits },
): Promise<Admitted> {
  const hasFallback = request.endpoints.length > 1;
  const { requestsPerMinute, tokensPerMinute } = endpoint;
  try {
    return await endpoints.rates.admit(endpoint.id, {
      rates: { requestsPerMinute, tokensPerMinute },
      tokens: estimateInput(request) + request.outputTokensMax,
      signal: context.signal,
      roomMsMax: hasFallback ? limits.waitMsMaxWithFallback : undefined,
      restMsMax: hasFallback ? limits.waitMsMaxWithFallback : limits.waitMsMax,
      again: tries.length > 0,
      waits: context.onWait,
    });
  } catch (error) {
    if (!(error instanceof TooLongError)) throw error;
    throw new TryFailure(
      'endpoint.rateLimited',
      `${nameOf(endpoint)} takes no more requests for ${Math.ceil(error.waitMs / 1000)} s.`,
      { retryable: true, retryAfterMs: error.waitMs, advice: 'Wait, or name another endpoint behind it.' },
    );
  }
}

/** Times the output limit after which a reply that is still coming is cut off: characters only tell about tokens. */
const BREACH_TIMES = 2;
const BREACH_SLACK_CHARS = 4096;

/** Runs one try and cuts it off when its reply is far longer than its limit. */
function orBreach<T>(
  request: ModelRequest,
  endpoint: Endpoint,
  run: (tooMuch: (chars: number) => void) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const charsMax = request.outputTokensMax * BREACH_TIMES * CHARS_PER_TOKEN + BREACH_SLACK_CHARS;
    const tooMuch = (chars: number): void => {
      if (chars > charsMax) reject(breach(endpoint, request.outputTokensMax));
    };
    run(tooMuch).then(resolve, reject);
  });
}

const breach = (endpoint: Endpoint, tokensMax: number): TryFailure =>
  new TryFailure(
    'endpoint.breach',
    `${nameOf(endpoint)} does not keep to its output limit of ${tokensMax} tokens: its reply went on and was cut off.`,
    { advice: 'No budget holds with it. Choose another model for this role, or go on to try once more.' },
  );

const noRoom = (endpoint: Endpoint): TryFailure =>
  new TryFailure(
    'endpoint.failed',
    `What was held in the budget for this call is used up by tries that broke; ${nameOf(endpoint)} was not asked again.`,
    { advice: 'Go on to hold as much once more.' },
  );

interface Call {
  readonly request: ModelRequest;
  readonly context: ModelContext;
  readonly tries: Try[];
  say(delta: string): void;
}

/** Shown between what a broken try said and what the next one says. */
const AGAIN = '\n[the reply broke off; asking again]\n';

function callOf(request: ModelRequest, context: ModelContext): Call {
  let saidIn = 0;
  const tries: Try[] = [];
  return {
    request,
    context,
    tries,
    say: (delta) => {
      if (saidIn > 0 && saidIn <= tries.length) context.onText(AGAIN);
      saidIn = tries.length + 1;
      context.onText(delta);
    },
  };
}

const retryRules = (
  limits: CallLimits,
  hasFallback: boolean,
  onRetry: (error: unknown, waitMs: number) => void,
): RetryRules => {
  const waitMsMax = hasFallback ? limits.waitMsMaxWithFallback : limits.waitMsMax;
  return {
    retriesMax: limits.retriesMax,
    firstWaitMs: limits.firstWaitMs,
    waitMsMax,
    onRetry,
    judge: (error) => {
      if (!(error instanceof TryFailure)) return undefined;
      if (error.adapted) return 'now';
      const atLeastMs = error.retryAfterMs ?? 0;
      return error.retryable && atLeastMs <= waitMsMax ? { atLeastMs } : undefined;
    },
  };
};

/** What a broken try is owed: all of its input, and the output that came. */
const owedFor = (request: ModelRequest, chars: number): Usage => ({
  inputTokens: estimateInput(request),
  outputTokens: tokensIn(chars),
  estimated: true,
});

const failed = (endpoint: Endpoint, failure: PortError, usage: Usage | undefined): Try => ({
  endpoint: endpoint.id,
  ok: false,
  code: failure.code,
  ...(usage !== undefined && { usage }),
});

const isUnwell = (error: unknown): boolean =>
  error instanceof DeadlineError ||
  (error instanceof TryFailure &&
    error.retryable &&
    !error.adapted &&
    ['endpoint.unreachable', 'endpoint.timeout', 'endpoint.failed'].includes(error.code));

function toFailure(endpoint: Endpoint, error: unknown): PortError {
  if (error instanceof PortError) return error;
  if (error instanceof DeadlineError) return timeout(endpoint, error);
  if (error instanceof CircuitOpenError) return leftAlone(endpoint, error);
  return new TryFailure('endpoint.failed', `${nameOf(endpoint)} could not be asked: ${told(error)}`, {
    cause: error,
  });
}

const WAITED: Readonly<Record<DeadlineError['which'], string>> = {
  connect: 'could not be reached',
  first: 'sent nothing',
  between: 'fell silent in the middle of its reply',
  whole: 'did not end its reply',
};

const timeout = (endpoint: Endpoint, { which, limitMs }: DeadlineError): TryFailure =>
  new TryFailure(
    'endpoint.timeout',
    `${nameOf(endpoint)} ${WAITED[which]}${which === 'between' ? ' for' : ' within'} ${limitMs / 1000} s.`,
    { retryable: true, advice: 'Look whether the server is overloaded or still loading the model.' },
  );

const leftAlone = (endpoint: Endpoint, { pauseMs, lastFailure }: CircuitOpenError): TryFailure =>
  new TryFailure(
    'endpoint.unreachable',
    `${nameOf(endpoint)} failed several times in a row and is left alone for ${pauseMs / 1000} s.` +
      (lastFailure === undefined ? '' : ` Last: ${told(lastFailure)}`),
    { retryable: true, retryAfterMs: pauseMs, cause: lastFailure },
  );

const noEndpoint = (role: string): PortError =>
  new PortError('endpoint.missing', `No endpoint is configured for ${role}.`, {
    advice: 'Configure a model for this role.',
  });

const nameOf = (endpoint: Endpoint): string => endpoint.label ?? endpoint.id;

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));
