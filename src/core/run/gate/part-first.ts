/**
 * Where the whole suite is slow, what belongs to the change runs first: red is known sooner. It never makes a gate green, since the
 * whole suite runs after it; and it calls red only what passed on the base and fails here twice.
 */
import type { GateReport } from '../../../protocol/events.ts';
import { flakyAmong, type Flaky } from '../../qa/flaky.ts';
import { relatedNames, relatedTo } from '../../qa/related.ts';
import type { TestResult } from '../../qa/report.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import { isTestFile } from '../../qa/weaken/languages.ts';
import type { Baseline } from './baseline.ts';
import { testPlace, type TreeTest } from './gate.ts';
import { reportOf } from './gate-report.ts';
import type { CopyPlace } from '../place.ts';
import type { Run } from '../run.ts';

/** Red at once, or what was seen to depend on chance on the way. */
export interface First {
  readonly report?: GateReport;
  readonly flaky: readonly Flaky[];
}

const NOTHING: First = { flaky: [] };

export async function partFirst(
  run: Run,
  baseline: Baseline,
  { place, ...test }: Omit<TreeTest, 'tree' | 'title' | 'kept' | 'focus'> & { readonly place: CopyPlace },
): Promise<First> {
  const first = await whatFirst(run, baseline, { key: test.key, tree: place.tree() });
  if (first.length === 0) return NOTHING;
  const part = {
    ...test,
    key: `${test.key}/part`,
    title: 'Run what belongs to the change',
    focus: baseline.setup.only?.names === undefined ? { files: first } : { names: first },
  };
  const now = await testPlace(run, place, part);
  if (newlyFailing(baseline, now).length === 0) return NOTHING;
  const base = baseline.fresh ? await baseline.fresh() : baseline;
  const failing = newlyFailing(base, now);
  if (failing.length === 0) return NOTHING;
  const again = await testPlace(run, place, { ...part, key: `${part.key}/again` });
  const { quarantine = [] } = base.setup;
  const flaky = flakyAmong(failing, [again]).map((its) => ({ ...its, known: quarantine.includes(its.id) }));
  const chance = new Set(flaky.map(({ id }) => id));
  const steady = failing.filter(({ id }) => !chance.has(id));
  return steady.length === 0 ? { flaky } : { flaky, report: redReport(now, steady) };
}

/**
 * Files, or names where the runner is told these. None where all run at once: the suite is quick, its runner can run no part, or
 * nothing is known to belong to the change.
 */
async function whatFirst(
  run: Run,
  { run: base, setup, tree: from }: Baseline,
  { key, tree }: { readonly key: string; readonly tree: string },
): Promise<readonly string[]> {
  const slowMs = (run.settings.qa?.changedFirstSeconds ?? Infinity) * 1000;
  const whole = base.end === 'exited' && base.report.status === 'complete';
  const { files: takesFiles, names: takesNames, unit } = setup.only ?? {};
  const canBeTold = (takesFiles ?? takesNames) !== undefined;
  if (!canBeTold || !whole || (base.durationMs ?? 0) <= slowMs) return [];
  return run.steps.step<readonly string[]>(
    `${key}/part/files`,
    { kind: 'detect', title: 'Find what belongs to the change', input: { from, tree } },
    async () => {
      const deltas = await run.ports.copies.diff(from, tree);
      const paths = deltas.filter(({ kind }) => kind !== 'deleted').map(({ path }) => path);
      if (takesNames !== undefined) {
        const names = relatedNames(setup.runner, paths, base.report.tests);
        return names.length >= base.report.tests.length ? [] : names;
      }
      const tests = new Set(base.report.tests.flatMap(({ file }) => (file === undefined ? [] : [file])));
      const files = relatedTo(paths, [...tests, ...paths.filter(isTestFile)], unit);
      // All of them are no part.
      return unit === undefined && files.length >= tests.size ? [] : files;
    },
  );
}

/** By id, and only what passed on the base: a part may name tests otherwise than the whole. */
function newlyFailing(base: Baseline, now: TestRun): readonly TestResult[] {
  const passed = new Set(
    base.run.report.tests.filter(({ status }) => status === 'passed').map(({ id }) => id),
  );
  return now.report.tests.filter(({ id, status }) => status === 'failed' && passed.has(id));
}

const REASONS_MAX = 10;

function redReport(now: TestRun, failing: readonly TestResult[]): GateReport {
  const none = { stillFailing: [], newlyPassing: [], removed: [], newlySkipped: [], added: [] };
  const errors = { newErrors: [], stillErrors: [], vanishedErrors: [] };
  const reasons = [
    ...failing.slice(0, REASONS_MAX).map(({ id }) => `"${id}" fails and did not fail on the base.`),
    'Only what belongs to the change ran so far; the whole suite follows once that passes.',
  ];
  const comparison = { ...none, ...errors, newlyFailing: failing, verdict: 'red' as const, reasons };
  return { ...reportOf(comparison, now), part: true };
}
