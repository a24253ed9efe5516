/** Time as the machine tells it. */
import type { Clock } from '../core/ports.ts';

/** Longest wait that a timer of the platform takes; longer sleeps are made of several. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const nodeClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    for (let left = ms; left > 0 || left === ms; left -= TIMER_MS_MAX) {
      await timer(Math.min(Math.max(left, 0), TIMER_MS_MAX), signal);
    }
  },
  // An immediate runs once the queue of promise reactions is empty.
  settle: () => new Promise((resolve) => setImmediate(resolve)),
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(handle);
      reject(signal?.reason as Error);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
