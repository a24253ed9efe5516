import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveTests } from '../../../src/core/run/contract.ts';
import { tellProgress } from '../../../src/terminal/progress.ts';

/** What is said within one stretch of time of tests that were heard of in it. */
function said(
  alone: boolean,
  heard: readonly (readonly [key: string, done: number, run?: string])[],
  { mock }: { readonly mock: typeof import('node:test').mock },
): readonly string[] {
  mock.timers.enable({ apis: ['setInterval'] });
  const lines: string[] = [];
  const listeners: ((tests: LiveTests) => void)[] = [];
  const onTests = (listener: (tests: LiveTests) => void) => {
    listeners.push(listener);
    return { dispose: () => undefined };
  };
  const telling = tellProgress({ onTests }, { run: 'run-1', alone }, (text) => lines.push(text));
  for (const [key, done, run = 'run-1'] of heard)
    for (const listener of listeners)
      listener({ run, key, progress: { unit: 'tests', done, failed: 0 }, ended: [] });
  mock.timers.tick(5000);
  mock.timers.tick(5000);
  telling.dispose();
  mock.timers.reset();
  return lines;
}

test('tests that run side by side say whose they are, each once with its latest', (t) => {
  const heard = [
    ['gate/base', 1],
    ['task/greet/attempt/1/gate/1', 2],
    ['task/part.sum/attempt/1/gate/1', 3],
    ['task/greet/attempt/1/gate/1', 4],
    ['integrate/greet/1.1/gate', 5],
    ['handover/1/gate', 6],
    ['gate/base', 7, 'run-2'],
  ] as const;
  assert.deepEqual(said(false, heard, t), [
    '  … base: tests so far: 1',
    '  … greet: tests so far: 4',
    '  … part.sum: tests so far: 3',
    '  … greet, merged: tests so far: 5',
    '  … tests so far: 6',
  ]);
});

test('a run of the tests and of nothing else says it of no one', (t) => {
  assert.deepEqual(said(true, [['gate/base', 1]], t), ['  … tests so far: 1']);
});
