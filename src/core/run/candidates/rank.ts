/** Which candidate goes on: tests decide, then the review, then the size of the diff. Pure. */
import type { CandidateScore } from '../../../protocol/candidates.ts';

/** A candidate with what is known of it. */
export interface Scored {
  /** From 1. */
  readonly candidate: number;
  readonly score: CandidateScore;
}

/** Something that candidates are compared by: lower is better. */
interface Measure {
  readonly of: (score: CandidateScore) => number;
  readonly told: (score: CandidateScore) => string;
}

const VERDICTS = { green: 0, notProved: 1, red: 2 } as const;
/** A review that is missing says less than an approval, and nothing against. */
const REVIEWS = { approve: 0, none: 1, request_changes: 2 } as const;
const REVIEWED = { approve: 'Approved', none: 'Not reviewed', request_changes: 'Changes requested' } as const;
const FOUND = { green: 'Green', notProved: 'Not proved', red: 'Red' } as const;

const linesOf = ({ additions, deletions }: CandidateScore): number => additions + deletions;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const MEASURES: readonly Measure[] = [
  { of: ({ verdict }) => VERDICTS[verdict], told: ({ verdict }) => FOUND[verdict] },
  { of: ({ stillFailing }) => stillFailing, told: ({ stillFailing }) => `${stillFailing} still failing` },
  { of: ({ newlyPassing }) => -newlyPassing, told: ({ newlyPassing }) => `${newlyPassing} newly passing` },
  { of: ({ review }) => REVIEWS[review], told: ({ review }) => REVIEWED[review] },
  { of: linesOf, told: (score) => counted(linesOf(score), 'changed line') },
  { of: ({ files }) => files, told: ({ files }) => counted(files, 'changed file') },
];

/** Best first; equals in the order of their numbers. A red one is no choice, and neither is one that changed nothing where another did. */
export function ranked<T extends Scored>(all: readonly T[]): readonly T[] {
  const choices = all.filter(({ score }) => score.verdict !== 'red');
  const changed = choices.filter(({ score }) => score.files > 0);
  return (changed.length > 0 ? changed : choices).toSorted(
    (one, other) => compared(one.score, other.score) || one.candidate - other.candidate,
  );
}

const compared = (one: CandidateScore, other: CandidateScore): number => {
  const measure = differing(one, other);
  return measure ? measure.of(one) - measure.of(other) : 0;
};

const differing = (one: CandidateScore, other: CandidateScore): Measure | undefined =>
  MEASURES.find(({ of }) => of(one) !== of(other));

/** Why the first of a ranking is first, in words. */
export function whyFirst([first, second]: readonly Scored[]): string {
  if (!first) return 'None can be taken.';
  if (!second) return 'It is the only one that can be taken.';
  const measure = differing(first.score, second.score);
  return measure
    ? `${measure.told(first.score)}; the next best, ${second.candidate}, has ${within(measure.told(second.score))}.`
    : `Nothing tells it from ${second.candidate}; the lower number goes.`;
}

/** As it reads within a sentence. */
const within = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
