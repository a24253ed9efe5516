/** The small ports in memory: ids that count, a log that keeps its lines. */
import type { Ids, Log } from '../../../src/core/ports.ts';

/** `prefix-00000001-0000` and so on: sorts by time of making and is the same in every run of a test. */
export class SequentialIds implements Ids {
  #count: number;
  constructor(start = 0) {
    this.#count = start;
  }
  /** Ids that go on from here. */
  copy(): SequentialIds {
    return new SequentialIds(this.#count);
  }
  next(prefix: string): string {
    this.#count += 1;
    return `${prefix}-${String(this.#count).padStart(8, '0')}-0000`;
  }
}

export class InMemoryLog implements Log {
  readonly lines: string[] = [];
  info(message: string): void {
    this.lines.push(`info ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
}
