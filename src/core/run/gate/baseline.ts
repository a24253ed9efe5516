/**
 * What the tests say on the base of a run. A base without failures is not run again where an earlier run has its results, taken of
 * the same tree by the same command in the same environment: whatever fails now is new then, so this never excuses anything. Before
 * a change is called red by them, the base is run after all.
 */
import type { GateReport } from '../../../protocol/events.ts';
import { compare } from '../../qa/compare.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import { checkKey, type Check } from '../../qa/checks/check.ts';
import type { CheckRun } from '../../qa/checks/compare.ts';
import { checkOnce } from './check-once.ts';
import { findTests, type FoundTests } from './find-tests.ts';
import { partAskedFor } from './focus.ts';
import { report, testTree, type GateRun, type KeptRuns, type KeptTest } from './gate.ts';
import { reportOf } from './gate-report.ts';
import type { Run } from '../run.ts';

/** How this run's tests are run, and what they said on the base. */
export interface Baseline {
  readonly setup: FoundTests;
  readonly run: GateRun;
  /** The base itself. */
  readonly tree: string;
  /** Runs the base after all, once; absent where it was run. */
  readonly fresh?: () => Promise<Baseline>;
  /** Why only a part of the tests ran, or why all did although a part was asked for. */
  readonly note?: string;
  /** One of its checks on the base, run when it is first asked for. */
  readonly check: (check: Check) => Promise<CheckRun>;
}

const KEY = 'gate/base';
const TITLE = 'Run the tests on the base';

/** Finds the tests of the base and runs them there. */
export async function takeBaseline(run: Run, base: string): Promise<Baseline> {
  const setup = await findTests(run, base);
  const { focus, note } = await partAskedFor(run, base, setup);
  const test = { key: KEY, title: TITLE, tree: base, setup };
  const reuse = run.settings.qa?.reuseBase === true && focus === undefined;
  const result = await testTree(run, {
    ...test,
    ...(focus && { focus }),
    ...(reuse && { kept: keptRuns(run) }),
  });
  report(run, { scope: 'baseline', round: 0, report: baseReport(result) });
  const baseline = {
    ...{ setup, run: result, tree: base, check: checksOf(run, base) },
    ...(note !== undefined && { note }),
  };
  return result.takenAt === undefined ? baseline : { ...baseline, fresh: once(() => retaken(run, baseline)) };
}

function baseReport(result: GateRun): GateReport {
  return {
    ...reportOf(compare(result, result), result),
    ...(result.takenAt !== undefined && { takenAt: result.takenAt }),
  };
}

/** The checks of a base, each run once. */
export function checksOf(run: Run, tree: string, under: string = KEY): Baseline['check'] {
  const made = new Map<string, Promise<CheckRun>>();
  return (check) => {
    const which = checkKey(check);
    const running = made.get(which) ?? checkOnce(run, check, { key: `${under}/check/${which}`, tree });
    made.set(which, running);
    return running;
  };
}

async function retaken(run: Run, { setup, tree, check }: Baseline): Promise<Baseline> {
  const kept = { ...keptRuns(run), recall: () => Promise.resolve(undefined) };
  const test = { key: `${KEY}/fresh`, title: 'Run the tests on the base after all', tree, setup };
  const result = await testTree(run, { ...test, kept });
  report(run, { scope: 'baseline', round: 1, report: baseReport(result) });
  return { setup, run: result, tree, check };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Version of what is kept. */
const KEPT = 'tests/1';

function keptRuns({ ports: { tests, hasher, clock }, enforced, settings }: Run): KeptRuns {
  const keyOf = async ({ tree, setup: { command, env } }: KeptTest): Promise<string> => {
    const on = [await tests.environment(), enforced?.by, enforced?.network, settings.sandbox.readable];
    return hasher.sha256(JSON.stringify([KEPT, tree, command, env, on]));
  };
  return {
    async recall(test) {
      const kept = (await tests.recall(await keyOf(test))) as GateRun | null | undefined;
      return kept && isSpotless(kept) ? kept : undefined;
    },
    async remember(test, result) {
      const value = isSpotless(result) ? { ...result, takenAt: clock.now() } : null;
      await tests.remember(await keyOf(test), value);
    },
  };
}

/** Nothing of it could excuse a failure. */
function isSpotless({ end, exitCode, report: { status, totals, errors } }: TestRun): boolean {
  return (
    end === 'exited' &&
    exitCode === 0 &&
    status === 'complete' &&
    totals.failed + errors.length === 0 &&
    totals.passed > 0
  );
}
