/** From test runs to a gate's report: the comparison with the baseline, and what a change did to the tests themselves. */
import type { GateReport } from '../../../protocol/events.ts';
import { compare, type CompareOptions } from '../../qa/compare.ts';
import { filterFor, flakyAmong, worthAgain, type Flaky } from '../../qa/flaky.ts';
import { asksToLoosen } from '../../qa/loosen/asked.ts';
import type { TestResult } from '../../qa/report.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import { asksForAllToPass, asksForOtherTests, asksToRemoveTests } from '../../qa/weaken/asked.ts';
import type { Baseline } from './baseline.ts';
import { testTree, type Focus, type GateRun } from './gate.ts';
import { reportOf } from './gate-report.ts';
import type { Run } from '../run.ts';

/**
 * Compares a run of the change with the baseline. Tests that fail on the base and that `wanted` names must pass now; tests made
 * weaker and rules made looser block unless `wanted` asks for that.
 */
export function judge(
  baseline: Baseline,
  now: GateRun,
  wanted: string,
  flaky: readonly Flaky[] = [],
): GateReport {
  const { quarantine = [] } = baseline.setup;
  const options = { ...optionsFor(baseline, wanted), flaky, quarantine };
  const found = reportOf(compare(baseline.run, now, options), now);
  const asked = asksForOtherTests(wanted);
  const weakened = (now.weakened ?? []).map((its) => ({ ...its, blocks: !asked || its.kind === 'focus' }));
  const loosened = (now.loosened ?? []).map((its) => ({ ...its, blocks: !asksToLoosen(wanted, its) }));
  const all = {
    ...found,
    ...(weakened.length > 0 && { weakened }),
    ...(loosened.length > 0 && { loosened }),
    ...(flaky.length > 0 && { flaky: flaky.map((its) => ({ ...its })) }),
    ...(now.coverage && { coverage: now.coverage }),
    ...(baseline.run.takenAt !== undefined && { takenAt: baseline.run.takenAt }),
  };
  const reasons = [
    ...steeringReasons(now, wanted),
    ...blockingReasons(weakened, NOT_WEAKER),
    ...blockingReasons(loosened, NOT_LOOSER),
  ];
  if (reasons.length > 0) return { ...all, verdict: 'red', reasons: [...reasons, ...found.reasons] };
  const asFor = [
    ...askedReasons(weakened, 'As the task asked, tests demand something else now.'),
    ...askedReasons(loosened, 'As the task asked, rules of the project are looser now.'),
  ];
  return { ...all, reasons: [...found.reasons, ...asFor] };
}

function steeringReasons(now: GateRun, wanted: string): readonly string[] {
  const unasked = (now.steering ?? []).filter((path) => !wanted.includes(path.split('/').at(-1) ?? path));
  if (unasked.length === 0) return [];
  return [
    `This change edits how tests are run (${unasked.join(', ')}), which the task did not ask for, so its results prove nothing.`,
  ];
}

/** Reasons that are given one by one; the rest is counted. */
const TOLD_MAX = 5;

const NOT_WEAKER =
  'The task did not ask to change what tests demand: put them back and mend the code. Where they must change, the task has to say so.';
const NOT_LOOSER =
  'The task did not ask to loosen rules of the project: put them back and mend the code. Where they must change, the task has to say so.';

/** Something that the change demands less of. */
interface Demand {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
  readonly blocks: boolean;
}

function blockingReasons(demands: readonly Demand[], why: string): readonly string[] {
  const told = toldOf(demands.filter((its) => its.blocks));
  return told.length === 0 ? [] : [...told, why];
}

function askedReasons(demands: readonly Demand[], lead: string): readonly string[] {
  const told = toldOf(demands.filter((its) => !its.blocks));
  return told.length === 0 ? [] : [lead, ...told];
}

function toldOf(demands: readonly Demand[]): readonly string[] {
  const told = demands.slice(0, TOLD_MAX).map((its) => `${its.path}:${its.line}: ${ended(its.reason)}`);
  const more = demands.length - told.length;
  return more > 0 ? [...told, `And ${more} more of the kind.`] : told;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A further run of the tests; its key is its own. */
interface Again {
  readonly key: string;
  readonly title: string;
  readonly focus?: Focus;
}

export interface Settling {
  /** Of the first run's step; later runs have keys below it. */
  readonly key: string;
  readonly now: GateRun;
  readonly wanted: string;
  /** What earlier gates of the same change found flaky: passing now does not clear it. */
  readonly before: readonly Flaky[] | undefined;
  /** Runs the tests of the same tree again, in a step. */
  readonly again: (test: Again) => Promise<TestRun>;
}

/**
 * Judges a run. Where nothing but few newly failing tests makes it red, these are run again on the same tree; one that then passes
 * is run on the base too: what fails there by chance is known for it.
 */
export async function settle(run: Run, taken: Baseline, settling: Settling): Promise<GateReport> {
  const { key, now, wanted, before = [], again } = settling;
  const passing = new Set(now.report.tests.filter((test) => test.status === 'passed').map(({ id }) => id));
  const earlier = [...new Map(before.map((its) => [its.id, its])).values()].filter(({ id }) =>
    passing.has(id),
  );
  const first = judge(taken, now, wanted, earlier);
  // What an earlier run of the base said may be over: nothing is called red by that alone.
  const baseline = first.verdict === 'red' && taken.fresh ? await taken.fresh() : taken;
  const found = baseline === taken ? first : judge(baseline, now, wanted, earlier);
  const failing = perhapsChance(found, baseline, now, wanted);
  if (failing.length === 0) return found;
  const onTree = await runsAgain(run, baseline, failing, (more) =>
    again({ ...more, key: `${key}/again/${more.key}` }),
  );
  const flaky = flakyAmong(failing, onTree);
  if (flaky.length === 0) return found;
  const { tree, setup } = baseline;
  const onBase = await runsAgain(run, baseline, failing, (more) =>
    testTree(run, { ...more, key: `${key}/base/${more.key}`, tree, setup }),
  );
  const failed = onBase.flatMap(({ report }) => report.tests.filter((test) => test.status === 'failed'));
  const known = new Set([...failed.map(({ id }) => id), ...(setup.quarantine ?? [])]);
  const told = flaky.map((its) => ({ ...its, known: known.has(its.id) }));
  return judge(baseline, now, wanted, [...earlier, ...told]);
}

/** Tests whose failures alone make the report red; none where it would be red without them, or too much failed. */
function perhapsChance(
  found: GateReport,
  baseline: Baseline,
  now: GateRun,
  wanted: string,
): readonly TestResult[] {
  if (found.verdict !== 'red') return [];
  const ids = new Set(found.newlyFailing.map((test) => test.id));
  const failing = worthAgain(
    now,
    now.report.tests.filter((test) => test.status === 'failed' && ids.has(test.id)),
  );
  const chance = failing.map(({ id }) => ({ id, passed: 1, failed: 1, known: false }));
  return judge(baseline, now, wanted, chance).verdict === 'red' ? [] : failing;
}

/**
 * The runs of everything, as the first one was: only these are evidence. What can be run alone is, before, as that is cheaper; what
 * fails alone too needs no more.
 */
async function runsAgain(
  run: Run,
  baseline: Baseline,
  failing: readonly TestResult[],
  again: (test: Again) => Promise<TestRun>,
): Promise<readonly TestRun[]> {
  const filter = filterFor(failing, baseline.setup.only);
  const runs: TestRun[] = [];
  for (let n = 1; n <= run.settings.limits.flakyReruns; n++) {
    if (filter !== undefined) {
      const alone = await again({ key: `${n}/alone`, title: 'Run what failed once more', focus: { filter } });
      if (flakyAmong(failing, [alone]).length === 0) continue;
    }
    runs.push(await again({ key: String(n), title: 'Run the tests once more' }));
  }
  return runs;
}

/** Shorter names say too little to be looked for in a text. */
const NAME_CHARS_MIN = 8;

function optionsFor(baseline: Baseline, wanted: string): CompareOptions {
  const failing = baseline.run.report.tests.filter((test) => test.status === 'failed');
  // Runs that recorded nothing of how their tests were found were judged by names alone.
  const all = baseline.setup.said !== undefined && asksForAllToPass(wanted);
  const named = all ? failing : failing.filter((test) => isNamed(test, wanted));
  const removable = asksToRemoveTests(wanted)
    ? baseline.run.report.tests.filter((test) => isNamed(test, wanted))
    : [];
  return { mustTurn: named.map((test) => test.name), mayGo: removable.map((test) => test.id) };
}

function isNamed({ name }: TestResult, wanted: string): boolean {
  const last = name.split(' > ').at(-1) ?? name;
  return last.length >= NAME_CHARS_MIN && wanted.includes(last);
}
