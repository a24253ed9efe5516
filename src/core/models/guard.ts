/** Makes a dependable model of a wire that tries once: time limits, a circuit breaker and further tries, all of them counted. */
import type { Endpoint } from '../../protocol/settings.ts';
import { PortError, type Clock, type Log } from '../ports.ts';
import { CircuitOpenError, createBreakers } from '../resilience/breaker.ts';
import { DeadlineError, withDeadlines, type Deadlines, type Watched } from '../resilience/deadlines.ts';
import { retrying, type RetryRules } from '../resilience/retry.ts';
import type { ModelContext, ModelReply, ModelRequest, Models, Try, Usage } from './contract.ts';
import { CallFailure, TryFailure } from './failure.ts';
import { estimateInput, tokensIn } from './tokens.ts';

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
}

/** Answers at the first endpoint of a request; those behind it are the router's, and only shorten its patience. */
export function guarded(wire: Wire, { clock, log, limits }: Guard): Models {
  const attempt = attempts(wire, clock, limits);
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
function attempts(wire: Wire, clock: Clock, limits: CallLimits) {
  const breakers = createBreakers({ ...limits, counts: isUnwell });
  return async (endpoint: Endpoint, call: Call): Promise<WireReply> => {
    const { request, context } = call;
    const heard = { chars: 0, taken: false, open: true };
    const send = ({ signal, alive }: Watched): Promise<WireReply> =>
      wire({
        request,
        endpoint,
        signal,
        onText: (delta) => heard.open && call.say(delta),
        taken: () => (heard.taken = true),
        alive: (more) => {
          heard.taken = true;
          heard.chars += more;
          alive();
        },
      });
    try {
      return await breakers.run(endpoint.id, context.signal, () =>
        withDeadlines(clock, limits, context.signal, send),
      );
    } catch (error) {
      const isOwed = heard.taken || error instanceof DeadlineError;
      const owed = isOwed ? owedFor(request, heard.chars) : undefined;
      const failure = toFailure(endpoint, error);
      if (!(error instanceof CircuitOpenError)) call.tries.push(failed(endpoint, failure, owed));
      throw failure;
    } finally {
      heard.open = false;
    }
  };
}

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
