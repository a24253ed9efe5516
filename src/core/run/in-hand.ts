/** Tasks that are in a person's hands while plans change around them: what may not be done with them, and what becomes of their work. */
import type { PlanSpec } from '../../protocol/plan.ts';
import { isBelow } from '../../protocol/plan-tree.ts';
import type { Site, Work } from './attempt.ts';
import { setAside } from './hand-folder.ts';
import { unitsOf, type Unit } from './plan/graph.ts';
import { beginAgain } from './plan/revising.ts';

/** Who works on what. */
interface Hands {
  readonly work: Work;
  /** What is being worked on, by unit. */
  readonly active: ReadonlyMap<string, unknown>;
  /** Tasks that the person does as soon as they may begin, with what was left of them. */
  readonly byHand: Map<string, Site | undefined>;
}

/** Where a person works on the unit now. */
const siteOf = ({ work, active }: Hands, { id }: Unit): Site | undefined =>
  active.has(id) && work.sites.get(id)?.hand ? work.sites.get(id) : undefined;

/** Tasks that a person has taken, with where they work. */
function held(hands: Hands): ReadonlyMap<string, Site | undefined> {
  const tasks = new Map(hands.byHand);
  for (const unit of unitsOf(hands.work.current.plan)) {
    const site = siteOf(hands, unit);
    if (site) for (const { id } of unit.tasks) tasks.set(id, site);
  }
  return tasks;
}

/** Ids of the tasks that a person has taken. */
export const heldTasks = (hands: Hands): readonly string[] => [...held(hands).keys()];

/** Why a person cannot take the unit: it is theirs already, or part of it is. */
export function problemsOfTaking(hands: Hands, unit: Unit): readonly string[] {
  const { id, tasks } = unit;
  if (tasks.some((task) => hands.byHand.has(task.id)))
    return [`You have taken "${id}" already: it begins once the files that it may write are free.`];
  const hand = siteOf(hands, unit)?.hand;
  if (hand && (hand.isAsked || !hand.isOpen))
    return [
      `You work on "${id}" yourself already${hand.root === undefined ? '' : `, in ${hand.root}`}. Give it back, or leave it to the team, before you take it again.`,
    ];
  const parts = heldTasks(hands).filter((task) => isBelow(task, id));
  if (parts.length === 0) return [];
  return [`You work on a part of "${id}" yourself: ${parts.join(', ')}. Give that back first.`];
}

/** Why a planner's plan cannot be taken: nobody but the person moves what is in their hands. */
export function problemsOfMoving(hands: Hands, next: PlanSpec): readonly string[] {
  const again = beginAgain(hands.work.current.plan, next);
  return heldTasks(hands)
    .filter((task) => again.has(task))
    .map((task) => `The person works on "${task}" themselves: leave that task as it is.`);
}

/** Why a person's plan cannot be taken: what they do in two folders would have to become one. */
export function problemsOfGating(hands: Hands, next: PlanSpec): readonly string[] {
  const sites = held(hands);
  return unitsOf(next).flatMap(({ tasks }) => {
    const theirs = tasks.filter(({ id }) => sites.get(id)?.hand);
    if (new Set(theirs.map(({ id }) => sites.get(id))).size < 2) return [];
    const names = theirs.map(({ id }) => id).join(', ');
    return [`You work on ${names} in folders of their own: give one back before they are gated together.`];
  });
}

/** Keeps what a person did on tasks that are no part of the plan any more; without one, on all that were not begun again. */
export async function keepLeft({ work, byHand }: Hands, next?: PlanSpec): Promise<void> {
  const ids = new Set(next?.tasks.map(({ id }) => id));
  const why = next ? 'The task is no part of the plan any more.' : 'The task could not be gone on with.';
  for (const [task, site] of [...byHand]) {
    if (ids.has(task)) continue;
    byHand.delete(task);
    const isShared = [...byHand.values()].includes(site);
    if (site?.hand && !isShared) await setAside(work, site.hand, { task, attempt: site.attempt, why });
  }
}
