/** What the parts of a unit's work share: the attempt, its author, what was said. */
import type { CandidateScore, Variant } from '../../protocol/candidates.ts';
import type { GateReport, TaskStateName } from '../../protocol/events.ts';
import { FindingsHandover, ResultHandover, ReviewHandover } from '../../protocol/handover.ts';
import type { PlanSpec, TaskSpec } from '../../protocol/plan.ts';
import type { Agent, RoundEnd, Teller } from '../team/agent.ts';
import type { Baseline } from './gate/baseline.ts';
import type { Unit } from './plan/graph.ts';
import type { Integration } from './merge/integration.ts';
import type { CopyPlace } from './place.ts';
import type { Run } from './run.ts';

/** What all units of a run share. */
export interface Work {
  readonly run: Run;
  /** The plan as it is now. */
  readonly current: Current;
  readonly base: string;
  readonly baseline: Promise<Baseline>;
  readonly integration: Integration;
  /** What whoever finished a task said, by task id: for the summary. */
  readonly results: Map<string, Said>;
  /** Of units that several worked on: what there was to choose from, by unit. */
  readonly boards: Map<string, Board>;
  /** Why units failed, by unit. */
  readonly failures: Map<string, string>;
  /** Attempts that were made, by task, former lives of the run included. */
  readonly attempts: Map<string, number>;
  /** Where units are worked on, by unit. */
  readonly sites: Map<string, Site>;
  /** True once nobody wants what comes of it. */
  readonly isGivenUp: () => boolean;
  /** Asks for another plan where a task is stuck; absent where nobody plans. */
  readonly replan?: Replanner;
}

/** A task that does not get on, and the evidence. */
export interface Stuck {
  readonly task: string;
  readonly attempt: number;
  /** Where the keys of what is done about it begin. */
  readonly key: string;
  readonly evidence: string;
}

/** Replanning as whoever works on a task asks for it. */
export interface Replanner {
  /** Whether it may be asked for once more. */
  readonly isLeft: () => boolean;
  /** True where another plan was taken: the task may have been given up by that. */
  readonly ask: (stuck: Stuck) => Promise<boolean>;
}

/** A plan that may change while it is carried out. */
export interface Current {
  plan: PlanSpec;
  revision: number;
  /** What its planners have read of strangers. */
  tainted: string | undefined;
  /** Tasks that were reworded after some of their sub-tasks were done: what these came to is held against the new text. */
  readonly outgrown: Set<string>;
}

/** Where a unit is worked on. */
export interface Site {
  /** Absent where several work on it. Where a person does: what they gave back last. */
  readonly place?: CopyPlace;
  /** There while a person works on it. */
  readonly hand?: Hand;
  readonly attempt: number;
  /** The integration tree that its change is made from, or was merged with since. */
  start: string;
}

/**
 * The folder in which a person works on a unit. It is theirs from the moment they are told of it: nobody tests in it, it is put to no other
 * tree, and it outlives an attempt that is given up.
 */
export interface Hand {
  /** Name of the folder, unique in the run. */
  readonly id: string;
  /** Absolute path, once this life of the run has asked the person. */
  root?: string;
  /** The last tree that it is known to have held. */
  seen: string;
  /** The integration tree that what is in it was made from. */
  from: string;
  /** The person was told of it. */
  isOpen: boolean;
  /** The person has not given it back yet. */
  isAsked: boolean;
}

/** What a task came to, and who says so. */
export interface Said {
  readonly text: string;
  readonly teller: Teller;
}

/** One attempt at a unit. */
export interface Attempt {
  readonly work: Work;
  readonly unit: Unit;
  readonly number: number;
  /** Absent where one alone works on the unit. */
  readonly candidate?: Candidate;
  readonly place: CopyPlace;
  /** Tells views what state the unit's tasks are in. */
  readonly tell: (state: TaskStateName, note?: string) => void;
}

/** One of several that work on the same unit. */
export interface Candidate {
  /** From 1. */
  readonly number: number;
  readonly variant: Variant;
}

/** What keys of an attempt at a unit or task begin with. */
export function keyOf({ number, candidate }: Pick<Attempt, 'number' | 'candidate'>, id: string): string {
  return `task/${id}/attempt/${number}${candidate ? `/cand/${candidate.number}` : ''}`;
}

/** The work of one candidate that can be taken. `tree` was made from `start`. */
export interface Choosable {
  readonly candidate: number;
  readonly start: string;
  readonly tree: string;
  readonly score: CandidateScore;
  readonly results: ReadonlyMap<string, Said>;
  /** What its gate found on that tree. */
  readonly gate: GateReport | undefined;
}

/** What there was to choose from for a unit, and what was taken: as it was integrated. */
export interface Board {
  readonly attempt: number;
  readonly wanted: string;
  readonly choices: readonly Choosable[];
  readonly taken: { readonly candidate: number; readonly start: string; readonly tree: string };
}

/** How an attempt ended. */
export type AttemptEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string };

/** Who answers for the change of a unit: the agent of its last writing task. */
export interface Author {
  readonly agent: Agent;
  readonly task: TaskSpec;
  readonly said: string;
}

/** What a hand-over says, in words. */
export function saidIn(end: RoundEnd): string {
  if (end.kind === 'failed') return end.why;
  const result = ResultHandover.or(FindingsHandover).safeParse(end.value);
  if (result.success) return result.data.summary;
  const review = ReviewHandover.safeParse(end.value);
  if (!review.success) return '';
  return [
    review.data.verdict,
    ...review.data.comments.map((comment) => `${comment.path}:${comment.line} ${comment.body}`),
  ].join('\n');
}
