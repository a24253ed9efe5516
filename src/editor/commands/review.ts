/** Commands of the review: look, decide, apply. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import type { Review } from '../review/review.ts';
import { parseAddress, PROPOSED_SCHEME } from '../review/uris.ts';
import { tellNothing, type Commands } from './register.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What the active tab shows: of a diff its right side. */
function shownInTab(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}

/** A file given by its path, by the tree, by an editor's title (as an address); else that of the active tab. */
function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (isObject(given) && 'path' in given && !('scheme' in given)) {
    return typeof given.path === 'string' ? given.path : undefined;
  }
  const shown = given instanceof vscode.Uri && given.scheme === PROPOSED_SCHEME ? given : shownInTab();
  return shown?.scheme === PROPOSED_SCHEME ? parseAddress(shown).path : undefined;
}

/** Decides on undecided files; false where the person backs out. */
async function settleUndecided(review: Review): Promise<boolean> {
  const { t } = vscode.l10n;
  const undecided = review.filesBy('undecided');
  if (undecided.length === 0) return true;
  const accept = t('Accept Them');
  const leave = t('Leave Them Out');
  const message = t('{0} files are not decided yet.', undecided.length);
  const detail = undecided.map(({ path }) => path).join('\n');
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, accept, leave);
  if (chosen === undefined) return false;
  for (const { path } of undecided) await review.decide(path, chosen === accept ? 'accepted' : 'rejected');
  return true;
}

/** What to do where files were rejected with a reason, or nothing was accepted; `undefined`: back out. */
async function chooseDecision(review: Review): Promise<'apply' | 'revise' | 'discard' | undefined> {
  const { t } = vscode.l10n;
  const accepted = review.filesBy('accepted').length;
  const reasons = review.filesBy('rejected').filter(({ path }) => review.progress(path).reason !== undefined);
  if (reasons.length === 0 && accepted > 0) return 'apply';
  const apply = { title: t('Apply the Rest'), decision: 'apply' } as const;
  const revise = { title: t('Send Back'), decision: 'revise' } as const;
  const discard = { title: t('Discard All'), decision: 'discard' } as const;
  const choices = [...(reasons.length > 0 ? [revise] : []), accepted > 0 ? apply : discard];
  const message =
    accepted > 0
      ? t(
          '{0} files are accepted. {1} were rejected with a reason, which the team can act on.',
          accepted,
          reasons.length,
        )
      : t('No file is accepted.');
  return (await vscode.window.showInformationMessage(message, { modal: true }, ...choices))?.decision;
}

async function applyReviewed(review: Review): Promise<boolean> {
  if (!(await settleUndecided(review))) return false;
  const decision = await chooseDecision(review);
  if (decision === undefined) return false;
  await review.submit(decision);
  return true;
}

async function rejectAll(review: Review, given: unknown): Promise<boolean> {
  const { t } = vscode.l10n;
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

async function rejectFile(review: Review, given: unknown, givenReason: unknown): Promise<void> {
  const path = pathOf(given);
  if (path === undefined) return;
  const reason =
    typeof givenReason === 'string'
      ? givenReason
      : await vscode.window.showInputBox({
          title: vscode.l10n.t('Reject {0}', path),
          placeHolder: vscode.l10n.t(
            'Why? The team can act on a reason. Leave it empty to reject without one.',
          ),
        });
  if (reason === undefined) return;
  await review.decide(path, 'rejected', reason.trim() === '' ? undefined : reason);
}

/** All need a trusted folder. Those that decide resolve to whether they did. */
export function reviewCommands(desk: Desk, review: Review): Commands {
  /** `act` only while the open run asks for a review. */
  const whileOpen = async (act: () => Promise<unknown>) => {
    await desk.refresh();
    if (review.current?.signal !== undefined) return await act();
    tellNothing(vscode.l10n.t('No changes wait for a review.'));
    return false;
  };
  return {
    reviewChanges: async () => {
      await desk.connect();
      await review.openAll();
    },
    openChange: async (given) => {
      const path = pathOf(given);
      if (path !== undefined) await review.openFile(path);
    },
    acceptFile: async (given) => {
      const path = pathOf(given);
      if (path !== undefined) await review.decide(path, 'accepted');
    },
    rejectFile: (given, reason) => rejectFile(review, given, reason),
    acceptAll: () =>
      whileOpen(async () => {
        await review.decideAll('accepted');
        await review.submit('apply');
        return true;
      }),
    // The tree's title bar passes arguments of its own, so only a literal true skips the question.
    rejectAll: (isSure) => whileOpen(() => rejectAll(review, isSure)),
    applyReviewed: () => whileOpen(() => applyReviewed(review)),
  };
}
