/** Steps that fall silent are given up; those that speak, and those that end, are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepContext, Steps } from '../../../../../src/core/ports.ts';
import { watchSilence } from '../../../../../src/core/run/agents/silence.ts';
import { ManualClock } from '../../../../support/in-memory/clock.ts';

const own = new AbortController();
const plain: Steps = {
  step: (key, _spec, effect) => effect({ key, signal: own.signal }),
  signal: () => Promise.resolve(null),
  standing: () => Promise.resolve(null),
  withdraw: () => undefined,
  record: () => undefined,
  pause: () => new Promise<never>(() => undefined),
};
const SPEC = { kind: 'model', title: 'x', input: null } as const;

function watched(effect: (context: StepContext) => Promise<string>) {
  const clock = new ManualClock();
  const { steps, beat } = watchSilence(plain, clock, (kind) => (kind === 'model' ? 1000 : Infinity));
  const ended = steps.step('k', SPEC, effect).then(
    (text) => text,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
  return { clock, beat, ended, steps };
}

test('one that never ends is given up, and told so', async () => {
  let reason: unknown;
  const { clock, ended } = watched(
    ({ signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      }),
  );
  await clock.advance(999);
  assert.equal(reason, undefined);
  await clock.advance(2);
  assert.equal(await ended, 'agent.silent');
  assert.match(String(reason), /no sign of life for 1 s/u);
  assert.equal(clock.sleeping, 0);
});

test('one that speaks now and then goes on for as long as it speaks', async () => {
  let finish: (text: string) => void = () => undefined;
  const { clock, beat, ended } = watched(() => new Promise((resolve) => (finish = resolve)));
  for (let n = 0; n < 20; n++) {
    await clock.advance(900);
    beat('k');
  }
  finish('done');
  assert.equal(await ended, 'done');
  await clock.settle();
  assert.equal(clock.sleeping, 0);
});

test('one that fails fails as itself, and leaves no clock running', async () => {
  const { clock, ended } = watched(() => Promise.reject(Object.assign(new Error('no'), { code: 'its.own' })));
  assert.equal(await ended, 'its.own');
  await clock.settle();
  assert.equal(clock.sleeping, 0);
});
