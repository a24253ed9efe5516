/**
 * The verdict: parsed results of a change against those of its base. No other thing turns a gate green.
 *
 * Green: at least one test ran, the report agrees with the exit code, every test is known by name, and no test is newly failing,
 * removed or newly skipped. Tests that fail on both are listed and do not block, unless the goal names them.
 * A test that failed and passed on the same files (flaky) is never taken for passed: it makes the verdict not proved, unless it
 * is known to have done so on files that the change does not hold; then it is told.
 * Red: evidence that something is worse than on the base. Not proved: no such evidence, and no proof either.
 *
 * A base without results:
 * - it has a runner that ran and found no test: the change's own tests count, run by the base's command; the reasons say
 *   that there was nothing to compare with;
 * - it has no runner at all: what ran came with the change, so its results prove nothing, unless the approved plan asked for a
 *   test set-up (`runnerAsked`);
 * - its run crashed, timed out or was cut off: tests that the change removed cannot be told, so at best not proved;
 * - one file of it did not load: that file counts as a test that fails. If it disappears, it was removed.
 */
import { diffRuns, matchesName } from './diff-runs.ts';
import { namesEveryTest, totalOf } from './report.ts';
import type { Flaky } from './flaky.ts';
import type { RunDiff } from './diff-runs.ts';
import type { TestRun } from './run-tests.ts';

export type Verdict = 'green' | 'red' | 'notProved';

export interface Comparison extends RunDiff {
  readonly verdict: Verdict;
  /** Whole sentences for people and models: what decided first, then what is worth knowing. Never empty. */
  readonly reasons: readonly string[];
}

export interface CompareOptions {
  /** Names or ids of tests that the goal says must pass now. A name matches as a whole or as the end of a full name. */
  readonly mustTurn?: readonly string[];
  /** Names or ids of tests that the approved plan says may be removed or skipped. */
  readonly mayGo?: readonly string[];
  /** Tests of `now` that both failed and passed on the same files. */
  readonly flaky?: readonly Flaky[];
  /** Ids of tests that are known to depend on chance. */
  readonly quarantine?: readonly string[];
  /** The approved plan asked for a way to run tests where the base has none. */
  readonly runnerAsked?: boolean;
}

/** What one rule found: `red` and `doubt` decide, a `note` only tells. */
interface Finding {
  readonly weight: 'red' | 'doubt' | 'note';
  readonly reason: string;
}

interface Case {
  readonly base: TestRun;
  readonly now: TestRun;
  readonly diff: RunDiff;
  readonly options: CompareOptions;
}

type Rule = (its: Case) => readonly Finding[];

/** Compares a run of the change with the run of its base, taken with the same command. */
export function compare(base: TestRun, now: TestRun, options: CompareOptions = {}): Comparison {
  const diff = diffRuns(base.report, now.report);
  const findings = RULES.flatMap((rule) => rule({ base, now, diff, options }));
  const of = (weight: Finding['weight']): readonly string[] =>
    findings.filter((finding) => finding.weight === weight).map((finding) => finding.reason);
  const verdict = of('red').length > 0 ? 'red' : of('doubt').length > 0 ? 'notProved' : 'green';
  const reasons = [...of('red'), ...of('doubt'), ...of('note')];
  return { ...diff, verdict, reasons: reasons.length > 0 ? reasons : [allPassed(now)] };
}

const cameToAnEnd: Rule = ({ base, now }) => {
  if (now.end === 'exited') return [];
  if (now.end === 'noRunner') {
    return base.end === 'noRunner'
      ? [doubt(`No tests were run: ${now.why}`)]
      : [red(`The change removed the way tests are run: ${now.why}`)];
  }
  const what = {
    timedOut: `The test run did not end in time (${now.label})${reachedText(now)}`,
    killed: `The test run was ended by a signal (${now.label}).`,
    setupFailed: `The tests could not be set up: ${sentence(now.report.errors[0]?.message ?? now.label)}`,
  }[now.end];
  return [worseThan(base, what)];
};

/** Tests named where a run took too long. */
const SLOWEST_MAX = 3;

/** How far it came, what it was at, and what took longest until then. */
function reachedText({ report: { tests }, reached }: TestRun): string {
  const told = tests
    .flatMap(({ id, durationMs }) => (durationMs === undefined ? [] : [{ name: id, ms: durationMs }]))
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, SLOWEST_MAX);
  const slow = (told.length > 0 ? told : (reached?.slowest ?? [])).map(
    ({ name, ms }) => `"${name}" (${(ms / 1000).toFixed(1)} s)`,
  );
  const running = (reached?.running ?? []).map((name) => `"${name}"`);
  return [
    doneText(reached),
    ...(running.length > 0 ? [`Still running: ${running.join(', ')}.`] : []),
    ...(slow.length > 0 ? [`The slowest that ended: ${slow.join(', ')}.`] : []),
  ].join(' ');
}

function doneText(reached: TestRun['reached']): string {
  if (reached === undefined || reached.done === 0) return '.';
  const { done, total, unit } = reached;
  return ` after ${total === undefined ? '' : `${done} of `}${countOf(total ?? done, unit.slice(0, -1))}.`;
}

const reportIsWhole: Rule = ({ base, now }) => {
  if (now.end !== 'exited' || now.report.status === 'complete') return [];
  const exit = `exit code ${String(now.exitCode)}`;
  const what =
    now.report.status === 'none'
      ? nothingRead(now, exit)
      : `The test results are incomplete or contradict themselves (${exit}).`;
  return [worseThan(base, what)];
};

/** Exit codes of shells that find no such program: those of Unix, and that of Windows. */
const NOT_FOUND_CODES: readonly (number | null)[] = [127, 9009];
const NOT_FOUND = /is not recognized as an internal or external command/;
const LAST_LINE_CHARS_MAX = 200;

function nothingRead({ output, exitCode, label }: TestRun, exit: string): string {
  const last = output.trim().split('\n').at(-1)?.trim().slice(0, LAST_LINE_CHARS_MAX) ?? '';
  if (NOT_FOUND_CODES.includes(exitCode) || NOT_FOUND.test(output))
    return `"${label}" could not be run, as a program was not found (${exit}): ${last}. Install it, or correct the test command.`;
  const end = last === '' ? '' : ` It ends with: ${last}`;
  return `No test results could be read from the output (${exit}).${end}`;
}

const agreesWithExitCode: Rule = ({ base, now }) => {
  if (now.end !== 'exited') return [];
  const broken = now.report.totals.failed + now.report.errors.length;
  if (now.exitCode === 0 && broken > 0) {
    return [red(`The command ended with exit code 0 although it reported ${countOf(broken, 'failure')}.`)];
  }
  if (now.exitCode === 0 || broken > 0 || now.report.status !== 'complete') return [];
  const what = `The command ended with exit code ${String(now.exitCode)} although no failure was reported.`;
  const same = base.end === 'exited' && base.exitCode === now.exitCode && !hasFailures(base);
  return [same ? doubt(`${what} It does so on the base too.`) : red(what)];
};

const someTestRan: Rule = ({ now }) => {
  const { passed, failed, skipped } = now.report.totals;
  if (now.end !== 'exited' || now.report.status !== 'complete' || passed + failed > 0) return [];
  return [doubt(skipped > 0 ? 'No test ran: all are skipped.' : 'No test ran: none was found.')];
};

const everyTestIsNamed: Rule = ({ base, now }) => {
  if (now.report.status !== 'complete') return [];
  const hint = 'Set a command whose runner reports each test.';
  if (!namesEveryTest(now.report) || (hasResults(base) && !namesEveryTest(base.report))) {
    const fewer = totalOf(base.report.totals) - totalOf(now.report.totals);
    const gone = fewer > 0 ? [red(`${countOf(fewer, 'test')} fewer than on the base.`)] : [];
    const skips = now.report.totals.skipped - base.report.totals.skipped;
    const skipped =
      hasResults(base) && skips > 0 ? [red(`${countOf(skips, 'test')} more skipped than on the base.`)] : [];
    const why = `The output does not name every test, so removed and skipped ones cannot be told. ${hint}`;
    return [...gone, ...skipped, doubt(why)];
  }
  return [];
};

const nothingGotWorse: Rule = ({ diff, options, now }) => {
  const kept = (ids: RunDiff['removed']): RunDiff['removed'] =>
    ids.filter((test) => !(options.mayGo ?? []).some((name) => matchesName(test, name)));
  const removed = now.report.status === 'complete' && now.end === 'exited' ? kept(diff.removed) : [];
  return [
    ...listed(steady(diff.newlyFailing, options), 'fails and did not fail on the base', red),
    ...listed(removed, 'is gone: it exists on the base', red),
    ...listed(kept(diff.newlySkipped), 'is skipped and was not on the base', red),
    ...(now.end === 'setupFailed' ? [] : diff.newErrors).map((error) =>
      red(`${error.file ?? 'The run'} fails: ${sentence(error.message)}`),
    ),
    ...diff.vanishedErrors.map((error) =>
      doubt(`${error.file ?? ''} did not load on the base; whether its tests are there now cannot be told.`),
    ),
    ...listed(diff.stillFailing, 'fails as on the base', note),
    ...diff.stillErrors.map((error) =>
      note(`${error.file ?? 'The run'} fails as on the base: ${sentence(error.message)}`),
    ),
  ];
};

function steady(tests: RunDiff['newlyFailing'], { flaky = [] }: CompareOptions): RunDiff['newlyFailing'] {
  return tests.filter((test) => !flaky.some(({ id }) => id === test.id));
}

/** What fails at one time and passes at another is no proof, either way; one that is known for it is told and does not decide. */
const flakyIsTold: Rule = ({ options: { flaky = [] } }) =>
  flaky.map(({ id, passed, failed, known }) => {
    const times = `failed in ${failed} of ${failed + passed} runs of the same files`;
    return known
      ? note(`"${id}" fails at times on the base too; it ${times}.`)
      : doubt(`"${id}" ${times}, so it proves nothing: mend what makes it depend on chance.`);
  });

/** A pass of what is known to depend on chance is not like other passes. */
const quarantineIsTold: Rule = ({ now, options: { quarantine = [], flaky = [] } }) => {
  const known = new Set(quarantine.filter((id) => !flaky.some((its) => its.id === id)));
  const passed = now.report.tests.filter(({ id, status }) => status === 'passed' && known.has(id));
  return listed(passed, 'passes, and is in quarantine: it is known to depend on chance', note);
};

const baseIsUsable: Rule = ({ base, now, options }) => {
  if (now.end === 'noRunner' || hasResults(base)) return [];
  if (base.end === 'noRunner') {
    const what = 'The base has no way to run tests, so the tests and the command came with this change.';
    return [options.runnerAsked === true ? note(what) : doubt(what)];
  }
  if (base.end === 'exited' && base.report.status === 'complete') {
    return [note('The base has no tests: there was nothing to compare with.')];
  }
  return [doubt('The run on the base did not come to results, so removed tests cannot be told.')];
};

const goalIsMet: Rule = ({ now, diff, options }) =>
  (options.mustTurn ?? []).flatMap((name) => {
    const tests = now.report.tests.filter((test) => matchesName(test, name));
    if (tests.length === 0) return [red(`The goal names the test "${name}", and no test of that name ran.`)];
    const bad = tests.filter((test) => test.status !== 'passed');
    if (bad.length > 0) return [red(`The goal names the test "${name}", and it ${wordFor(bad[0]?.status)}.`)];
    const turned = tests.some((test) => [...diff.newlyPassing, ...diff.added].includes(test));
    return turned ? [] : [note(`"${name}" passes, as it did on the base.`)];
  });

const RULES: readonly Rule[] = [
  nothingGotWorse,
  flakyIsTold,
  quarantineIsTold,
  goalIsMet,
  agreesWithExitCode,
  cameToAnEnd,
  reportIsWhole,
  someTestRan,
  everyTestIsNamed,
  baseIsUsable,
];

const red = (reason: string): Finding => ({ weight: 'red', reason });
const doubt = (reason: string): Finding => ({ weight: 'doubt', reason });
const note = (reason: string): Finding => ({ weight: 'note', reason });

/** Not coming to results is the change's doing where the base came to some; else nobody knows. */
function worseThan(base: TestRun, what: string): Finding {
  return hasResults(base) ? red(`${what} On the base it came to results.`) : doubt(what);
}

function hasResults(run: TestRun): boolean {
  return (
    run.end === 'exited' &&
    run.report.status === 'complete' &&
    totalOf(run.report.totals) + run.report.errors.length > 0
  );
}

function hasFailures(run: TestRun): boolean {
  return run.report.totals.failed + run.report.errors.length > 0;
}

const LISTED_MAX = 10;

function listed(
  tests: RunDiff['removed'],
  what: string,
  as: (reason: string) => Finding,
): readonly Finding[] {
  const more = tests.length - LISTED_MAX;
  return [
    ...tests.slice(0, LISTED_MAX).map((test) => as(`"${test.id}" ${what}.`)),
    ...(more > 0 ? [as(`${countOf(more, 'more test')}: the same.`)] : []),
  ];
}

function wordFor(status: string | undefined): string {
  return status === 'skipped' ? 'is skipped' : 'still fails';
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first line of a message, ended by a full stop. */
function sentence(message: string): string {
  const line = message.trim().split('\n', 1)[0] ?? '';
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

function allPassed(now: TestRun): string {
  return `All is as good as on the base or better: ${countOf(now.report.totals.passed, 'test')} passed.`;
}
