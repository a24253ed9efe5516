/**
 * The story of a run: look at the workspace, plan, ask, work, gate, review, integrate, sum up, hand over. Plain async code over the
 * journal; resume and replay run it again.
 */
import type { EventData } from '../../protocol/events.ts';
import { SummaryHandover } from '../../protocol/handover.ts';
import type { PlanSpec } from '../../protocol/plan.ts';
import { answerQuestion, testAndDiagnose } from './asking.ts';
import type { Site, Work } from './attempt.ts';
import { takeBaseline, type Baseline } from './gate/baseline.ts';
import { listen, type Ear } from './plan/changing.ts';
import { dispatch } from './dispatch.ts';
import { handOf } from './hand-folder.ts';
import { handOver, type Finish } from './handover/handover.ts';
import { startTree } from './following.ts';
import { createIntegration } from './merge/integration.ts';
import { quickRole } from './agents/named.ts';
import { followFiles } from './agents/notices.ts';
import { admitRoles, lookForRoles } from './agents/own-roles.ts';
import { createPlace } from './place.ts';
import { makePlan, quickPlan, type Planned } from './plan/planning.ts';
import { synthesisText } from './agents/prompts.ts';
import { recruit } from './agents/recruit.ts';
import type { Run } from './run.ts';
import { outcomesText } from './summary-text.ts';
import type { Inherited } from './journal/upgrade.ts';

/** `inherited` is what former lives of the run left, where another version of this story wrote them. */
export async function orchestrate(started: Run, inherited?: Inherited): Promise<Finish> {
  const finish = await tell(started, inherited);
  const { bus } = started.team;
  const left = bus.reached({ from: 'host', to: 'team' }).map(({ agent }) => agent);
  if (left.length > 0) started.ports.log.warn(`${OVER_YET_THERE} ${left.join(', ')}.`);
  bus.close();
  return finish;
}

/** Messages to the team were for these too, who read nothing any more. */
export const OVER_YET_THERE = 'Agents that are over could still be written to:';

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
  const ear = listen(run);
  followFiles(run);
  return Promise.race([ear.fault, goOn(run, ear, { base, inherited })]);
}

interface Beginning {
  readonly base: string;
  readonly inherited: Inherited | undefined;
}

/** What happens once the workspace has been looked at. */
async function goOn(run: Run, ear: Ear, { base, inherited }: Beginning): Promise<Finish> {
  if (run.mode === 'ask') return answerQuestion(run, base);
  if (run.mode === 'qa') return testAndDiagnose(run, base);
  const baseline = takeBaseline(run, base);
  baseline.catch(() => undefined);
  const start = await beginFrom(run, base, inherited);
  const planned = await planFor(run, { base, start }, inherited);
  const taken = await baseline;
  if (planned.kind === 'failed') return { outcome: 'failed', message: planned.why, partial: false };
  if (planned.kind === 'ended')
    return {
      outcome: 'rejected',
      message: 'You ended the run at its plan. Nothing was changed.',
      partial: false,
    };
  const { plan, revision, tainted } = planned;
  return carryOut(run, ear, { plan, revision, tainted, base, start, baseline: taken, inherited });
}

/** The tree that the work goes on from. */
async function beginFrom(run: Run, base: string, inherited: Inherited | undefined): Promise<string> {
  if (inherited) return inherited.tree;
  const { tree, note } = await startTree(run, base);
  if (note !== undefined)
    run.steps.record({
      type: 'alert.raised',
      key: 'start/note',
      data: { code: 'follow.base', message: note },
    });
  return tree;
}

interface From {
  readonly base: string;
  readonly start: string;
}

async function planFor(run: Run, from: From, inherited: Inherited | undefined): Promise<Planned> {
  if (inherited?.plan) {
    await lookForRoles(run, 'start');
    const { tasks } = inherited.plan;
    await admitRoles(run, { tasks: tasks.filter(({ id }) => !inherited.done.includes(id)) });
  }
  if (inherited?.plan) return { kind: 'plan', plan: inherited.plan, revision: 1, tainted: inherited.tainted };
  return run.mode === 'quick'
    ? { kind: 'plan', plan: quickPlan(run, await quickRole(run)), revision: 1 }
    : makePlan(run, from.base, from.start);
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
  readonly revision: number;
  readonly tainted: string | undefined;
  readonly base: string;
  /** The tree that the work goes on from. */
  readonly start: string;
  readonly baseline: Baseline;
  readonly inherited: Inherited | undefined;
}

async function carryOut(run: Run, ear: Ear, approved: Approved): Promise<Finish> {
  const { plan, revision, tainted, base, start, baseline, inherited } = approved;
  const taken = Promise.resolve(baseline);
  const integration = createIntegration(run, { tree: start, verdict: inherited?.verdict }, taken);
  const isDone = new Set(inherited?.done);
  for (const task of plan.tasks)
    run.team.crew.tasks.set(task.id, { spec: task, state: isDone.has(task.id) ? 'done' : 'waiting' });
  run.team.bus.name(plan.tasks.map(({ id }) => id));
  const work: Work = {
    run,
    current: { plan, revision, tainted, outgrown: new Set() },
    base,
    baseline: taken,
    integration,
    results: new Map(),
    boards: new Map(),
    failures: new Map(),
    attempts: new Map(Object.entries(inherited?.attempts ?? {})),
    sites: new Map(),
    isGivenUp: () => false,
  };
  const undone = await dispatch(work, ear, { done: inherited?.done ?? [], hands: handsIn(inherited) });
  await sumUp(work, undone);
  return handOver({ work, baseline, undone });
}

/** Folders in which a person worked on tasks when a former life ended: they go on there. */
function handsIn(inherited: Inherited | undefined): ReadonlyMap<string, Site> {
  return new Map(
    (inherited?.hands ?? []).map(({ task, attempt, copy, from }) => [
      task,
      { attempt, start: from, hand: { ...handOf(copy, from, from), isOpen: true } },
    ]),
  );
}

/** One task needs no summing up by a model: what its author said and what the tests say is the summary. */
async function sumUp(work: Work, undone: readonly string[]): Promise<void> {
  const { run } = work;
  const { plan } = work.current;
  const facts = outcomesText({ results: work.results, verdict: work.integration.verdict(), undone });
  const short = { title: plan.tasks[0]?.title ?? run.goal.slice(0, 100), body: facts };
  const summary =
    plan.tasks.length === 1 || run.mode === 'quick' ? short : ((await synthesize(work, facts)) ?? short);
  run.steps.record({ type: 'summary.written', key: 'summary', data: summary });
}

async function synthesize(work: Work, facts: string): Promise<SummaryHandover | undefined> {
  const { run, base } = work;
  const place = createPlace(run, { id: 'summary', base, tree: work.integration.tree(), scope: [] });
  const agent = recruit(run, { role: 'synthesizer', key: 'summary', attempt: 1, place });
  for (const { teller } of work.results.values()) agent.hearFrom(teller);
  const end = await agent.work(synthesisText(run, facts), 0);
  run.team.bus.leave(agent.who.agent);
  await place.dispose('summary/discard');
  const summary = end.kind === 'handover' ? SummaryHandover.safeParse(end.value) : undefined;
  return summary?.success ? summary.data : undefined;
}
