/**
 * Rate limits by key: at most so many requests and tokens in any 60 seconds, first come, first served, and no request at all while the
 * other side asked to be left alone. What was sent back comes before whatever was not sent yet, or it would wait again behind all of it. Our own and not a library's, because those read their own clock and go on waiting after an abort.
 */
import type { Clock } from '../ports.ts';

/** What may go to one key. Absent: no limit. */
export interface Rates {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** A place in the window of a key. */
export interface Admitted {
  /** Corrects the tokens that the request was taken to need. */
  used(tokens: number): void;
}

/** The wait would be longer than whoever asks can bear. */
export class TooLongError extends Error {
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(`The next request would have to wait ${waitMs} ms.`);
    this.name = 'TooLongError';
    this.waitMs = waitMs;
  }
}

export interface Want {
  readonly rates: Rates;
  /** Likely tokens, in and out. More than the limit is taken for the limit: it has the window for itself. */
  readonly tokens: number;
  readonly signal: AbortSignal;
  /** Longest wait for room in the window; absent: as long as it takes. */
  readonly roomMsMax?: number | undefined;
  /** Longest wait where the other side asked to be left alone. */
  readonly restMsMax: number;
  /** It was sent before, and the other side did not take it. */
  readonly again?: boolean | undefined;
  /** Called now and then while it waits, at least once for each window. Must not throw. */
  readonly waits?: (() => void) | undefined;
}

export interface RateLimiter {
  /** Resolves when the request may go. Errors: `TooLongError`; abort rejects with the signal's reason. */
  admit(key: string, want: Want): Promise<Admitted>;
  /** The other side wants to be left alone for so long, by everybody. */
  rest(key: string, ms: number): void;
  /** How long from now the key rests, in milliseconds; 0 where it does not. */
  restingMs(key: string): number;
}

const WINDOW_MS = 60_000;

interface Entry {
  readonly at: number;
  tokens: number;
}

interface Asking {
  readonly want: Want;
  readonly resolve: (admitted: Admitted) => void;
  readonly reject: (error: unknown) => void;
}

interface Window {
  entries: Entry[];
  restsUntil: number;
  /** Who is next, so that nobody overtakes. */
  queue: readonly Asking[];
  isServing: boolean;
}

export function createRateLimiter(clock: Clock): RateLimiter {
  const windows = new Map<string, Window>();
  const windowOf = (key: string): Window => {
    const window = windows.get(key) ?? { entries: [], restsUntil: 0, queue: [], isServing: false };
    windows.set(key, window);
    return window;
  };
  const enter = async (window: Window, want: Want): Promise<Admitted> => {
    for (;;) {
      want.signal.throwIfAborted();
      const now = clock.now();
      window.entries = window.entries.filter(({ at }) => at + WINDOW_MS > now);
      const restMs = window.restsUntil - now;
      const roomMs = roomAt(window.entries, want) - now;
      if (restMs > want.restMsMax) throw new TooLongError(restMs);
      if (want.roomMsMax !== undefined && roomMs > want.roomMsMax) throw new TooLongError(roomMs);
      const waitMs = Math.max(restMs, roomMs);
      if (waitMs <= 0) return admitted(window, { at: now, tokens: want.tokens });
      for (const each of [want, ...window.queue.map((asking) => asking.want)]) each.waits?.();
      await clock.sleep(Math.min(waitMs, WINDOW_MS), want.signal);
    }
  };
  const serve = async (window: Window): Promise<void> => {
    window.isServing = true;
    for (let [next] = window.queue; next; [next] = window.queue) {
      window.queue = window.queue.slice(1);
      await enter(window, next.want).then(next.resolve, next.reject);
    }
    window.isServing = false;
  };
  return {
    admit: (key, want) =>
      new Promise((resolve, reject) => {
        const window = windowOf(key);
        const asking = inLine(window, { want, resolve, reject });
        const isBefore = (other: Asking): boolean => other.want.again === true || want.again !== true;
        const before = window.queue.filter(isBefore);
        window.queue = [...before, asking, ...window.queue.filter((other) => !isBefore(other))];
        if (!window.isServing) void serve(window);
      }),
    rest: (key, ms) => {
      const window = windowOf(key);
      window.restsUntil = Math.max(window.restsUntil, clock.now() + ms);
    },
    restingMs: (key) => Math.max(0, windowOf(key).restsUntil - clock.now()),
  };
}

/** Leaves the line at once where it is aborted. */
function inLine(window: Window, { want, resolve, reject }: Asking): Asking {
  const { signal } = want;
  const abort = (): void => {
    window.queue = window.queue.filter((other) => other !== asking);
    reject(signal.reason as Error);
  };
  const over = (): void => {
    signal.removeEventListener('abort', abort);
  };
  const asking: Asking = {
    want,
    resolve(entry) {
      over();
      resolve(entry);
    },
    reject(error) {
      over();
      reject(error);
    },
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return asking;
}

function admitted(window: Window, entry: Entry): Admitted {
  window.entries.push(entry);
  return {
    used: (tokens) => {
      entry.tokens = tokens;
    },
  };
}

/** When there is room: the time at which enough of the oldest entries have left the window. */
function roomAt(entries: readonly Entry[], { rates, tokens }: Want): number {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = rates;
  const wanted = Math.min(tokens, tokensPerMinute);
  let requests = entries.length + 1;
  let sum = entries.reduce((total, entry) => total + entry.tokens, wanted);
  let at = -Infinity;
  for (const entry of entries) {
    if (requests <= requestsPerMinute && sum <= tokensPerMinute) break;
    requests -= 1;
    sum -= entry.tokens;
    at = entry.at + WINDOW_MS;
  }
  return at;
}
