import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Steps } from '../../../../../src/core/ports.ts';
import { createCancellable, GivenUp } from '../../../../../src/core/run/journal/cancellable.ts';

const never = (): Promise<never> => new Promise(() => undefined);

/** Steps that are taken at once, and keep nothing. */
const STEPS: Steps = {
  step: (key, _spec, effect) => effect({ key, signal: new AbortController().signal }),
  signal: never,
  standing: never,
  withdraw: () => undefined,
  record: () => undefined,
  pause: never,
};

const spec = { kind: 'model', title: 'Think', input: '' } as const;

test('what others come to is heard until the work is given up, and not afterwards', async () => {
  const { steps, unlessOver, cancel, isOver } = createCancellable(STEPS);
  assert.equal(await unlessOver(Promise.resolve(1)), 1);
  await assert.rejects(unlessOver(Promise.reject(new Error('theirs'))), /theirs/u);
  const [open, asked, paused] = [
    unlessOver(never()),
    steps.signal('q', never as never),
    steps.pause('stopped', '', []),
  ];
  const all = Promise.allSettled([open, asked, paused]);
  await cancel('no longer wanted');
  assert.equal(isOver(), true);
  for (const end of await all) assert.ok(end.status === 'rejected' && end.reason instanceof GivenUp);
  await assert.rejects(unlessOver(never()), GivenUp);
  await assert.rejects(
    steps.step('late', spec, () => Promise.resolve('late')),
    GivenUp,
  );
});

test('while the work goes on nothing is held of the steps that are over', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { steps } = createCancellable(STEPS);
  const come = async (n: number): Promise<WeakRef<object>> =>
    new WeakRef(
      await steps.step(`turn/${String(n)}`, spec, () => Promise.resolve({ text: 'x'.repeat(1000) })),
    );
  const results = await Promise.all(Array.from({ length: 50 }, (_, n) => come(n)));
  // What a reference was made of stays until the turn is over.
  await sleep(0);
  collect();
  assert.equal(results.filter((each) => each.deref() !== undefined).length, 0);
  await steps.step('last', spec, () => Promise.resolve(''));
});
