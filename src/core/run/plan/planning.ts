/** From a goal to an approved plan. */
import { PlanAnswer } from '../../../protocol/answers.ts';
import type { EventData } from '../../../protocol/events.ts';
import { SubmittedPlan, type PlanSpec, type TaskSpec } from '../../../protocol/plan.ts';
import { depthOf } from '../../../protocol/plan-tree.ts';
import { planChange, planChangeText } from '../../../protocol/plan-change.ts';
import type { Agent } from '../../team/agent.ts';
import { requirementsIn, unmetIn } from '../../team/requirements.ts';
import { taintOf } from '../../tools/outward.ts';
import { estimatePlan, totalUsd } from './estimates.ts';
import { checkPlan } from './check-plan.ts';
import { flatPlan } from './nested.ts';
import { leftOut } from '../agents/named.ts';
import { admitRoles, lookForRoles, rolesText, takeProposed } from '../agents/own-roles.ts';
import { createPlace, type CopyPlace } from '../place.ts';
import { planningText, planProblemsText, planRevisionText, replanText } from '../agents/prompts.ts';
import { recruit } from '../agents/recruit.ts';
import { problemsOfChange } from './revising.ts';
import type { Run } from '../run.ts';

/** How planning ended. */
export type Planned =
  | {
      readonly kind: 'plan';
      readonly plan: PlanSpec;
      readonly revision: number;
      readonly tainted?: string | undefined;
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly why: string };

/** A goal as one task, without a planner: Quick Edit. `role`: who does it. */
export function quickPlan(run: Run, role: string): PlanSpec {
  const task: TaskSpec = {
    id: 'edit',
    title: run.goal.split('\n', 1)[0]?.slice(0, 100) ?? 'Edit',
    description: run.goal.slice(0, 8000),
    role,
    depends_on: [],
    acceptance: [],
    priority: 0,
    gate: 'own',
  };
  const plan = { summary: 'One task, without a planner.', tasks: [task] };
  run.steps.record({
    type: 'plan.decided',
    key: 'quick',
    data: { revision: 1, approved: true, by: 'settings', plan },
  });
  return plan;
}

/** Lets the planner plan until a plan holds and is approved, at most `limits.planning` times per wish of the person. */
export async function makePlan(run: Run, base: string, tree: string): Promise<Planned> {
  const place = createPlace(run, { id: 'plan', base, tree, scope: [] });
  const planned = await planAt(run, place, { first: 1 });
  await place.dispose('plan/discard');
  return planned;
}

/** A plan that did not come true. */
export interface Failed {
  readonly base: string;
  /** The tree with everything that is done. */
  readonly tree: string;
  readonly former: { readonly plan: PlanSpec; readonly revision: number };
  readonly evidence: readonly string[];
  readonly isDone: (task: string) => boolean;
}

/** Shows the planner what failed, and lets it plan what is left; approved by the same rule as the first plan. */
export async function replan(run: Run, failed: Failed): Promise<Planned> {
  const { base, tree, former } = failed;
  const first = former.revision + 1;
  const place = createPlace(run, { id: `plan-${first}`, base, tree, scope: [] });
  const planned = await planAt(run, place, { first, failed });
  await place.dispose(`plan/${first}/discard`);
  return planned;
}

interface Planning {
  /** Number of the first revision. */
  readonly first: number;
  readonly failed?: Failed | undefined;
}

async function planAt(run: Run, place: CopyPlace, { first, failed }: Planning): Promise<Planned> {
  const key = failed ? `plan/again/${first}` : 'plan';
  const planner = recruit(run, { role: 'planner', key, attempt: failed ? first : 1, place });
  const planned = await planBy(run, planner, { key, first, failed });
  run.team.bus.leave(planner.who.agent);
  return planned;
}

async function planBy(
  run: Run,
  planner: Agent,
  { key, first, failed }: Planning & { readonly key: string },
): Promise<Planned> {
  await lookForRoles(run, `plan/${first}`);
  let say = failed ? replanText(run, failed) : planningText(run);
  let sentBack = 0;
  for (let revision = first; ; revision++) {
    const proposed = await propose(run, planner, { say, revision, failed });
    if (proposed.kind === 'failed') return proposed;
    if (proposed.problems.length > 0) {
      sentBack += 1;
      if (sentBack >= run.settings.limits.planning) return gaveUp(run, proposed.problems, key);
      say = planProblemsText(proposed.problems);
      continue;
    }
    if (failed && planChangeText(planChange(failed.former.plan, proposed.plan)) === '')
      return { kind: 'failed', why: 'The planner sees no other way.' };
    const decided = await decide(run, { plan: proposed.plan, revision, planner, failed });
    if (decided.kind !== 'revise') return decided;
    sentBack = 0;
    await lookForRoles(run, `plan/${revision + 1}`);
    say = planRevisionText(decided.reason, rolesText(run));
  }
}

function gaveUp(run: Run, problems: readonly string[], key: string): Planned {
  run.steps.record({
    type: 'limit.reached',
    key: key === 'plan' ? 'planning' : key,
    data: { limit: 'planning', value: run.settings.limits.planning },
  });
  return { kind: 'failed', why: `The planner found no usable plan: ${problems.join(' ')}` };
}

type Proposed =
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'proposed'; readonly plan: PlanSpec; readonly problems: readonly string[] };

interface Turn {
  readonly say: string;
  readonly revision: number;
  readonly failed: Failed | undefined;
}

async function propose(run: Run, planner: Agent, turn: Turn): Promise<Proposed> {
  // They are of the goal, which is said once.
  const images = turn.revision === 1 ? run.images : [];
  const end = await planner.work(turn.say, turn.revision, images);
  if (end.kind === 'failed') return { kind: 'failed', why: `The planner could not finish: ${end.why}` };
  const plan = flatPlan(SubmittedPlan.parse(end.value));
  const strange = takeProposed(run, plan);
  const problems = [
    ...strange,
    ...problemsOf(run, plan),
    ...problemsAfter(turn.failed, plan),
    ...(turn.revision === 1 && run.settings.limits.planning > 1 ? leftOut(run, plan) : []),
  ];
  sayTooMuch(run, `plan/${turn.revision}`, plan);
  const estimates = problems.length === 0 ? estimatePlan(run, plan) : [];
  run.steps.record({
    type: 'plan.proposed',
    key: `plan/${turn.revision}`,
    data: {
      revision: turn.revision,
      plan,
      problems,
      costUsd: problems.length === 0 ? totalUsd(estimates) : null,
      estimates: [...estimates],
    },
  });
  return { kind: 'proposed', plan, problems };
}

/** The plan goes back for what it has too much of; the record says so. */
export function sayTooMuch({ steps, settings }: Run, key: string, { tasks }: PlanSpec): void {
  const { tasks: tasksMax, depth } = settings.limits;
  const say = (limit: string, value: number): void => {
    steps.record({ type: 'limit.reached', key: `${key}/${limit}`, data: { limit, value } });
  };
  if (tasks.length > tasksMax) say('tasks', tasksMax);
  if (tasks.some(({ id }) => depthOf(id) > depth)) say('depth', depth);
}

interface ToDecide {
  readonly plan: PlanSpec;
  readonly revision: number;
  readonly planner: Agent;
  /** What it is to replace. */
  readonly failed: Failed | undefined;
}

type Decided =
  | { readonly kind: 'plan'; readonly plan: PlanSpec; readonly revision: number; readonly tainted?: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'revise'; readonly reason: string };

/** The person's decision, or the settings'. An edited plan that does not hold is asked about again. */
async function decide(run: Run, { plan, revision, planner, failed }: ToDecide): Promise<Decided> {
  const taint = taintOf(planner.taint);
  const { approvals, interactive, plan: given } = run.settings;
  if (given && !failed) {
    await admitRoles(run, given);
    decided(run, { key: `plan/${revision}`, revision, approved: true, plan: given, by: 'person' });
    return { kind: 'plan', plan: given, revision };
  }
  if (!approvals.plan || !interactive) {
    const refused = await admitRoles(run, plan);
    if (refused.length > 0) return { kind: 'revise', reason: notWanted(refused) };
    decided(run, { key: `plan/${revision}`, revision, approved: true, plan, by: 'settings', ...taint });
    return { kind: 'plan', plan, revision, ...taint };
  }
  for (let asked = 1, problems: readonly string[] = []; ; asked++) {
    const name = asked === 1 ? `plan/${revision}` : `plan/${revision}/${asked}`;
    const title =
      problems.length === 0 ? titleOf(plan, failed) : `The edited plan does not hold: ${problems.join(' ')}`;
    const answer = PlanAnswer.parse(
      await run.steps.signal(name, {
        kind: 'plan',
        title,
        detail: plan.summary,
        options: ['Approve', 'Revise', 'End'],
      }),
    );
    if (answer.decision === 'revise')
      return answer.reason.trim() === ''
        ? { kind: 'revise', reason: 'Make it better.' }
        : { kind: 'revise', reason: answer.reason };
    if (answer.decision === 'end') {
      decided(run, { key: name, revision, approved: false, plan, by: 'person' });
      return { kind: 'ended' };
    }
    const chosen = answer.plan ?? plan;
    problems = [...problemsOf(run, chosen), ...problemsAfter(failed, chosen)];
    if (problems.length > 0) continue;
    const refused = await admitRoles(run, chosen);
    if (refused.length > 0) return { kind: 'revise', reason: notWanted(refused) };
    decided(run, { key: name, revision, approved: true, plan: chosen, by: 'person', ...taint });
    return { kind: 'plan', plan: chosen, revision, ...taint };
  }
}

/** What is wrong with a plan in this run. */
export function problemsOf({ settings, roles }: Run, plan: PlanSpec): readonly string[] {
  const { limits, endpoints } = settings;
  const writes = (role: string): boolean => roles.writes(role);
  const known = { ...limits, endpoints: endpoints.map(({ id }) => id), writes };
  return [...checkPlan(plan, roles.forTasks, known), ...unmetIn(requirementsIn(plan, { settings, roles }))];
}

function problemsAfter(failed: Failed | undefined, plan: PlanSpec): readonly string[] {
  return failed ? problemsOfChange(failed.former.plan, plan, failed.isDone) : [];
}

/** What is asked; of a plan that takes another's place, what is different. */
function titleOf(plan: PlanSpec, failed: Failed | undefined): string {
  if (!failed) return 'Approve the plan';
  const different = planChangeText(planChange(failed.former.plan, plan));
  return `Tasks failed. Approve another plan (${different === '' ? 'nothing differs' : different})`;
}

/** Why a plan goes back whose roles the person did not want. */
export const notWanted = (roles: readonly string[]): string =>
  `Nobody may be of the role ${roles.join(' or ')}: plan without it.`;

function decided(run: Run, { key, ...data }: EventData<'plan.decided'> & { readonly key: string }): void {
  run.steps.record({ type: 'plan.decided', key, data });
}
