/** How far tests have come, said from time to time where they take long. */
import type { Disposable } from '../core/ports.ts';
import type { TestProgress } from '../protocol/test-progress.ts';
import type { House } from './house.ts';

/** So often it is said, where something is new, in milliseconds. */
const EVERY_MS = 5000;

/** Says it of the tests of one run until it is disposed. `alone`: a run of the tests and of nothing else. */
export function tellProgress(
  { onTests }: Pick<House, 'onTests'>,
  { run, alone }: { readonly run: string; readonly alone: boolean },
  say: (text: string) => void,
): Disposable {
  const latest = new Map<string, TestProgress>();
  const hearing = onTests(({ run: its, key, progress }) => {
    if (its === run) latest.set(key, progress);
  });
  const timer = setInterval(() => {
    for (const [key, progress] of latest) say(`  … ${alone ? '' : whose(key)}${progressText(progress)}`);
    latest.clear();
  }, EVERY_MS);
  timer.unref();
  return {
    dispose: () => {
      clearInterval(timer);
      hearing.dispose();
    },
  };
}

/** Suites run side by side, so it says whose: a task's, those of what was merged, or the base's. */
function whose(key: string): string {
  const [, task] = /(?:^|\/)task\/([^/]+)\//u.exec(key) ?? [];
  if (task !== undefined) return `${task}: `;
  const [, merged] = /^integrate\/([^/]+)\//u.exec(key) ?? [];
  if (merged !== undefined) return `${merged}, merged: `;
  return key.startsWith('gate/') ? 'base: ' : '';
}

function progressText({ unit, done, failed, total }: TestProgress): string {
  const what = unit === 'tests' ? 'tests' : 'test files';
  const count = total === undefined ? `${what} so far: ${done}` : `${done} of ${total} ${what}`;
  return failed > 0 ? `${count}, ${failed} failed` : count;
}
