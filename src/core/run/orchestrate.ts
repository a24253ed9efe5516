/**
 * The story of a run: look at the workspace, plan, ask, work, gate, review, integrate, sum up, hand over. Plain async code over the
 * journal; resume and replay run it again.
 */
import type { EventData } from '../../protocol/events.ts';
import { SummaryHandover } from '../../protocol/handover.ts';
import type { PlanSpec } from '../../protocol/plan.ts';
import { answerQuestion, testAndDiagnose } from './asking.ts';
import type { Work } from './attempt.ts';
import { takeBaseline, type Baseline } from './baseline.ts';
import { candidatesOf } from './candidates/how-many.ts';
import { estimatePlan } from './estimates.ts';
import { evidenceText } from './evidence-text.ts';
import { remainingPath, unitsOf, type Unit } from './graph.ts';
import { handOver, type Finish } from './handover.ts';
import { createIntegration } from './integration.ts';
import { lookForRoles } from './own-roles.ts';
import { createPlace } from './place.ts';
import { makePlan, quickPlan, type Planned } from './planning.ts';
import { synthesisText } from './prompts.ts';
import { recruit } from './recruit.ts';
import { endpointsFor } from '../team/routes.ts';
import { sizeOf } from '../team/sizing.ts';
import type { Run } from './run.ts';
import { schedule, type UnitEnd } from './scheduler.ts';
import { scopeOf } from './scopes.ts';
import type { Inherited } from './upgrade.ts';
import { workOn } from './work.ts';

/** `inherited` is what former lives of the run left, where another version of this story wrote them. */
export async function orchestrate(started: Run, inherited?: Inherited): Promise<Finish> {
  const finish = await tell(started, inherited);
  started.team.bus.close();
  return finish;
}

async function tell(started: Run, inherited: Inherited | undefined): Promise<Finish> {
  for (const [index, message] of (started.settings.policy?.notes ?? []).entries())
    started.steps.record({
      type: 'alert.raised',
      key: `policy/note/${index}`,
      data: { code: 'policy.workspace', message },
    });
  const { tree: base, enforced } = inherited
    ? { tree: inherited.base, enforced: inherited.enforced }
    : await takeBase(started);
  const run: Run = { ...started, ...(enforced && { enforced }) };
  if (run.mode === 'ask') return answerQuestion(run, base);
  if (run.mode === 'qa') return testAndDiagnose(run, base);
  const baseline = takeBaseline(run, base);
  baseline.catch(() => undefined);
  const planned = await planFor(run, base, inherited);
  const taken = await baseline;
  if (planned.kind === 'failed') return { outcome: 'failed', message: planned.why, partial: false };
  if (planned.kind === 'ended')
    return {
      outcome: 'rejected',
      message: 'You ended the run at its plan. Nothing was changed.',
      partial: false,
    };
  return carryOut(run, { plan: planned.plan, tainted: planned.tainted, base, baseline: taken, inherited });
}

async function planFor(run: Run, base: string, inherited: Inherited | undefined): Promise<Planned> {
  if (inherited?.plan) await lookForRoles(run, 'start');
  if (inherited?.plan) return { kind: 'plan', plan: inherited.plan, tainted: inherited.tainted };
  return run.mode === 'quick' ? { kind: 'plan', plan: quickPlan(run) } : makePlan(run, base);
}

/** The workspace as it is: uncommitted, untracked and unsaved text included. And what commands are held to here. */
async function takeBase(run: Run): Promise<EventData<'base.taken'>> {
  const { workspace, copies, shell } = run.ports;
  const taken = await run.steps.step(
    'base',
    { kind: 'base', title: 'Look at the workspace', input: null },
    async () => {
      const enforced = await shell.enforced(run.settings.sandbox);
      const base = await copies.takeBase(await workspace.unsaved());
      await copies.retain(run.id, [base.tree]);
      return { tree: base.tree, files: base.files, notes: [...base.notes], enforced };
    },
  );
  run.steps.record({ type: 'base.taken', key: 'base', data: taken });
  return taken;
}

interface Approved {
  readonly plan: PlanSpec;
  readonly tainted: string | undefined;
  readonly base: string;
  readonly baseline: Baseline;
  readonly inherited: Inherited | undefined;
}

async function carryOut(run: Run, { plan, tainted, base, baseline, inherited }: Approved): Promise<Finish> {
  const taken = Promise.resolve(baseline);
  const integration = createIntegration(
    run,
    { tree: inherited?.tree ?? base, verdict: inherited?.verdict },
    taken,
  );
  const attempts = inherited?.attempts ?? {};
  const isDone = new Set(inherited?.done);
  for (const task of plan.tasks)
    run.team.crew.tasks.set(task.id, { spec: task, state: isDone.has(task.id) ? 'done' : 'waiting' });
  run.team.bus.name(plan.tasks.map(({ id }) => id));
  const work: Work = {
    run,
    plan,
    base,
    baseline: taken,
    integration,
    results: new Map(),
    boards: new Map(),
    attempts,
    tainted,
  };
  const units = unitsOf(plan);
  const done = units.filter((unit) => unit.tasks.every((task) => inherited?.done.includes(task.id)));
  const ends = await schedule(units, {
    done: done.map((unit) => unit.id),
    concurrency: sizeOfTeam(run, plan, units),
    starved: (unit, times) => {
      sayStarved(run, unit, times);
    },
    weight: (unit) => candidatesOf(run, unit),
    scopeOf: ({ tasks }) => tasks.flatMap((task) => scopeOf(task, run.roles)),
    run: (unit) => workOn(work, unit),
    passedOver: (unit, end, because) => {
      passOver(run, unit, { end, because });
    },
  });
  const undone = undoneIn(units, ends);
  await sumUp(work, undone);
  return handOver({ work, baseline, undone });
}

/** How many work at once; said where something but the plan and the limit bounds it. */
function sizeOfTeam(run: Run, plan: PlanSpec, units: readonly Unit[]): number {
  const width = units.length - Math.max(...remainingPath(units).values()) + 1;
  const tokens = estimatePlan(run, plan).map((each) => each.tokens);
  const { agents, why } = sizeOf(run.settings, {
    width,
    tokens: Math.max(0, ...tokens),
    endpoints: endpointsFor({ name: 'coder' }, run.settings),
  });
  if (agents < Math.min(run.settings.limits.concurrency, width))
    run.steps.record({
      type: 'limit.reached',
      key: 'team/size',
      data: { limit: `agents at once, by ${why}`, value: agents },
    });
  return agents;
}

function sayStarved(run: Run, { id }: Unit, times: number): void {
  const why = `it was ready while ${String(times)} others took files that it may write`;
  const data = { guard: 'starvation', rung: 'reserved', why, task: id } as const;
  run.steps.record({ type: 'guard.fired', key: `starved/${id}`, data });
}

function passOver(
  run: Run,
  unit: Unit,
  { end, because }: { end: 'skipped' | 'blocked'; because: string },
): void {
  for (const { id } of unit.tasks) {
    run.team.crew.move(id, end);
    run.steps.record({
      type: 'task.changed',
      key: `${id}/${end}`,
      data: { task: id, state: end, attempt: 0, note: because },
    });
  }
}

function undoneIn(units: readonly Unit[], ends: ReadonlyMap<string, UnitEnd>): readonly string[] {
  return units.flatMap((unit) => {
    const end = ends.get(unit.id);
    return end === 'failed' || end === 'blocked'
      ? [`${unit.tasks.map((task) => task.title).join(', ')}: ${end}.`]
      : [];
  });
}

/** One task needs no summing up by a model: what its author said and what the tests say is the summary. */
async function sumUp(work: Work, undone: readonly string[]): Promise<void> {
  const { run, plan } = work;
  const facts = factsOf(work, undone);
  const short = { title: plan.tasks[0]?.title ?? run.goal.slice(0, 100), body: facts };
  const summary =
    plan.tasks.length === 1 || run.mode === 'quick' ? short : ((await synthesize(work, facts)) ?? short);
  run.steps.record({ type: 'summary.written', key: 'summary', data: summary });
}

function factsOf(work: Work, undone: readonly string[]): string {
  const verdict = work.integration.verdict();
  const results = [...work.results].map(([task, { text }]) => `**${task}**: ${text}`);
  const passing = verdict?.newlyPassing ?? [];
  return [
    ...results,
    ...(verdict
      ? [
          `**Tests**: ${verdict.verdict === 'notProved' ? 'not proved' : verdict.verdict}; ${verdict.totals.passed} passed, ${verdict.totals.failed} failed. ${verdict.reasons.slice(0, 3).join(' ')}`,
        ]
      : []),
    ...(verdict ? evidenceText(verdict) : []),
    ...(passing.length > 0 ? [`Newly passing:\n${passing.map((test) => `- ${test}`).join('\n')}`] : []),
    ...(undone.length > 0 ? [`**Not done**: ${undone.join(' ')}`] : []),
  ].join('\n\n');
}

async function synthesize(work: Work, facts: string): Promise<SummaryHandover | undefined> {
  const { run, base } = work;
  const place = createPlace(run, { id: 'summary', base, tree: work.integration.tree(), scope: [] });
  const agent = recruit(run, { role: 'synthesizer', key: 'summary', attempt: 1, place });
  for (const { teller } of work.results.values()) agent.hearFrom(teller);
  const end = await agent.work(synthesisText(run, facts), 0);
  await place.dispose('summary/discard');
  const summary = end.kind === 'handover' ? SummaryHandover.safeParse(end.value) : undefined;
  return summary?.success ? summary.data : undefined;
}
