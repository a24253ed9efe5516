import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRateLimiter, TooLongError, type Want } from '../../../../src/core/resilience/rate-limit.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';

const never = new AbortController().signal;
const MINUTE_MS = 60_000;

const wantOf = (more: Partial<Want> = {}): Want => ({
  rates: {},
  tokens: 1,
  signal: never,
  restMsMax: Infinity,
  ...more,
});

/** A limiter on a clock of its own; what was admitted when, in milliseconds from its start. */
function limiter() {
  const clock = new ManualClock(0);
  const rates = createRateLimiter(clock);
  const went: [name: string, at: number][] = [];
  const ask = (name: string, want: Partial<Want> = {}, key = 'e') => {
    const admitted = rates.admit(key, wantOf(want));
    admitted.then(() => went.push([name, clock.now()])).catch(() => undefined);
    return admitted;
  };
  return { clock, rates, went, ask };
}

test('rates: without limits everything goes at once', async () => {
  const { clock, ask, went } = limiter();
  for (let index = 0; index < 50; index += 1) void ask(String(index));
  await clock.advance(0);
  assert.equal(went.length, 50);
});

test('rates: requests beyond the limit wait until the oldest has left the minute, first come, first served', async () => {
  const { clock, ask, went } = limiter();
  const rates = { requestsPerMinute: 2 };
  void ask('a', { rates });
  await clock.advance(10_000);
  for (const name of ['b', 'c', 'd', 'e']) void ask(name, { rates });
  await clock.advance(3 * MINUTE_MS);
  assert.deepEqual(went, [
    ['a', 0],
    ['b', 10_000],
    ['c', 60_000],
    ['d', 70_000],
    ['e', 120_000],
  ]);
});

test('rates: tokens count as they were, once they are known', async () => {
  const { clock, ask, went } = limiter();
  const rates = { tokensPerMinute: 100 };
  const first = await ask('a', { rates, tokens: 90 });
  void ask('b', { rates, tokens: 90 });
  await clock.advance(1000);
  assert.equal(went.length, 1);
  first.used(5);
  await clock.advance(MINUTE_MS);
  assert.deepEqual(went[1], ['b', 60_000], 'who waits already sleeps until its time');
  (await ask('c', { rates: {}, tokens: 0 })).used(0);
  void ask('d', { rates, tokens: 5 });
  await clock.advance(0);
  assert.equal(went.at(-1)?.[0], 'd');
});

test('rates: a request larger than the limit has a minute for itself, and does not wait for ever', async () => {
  const { clock, ask, went } = limiter();
  const rates = { tokensPerMinute: 100 };
  void ask('a', { rates, tokens: 10 });
  void ask('b', { rates, tokens: 5000 });
  void ask('c', { rates, tokens: 1 });
  await clock.advance(3 * MINUTE_MS);
  assert.deepEqual(went, [
    ['a', 0],
    ['b', 60_000],
    ['c', 120_000],
  ]);
});

test('rates: who asked to be left alone is left alone by all callers, and other endpoints are not', async () => {
  const { clock, rates, ask, went } = limiter();
  rates.rest('e', 7000);
  assert.equal(rates.restingMs('e'), 7000);
  void ask('a');
  void ask('b');
  void ask('c', {}, 'other');
  await clock.advance(10_000);
  assert.deepEqual(went, [
    ['c', 0],
    ['a', 7000],
    ['b', 7000],
  ]);
});

test('rates: a wait that is longer than can be borne is refused with its length', async () => {
  const { rates, ask } = limiter();
  await ask('a', { rates: { requestsPerMinute: 1 } });
  const tooLong = (ms: number) => (error: unknown) => error instanceof TooLongError && error.waitMs === ms;
  await assert.rejects(ask('b', { rates: { requestsPerMinute: 1 }, roomMsMax: 5000 }), tooLong(60_000));
  rates.rest('e', 9000);
  await assert.rejects(ask('c', { restMsMax: 5000 }), tooLong(9000));
});

test('rates: who is stopped while it waits, or waits for its turn to wait, goes at once and blocks nobody', async () => {
  const { clock, ask, went } = limiter();
  const rates = { requestsPerMinute: 1 };
  const stop = new AbortController();
  void ask('a', { rates });
  const waiting = ask('b', { rates, signal: stop.signal });
  const behind = ask('c', { rates, signal: stop.signal });
  void ask('d', { rates });
  await clock.advance(1000);
  stop.abort(new Error('stopped'));
  await assert.rejects(waiting, /stopped/);
  await assert.rejects(behind, /stopped/);
  await clock.advance(MINUTE_MS);
  assert.deepEqual(went, [
    ['a', 0],
    ['d', 60_000],
  ]);
});

test('rates: whatever comes when, no minute holds more than the limits', async () => {
  const request = fc.record({
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    tokens: fc.integer({ min: 1, max: 100 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 25 }), async (requests) => {
      const { clock, ask, went } = limiter();
      const sizes = new Map<string, number>();
      for (const [index, { afterMs, tokens }] of requests.entries()) {
        await clock.advance(afterMs);
        sizes.set(String(index), tokens);
        void ask(String(index), { rates: { requestsPerMinute: 4, tokensPerMinute: 150 }, tokens });
      }
      await clock.advance(requests.length * MINUTE_MS);
      assert.equal(went.length, requests.length, 'everybody went in the end');
      for (const [, at] of went) {
        const within = went.filter(([, other]) => other >= at && other < at + MINUTE_MS);
        assert.ok(within.length <= 4);
        assert.ok(within.reduce((sum, [name]) => sum + (sizes.get(name) ?? 0), 0) <= 150);
      }
    }),
    { numRuns: 30 },
  );
});

test('rates: what was sent back comes before whatever was not sent yet, and after what was sent back before it', async () => {
  const { clock, ask, went } = limiter();
  const rates = { requestsPerMinute: 1 };
  for (const name of ['a', 'b', 'c', 'd']) void ask(name, { rates });
  await clock.advance(1000);
  void ask('again', { rates, again: true });
  void ask('again too', { rates, again: true });
  await clock.advance(10 * MINUTE_MS);
  assert.deepEqual(
    went.map(([name]) => name),
    ['a', 'b', 'again', 'again too', 'c', 'd'],
  );
});

test('rates: everybody in a line is told that it waits, each minute, and nobody once it is through', async () => {
  const { clock, ask } = limiter();
  const rates = { requestsPerMinute: 1 };
  const told: Record<string, number> = { a: 0, b: 0, c: 0 };
  for (const name of Object.keys(told))
    void ask(name, { rates, waits: () => void (told[name] = (told[name] ?? 0) + 1) });
  await clock.advance(10 * MINUTE_MS);
  assert.deepEqual(told, { a: 0, b: 1, c: 2 });
});
