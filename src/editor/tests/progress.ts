/** How far tests have come, in the words of the editor. */
import type { LiveTests } from '../../core/run/contract.ts';
import type { TestProgress } from '../../protocol/test-progress.ts';
import type { RunView } from '../../protocol/view.ts';
import { t } from '../told.ts';

/** Such as "12 of 40 tests, 1 failed". */
export function progressText({ unit, done, failed, total }: TestProgress): string {
  const some = unit === 'tests' ? t('tests so far: {0}', done) : t('test files so far: {0}', done);
  const of =
    unit === 'tests' ? t('{0} of {1} tests', done, total ?? 0) : t('{0} of {1} test files', done, total ?? 0);
  const words = total === undefined ? some : of;
  return failed > 0 ? `${words}, ${t('{0} failed', failed)}` : words;
}

export interface LatestTests {
  add(tests: LiveTests): void;
  /** Of the step that was heard of last, as long as it runs. */
  latest(live: readonly RunView[]): TestProgress | undefined;
}

export function createLatestTests(): LatestTests {
  let last: LiveTests | undefined;
  return {
    add: (tests) => (last = tests),
    latest(live) {
      const runs = live.some(
        ({ id, active }) => id === last?.run && active.some(({ key }) => key === last?.key),
      );
      return runs ? last?.progress : undefined;
    },
  };
}
