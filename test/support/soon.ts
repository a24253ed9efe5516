/** Assertions about what a page, a file or a run comes to say: read again until they hold, since whatever is pressed takes its time. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds until what does not hold is an error. */
const PATIENCE_MS = 15_000;

type Read<T> = () => T | Promise<T>;

/** Reads until `check` has nothing against it; rejects with its last error. */
async function hold<T>(read: Read<T>, check: (value: T) => void): Promise<void> {
  const ends = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      check(await read());
      return;
    } catch (error) {
      if (Date.now() > ends) throw error;
    }
    await sleep(30);
  }
}

/** `node:assert` on what `read` comes to answer. */
export const soon = {
  equal: <T>(read: Read<T>, wanted: T, message?: string): Promise<void> =>
    hold(read, (value) => assert.equal(value, wanted, message)),
  notEqual: <T>(read: Read<T>, unwanted: T, message?: string): Promise<void> =>
    hold(read, (value) => assert.notEqual(value, unwanted, message)),
  deepEqual: (read: Read<unknown>, wanted: unknown, message?: string): Promise<void> =>
    hold(read, (value) => assert.deepEqual(value, wanted, message)),
  partialDeepStrictEqual: (read: Read<unknown>, wanted: unknown, message?: string): Promise<void> =>
    hold(read, (value) => assert.partialDeepStrictEqual(value, wanted, message)),
  match: (read: Read<string>, pattern: RegExp, message?: string): Promise<void> =>
    hold(read, (value) => assert.match(value, pattern, message)),
  doesNotMatch: (read: Read<string>, pattern: RegExp, message?: string): Promise<void> =>
    hold(read, (value) => assert.doesNotMatch(value, pattern, message)),
  ok: (read: Read<unknown>, message?: string): Promise<void> =>
    hold(read, (value) => assert.ok(value, message)),
};
