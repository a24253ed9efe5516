import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeadlineError, withDeadlines, type Watched } from '../../../../src/core/resilience/deadlines.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';

const limits = { firstMs: 100, betweenMs: 50, wholeMs: 400 };
const never = new AbortController().signal;

/** Starts work that only its signal ends, and returns what became of it. */
function begin(clock: ManualClock, outer: AbortSignal = never) {
  const seen: { watched?: Watched; end?: unknown } = {};
  const running = withDeadlines(clock, limits, outer, (watched) => {
    seen.watched = watched;
    return new Promise<string>(() => undefined);
  }).catch((error: unknown) => {
    seen.end = error;
  });
  return { seen, running };
}

const which = (end: unknown): string => (end instanceof DeadlineError ? end.which : String(end));

test('deadlines: no sign of life', async () => {
  const clock = new ManualClock();
  const { seen } = begin(clock);
  await clock.advance(99);
  assert.equal(seen.end, undefined);
  await clock.advance(1);
  assert.equal(which(seen.end), 'first');
  assert.equal(seen.watched?.signal.aborted, true);
  assert.equal(clock.sleeping, 0);
});

test('deadlines: silence after a sign of life counts from the last one', async () => {
  const clock = new ManualClock();
  const { seen } = begin(clock);
  await clock.advance(90);
  seen.watched?.alive();
  await clock.advance(45);
  seen.watched?.alive();
  await clock.advance(49);
  assert.equal(seen.end, undefined);
  await clock.advance(1);
  assert.equal(which(seen.end), 'between');
});

test('deadlines: the whole ends what is alive', async () => {
  const clock = new ManualClock();
  const { seen } = begin(clock);
  for (let at = 0; at < 400; at += 40) {
    assert.equal(seen.end, undefined);
    seen.watched?.alive();
    await clock.advance(40);
  }
  assert.equal(which(seen.end), 'whole');
});

test('deadlines: an abort ends it with its reason, and work that is done leaves no timer', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const { seen, running } = begin(clock, stop.signal);
  stop.abort(new Error('stopped'));
  await running;
  assert.match(String(seen.end), /stopped/);
  assert.equal(await withDeadlines(clock, limits, never, async () => 'done'), 'done');
  await clock.settle();
  assert.equal(clock.sleeping, 0);
  await assert.rejects(
    withDeadlines(clock, limits, stop.signal, async () => 'done'),
    /stopped/,
  );
});
