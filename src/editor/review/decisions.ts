/** A person's decisions on files and hunks, as plain data, and the answer that they come to. */
import { revertHunks } from '../../core/changes/revert.ts';
import type { ReviewHunk } from '../../core/run/handover/provenance.ts';
import type { Rejection, ReviewAnswer, ReviewRemark } from '../../protocol/answers.ts';
import type { ChangedFile } from '../../protocol/events.ts';
import type { ReviewTally } from '../../protocol/panel.ts';

export type Decision = 'undecided' | 'accepted' | 'rejected';
type Verdict = Exclude<Decision, 'undecided'>;

/** What a person decided about one hunk. */
export interface HunkProgress {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
}

/** What the person made of one file. `edited` is the text as changed by hand, absent where it is as proposed. */
export interface FileProgress {
  readonly decision: Decision;
  readonly reason?: string | undefined;
  readonly edited?: string | undefined;
  /** By id, where hunks were decided one by one; then `decision` is what they come to. */
  readonly hunks?: Readonly<Record<string, HunkProgress>> | undefined;
}

export const UNDECIDED: FileProgress = { decision: 'undecided' };

/** Where a hunk stands. What a person wrote by hand is accepted unless they say otherwise. */
export function hunkDecision(file: FileProgress, { hunk, isOwn }: ReviewHunk): Decision {
  const own = hunkProgress(file, hunk.id);
  if (own) return own.verdict;
  if (file.hunks === undefined && file.decision !== 'undecided') return file.decision;
  return isOwn ? 'accepted' : 'undecided';
}

export function hunkProgress({ hunks }: FileProgress, id: string): HunkProgress | undefined {
  return hunks && Object.hasOwn(hunks, id) ? hunks[id] : undefined;
}

/** After a decision on one hunk. A former one on the whole file becomes one on each of its hunks. */
export function afterHunk(
  file: FileProgress,
  hunks: readonly ReviewHunk[],
  id: string,
  { verdict, reason }: { verdict: Decision; reason?: string | undefined },
): FileProgress {
  const { [id]: _, ...others } = spread(file, hunks);
  const decided =
    verdict === 'undecided' ? {} : { [id]: { verdict, ...(reason !== undefined && { reason }) } };
  return settled({ ...file, reason: undefined, hunks: { ...others, ...decided } }, hunks);
}

/** After the text was changed by hand: `former` are the hunks before, `hunks` those now. */
export function afterEdit(
  file: FileProgress,
  former: readonly ReviewHunk[],
  hunks: readonly ReviewHunk[],
): FileProgress {
  if (hunks.length === 0) return { ...file, decision: 'accepted', reason: undefined, hunks: undefined };
  if (file.decision === 'accepted' && file.hunks === undefined) return file;
  return settled({ ...file, hunks: spread(file, former) }, hunks);
}

/** Decides what is still open in a file. */
export function settleOpen(file: FileProgress, hunks: readonly ReviewHunk[], verdict: Verdict): FileProgress {
  return hunks
    .filter((each) => hunkDecision(file, each) === 'undecided')
    .reduce((now, { hunk }) => afterHunk(now, hunks, hunk.id, { verdict }), file);
}

function spread(file: FileProgress, hunks: readonly ReviewHunk[]): Readonly<Record<string, HunkProgress>> {
  if (file.hunks) return file.hunks;
  const { decision, reason } = file;
  if (decision === 'undecided') return {};
  const each: HunkProgress = { verdict: decision, ...(reason !== undefined && { reason }) };
  return Object.fromEntries(hunks.map(({ hunk }) => [hunk.id, each]));
}

/** The decision on a file that those on its hunks come to. */
export function settled(file: FileProgress, hunks: readonly ReviewHunk[]): FileProgress {
  const all = hunks.map((each) => hunkDecision(file, each));
  const open = all.includes('undecided');
  return { ...file, decision: open ? 'undecided' : all.includes('accepted') ? 'accepted' : 'rejected' };
}

/** How many hunks of a file are decided; a file without hunks counts as one. */
function countDecided(
  file: FileProgress,
  hunks: readonly ReviewHunk[],
): { readonly decided: number; readonly all: number } {
  if (hunks.length === 0) return { decided: file.decision === 'undecided' ? 0 : 1, all: 1 };
  const decided = hunks.filter((each) => hunkDecision(file, each) !== 'undecided').length;
  return { decided, all: hunks.length };
}

/** A file of the change set with what is known of it. */
export interface Judged {
  readonly file: ChangedFile;
  readonly progress: FileProgress;
  readonly hunks: readonly ReviewHunk[];
}

/** True where something of the file is left out or written by hand: the tests have not seen it so. */
function differs({ progress, hunks }: Judged): boolean {
  if (progress.edited !== undefined || progress.decision === 'rejected') return true;
  return hunks.some((each) => hunkDecision(progress, each) === 'rejected');
}

/** How far a review is. `toFix` counts the remarks that go to the coder. */
export function tallyOf(files: readonly Judged[], toFix: number): ReviewTally {
  const counts = files.map(({ progress, hunks }) => countDecided(progress, hunks));
  const sum = (of: 'decided' | 'all') => counts.reduce((total, count) => total + count[of], 0);
  return {
    decided: sum('decided'),
    all: sum('all'),
    differs: files.some(differs),
    forTeam: files.filter(({ progress }) => hasReason(progress)).length + toFix,
  };
}

/**
 * The answer to the question `review`. To apply, what is undecided counts as rejected, without a reason; to send back, it stays as it
 * is and is offered again.
 */
export function reviewAnswer(
  decision: ReviewAnswer['decision'],
  files: readonly Judged[],
  remarks: readonly ReviewRemark[] = [],
): ReviewAnswer {
  const fates = files.map((each) => fateOf(each, decision === 'revise'));
  return {
    decision,
    accepted: fates.flatMap(({ accepted }) => accepted),
    rejected: fates.flatMap(({ rejected }) => rejected),
    edited: Object.fromEntries(fates.flatMap(({ edited }) => edited)),
    ...(remarks.length > 0 && { remarks: [...remarks] }),
  };
}

interface Fate {
  readonly accepted: readonly string[];
  readonly rejected: readonly Rejection[];
  readonly edited: readonly (readonly [string, string])[];
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function fateOf({ file: { path }, progress, hunks }: Judged, keepsOpen: boolean): Fate {
  const { edited } = progress;
  const isOut = (each: ReviewHunk) => {
    const now = hunkDecision(progress, each);
    return now === 'rejected' || (now === 'undecided' && !keepsOpen);
  };
  const out = hunks.filter(isOut);
  const isWhole = hunks.length > 0 && out.length === hunks.length;
  const isOpen = progress.decision === 'undecided' && hunks.length === 0;
  if (isWhole || progress.decision === 'rejected' || (isOpen && !keepsOpen))
    return { accepted: [], rejected: [{ path, ...because(wholeReason(progress)) }], edited: [] };
  const kept =
    edited === undefined
      ? []
      : ([
          [
            path,
            revertHunks(
              edited,
              out.map(({ hunk }) => hunk),
            ),
          ],
        ] as const);
  return {
    accepted: progress.decision === 'undecided' && keepsOpen ? [] : [path],
    rejected: out.map(({ hunk }) => ({
      path,
      hunk: hunk.id,
      ...because(hunkProgress(progress, hunk.id)?.reason),
    })),
    edited: kept,
  };
}

function wholeReason({ reason, hunks }: FileProgress): string | undefined {
  const reasons = Object.values(hunks ?? {}).flatMap((each) => each.reason ?? []);
  return reason ?? (reasons.length === 0 ? undefined : [...new Set(reasons)].join('; '));
}

/** True where something was rejected with a reason, which the team can act on. */
export function hasReason({ decision, reason, hunks }: FileProgress): boolean {
  if (decision === 'rejected' && reason !== undefined) return true;
  return Object.values(hunks ?? {}).some((each) => each.verdict === 'rejected' && each.reason !== undefined);
}

/** What holds on in the next round, when a change is sent back: hunks that were accepted, by their ids. */
export function carried({ progress, hunks }: Judged): FileProgress | undefined {
  const kept = hunks.filter((each) => hunkDecision(progress, each) === 'accepted');
  if (kept.length === 0) return undefined;
  const verdict: HunkProgress = { verdict: 'accepted' };
  return { ...UNDECIDED, hunks: Object.fromEntries(kept.map(({ hunk }) => [hunk.id, verdict])) };
}
