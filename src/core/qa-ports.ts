/** What QA needs of the outside beside commands and files; part of `ports.ts`. */
import type { TestsKept } from '../protocol/tests-kept.ts';

/** What is known of a workspace's tests from one run to the next, and what test suites share. */
export interface TestMemory {
  /** Errors: `tests.damaged`. */
  kept(): Promise<TestsKept>;
  /** Changes it, one change at a time; durable when resolved. */
  keep(change: (kept: TestsKept) => TestsKept): Promise<TestsKept>;
  /** A value that was put away under this key; `undefined` where there is none any more. It is as it was put there. */
  recall(key: string): Promise<unknown>;
  /** Puts plain JSON away. It may be lost at any time; never fails. */
  remember(key: string, value: unknown): Promise<void>;
  /** The same text as long as programs and installed packages are the same. */
  environment(): Promise<string>;
  /** Waits until fewer than `max` suites run on this machine. Rejects when aborted; ends after a bound, and says so then. */
  turn(max: number, signal: AbortSignal): Promise<SuiteTurn>;
}

/** The time in which a suite runs. */
export interface SuiteTurn {
  /** Gives it to the next one; never fails. */
  end(): Promise<void>;
  /** One sentence for people: why it runs although too many do. */
  readonly beside?: string;
}
