/** Circuit breakers by key: what failed several times in a row is left alone for a while, then tried by one caller first. */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';

export interface BreakerRules {
  /** Failures in a row that open the circuit. */
  readonly failuresMax: number;
  /** How long it stays open. */
  readonly pauseMs: number;
  /** Which failures say that the other side is unwell. */
  readonly counts: (error: unknown) => boolean;
}

/** The circuit is open: nothing was tried. */
export class CircuitOpenError extends Error {
  readonly pauseMs: number;
  readonly lastFailure: unknown;
  constructor(pauseMs: number, lastFailure: unknown) {
    super(`Left alone for ${pauseMs} ms after failures in a row.`);
    this.name = 'CircuitOpenError';
    this.pauseMs = pauseMs;
    this.lastFailure = lastFailure;
  }
}

export interface Breakers {
  /** Runs the work, or rejects with `CircuitOpenError`. Abort rejects with the signal's reason, also while another caller tests. */
  run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  isOpen(key: string): boolean;
}

/** One breaker for each key, made when first used. */
export function createBreakers(rules: BreakerRules): Breakers {
  const policies = new Map<string, CircuitBreakerPolicy>();
  const policyOf = (key: string): CircuitBreakerPolicy => {
    const known = policies.get(key);
    if (known !== undefined) return known;
    const made = circuitBreaker(handleWhen(rules.counts), {
      halfOpenAfter: rules.pauseMs,
      breaker: new ConsecutiveBreaker(rules.failuresMax),
    });
    policies.set(key, made);
    return made;
  };
  return {
    isOpen: (key) => policies.get(key)?.state === CircuitState.Open,
    run: async (key, signal, work) => {
      signal.throwIfAborted();
      const policy = policyOf(key);
      const working = policy.execute(() => {
        signal.throwIfAborted();
        return work();
      });
      try {
        return await orAborted(working, signal);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new CircuitOpenError(rules.pauseMs, failureOf(policy));
      }
    },
  };
}

const failureOf = ({ lastFailure }: CircuitBreakerPolicy): unknown =>
  lastFailure !== undefined && 'error' in lastFailure ? lastFailure.error : undefined;

function orAborted<T>(working: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void working.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
