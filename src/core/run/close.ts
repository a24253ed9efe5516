/**
 * The end of a task with sub-tasks: they are done and merged, and the tests on the tree with them were not red. Where the task says what
 * done means, a reviewer holds what they came to together against that; what is missing is mended by whoever the task was for.
 */
import { ReviewHandover } from '../../protocol/handover.ts';
import { isBelow } from '../../protocol/plan-tree.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import { keyOf, type Work } from './attempt.ts';
import { closingText } from './agents/planning-texts.ts';
import { remarksText } from './agents/prompts.ts';
import { recruit } from './agents/recruit.ts';
import { diffText } from './merge/differences.ts';
import { createPlace } from './place.ts';
import type { Unit } from './plan/graph.ts';
import { nextAttempt, teller, workOn } from './work.ts';

export async function close(work: Work, unit: Unit): Promise<'done' | 'failed'> {
  const { run } = work;
  const [task] = unit.tasks;
  if (!task) return 'failed';
  const attempt = nextAttempt(work, unit);
  const tell = teller(run, unit, attempt);
  if (task.acceptance.length > 0) {
    tell('reviewing');
    const found = await lookAt(work, task, attempt);
    if (found.kind === 'changes' && run.roles.writes(task.role)) {
      tell('failed', 'The reviewer asks for changes.');
      return workOn(work, unit, found.remarks);
    }
    if (found.kind !== 'approved') {
      const why = found.kind === 'none' ? found.why : found.remarks;
      work.failures.set(unit.id, why);
      tell('failed', why);
      return 'failed';
    }
  }
  tell('done');
  return 'done';
}

type Look =
  | { readonly kind: 'approved' }
  | { readonly kind: 'changes'; readonly remarks: string }
  | { readonly kind: 'none'; readonly why: string };

/** A reviewer reads what the sub-tasks changed, on the tree that holds it all. */
async function lookAt(work: Work, task: TaskSpec, attempt: number): Promise<Look> {
  const { run, base, integration, current } = work;
  const key = keyOf({ number: attempt }, task.id);
  const tree = integration.tree();
  const place = createPlace(run, { id: `${task.id}-${String(attempt)}`, base, tree, scope: [] });
  work.sites.set(task.id, { place, attempt, start: tree });
  const parts = current.plan.tasks.filter(({ id }) => isBelow(id, task.id)).map(({ id }) => id);
  const diffs: string[] = [];
  for (const [at, { unit, before, after }] of integration.changesOf(parts).entries())
    diffs.push(
      `${unit}:\n${await diffText(run, `${key}/review/0/diff/${String(at)}`, { from: before, to: after })}`,
    );
  const reviewer = recruit(run, {
    role: 'reviewer',
    key: `${key}/reviewer`,
    attempt,
    place,
    task: task.id,
    scope: [],
    baseline: await work.baseline,
  });
  for (const id of parts) {
    const teller = work.results.get(id)?.teller;
    if (teller) reviewer.hearFrom(teller);
  }
  const end = await reviewer.work(closingText(work, task, { attempt, parts, diffs }), 0);
  await place.dispose(`${key}/discard`);
  const review = end.kind === 'handover' ? ReviewHandover.safeParse(end.value) : undefined;
  if (!review?.success)
    return {
      kind: 'none',
      why: `The review could not be finished: ${end.kind === 'failed' ? end.why : 'its hand-over cannot be read'}`,
    };
  const { verdict, comments } = review.data;
  const data = { task: task.id, round: 0, verdict, comments };
  run.steps.record({ type: 'review.finished', key: `${key}/closing`, data });
  return verdict === 'approve' ? { kind: 'approved' } : { kind: 'changes', remarks: remarksText(comments) };
}
