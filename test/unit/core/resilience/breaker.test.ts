import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitOpenError, createBreakers } from '../../../../src/core/resilience/breaker.ts';

const never = new AbortController().signal;
const PAUSE_MS = 250;
const breakers = () =>
  createBreakers({ failuresMax: 3, pauseMs: PAUSE_MS, counts: (error) => String(error).includes('unwell') });
type Breakers = ReturnType<typeof breakers>;

const failing = (all: Breakers, key: string, why = 'unwell') =>
  assert.rejects(
    all.run(key, never, () => Promise.reject(new Error(why))),
    new RegExp(why),
  );
const passing = (all: Breakers, key: string) => all.run(key, never, async () => 'fine');
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('breaker: failures in a row open it, for this key alone, and it says why', async () => {
  const all = breakers();
  for (let count = 0; count < 3; count += 1) await failing(all, 'a');
  await assert.rejects(passing(all, 'a'), (error: CircuitOpenError) => {
    assert.ok(error instanceof CircuitOpenError);
    assert.match(String(error.lastFailure), /unwell/);
    return true;
  });
  assert.equal(await passing(all, 'b'), 'fine');
});

test('breaker: a success in between, or failures of another kind, keep it closed', async () => {
  const all = breakers();
  for (let count = 0; count < 4; count += 1) {
    await failing(all, 'a');
    await failing(all, 'a');
    assert.equal(await passing(all, 'a'), 'fine');
    await failing(all, 'a', 'refused');
  }
});

test('breaker: after the pause one caller tries, and the others follow its success', async () => {
  const all = breakers();
  for (let count = 0; count < 3; count += 1) await failing(all, 'a');
  await later(PAUSE_MS + 5);
  const order: string[] = [];
  const first = all.run('a', never, async () => {
    order.push('first begins');
    await later(20);
    order.push('first ends');
  });
  const second = all.run('a', never, async () => void order.push('second'));
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first begins', 'first ends', 'second']);
});

test('breaker: who waits for the one that tries can be stopped at once, and never starts', async () => {
  const all = breakers();
  for (let count = 0; count < 3; count += 1) await failing(all, 'a');
  await later(PAUSE_MS + 5);
  const stop = new AbortController();
  let started = false;
  let release = (): void => undefined;
  const first = all.run('a', never, () => new Promise<void>((resolve) => (release = resolve)));
  const second = all.run('a', stop.signal, async () => {
    started = true;
  });
  stop.abort(new Error('stopped'));
  await assert.rejects(second, /stopped/);
  release();
  await first;
  await later(5);
  assert.equal(started, false);
});
