/** Commands on single hunks and on remarks: by a thread's buttons, by the Changes view, or at the cursor. */
import * as vscode from 'vscode';
import type { AskTeam } from '../review/ask-team.ts';
import type { RemarkActs } from '../review/comments.ts';
import type { CursorPlace, ReviewCursor } from '../review/cursor.ts';
import { goTo } from '../review/go-to.ts';
import type { HunkPlace, HunkThreads } from '../review/hunk-threads.ts';
import { nextUndecided } from '../review/next-hunk.ts';
import type { Review } from '../review/review.ts';
import type { ShownHunk } from '../review/shown-hunks.ts';
import { t } from '../told.ts';
import { tellNothing, type Command, type Commands } from './register.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** How far a line of a side is from a hunk of it. */
function distance({ hunk }: ShownHunk, { side, line }: CursorPlace): number {
  const [start, count] = side === 'base' ? [hunk.oldStart, hunk.oldLines] : [hunk.newStart, hunk.newLines];
  const last = start + Math.max(count, 1) - 1;
  return line < start ? start - line : Math.max(0, line - last);
}

/** The hunk at the cursor, or the nearest one of the file. */
function atCursor(review: Review, place: CursorPlace | undefined): HunkPlace | undefined {
  if (place === undefined || place.run !== review.current?.view.id) return undefined;
  const { path } = place;
  const [nearest] = [...review.hunks(path)].sort((a, b) => distance(a, place) - distance(b, place));
  return nearest && { path, id: nearest.hunk.id };
}

/** A place from the Changes view, or a path and a number, from 1. */
function fromArguments(review: Review, given: unknown, number: unknown): HunkPlace | undefined {
  if (typeof given === 'string' && typeof number === 'number') {
    const found = review.hunks(given).find((each) => each.number === number);
    return found && { path: given, id: found.hunk.id };
  }
  const isPlace = isObject(given) && 'path' in given && 'id' in given;
  if (!isPlace || typeof given.path !== 'string' || typeof given.id !== 'string') return undefined;
  return { path: given.path, id: given.id };
}

/** An empty reason is none; `undefined` where the person backs out. */
export async function askReason(what: string): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: t('Reject {0}', what),
    placeHolder: t('Why? The team can act on a reason. Leave it empty to reject without one.'),
  });
}

interface How {
  /** The person looks at it. */
  readonly isInSight: boolean;
  /** Given by whoever called, instead of asking. */
  readonly reason: unknown;
}

/** How long is told that nothing is left to decide, in milliseconds. */
const DECIDED_MS = 8_000;

/** Who decides on what they look at finds the cursor at what is to be decided next. */
async function goOn(review: Review, place: HunkPlace, { isInSight }: How): Promise<void> {
  if (!isInSight) return;
  const next = nextUndecided(review.judged, place);
  if (next !== undefined) {
    await goTo(review, place.path, next);
    return;
  }
  const text = t('Quartet: every change is decided. Apply them from the Team panel or the Changes view.');
  vscode.window.setStatusBarMessage(text, DECIDED_MS);
}

async function askQuestion(): Promise<string | undefined> {
  const why = t('Why is this change there, and why so?');
  const text = await vscode.window.showInputBox({
    title: t('Ask the Team About This Change'),
    value: why,
    prompt: t('A run of its own reads the code and the record, and changes nothing.'),
  });
  return text?.trim() === '' ? why : text?.trim();
}

/** Asks the team about a hunk; nothing where the person backs out. */
async function askTeam(
  review: Review,
  team: AskTeam,
  { path, id }: HunkPlace,
  given: unknown,
): Promise<void> {
  const hunk = review.hunks(path).find((each) => each.hunk.id === id);
  const run = review.current?.view.id;
  const question = typeof given === 'string' ? given : await askQuestion();
  if (hunk === undefined || run === undefined || question === undefined) return;
  await team.ask(run, { path, hunk, record: hunk.record }, question);
}

export interface HunkNeeds {
  readonly review: Review;
  readonly threads: HunkThreads;
  readonly remarks: RemarkActs;
  readonly team: AskTeam;
  readonly cursor: ReviewCursor;
}

/** All need a trusted folder. */
export function hunkCommands({ review, threads, remarks, team, cursor }: HunkNeeds) {
  const onHunk =
    (act: (place: HunkPlace, how: How) => Promise<void>): Command =>
    async (given, second, third) => {
      await review.takeUp();
      const here = atCursor(review, cursor.place());
      const shown = threads.placeOf(given) ?? (given === undefined ? here : undefined);
      const place = shown ?? fromArguments(review, given, second) ?? here;
      const isOpen = place !== undefined && review.current?.signal !== undefined;
      if (isOpen) await act(place, { isInSight: shown !== undefined, reason: third });
      else tellNothing(t('No change that waits for a review is at the cursor.'));
    };
  const nameOf = ({ path, id }: HunkPlace) => {
    const number = review.hunks(path).find(({ hunk }) => hunk.id === id)?.number;
    return t('change {0} of {1}', number ?? '?', path);
  };
  const open = async ({ path, id }: HunkPlace) => {
    const hunk = review.hunks(path).find((each) => each.hunk.id === id);
    await review.openFile(path, hunk?.hunk.newStart);
  };
  return {
    acceptHunk: onHunk(async (place, how) => {
      await review.decideHunk(place.path, place.id, 'accepted');
      await goOn(review, place, how);
    }),
    rejectHunk: onHunk(async (place, how) => {
      const reason = typeof how.reason === 'string' ? how.reason : await askReason(nameOf(place));
      if (reason === undefined) return;
      const told = reason.trim() === '' ? undefined : reason.trim();
      await review.decideHunk(place.path, place.id, 'rejected', told);
      await goOn(review, place, how);
    }),
    reconsiderHunk: onHunk(({ path, id }) => review.decideHunk(path, id, 'undecided')),
    askWhy: onHunk(async (place, { isInSight }) => {
      if (!isInSight) await open(place);
      threads.explain(place);
    }),
    askTeam: onHunk((place, { reason }) => askTeam(review, team, place, reason)),
    openHunk: onHunk(open),
    replyToRemark: async (given) => remarks.reply(given),
    fixRemark: async (given) => remarks.fix(given),
    resolveRemark: async (given) => remarks.resolve(given),
    reopenRemark: async (given) => remarks.reopen(given),
  } satisfies Commands;
}
