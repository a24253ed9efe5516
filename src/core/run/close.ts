/**
 * The end of a task with sub-tasks: they are done and merged, and the tests on the tree with them were not red. Where the task says what
 * done means, or was reworded after some of them were done, reviewers hold what they came to together against that; what is missing is
 * mended by whoever the task was for.
 */
import type { ChangedFile } from '../../protocol/events.ts';
import { isBelow } from '../../protocol/plan-tree.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import { keyOf, type Work } from './attempt.ts';
import { closingText } from './agents/planning-texts.ts';
import { remarksText } from './agents/prompts.ts';
import { changedFiles, diffText } from './merge/differences.ts';
import { createPlace } from './place.ts';
import type { Unit } from './plan/graph.ts';
import { reviewChange } from './review.ts';
import type { Run } from './run.ts';
import { nextAttempt, teller, workOn } from './work.ts';

export async function close(work: Work, unit: Unit): Promise<'done' | 'failed'> {
  const { run } = work;
  const [task] = unit.tasks;
  if (!task) return 'failed';
  const attempt = nextAttempt(work, unit);
  const tell = teller(run, unit, attempt);
  const isOutgrown = work.current.outgrown.has(task.id);
  if (task.acceptance.length > 0 || isOutgrown) {
    tell('reviewing', isOutgrown ? 'It was changed after some of its sub-tasks were done.' : undefined);
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

/** Reviewers read what the sub-tasks changed, on the tree that holds it all; as many as the settings want where that is risky. */
async function lookAt(work: Work, task: TaskSpec, attempt: number): Promise<Look> {
  const { run, base, integration, current } = work;
  const key = keyOf({ number: attempt }, task.id);
  const tree = integration.tree();
  const place = createPlace(run, { id: `${task.id}-${String(attempt)}`, base, tree, scope: [] });
  work.sites.set(task.id, { place, attempt, start: tree });
  const parts = current.plan.tasks.filter(({ id }) => isBelow(id, task.id)).map(({ id }) => id);
  const changes = integration.changesOf(parts);
  const diffs: string[] = [];
  for (const [at, { unit, before, after }] of changes.entries())
    diffs.push(
      `${unit}:\n${await diffText(run, `${key}/review/0/diff/${String(at)}`, { from: before, to: after })}`,
    );
  const change = {
    run,
    task: task.id,
    authors: parts.flatMap((id) => work.results.get(id)?.teller ?? []),
    key,
    round: 0,
    files: () => filesOf(run, `${key}/review/0/files`, changes),
    gate: integration.verdict(),
    recruit: { attempt, place, task: task.id, scope: [], baseline: await work.baseline },
    say: () => closingText(work, task, { attempt, parts, diffs }),
  };
  const reviewed = await reviewChange(change, new Map());
  run.team.bus.retire(`${key}/`);
  await place.dispose(`${key}/discard`);
  if ('failed' in reviewed)
    return { kind: 'none', why: `The review could not be finished: ${reviewed.failed}` };
  const { verdict, comments } = reviewed.review;
  const data = { task: task.id, round: 0, verdict, comments };
  run.steps.record({ type: 'review.finished', key: `${key}/closing`, data });
  return verdict === 'approve' ? { kind: 'approved' } : { kind: 'changes', remarks: remarksText(comments) };
}

/** What all of them changed; a file that several changed counts once, with what each did. */
async function filesOf(
  run: Run,
  key: string,
  changes: readonly { readonly before: string; readonly after: string }[],
): Promise<readonly ChangedFile[]> {
  const all = new Map<string, ChangedFile>();
  for (const [at, { before, after }] of changes.entries())
    for (const file of await changedFiles(run, `${key}/${String(at)}`, { from: before, to: after })) {
      const { additions = 0, deletions = 0 } = all.get(file.path) ?? {};
      all.set(file.path, {
        ...file,
        additions: file.additions + additions,
        deletions: file.deletions + deletions,
      });
    }
  return [...all.values()];
}
