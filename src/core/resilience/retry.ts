/** Asking again after a failure: exponential backoff with jitter, or as long as the other side wants. */
import { ExponentialBackoff } from 'cockatiel';
import type { Clock } from '../ports.ts';

export interface RetryRules {
  /** Further tries after the first. */
  readonly retriesMax: number;
  /** Mean of the first wait; later ones grow from it. */
  readonly firstWaitMs: number;
  readonly waitMsMax: number;
  /**
   * Whether to ask again after this failure, and at least how long after. `undefined`: not at all. `now`: without a wait and
   * without counting as a retry, at most `NOW_MAX` times.
   */
  readonly judge: (error: unknown) => { readonly atLeastMs: number } | 'now' | undefined;
  /** Called before each wait. */
  readonly onRetry?: (error: unknown, waitMs: number) => void;
}

/** Tries that were only asked in another form. */
const NOW_MAX = 8;

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
  let retries = 0;
  let atOnce = 0;
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted();
    try {
      return await attempt(number);
    } catch (error) {
      signal.throwIfAborted();
      const verdict = rules.judge(error);
      if (verdict === 'now' && (atOnce += 1) <= NOW_MAX) continue;
      if (verdict === undefined || verdict === 'now' || (retries += 1) > rules.retriesMax) throw error;
      const waitMs = Math.max(verdict.atLeastMs, backoff.duration);
      rules.onRetry?.(error, waitMs);
      await clock.sleep(waitMs, signal);
      backoff = backoff.next(undefined);
    }
  }
}
