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
  settle: () => {
    settled = (settled + 1) % SETTLES_AT_A_STRETCH;
    return new Promise(settled === 0 ? laterOn : atOnce);
  },
};

/** Settles after which files, timers and people have their turn: a record that is raced through must not hold the process. */
const SETTLES_AT_A_STRETCH = 32;
let settled = 0;

/** An immediate runs once the queue of promise reactions is empty, and what came in was heard. */
function laterOn(resolve: () => void): void {
  setImmediate(resolve);
}

/** A tick that a promise reaction asks for runs once their queue is empty, and before anything that comes in. */
function atOnce(resolve: () => void): void {
  queueMicrotask(() => {
    process.nextTick(resolve);
  });
}

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
