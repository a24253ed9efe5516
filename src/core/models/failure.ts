/** How a model call fails: one try at one endpoint, and the whole call with every try it made. */
import { PortError } from '../ports.ts';
import type { Try } from './contract.ts';

interface TryFailureOptions {
  readonly retryable?: boolean;
  readonly advice?: string;
  readonly cause?: unknown;
  /** How long the endpoint asked to be left alone (`Retry-After`). */
  readonly retryAfterMs?: number;
  /** The next request is written another way, to suit the endpoint: ask again at once. */
  readonly adapted?: boolean;
}

/** One try at one endpoint failed. Whoever asked decides whether there is another. */
export class TryFailure extends PortError {
  readonly retryAfterMs: number | undefined;
  readonly adapted: boolean;
  constructor(code: string, message: string, options: TryFailureOptions = {}) {
    super(code, message, options);
    this.name = 'TryFailure';
    this.retryAfterMs = options.retryAfterMs;
    this.adapted = options.adapted ?? false;
  }
}

/** All tries of a call are over. `tries` says what each of them is owed. */
export class CallFailure extends PortError {
  readonly tries: readonly Try[];
  constructor(
    last: { readonly code: string; readonly message: string; readonly retryable: boolean },
    tries: readonly Try[],
    options: { readonly advice?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(last.code, last.message, {
      retryable: last.retryable,
      cause: options.cause,
      ...(options.advice !== undefined && { advice: options.advice }),
    });
    this.name = 'CallFailure';
    this.tries = tries;
  }
}

/** The tries that a failed call made, as far as it says. */
export function triesOf(error: unknown): readonly Try[] {
  return error instanceof CallFailure ? error.tries : [];
}
