/**
 * Rate limits by key: at most so many requests and tokens in any 60 seconds, first come, first served, and no request at all while the
 * other side asked to be left alone. Our own and not a library's, because those read their own clock and go on waiting after an abort.
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

interface Window {
  entries: Entry[];
  restsUntil: number;
  /** Whoever came last, so that nobody overtakes. */
  last: Promise<unknown>;
}

export function createRateLimiter(clock: Clock): RateLimiter {
  const windows = new Map<string, Window>();
  const windowOf = (key: string): Window => {
    const window = windows.get(key) ?? { entries: [], restsUntil: 0, last: Promise.resolve() };
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
      if (waitMs > 0) await clock.sleep(waitMs, want.signal);
      else return admitted(window, { at: now, tokens: want.tokens });
    }
  };
  return {
    admit: (key, want) => {
      const window = windowOf(key);
      const entering = orAborted(window.last, want.signal).then(() => enter(window, want));
      window.last = entering.catch(() => undefined);
      return entering;
    },
    rest: (key, ms) => {
      const window = windowOf(key);
      window.restsUntil = Math.max(window.restsUntil, clock.now() + ms);
    },
    restingMs: (key) => Math.max(0, windowOf(key).restsUntil - clock.now()),
  };
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

/** Settles with the one before, or rejects at once on abort. */
function orAborted(before: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void before.then(resolve).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
