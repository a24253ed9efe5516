/** Candidates in lines: as they come, and as a board. */
import type { CandidateScore } from '../protocol/candidates.ts';
import type { JournalLine } from '../protocol/events.ts';
import type { CandidateView, TaskView } from '../protocol/view.ts';
import { costText } from './ledger-text.ts';

export const ofCandidate = (candidate: number | undefined): string =>
  candidate === undefined ? '' : `, candidate ${candidate}`;

/** What a line about a candidate tells. */
export function candidateLine(
  line: JournalLine & { readonly type: 'candidate.changed' | 'candidate.chosen' },
): string {
  if (line.type === 'candidate.chosen') {
    const { task, candidate, by, why } = line.data;
    return `${by === 'person' ? 'You chose' : 'Chosen:'} candidate ${candidate} of ${task}. ${why}`;
  }
  const { task, candidate, state, note, score } = line.data;
  const more = score ? `: ${scoreText(score)}` : note === undefined ? '' : ` (${note})`;
  return `${task}, candidate ${candidate}: ${state === 'leftOut' ? 'left out' : state}${more}`;
}

const VERDICTS = { green: 'green', red: 'red', notProved: 'not proved' };
const REVIEWS = { approve: 'approved', request_changes: 'changes requested', none: 'not reviewed' };

function scoreText(score: CandidateScore): string {
  const { verdict, passed, failed, files, additions, deletions, review, remarks } = score;
  return [
    `${VERDICTS[verdict]}, ${passed} passed, ${failed} failed`,
    `${files} ${files === 1 ? 'file' : 'files'} +${additions} -${deletions}`,
    `${REVIEWS[review]}${remarks > 0 ? `, ${remarks} remarks` : ''}`,
  ].join('; ');
}

/** The board of a task that several work on. */
export function boardText({ spec, candidates = [] }: TaskView): readonly string[] {
  if (candidates.length === 0) return [];
  return [`  Candidates of ${spec.id}:`, ...candidates.map((each) => `    ${rowText(each)}`)];
}

function rowText({ candidate, state, note, score, chosen, tokens, costUsd, ...from }: CandidateView): string {
  const how = [
    ...(from.endpoint === undefined ? [] : [from.endpoint]),
    ...(from.temperature === undefined ? [] : [`temperature ${from.temperature}`]),
  ];
  const what = score
    ? scoreText(score)
    : `${state === 'leftOut' ? 'left out' : state}${note === undefined ? '' : ` (${note})`}`;
  const mark = chosen ? `; chosen by ${chosen.by === 'person' ? 'you' : 'the rule'}: ${chosen.why}` : '';
  return `${candidate}${how.length > 0 ? ` [${how.join(', ')}]` : ''} ${what}; ${tokens} tokens, ${costText(costUsd)}${mark}`;
}
