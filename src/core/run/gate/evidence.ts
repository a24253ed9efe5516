/** What a gate has to say beside its tests: checks, what new tests prove, which changed lines they reach, and which tests depend on chance, kept for later runs. */
import type { GateReport } from '../../../protocol/events.ts';
import type { CheckReport, TestProof } from '../../../protocol/test-evidence.ts';
import type { QuarantinedTest, TestsKept } from '../../../protocol/tests-kept.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import type { Baseline } from './baseline.ts';
import { commandIn } from '../../qa/checks/check.ts';
import { checkAll, type CheckedAll } from './checking.ts';
import { coverByRun } from './cover-run.ts';
import type { CopyPlace } from '../place.ts';
import { probeLoading, withProbe } from './probe.ts';
import { proveTests } from './proof.ts';
import type { Run } from '../run.ts';

/** A change whose tests were judged. */
export interface Judged {
  /** Of the step that ran the tests; the keys of what is asked besides lie below it. */
  readonly key: string;
  readonly tree: string;
  readonly now: TestRun;
  readonly report: GateReport;
  readonly task?: string | undefined;
  /** The author's working copy, where it is that. */
  readonly place?: CopyPlace | undefined;
  /** What an earlier gate found of the same tree: it is not asked again. */
  readonly earlier?: { readonly tree: string; readonly report: GateReport } | undefined;
}

/** The report with the rest of the evidence. What blocks turns it red; nothing turns it green. */
export async function withEvidence(run: Run, baseline: Baseline, judged: Judged): Promise<GateReport> {
  const found = await withMore(run, baseline, judged);
  // In a working copy lies what its author built there, so only a fresh checkout can tell.
  if (found.verdict !== 'green' || judged.place) return found;
  return withProbe(found, await probeLoading(run, baseline, judged));
}

async function withMore(run: Run, baseline: Baseline, judged: Judged): Promise<GateReport> {
  const { qa } = run.settings;
  if (qa === undefined) return judged.report;
  await keepChance(run, judged);
  if (judged.report.verdict === 'red') return judged.report;
  const { earlier, tree } = judged;
  if (earlier?.tree === tree && earlier.report.verdict !== 'red') {
    const { checks = [], checksLeft: left = 0, proof, coverage } = earlier.report;
    return withCoverage(
      withProof(withChecks(judged.report, { checks, left }, qa.checksMax), proof),
      coverage,
    );
  }
  const checked = withChecks(judged.report, await checkAll(run, baseline, judged), qa.checksMax);
  if (checked.verdict === 'red') return checked;
  const proved = qa.proveTests ? withProof(checked, await proveTests(run, baseline, judged)) : checked;
  return proved.verdict === 'green' ? withCoverage(proved, await coverByRun(run, baseline, judged)) : proved;
}

/** What the run of the tests told by the way counts first. */
const withCoverage = (report: GateReport, coverage: GateReport['coverage']): GateReport =>
  coverage === undefined || report.coverage ? report : { ...report, coverage };

const NAMES = { types: 'Type check', lint: 'Lint', build: 'Build' } as const;
/** Findings that are told one by one as reasons. */
const TOLD_MAX = 5;

function withChecks(report: GateReport, { checks, left }: CheckedAll, max: number): GateReport {
  if (checks.length + left === 0) return report;
  const worse = checks.filter(({ verdict }) => verdict === 'worse');
  const blocking = worse.filter(({ blocks }) => blocks).flatMap(reasonsOf);
  const told = worse.filter(({ blocks }) => !blocks).flatMap(reasonsOf);
  const unknown = checks.filter(({ verdict }) => verdict === 'unknown').flatMap(reasonsOf);
  return {
    ...report,
    ...(blocking.length > 0 && { verdict: 'red' as const }),
    checks: [...checks],
    ...(left > 0 && { checksLeft: left }),
    reasons: [...blocking, ...report.reasons, ...told, ...unknown, ...leftReasons(left, max)],
  };
}

function leftReasons(left: number, max: number): readonly string[] {
  if (left === 0) return [];
  const what = left === 1 ? 'One more check' : `${left} more checks`;
  return [`${what} of packages that this change touches did not run: ${max} are the most for one change.`];
}

function reasonsOf(check: CheckReport): readonly string[] {
  const { kind, reason, findings, verdict } = check;
  const first = `${NAMES[kind]} (${commandIn(check)}): ${reason}`;
  if (verdict !== 'worse') return [first];
  const places = findings
    .slice(0, TOLD_MAX)
    .map(
      ({ path, line, rule, message }) =>
        `${path}:${line}: ${message}${rule === undefined ? '' : ` (${rule})`}`,
    );
  return [first, ...places];
}

function withProof(report: GateReport, proof: TestProof | undefined): GateReport {
  if (proof === undefined) return report;
  const idle = proof.tests.filter(({ base, now }) => base === 'passed' && now === 'passed');
  const turned = proof.tests.filter(({ base, now }) => base === 'failed' && now === 'passed');
  const more = idle.length - TOLD_MAX;
  return {
    ...report,
    proof,
    reasons: [
      ...report.reasons,
      ...(turned.length > 0
        ? [
            `${turned.length === 1 ? 'One test fails' : `${turned.length} tests fail`} without the change and pass with it.`,
          ]
        : []),
      ...idle
        .slice(0, TOLD_MAX)
        .map(({ id }) => `"${id}" is new and passes without the change too: it does not prove it.`),
      ...(more > 0 ? [`${more} more of the kind.`] : []),
    ],
  };
}

/** Runs in which a test was seen to depend on chance that are kept; older ones go. */
const SIGHTINGS_MAX = 10;

/** Keeps what was seen to depend on chance, with the evidence. */
async function keepChance(run: Run, { key, report: { flaky = [] } }: Judged): Promise<void> {
  if (flaky.length === 0) return;
  const seen = flaky.map(({ id, passed, failed }) => ({ id, passed, failed }));
  const spec = { kind: 'keep' as const, title: 'Remember what depends on chance', input: seen };
  await run.steps.step(`${key}/quarantine`, spec, async () => {
    const sighting = { run: run.id, at: run.ports.clock.now() };
    await run.ports.tests.keep((kept) =>
      quarantined(
        kept,
        seen.map(({ id, ...counts }) => ({ id, sightings: [{ ...sighting, ...counts }] })),
      ),
    );
    return null;
  });
}

/** One sighting a run and test: its last. */
function quarantined(kept: TestsKept, seen: readonly QuarantinedTest[]): TestsKept {
  const tests = new Map(kept.quarantine.map((test) => [test.id, test.sightings]));
  for (const { id, sightings } of seen) {
    const runs = new Set(sightings.map(({ run }) => run));
    const others = (tests.get(id) ?? []).filter(({ run }) => !runs.has(run));
    tests.set(id, [...others, ...sightings].slice(-SIGHTINGS_MAX));
  }
  return { ...kept, quarantine: [...tests].map(([id, sightings]) => ({ id, sightings })) };
}
