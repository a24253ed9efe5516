import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retrying, type RetryRules } from '../../../../src/core/resilience/retry.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';

const never = new AbortController().signal;

function rulesOf(more: Partial<RetryRules> = {}): RetryRules & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    retriesMax: 3,
    firstWaitMs: 100,
    waitMsMax: 1000,
    judge: () => ({ atLeastMs: 0 }),
    onRetry: (_error, waitMs) => void waits.push(waitMs),
    ...more,
    waits,
  };
}

const auto = () => new ManualClock(0, { auto: true });

test('retry: the first success ends it', async () => {
  const rules = rulesOf();
  const value = await retrying(rules, { clock: auto(), signal: never }, async (number) => {
    if (number < 3) throw new Error(`try ${number}`);
    return number;
  });
  assert.equal(value, 3);
  assert.equal(rules.waits.length, 2);
});

test('retry: the last failure is told, after so many waits between zero and the limit, not all the same', async () => {
  const rules = rulesOf({ retriesMax: 12 });
  const clock = auto();
  const failing = retrying(rules, { clock, signal: never }, (number) =>
    Promise.reject(new Error(`try ${number}`)),
  );
  await assert.rejects(failing, /try 13/);
  assert.equal(rules.waits.length, 12);
  assert.ok(rules.waits.every((ms) => ms >= 0 && ms <= 1000));
  assert.ok(new Set(rules.waits).size > 3, 'jitter');
  assert.equal(
    clock.now(),
    rules.waits.reduce((sum, ms) => sum + ms, 0),
  );
});

test('retry: it waits as long as the other side wants', async () => {
  const rules = rulesOf({ judge: () => ({ atLeastMs: 5000 }), retriesMax: 1 });
  await assert.rejects(
    retrying(rules, { clock: auto(), signal: never }, () => Promise.reject(new Error('x'))),
  );
  assert.deepEqual(rules.waits, [5000]);
});

test('retry: what is judged hopeless is told at once', async () => {
  const rules = rulesOf({ judge: () => undefined });
  await assert.rejects(
    retrying(rules, { clock: auto(), signal: never }, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.deepEqual(rules.waits, []);
});

test('retry: another form is tried at once, is no retry, and has its limit', async () => {
  let tries = 0;
  const rules = rulesOf({ judge: () => 'now', retriesMax: 0 });
  const asking = retrying(rules, { clock: new ManualClock(), signal: never }, () => {
    tries += 1;
    return Promise.reject(new Error('otherwise'));
  });
  await assert.rejects(asking, /otherwise/);
  assert.equal(tries, 9);
});

test('retry: an abort ends the wait at once, with its reason', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const rules = rulesOf({ judge: () => ({ atLeastMs: 60_000 }) });
  let tries = 0;
  const asking = retrying(rules, { clock, signal: stop.signal }, () => {
    tries += 1;
    return Promise.reject(new Error('x'));
  });
  await clock.advance(10);
  stop.abort(new Error('stopped'));
  await assert.rejects(asking, /stopped/);
  assert.equal(tries, 1);
  assert.equal(clock.sleeping, 0);
});
