/** What one line of a runner's output says. */
import type { TestStatus } from '../report.ts';

/** A test that ended, as far as the console tells. */
export interface EndedTest {
  /** With the suites that it lies in, joined by ` > `, where they are told. */
  readonly name: string;
  readonly status: TestStatus;
  readonly durationMs?: number;
}

export interface LineSays {
  readonly total?: number;
  readonly started?: string;
  readonly ended?: EndedTest;
  /** Tests that it tells of, and how many of them failed; absent: the one that ended, if any. */
  readonly done?: number;
  readonly failed?: number;
  /** A test that holds others is none itself. */
  readonly holds?: string;
}

export type LineReader = (line: string) => LineSays;
