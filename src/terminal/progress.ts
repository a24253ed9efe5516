/** How far tests have come, said from time to time where they take long. */
import type { LiveTests } from '../core/run/contract.ts';
import type { Disposable } from '../core/ports.ts';
import type { TestProgress } from '../protocol/test-progress.ts';
import type { House } from './house.ts';

/** So often it is said, where something is new, in milliseconds. */
const EVERY_MS = 5000;

/** Says it of the tests of one run until it is disposed. */
export function tellProgress(
  { onTests }: Pick<House, 'onTests'>,
  run: string,
  say: (text: string) => void,
): Disposable {
  let latest: LiveTests | undefined;
  const hearing = onTests((tests) => {
    if (tests.run === run) latest = tests;
  });
  const timer = setInterval(() => {
    if (latest !== undefined) say(`  … ${progressText(latest.progress)}`);
    latest = undefined;
  }, EVERY_MS);
  timer.unref();
  return {
    dispose: () => {
      clearInterval(timer);
      hearing.dispose();
    },
  };
}

function progressText({ unit, done, failed, total }: TestProgress): string {
  const what = unit === 'tests' ? 'tests' : 'test files';
  const count = total === undefined ? `${what} so far: ${done}` : `${done} of ${total} ${what}`;
  return failed > 0 ? `${count}, ${failed} failed` : count;
}
