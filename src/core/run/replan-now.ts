/**
 * Another plan while the plan is carried out, because a task is stuck: its agent goes round in circles whatever it is told, or its change
 * conflicts with what was merged and its author could not solve that. Others go on meanwhile.
 */
import { planChange, planChangeText } from '../../protocol/plan-change.ts';
import type { Replanner, Stuck, Work } from './attempt.ts';
import { stuckText } from './agents/planning-texts.ts';
import { heldTasks, problemsOfMoving } from './in-hand.ts';
import { GivenUp } from './journal/cancellable.ts';
import { createPlace } from './place.ts';
import { flatPlan } from './plan/nested.ts';
import { suggest } from './plan/suggesting.ts';
import { goOnWith, mayReplan, problemsNow, type Dispatching } from './workbench.ts';

/** `own` is the work of who is stuck: what is given up with it does not go on planning. */
export function replannerOf(dispatching: Dispatching, own: Work): Replanner {
  return {
    isLeft: () => mayReplan(dispatching),
    ask: (stuck) => replanNow(dispatching, own, stuck),
  };
}

async function replanNow(dispatching: Dispatching, own: Work, stuck: Stuck): Promise<boolean> {
  if (!mayReplan(dispatching)) return false;
  dispatching.replans += 1;
  const { run, base, integration, current } = own;
  const { task, attempt } = stuck;
  const id = `${task}-replan-${String(dispatching.replans)}`;
  const place = createPlace(run, { id, base, tree: integration.tree(), scope: [] });
  const key = `${stuck.key}/replan`;
  let seen = current.plan;
  const suggested = await suggest(run, {
    kind: 'replan',
    task,
    key,
    attempt,
    place,
    say: stuckText(own, stuck, {
      isDone: (each) => dispatching.schedule?.endOf(each) === 'done',
      byHand: heldTasks(dispatching),
    }),
    read: (submitted) => flatPlan(submitted),
    problems(plan) {
      if (current.plan === seen)
        return [...problemsNow(dispatching, plan), ...problemsOfMoving(dispatching, plan)];
      seen = current.plan;
      return [`The plan was changed meanwhile, so plan from this one: ${JSON.stringify(seen)}`];
    },
    isSame: (plan) => planChangeText(planChange(current.plan, plan)) === '',
    title: (plan) =>
      `${task} is stuck. Approve another plan (${planChangeText(planChange(current.plan, plan))})`,
    otherwise: 'Leave the plan',
  });
  await place.dispose(`${key}/discard`);
  if (suggested.kind !== 'taken') return false;
  const { plan, by, tainted } = suggested;
  return dispatching.inTurn(async () => {
    if (own.isGivenUp()) throw new GivenUp('The task was given up before the plan was changed.');
    const problems = [...problemsNow(dispatching, plan), ...problemsOfMoving(dispatching, plan)];
    if (problems.length > 0) return false;
    await goOnWith(dispatching, { plan, by, tainted, key: `plan/${key}` });
    return true;
  });
}
