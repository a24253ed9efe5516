/** Asking again after a failure: exponential backoff with jitter, or as long as the other side wants. */
import { ExponentialBackoff } from 'cockatiel';
import type { Clock } from '../ports.ts';

export interface RetryRules {
  /** Further tries after the first. */
  readonly retriesMax: number;
  /** Mean of the first wait; later ones grow from it. */
  readonly firstWaitMs: number;
  readonly waitMsMax: number;
  /** Whether to ask again after this failure, and at least how long after. `undefined`: not at all. `now`: without a wait. */
  readonly judge: (error: unknown) => { readonly atLeastMs: number } | 'now' | undefined;
  /** Called before each wait. */
  readonly onRetry?: (error: unknown, waitMs: number) => void;
}

/**
 * Tries until it succeeds, or rejects with the last failure. The wait ends at once when the signal aborts, which is why it is
 * not cockatiel's own retry (deaf while it waits) but only its backoff.
 */
export async function retrying<T>(
  rules: RetryRules,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  let backoff = new ExponentialBackoff({
    initialDelay: rules.firstWaitMs,
    maxDelay: rules.waitMsMax,
  }).next();
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted();
    try {
      return await attempt(number);
    } catch (error) {
      signal.throwIfAborted();
      const verdict = number > rules.retriesMax ? undefined : rules.judge(error);
      if (verdict === undefined) throw error;
      const waitMs = verdict === 'now' ? 0 : Math.max(verdict.atLeastMs, backoff.duration);
      rules.onRetry?.(error, waitMs);
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      if (verdict !== 'now') backoff = backoff.next(undefined);
    }
  }
}
