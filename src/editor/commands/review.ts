/** Commands of the review: look, decide, apply. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import type { ReviewCursor } from '../review/cursor.ts';
import { hunkDecision } from '../review/decisions.ts';
import type { Review } from '../review/review.ts';
import { parseAddress, PROPOSED_SCHEME } from '../review/uris.ts';
import { t } from '../told.ts';
import { askReason } from './hunks.ts';
import { tellNothing, type Commands } from './register.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The text that a tab of one file shows: of a diff its right side. */
function shownAlone(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}

/** A file given by its path, by the tree, by an editor's title (as an address); else that at the cursor of the active review. */
function pathOf(given: unknown, cursor: ReviewCursor): string | undefined {
  if (typeof given === 'string') return given;
  if (isObject(given) && 'path' in given && !('scheme' in given)) {
    return typeof given.path === 'string' ? given.path : undefined;
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = given instanceof vscode.Uri && given.scheme === PROPOSED_SCHEME ? given : shownAlone(input);
  return shown?.scheme === PROPOSED_SCHEME ? parseAddress(shown).path : cursor.place()?.path;
}

/** Decides on what is undecided; false where the person backs out. What was not read is left out unless they say otherwise. */
async function settleUndecided(review: Review): Promise<boolean> {
  const undecided = review.filesBy('undecided');
  if (undecided.length === 0) return true;
  const accept = t('Accept the Undecided Too');
  const leave = t('Leave Undecided Out');
  const { decided, all } = review.tally;
  const message = t('{0} of {1} changes are not decided yet. Leave them out?', all - decided, all);
  const detail = t('They are in: {0}', undecided.join(', '));
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, leave, accept);
  if (chosen === undefined) return false;
  await review.decideOpen(chosen === accept ? 'accepted' : 'rejected');
  return true;
}

type Chosen = 'apply' | 'revise' | 'discard';

/**
 * What to do where there is something that the team can act on, or nothing was accepted; `undefined`: back out. The person asked to
 * apply, so that comes first; another round costs and is chosen.
 */
async function chooseDecision(review: Review): Promise<Chosen | undefined> {
  const accepted = review.filesBy('accepted').length;
  const { forTeam } = review.tally;
  if (forTeam === 0 && accepted > 0) return 'apply';
  const apply = { title: t('Apply What Is Accepted'), decision: 'apply' } as const;
  const revise = { title: t('Send Back to the Team'), decision: 'revise' } as const;
  const discard = { title: t('Discard All'), decision: 'discard' } as const;
  const sendBack = forTeam > 0 ? [revise] : [];
  const choices = accepted > 0 ? [apply, ...sendBack] : [...sendBack, discard];
  const message =
    accepted === 0
      ? t('Nothing is accepted.')
      : t('Apply what you accepted, or send back first what you want changed?');
  const detail =
    forTeam > 0
      ? t(
          'You rejected with a reason, or want fixed: {0}. If you apply now, the run ends without that. Sent back, the team works on it in another round, which costs tokens; what you accepted stays, and you review again.',
          forTeam,
        )
      : t('Discarded, nothing is changed in your workspace and the run ends.');
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, ...choices))?.decision;
}

async function applyReviewed(review: Review): Promise<boolean> {
  await review.takeUp();
  if (!(await settleUndecided(review))) return false;
  const decision = await chooseDecision(review);
  if (decision === undefined) return false;
  await review.submit(decision);
  return true;
}

/** Whether all means what the person rejected, too; asked only where there is such. */
async function meansRejectedToo(review: Review): Promise<boolean> {
  const rejected = review.judged.filter(
    ({ progress, hunks }) =>
      progress.decision === 'rejected' || hunks.some((each) => hunkDecision(progress, each) === 'rejected'),
  );
  if (rejected.length === 0) return true;
  const yes = t('Accept and Apply All');
  const message = t('Accept and apply everything, also what you rejected?');
  const detail = t('They are in: {0}', rejected.map(({ file }) => file.path).join(', '));
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}

/** Sends back what was rejected for a reason and what is to be fixed; what is undecided is offered again. */
async function sendBack(review: Review): Promise<boolean> {
  await review.takeUp();
  if (review.tally.forTeam === 0) {
    tellNothing(t('Nothing was rejected with a reason, and no remark is to be fixed.'));
    return false;
  }
  await review.submit('revise');
  return true;
}

async function rejectAll(review: Review, given: unknown): Promise<boolean> {
  const reject = t('Reject All');
  const detail = t('Nothing is applied and the run ends. It stays readable.');
  const isSure =
    given === true ||
    (await vscode.window.showWarningMessage(
      t('Reject the whole change set?'),
      { modal: true, detail },
      reject,
    )) === reject;
  if (!isSure) return false;
  await review.decideAll('rejected');
  await review.submit('discard');
  return true;
}

async function rejectFile(review: Review, path: string | undefined, givenReason: unknown): Promise<void> {
  if (path === undefined) return;
  const reason = typeof givenReason === 'string' ? givenReason : await askReason(path);
  if (reason === undefined) return;
  await review.decide(path, 'rejected', reason.trim() === '' ? undefined : reason);
}

/** All need a trusted folder. Those that decide resolve to whether they did. */
export function reviewCommands(desk: Desk, review: Review, cursor: ReviewCursor) {
  /** `act` only while the open run asks for a review. */
  const whileOpen = async (act: () => Promise<unknown>) => {
    await desk.refresh();
    if (review.current?.signal !== undefined) return await act();
    tellNothing(t('No changes wait for a review.'));
    return false;
  };
  const fileAt = (given: unknown): string | undefined => {
    const path = pathOf(given, cursor);
    if (path === undefined) tellNothing(t('No change that waits for a review is at the cursor.'));
    return path;
  };
  return {
    reviewChanges: async () => {
      await desk.connect();
      await review.openAll();
    },
    openChange: async (given) => {
      const path = fileAt(given);
      if (path !== undefined) await review.openFile(path);
    },
    acceptFile: async (given) => {
      const path = fileAt(given);
      if (path !== undefined) await review.decide(path, 'accepted');
    },
    rejectFile: (given, reason) => rejectFile(review, fileAt(given), reason),
    acceptAll: () =>
      whileOpen(async () => {
        if (!(await meansRejectedToo(review))) return false;
        await review.decideAll('accepted');
        await review.submit('apply');
        return true;
      }),
    // The tree's title bar passes arguments of its own, so only a literal true skips the question.
    rejectAll: (isSure) => whileOpen(() => rejectAll(review, isSure)),
    sendBack: () => whileOpen(() => sendBack(review)),
    applyReviewed: () => whileOpen(() => applyReviewed(review)),
  } satisfies Commands;
}
