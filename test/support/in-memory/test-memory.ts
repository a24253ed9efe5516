/** What is kept of tests, in memory. */
import type { SuiteTurn, TestMemory } from '../../../src/core/ports.ts';
import { createTurns } from '../../../src/core/resilience/turns.ts';
import { TestsKept } from '../../../src/protocol/tests-kept.ts';

export class InMemoryTestMemory implements TestMemory {
  #kept: TestsKept;
  readonly #put: Map<string, string>;
  #turns = createTurns();
  /** What commands run with. */
  machine = 'a machine';
  constructor(kept: TestsKept = TestsKept.parse({}), put: ReadonlyMap<string, string> = new Map()) {
    this.#kept = kept;
    this.#put = new Map(put);
  }
  copy(): InMemoryTestMemory {
    return new InMemoryTestMemory(this.#kept, this.#put);
  }
  /** A process died: its turns are others' now. */
  crash(): void {
    this.#turns = createTurns();
  }
  kept(): Promise<TestsKept> {
    return Promise.resolve(this.#kept);
  }
  keep(change: (kept: TestsKept) => TestsKept): Promise<TestsKept> {
    this.#kept = TestsKept.parse(change(this.#kept));
    return Promise.resolve(this.#kept);
  }
  recall(key: string): Promise<unknown> {
    const text = this.#put.get(key);
    return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as unknown));
  }
  remember(key: string, value: unknown): Promise<void> {
    this.#put.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
  environment(): Promise<string> {
    return Promise.resolve(this.machine);
  }
  async turn(max: number, signal: AbortSignal): Promise<SuiteTurn> {
    const done = await this.#turns.take(max, signal);
    return {
      end: () => {
        done();
        return Promise.resolve();
      },
    };
  }
}
