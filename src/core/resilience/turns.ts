/** Work that only so many may do at once; the others wait in the order they came. */

export interface Turns {
  /** Waits until fewer than `max` are at it; the result ends the turn, once. Rejects with the signal's reason when aborted. */
  take(max: number, signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  readonly max: number;
  readonly go: () => void;
}

export function createTurns(): Turns {
  let active = 0;
  const waiting: Waiter[] = [];
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined || active >= first.max) return;
    waiting.shift();
    first.go();
  };
  const begin = (): (() => void) => {
    active += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      active -= 1;
      next();
    };
  };
  return {
    async take(max, signal) {
      signal.throwIfAborted();
      if (active < max && waiting.length === 0) return begin();
      return await new Promise((resolve, reject) => {
        const waiter: Waiter = {
          max,
          go: () => {
            signal.removeEventListener('abort', giveUp);
            resolve(begin());
          },
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason as Error);
          next();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.push(waiter);
      });
    },
  };
}
