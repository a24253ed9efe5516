import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from '../../../../src/core/resilience/turns.ts';

const NEVER = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('so many at once, the others in the order they came; a turn ends once', async () => {
  const turns = createTurns();
  const began: number[] = [];
  const ends: (() => void)[] = [];
  for (const n of [1, 2, 3, 4])
    void turns.take(2, NEVER).then((end) => {
      began.push(n);
      ends.push(end);
    });
  await settled();
  assert.deepEqual(began, [1, 2]);
  ends[0]?.();
  ends[0]?.();
  await settled();
  assert.deepEqual(began, [1, 2, 3]);
  ends[1]?.();
  await settled();
  assert.deepEqual(began, [1, 2, 3, 4]);
});

test('who gives up leaves the queue, and nobody behind waits for them', async () => {
  const turns = createTurns();
  const end = await turns.take(1, NEVER);
  const stop = new AbortController();
  const given = turns.take(1, stop.signal);
  const next = turns.take(1, NEVER);
  stop.abort(new Error('enough'));
  await assert.rejects(given, /enough/);
  end();
  (await next)();
  await assert.rejects(turns.take(1, stop.signal), /enough/);
});
