/** A clock that moves only when told, or by itself from one sleeper to the next. */
import type { Clock } from '../../../src/core/ports.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #auto: boolean;
  #now: number;

  /** `auto`: once nothing else is due, time jumps to the next sleeper. */
  constructor(start = 1_700_000_000_000, options: { readonly auto?: boolean } = {}) {
    this.#now = start;
    this.#auto = options.auto ?? false;
  }

  /** A clock that shows the same time, with nobody asleep. */
  copy(): ManualClock {
    return new ManualClock(this.#now, { auto: this.#auto });
  }

  now(): number {
    return this.#now;
  }

  /** Sleeps that have not ended. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { due: this.#now + Math.max(0, ms), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#auto) void this.#jump(sleeper);
    });
  }

  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves on by `ms`, waking sleepers in order of their due time and letting each one's consequences happen first. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next = this.#next(); next && next.due <= end; next = this.#next()) {
      this.#wake(next);
      await this.settle();
    }
    this.#now = end;
  }

  /** Sets the time without waking anyone: a clock that was put right, forwards or backwards. */
  set(now: number): void {
    this.#now = now;
  }

  async #jump(sleeper: Sleeper): Promise<void> {
    await this.settle();
    while (this.#sleepers.has(sleeper)) {
      const next = this.#next();
      if (next) this.#wake(next);
      await this.settle();
    }
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.due - b.due)[0];
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    this.#now = Math.max(this.#now, sleeper.due);
    sleeper.wake();
  }
}
