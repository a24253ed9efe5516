/** The small ports in memory: ids that count, a log that keeps its lines, what was allowed for good. */
import type { Ids, Log, Permissions } from '../../../src/core/ports.ts';
import type { Permission } from '../../../src/protocol/policy.ts';

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

export class InMemoryPermissions implements Permissions {
  #kept: readonly Permission[];
  constructor(kept: readonly Permission[] = []) {
    this.#kept = kept;
  }
  copy(): InMemoryPermissions {
    return new InMemoryPermissions(this.#kept);
  }
  list(): Promise<readonly Permission[]> {
    return Promise.resolve(this.#kept);
  }
  add(permission: Permission): Promise<void> {
    if (!this.#kept.some(({ id }) => id === permission.id)) this.#kept = [...this.#kept, permission];
    return Promise.resolve();
  }
  remove(id: string): Promise<boolean> {
    const there = this.#kept.some((each) => each.id === id);
    this.#kept = this.#kept.filter((each) => each.id !== id);
    return Promise.resolve(there);
  }
}
