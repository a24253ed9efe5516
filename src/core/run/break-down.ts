/**
 * A task that is broken down once its turn has come: a planner who sees what was learnt until then makes sub-tasks of it, which are checked
 * and approved as a plan is. They lie within what the task may write; it is done when they are.
 */
import type { PlanSpec, TaskSpec } from '../../protocol/plan.ts';
import { graft } from '../../protocol/plan-tree.ts';
import type { Work } from './attempt.ts';
import { breakdownText } from './agents/planning-texts.ts';
import { createPlace } from './place.ts';
import type { Unit } from './plan/graph.ts';
import { flatPlan } from './plan/nested.ts';
import { problemsOf } from './plan/planning.ts';
import { suggest } from './plan/suggesting.ts';
import { nextAttempt, teller, workOn } from './work.ts';

/** Puts sub-tasks into the plan that is carried out; or says why they do not fit any more. */
export type TakeParts = (change: {
  readonly task: string;
  readonly parts: PlanSpec;
  readonly by: 'person' | 'settings';
  readonly tainted: string | undefined;
  /** Of the record of it. */
  readonly key: string;
  readonly attempt: number;
}) => Promise<readonly string[]>;

/** Resolves with how the task ended where it came to no sub-tasks; with "parts" where they are in the plan. */
export async function breakDown(
  work: Work,
  unit: Unit,
  take: TakeParts,
): Promise<'done' | 'failed' | 'parts'> {
  const { run, base, integration } = work;
  const [task] = unit.tasks;
  if (!task) return 'failed';
  const attempt = nextAttempt(work, unit);
  const tree = integration.tree();
  const tell = teller(run, unit, attempt);
  tell('working', 'it is broken down');
  const place = createPlace(run, { id: `${unit.id}-${String(attempt)}`, base, tree, scope: [] });
  work.sites.set(unit.id, { place, attempt, start: tree });
  const key = `task/${task.id}/attempt/${String(attempt)}`;
  const suggested = await suggest(run, {
    kind: 'breakdown',
    task: task.id,
    key,
    attempt,
    place,
    say: breakdownText(work, task),
    read: (submitted) => withFiles(flatPlan(submitted, task), task),
    problems: (parts) => problemsIn(work, task, parts),
    title: ({ tasks }) => `Approve the sub-tasks of ${task.id} (${tasks.map(({ id }) => id).join(', ')})`,
    otherwise: 'In one go',
  });
  await place.dispose(`${key}/discard`);
  if (suggested.kind === 'declined') return workOn(work, unit);
  let why = suggested.kind === 'none' ? suggested.why : '';
  if (suggested.kind === 'taken') {
    const { plan: parts, by, tainted } = suggested;
    const problems = await take({ task: task.id, parts, by, tainted, attempt, key: `plan/${key}` });
    if (problems.length === 0) return 'parts';
    why = problems.join(' ');
  }
  work.failures.set(unit.id, `It could not be broken down. ${why}`);
  tell('failed', `It could not be broken down. ${why}`);
  return 'failed';
}

/** What a planner hands over are sub-tasks of the task, however it names them. */
function withFiles(plan: PlanSpec, { id }: TaskSpec): PlanSpec {
  return { ...plan, tasks: plan.tasks.filter((task) => task.id !== id) };
}

function problemsIn({ run, current }: Work, task: TaskSpec, { tasks }: PlanSpec): readonly string[] {
  const beside = tasks.filter(({ id }) => !id.startsWith(`${task.id}.`)).map(({ id }) => id);
  if (beside.length > 0)
    return [
      `These are no sub-tasks of "${task.id}": ${beside.join(', ')}. Only what is in it is planned now.`,
    ];
  if (tasks.length === 0) return [`"${task.id}" has no sub-tasks.`];
  return problemsOf(run, graft(current.plan, task.id, tasks));
}
