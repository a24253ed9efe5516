/**
 * Another plan while the plan is carried out: a planner thinks of it, it is checked, shown and approved by the rule of the first plan.
 * Nothing else waits for that.
 */
import { PlanAnswer } from '../../../protocol/answers.ts';
import type { EventData } from '../../../protocol/events.ts';
import { SubmittedPlan, type PlanSpec } from '../../../protocol/plan.ts';
import type { Agent } from '../../team/agent.ts';
import { taintOf } from '../../tools/outward.ts';
import { admitRoles, lookForRoles, rolesText, takeProposed } from '../agents/own-roles.ts';
import { planProblemsText, planRevisionText } from '../agents/prompts.ts';
import { recruit } from '../agents/recruit.ts';
import type { CopyPlace } from '../place.ts';
import type { Run } from '../run.ts';
import { estimatePlan, totalUsd } from './estimates.ts';
import { notWanted, sayTooMuch } from './planning.ts';

/** What another plan is wanted for. */
export interface Wish {
  readonly kind: EventData<'plan.suggested'>['kind'];
  readonly task: string;
  /** Where its keys begin. */
  readonly key: string;
  readonly attempt: number;
  /** What the planner sees. */
  readonly place: CopyPlace;
  /** What the planner is told first. */
  readonly say: string;
  /** The plan in what it hands over. */
  readonly read: (submitted: SubmittedPlan) => PlanSpec;
  /** What is wrong with it, as things are now. */
  readonly problems: (plan: PlanSpec) => readonly string[];
  /** It is the plan that there is: the planner sees no other way. */
  readonly isSame?: (plan: PlanSpec) => boolean;
  readonly title: (plan: PlanSpec) => string;
  /** What a person may answer to it besides approving and sending it back. */
  readonly otherwise: string;
}

export type Suggested =
  | {
      readonly kind: 'taken';
      readonly plan: PlanSpec;
      readonly by: 'person' | 'settings';
      readonly tainted?: string;
    }
  | { readonly kind: 'declined' }
  | { readonly kind: 'none'; readonly why: string };

/** Lets a planner think until a plan holds and is approved, at most `limits.planning` times per wish of the person. */
export async function suggest(run: Run, wish: Wish): Promise<Suggested> {
  const { key, attempt, place, task } = wish;
  const planner = recruit(run, { role: 'planner', key: `${key}/planner`, attempt, place, task });
  const suggested = await suggestBy(run, wish, planner);
  run.team.bus.leave(planner.who.agent);
  return suggested;
}

async function suggestBy(run: Run, wish: Wish, planner: Agent): Promise<Suggested> {
  const { key } = wish;
  await lookForRoles(run, key);
  const roles = rolesText(run);
  let say = [...(roles === '' ? [] : [roles]), wish.say].join('\n\n');
  let sentBack = 0;
  for (let round = 1; ; round++) {
    const end = await planner.work(say, round);
    if (end.kind === 'failed') return none(run, wish, `The planner could not finish: ${end.why}`);
    const plan = wish.read(SubmittedPlan.parse(end.value));
    if (wish.isSame?.(plan) === true) return none(run, wish, 'The planner sees no other way.');
    const name = `plan/${key}/${String(round)}`;
    let problems: readonly string[] = [
      ...(plan.new_roles ? takeProposed(run, plan) : []),
      ...wish.problems(plan),
    ];
    record(run, wish, { name, plan, problems });
    const decided = problems.length > 0 ? undefined : await decide(run, wish, { name, plan, planner });
    let reason = '';
    if (decided && 'problems' in decided) ({ problems } = decided);
    else if (decided?.kind === 'revise') ({ reason } = decided);
    else if (decided) return decided;
    if (problems.length > 0) {
      sentBack += 1;
      if (sentBack >= run.settings.limits.planning) return gaveUp(run, wish, problems);
      say = planProblemsText(problems);
      continue;
    }
    sentBack = 0;
    await lookForRoles(run, name);
    say = planRevisionText(reason, rolesText(run));
  }
}

interface Proposal {
  /** Of the question about it. */
  readonly name: string;
  readonly plan: PlanSpec;
}

function record(
  run: Run,
  { task, kind }: Wish,
  { name, plan, problems }: Proposal & { readonly problems: readonly string[] },
): void {
  sayTooMuch(run, name, plan);
  const estimates = problems.length === 0 ? [...estimatePlan(run, plan)] : [];
  const costUsd = problems.length === 0 ? totalUsd(estimates) : null;
  const data = { task, kind, plan, problems: [...problems], costUsd, estimates };
  run.steps.record({ type: 'plan.suggested', key: name, data });
}

function none(run: Run, { task, kind, key }: Wish, why: string): Suggested {
  const data = { task, kind, taken: false, by: 'planner' as const, why };
  run.steps.record({ type: 'suggestion.decided', key, data });
  return { kind: 'none', why };
}

function gaveUp(run: Run, wish: Wish, problems: readonly string[]): Suggested {
  const data = { limit: 'planning', value: run.settings.limits.planning };
  run.steps.record({ type: 'limit.reached', key: wish.key, data });
  return none(run, wish, `The planner found no usable plan: ${problems.join(' ')}`);
}

type Decided =
  | Exclude<Suggested, { readonly kind: 'none' }>
  | { readonly kind: 'revise'; readonly reason: string }
  /** It holds no longer: something else was changed while it was looked at. */
  | { readonly problems: readonly string[] };

interface ToDecide extends Proposal {
  readonly planner: Agent;
}

/** The person's decision, or the settings'. */
async function decide(run: Run, wish: Wish, { name, plan, planner }: ToDecide): Promise<Decided> {
  const { approvals, interactive } = run.settings;
  if (!approvals.plan || !interactive) return take(run, wish, { plan, planner, by: 'settings' });
  for (let asked = 1, problems: readonly string[] = []; ; asked++) {
    const title =
      problems.length === 0 ? wish.title(plan) : `The edited plan does not hold: ${problems.join(' ')}`;
    const answer = PlanAnswer.parse(
      await run.steps.signal(asked === 1 ? name : `${name}/${String(asked)}`, {
        kind: 'plan',
        title,
        detail: plan.summary,
        options: ['Approve', 'Revise', wish.otherwise],
        who: planner.who,
      }),
    );
    if (answer.decision === 'revise')
      return { kind: 'revise', reason: answer.reason.trim() || 'Make it better.' };
    if (answer.decision === 'end') {
      decided(run, wish, { taken: false, by: 'person' });
      return { kind: 'declined' };
    }
    const chosen = answer.plan ?? plan;
    problems = wish.problems(chosen);
    if (problems.length > 0 && !answer.plan) return { problems };
    if (problems.length === 0) return take(run, wish, { plan: chosen, planner, by: 'person' });
  }
}

interface Taking {
  readonly plan: PlanSpec;
  readonly planner: Agent;
  readonly by: 'person' | 'settings';
}

async function take(run: Run, wish: Wish, { plan, planner, by }: Taking): Promise<Decided> {
  const refused = await admitRoles(run, plan);
  if (refused.length > 0) return { kind: 'revise', reason: notWanted(refused) };
  const problems = wish.problems(plan);
  if (problems.length > 0) return { problems };
  decided(run, wish, { taken: true, by });
  return { kind: 'taken', plan, by, ...taintOf(planner.taint) };
}

function decided(
  run: Run,
  { task, kind, key }: Wish,
  how: Pick<EventData<'suggestion.decided'>, 'taken' | 'by'>,
): void {
  run.steps.record({ type: 'suggestion.decided', key, data: { task, kind, ...how } });
}
