/** The part of the fold that keeps what became of candidates. */
import type { EventData, JournalLine } from '../../../protocol/events.ts';
import type { CandidateView, TaskView } from '../../../protocol/view.ts';

/** A task after a line that tells of one of its candidates; undefined where the line tells of none. */
export function candidateAfter(
  task: TaskView,
  line: JournalLine,
  start: { readonly data: EventData<'step.started'> } | undefined,
): TaskView | undefined {
  switch (line.type) {
    case 'candidate.changed':
      return { ...task, candidates: withChanged(task.candidates ?? [], line.data) };
    case 'candidate.chosen':
      return withChosen(task, line.data);
    case 'gate.finished': {
      const { candidate, report } = line.data;
      if (candidate === undefined) return undefined;
      const after = altered(task, candidate, (old) => ({ ...old, gate: report }));
      return isChosen(after, candidate) ? { ...after, gate: report } : after;
    }
    case 'review.finished': {
      const { candidate, verdict, comments } = line.data;
      if (candidate === undefined) return undefined;
      const review = { verdict, comments };
      const after = altered(task, candidate, (old) => ({ ...old, review }));
      return isChosen(after, candidate) ? { ...after, review } : after;
    }
    case 'step.finished':
    case 'step.failed': {
      const { spent } = line.data;
      const candidate = start?.data.who?.candidate;
      if (!spent || candidate === undefined) return undefined;
      return altered(task, candidate, (old) => ({
        ...old,
        tokens: old.tokens + spent.inputTokens + spent.outputTokens,
        costUsd: old.costUsd === null || spent.costUsd === null ? null : old.costUsd + spent.costUsd,
      }));
    }
    default:
      return undefined;
  }
}

/** A new attempt begins a new board. */
function withChanged(
  former: readonly CandidateView[],
  { task: _task, note, ...data }: EventData<'candidate.changed'>,
): readonly CandidateView[] {
  const board = former.filter(({ attempt }) => attempt === data.attempt);
  const { note: _note, ...old } = board.find(({ candidate }) => candidate === data.candidate) ?? {
    tokens: 0,
    costUsd: 0,
  };
  const now: CandidateView = { ...old, ...data, ...(note !== undefined && { note }) };
  return [...board.filter(({ candidate }) => candidate !== data.candidate), now].toSorted(
    (one, other) => one.candidate - other.candidate,
  );
}

function withChosen(task: TaskView, { candidate, by, why }: EventData<'candidate.chosen'>): TaskView {
  const candidates = (task.candidates ?? []).map(({ chosen: _chosen, ...each }): CandidateView =>
    each.candidate === candidate ? { ...each, chosen: { by, why } } : each,
  );
  const { gate, review } = candidates.find((each) => each.candidate === candidate) ?? {};
  return { ...task, candidates, ...(gate && { gate }), ...(review && { review }) };
}

const altered = (task: TaskView, number: number, to: (old: CandidateView) => CandidateView): TaskView => ({
  ...task,
  candidates: (task.candidates ?? []).map((each) => (each.candidate === number ? to(each) : each)),
});

const isChosen = ({ candidates = [] }: TaskView, number: number): boolean =>
  candidates.some(({ candidate, chosen }) => candidate === number && chosen !== undefined);
