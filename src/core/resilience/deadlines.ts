/** Time limits of something that streams: until it is connected, until its first sign of life, between two signs, and as a whole. */
import type { Clock } from '../ports.ts';

export interface Deadlines {
  /** Between "connecting" and "connected". Absent: within `firstMs`. */
  readonly connectMs?: number;
  /** Until the first sign of life: connecting, queueing and reading the prompt. */
  readonly firstMs: number;
  /** Between two signs of life. */
  readonly betweenMs: number;
  readonly wholeMs: number;
}

/** A limit was reached; the work's signal is aborted. */
export class DeadlineError extends Error {
  readonly which: 'connect' | 'first' | 'between' | 'whole';
  readonly limitMs: number;
  constructor(which: DeadlineError['which'], limitMs: number) {
    super(`No end within the limit "${which}" of ${limitMs} ms.`);
    this.name = 'DeadlineError';
    this.which = which;
    this.limitMs = limitMs;
  }
}

/** What the work is given: a signal that ends it, and a way to say that it lives. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly alive: () => void;
  /** A connection is being made. Whoever cannot tell says neither. */
  readonly connecting: () => void;
  readonly connected: () => void;
}

/**
 * Runs the work under its limits. Rejects at once with `DeadlineError` when one is reached, or with the outer signal's reason,
 * whether or not the work listens; either way its signal is aborted.
 */
export async function withDeadlines<T>(
  clock: Clock,
  limits: Deadlines,
  outer: AbortSignal,
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const ended = new AbortController();
  const signal = AbortSignal.any([outer, ended.signal]);
  const startedAt = clock.now();
  let lastAt: number | undefined;
  const next = (): { which: DeadlineError['which']; limitMs: number; dueAt: number } => {
    const whole = { which: 'whole' as const, limitMs: limits.wholeMs, dueAt: startedAt + limits.wholeMs };
    const step =
      lastAt === undefined
        ? { which: 'first' as const, limitMs: limits.firstMs, dueAt: startedAt + limits.firstMs }
        : { which: 'between' as const, limitMs: limits.betweenMs, dueAt: lastAt + limits.betweenMs };
    return step.dueAt < whole.dueAt ? step : whole;
  };
  const watch = async (): Promise<never> => {
    for (;;) {
      const { which, limitMs, dueAt } = next();
      const leftMs = dueAt - clock.now();
      if (leftMs <= 0) throw new DeadlineError(which, limitMs);
      await clock.sleep(leftMs, signal);
    }
  };
  const connection = watchConnection(clock, limits.connectMs, signal);
  try {
    const watched = { signal, alive: () => (lastAt = clock.now()), ...connection };
    return await Promise.race([work(watched), watch(), connection.late]);
  } finally {
    ended.abort(new Error('The work is over.'));
  }
}

/** `late` rejects once a connection takes too long; it never resolves. */
function watchConnection(clock: Clock, limitMs: number | undefined, outer: AbortSignal) {
  const isMade = new AbortController();
  let isTooLate: (error: DeadlineError) => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    isTooLate = reject;
  });
  late.catch(() => undefined);
  return {
    late,
    connecting: (): void => {
      if (limitMs === undefined) return;
      clock.sleep(limitMs, AbortSignal.any([outer, isMade.signal])).then(
        () => {
          isTooLate(new DeadlineError('connect', limitMs));
        },
        () => undefined,
      );
    },
    connected: (): void => {
      isMade.abort();
    },
  };
}
