/** The person takes another candidate's work, after the one that was chosen is integrated already. */
import type { ReviewAnswer } from '../../../protocol/answers.ts';
import type { Board, Choosable, Work } from '../attempt.ts';
import { unitsOf } from '../plan/graph.ts';

/** Puts it in the place of the other by three-way merge and tests that. What cannot be is told, and everything stays as it was. Gives what the person is told. */
export async function takeOther(
  work: Work,
  revision: number,
  { task, candidate }: NonNullable<ReviewAnswer['choice']>,
): Promise<string> {
  const { run, current, boards, integration } = work;
  const unit = unitsOf(current.plan).find(({ tasks }) => tasks.some(({ id }) => id === task));
  const board = unit && boards.get(unit.id);
  const choice = board?.choices.find((each) => each.candidate === candidate);
  const refuse = (why: string): string => {
    const message = `Candidate ${candidate} of ${task} was not taken: ${why}`;
    run.steps.record({
      type: 'alert.raised',
      key: `choose/${revision}`,
      data: { code: 'candidate.refused', message },
    });
    return message;
  };
  if (!unit || !board || !choice)
    return refuse(
      'there is no such work. Candidates of a run that went on after an update are no longer there.',
    );
  if (board.taken.candidate === candidate) return refuse('it is the one that was taken.');
  if (choice.score.verdict === 'red') return refuse('its tests are red.');
  const key = `integrate/${unit.id}/${board.attempt}.other.${revision}`;
  const onto = await broughtUp(work, key, { choice, board });
  if (onto === undefined) return refuse('it conflicts with what was merged meanwhile.');
  const gate = onto === choice.tree ? choice.gate : undefined;
  const change = { key, start: board.taken.tree, tree: onto, wanted: board.wanted, gate };
  const merged = await integration.add({ unit: unit.id, ...change, isGivenUp: () => false });
  if (merged.kind === 'given-up') return refuse('it was given up.');
  if (merged.kind !== 'merged')
    return refuse(
      merged.kind === 'red'
        ? `with the rest of the change the tests are red. ${merged.report.reasons.slice(0, 2).join(' ')}`
        : `it conflicts with other changes in ${merged.conflicts.map(({ path }) => path).join(', ')}.`,
    );
  for (const [id, said] of choice.results) work.results.set(id, said);
  boards.set(unit.id, { ...board, taken: { candidate, start: board.taken.start, tree: onto } });
  run.steps.record({
    type: 'candidate.chosen',
    key: `${unit.id}/${board.attempt}/person/${revision}`,
    data: { task, attempt: board.attempt, candidate, by: 'person', why: 'Taken at the review.' },
  });
  return `Candidate ${candidate} of ${task} took the place of candidate ${board.taken.candidate}; it was tested with the rest of the change.`;
}

/** Its tree as if it had been made from what the taken one was merged with last; undefined where that conflicts. */
async function broughtUp(
  { run }: Work,
  key: string,
  { choice, board }: { readonly choice: Choosable; readonly board: Board },
): Promise<string | undefined> {
  const { start } = board.taken;
  if (choice.start === start) return choice.tree;
  const input = { base: choice.start, ours: start, theirs: choice.tree };
  const { tree, conflicts } = await run.steps.step<{ tree: string; conflicts: number }>(
    `${key}/onto`,
    { kind: 'merge', title: `Bring candidate ${choice.candidate} up to date`, input },
    async () => {
      const merged = await run.ports.copies.merge(input.base, input.ours, input.theirs);
      await run.ports.copies.retain(run.id, [merged.tree]);
      return { tree: merged.tree, conflicts: merged.conflicts.length };
    },
  );
  return conflicts === 0 ? tree : undefined;
}
