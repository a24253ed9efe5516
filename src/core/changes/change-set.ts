/** What a run proposes, and what a person has decided about it. Plain data: it is journaled and crosses to the panel. */
import type { ChangedFile } from '../../protocol/events.ts';
import { applyHunks, hunksOf } from './hunks.ts';

/** One file of a change set. Blobs are ids of contents; absent where the side has no file. */
export type FileChange = Omit<ChangedFile, 'kind'> & {
  readonly kind: ChangedFile['kind'] | 'renamed';
  /** Former path of a renamed file. */
  readonly oldPath?: string;
};

export interface ChangeSet {
  readonly files: readonly FileChange[];
}

export type ReviewVerdict = 'accepted' | 'rejected';
/** What a person decided about a file or a hunk. */
export interface Judgement {
  readonly verdict: ReviewVerdict;
  readonly reason?: string;
}

/** How far the review of one file is. A later decision about the file replaces all earlier ones about it. */
export interface FileReview {
  readonly file: FileChange;
  /** Ids of its hunks in order; empty where it can only be taken or left as a whole. */
  readonly hunkIds: readonly string[];
  /** About the whole file. */
  readonly judgement?: Judgement;
  /** About single hunks, by id. */
  readonly hunks: Readonly<Record<string, Judgement>>;
  /** Text that the person wrote; it counts as accepted and stands for the new text. */
  readonly editedText?: string;
}

export interface ReviewState {
  readonly files: readonly FileReview[];
}

/** One act of the person. `verdict: null` takes a decision back. */
export type ReviewDecision =
  | { readonly about: 'all'; readonly verdict: ReviewVerdict | null; readonly reason?: string }
  | {
      readonly about: 'file';
      readonly path: string;
      readonly verdict: ReviewVerdict | null;
      readonly reason?: string;
    }
  | {
      readonly about: 'hunk';
      readonly path: string;
      readonly hunk: string;
      readonly verdict: ReviewVerdict | null;
      readonly reason?: string;
    }
  | { readonly about: 'text'; readonly path: string; readonly text: string };

/** The two texts of a file; `undefined` where it is absent. */
export interface FileTexts {
  readonly oldText: string | undefined;
  readonly newText: string | undefined;
}

/** A review with nothing decided. `textsOf` gives the texts of a file that is text, else `undefined`. */
export function startReview(
  changes: ChangeSet,
  textsOf: (file: FileChange) => FileTexts | undefined,
): ReviewState {
  return {
    files: changes.files.map((file) => ({ file, hunkIds: hunkIdsOf(file, textsOf(file)), hunks: {} })),
  };
}

/** Only a modified or renamed text has hunks: a file that comes or goes does so whole. */
function hunkIdsOf(file: FileChange, texts: FileTexts | undefined): readonly string[] {
  if (file.binary || texts?.oldText === undefined || texts.newText === undefined) return [];
  return hunksOf(texts.oldText, texts.newText, 0).map((hunk) => hunk.id);
}

/** The state after a decision. One about a path or hunk that is not there changes nothing. */
export function decide(state: ReviewState, decision: ReviewDecision): ReviewState {
  const concerns = (review: FileReview) => decision.about === 'all' || review.file.path === decision.path;
  return { files: state.files.map((review) => (concerns(review) ? decideFile(review, decision) : review)) };
}

function decideFile(review: FileReview, decision: ReviewDecision): FileReview {
  const { file, hunkIds } = review;
  if (decision.about === 'text') return { file, hunkIds, hunks: {}, editedText: decision.text };
  const judgement = judgementOf(decision);
  if (decision.about !== 'hunk') return { file, hunkIds, hunks: {}, ...(judgement && { judgement }) };
  if (!hunkIds.includes(decision.hunk)) return review;
  const { [decision.hunk]: _, ...others } = spread(review);
  return { file, hunkIds, hunks: judgement ? { ...others, [decision.hunk]: judgement } : others };
}

/** A decision about the file is one about each of its hunks. A text written by hand no longer consists of hunks. */
function spread(review: FileReview): Readonly<Record<string, Judgement>> {
  const { judgement } = review;
  if (!judgement) return review.hunks;
  return Object.fromEntries(review.hunkIds.map((id) => [id, judgement]));
}

function judgementOf(decision: {
  readonly verdict: ReviewVerdict | null;
  readonly reason?: string;
}): Judgement | undefined {
  if (decision.verdict === null) return undefined;
  return { verdict: decision.verdict, ...(decision.reason !== undefined && { reason: decision.reason }) };
}

export type FileStatus = 'undecided' | 'partly' | 'accepted' | 'rejected' | 'mixed' | 'edited';

/** `partly`: some hunks are undecided; `mixed`: all are decided, and not alike. */
export function statusOf(review: FileReview): FileStatus {
  if (review.editedText !== undefined) return 'edited';
  if (review.judgement) return review.judgement.verdict;
  const verdicts = review.hunkIds.map((id) => review.hunks[id]?.verdict);
  const decided = verdicts.filter((verdict) => verdict !== undefined);
  if (decided.length === 0) return 'undecided';
  if (decided.length < verdicts.length) return 'partly';
  const [first] = decided;
  return first && decided.every((verdict) => verdict === first) ? first : 'mixed';
}

/**
 * What the file becomes by what is decided so far; `undefined`: it is absent. What is undecided is not taken. For a file that
 * is not text the result tells only which side to take: it is one of the two texts given.
 */
export function acceptedText(review: FileReview, texts: FileTexts): string | undefined {
  const status = statusOf(review);
  if (status === 'edited') return review.editedText;
  if (status === 'accepted') return texts.newText;
  if (status === 'rejected' || status === 'undecided') return texts.oldText;
  const accepted = review.hunkIds.filter((id) => review.hunks[id]?.verdict === 'accepted');
  return applyHunks(texts.oldText ?? '', texts.newText ?? '', accepted);
}

export interface ReviewProgress {
  readonly files: number;
  readonly filesDecided: number;
  readonly hunks: number;
  readonly hunksDecided: number;
  readonly accepted: number;
  readonly rejected: number;
  /** True when nothing is left to decide. */
  readonly done: boolean;
}

/** How far the review is. A file without hunks counts as one; `accepted` and `rejected` count hunks. */
export function progress(state: ReviewState): ReviewProgress {
  const verdicts = state.files.flatMap(verdictsOf);
  const count = (verdict: ReviewVerdict) => verdicts.filter((one) => one === verdict).length;
  const filesDecided = state.files.filter(
    (review) => !['undecided', 'partly'].includes(statusOf(review)),
  ).length;
  const [accepted, rejected] = [count('accepted'), count('rejected')];
  return {
    files: state.files.length,
    filesDecided,
    hunks: verdicts.length,
    hunksDecided: accepted + rejected,
    accepted,
    rejected,
    done: filesDecided === state.files.length,
  };
}

function verdictsOf(review: FileReview): (ReviewVerdict | undefined)[] {
  const whole = review.editedText === undefined ? review.judgement?.verdict : 'accepted';
  if (review.hunkIds.length === 0) return [whole];
  return review.hunkIds.map((id) => whole ?? review.hunks[id]?.verdict);
}

/** Something that was rejected, with the reason if there is one; without a hunk it is the whole file. */
export interface Rejection {
  readonly path: string;
  readonly hunk?: string;
  readonly reason?: string;
}

/** What goes back to the coder, in the order of the change set. */
export function rejections(state: ReviewState): readonly Rejection[] {
  return state.files.flatMap((review): Rejection[] => {
    const { path } = review.file;
    const about = (judgement: Judgement | undefined, hunk?: string): Rejection[] =>
      judgement?.verdict === 'rejected'
        ? [
            {
              path,
              ...(hunk !== undefined && { hunk }),
              ...(judgement.reason !== undefined && { reason: judgement.reason }),
            },
          ]
        : [];
    return [...about(review.judgement), ...review.hunkIds.flatMap((id) => about(review.hunks[id], id))];
  });
}
