import assert from 'node:assert/strict';

/** Far above what the work takes on a busy machine, and far below what it took if it grew with the square. In milliseconds. */
const SOON_MS = 20_000;

/** Does the work and asserts that it did not take long. */
export function soon<T>(work: () => T): T {
  const start = performance.now();
  const result = work();
  assert.ok(performance.now() - start < SOON_MS, 'it took too long');
  return result;
}
