/** The tabs that a review opened. */
import * as vscode from 'vscode';
import { parseAddress, PROPOSED_SCHEME } from './uris.ts';

/** Title of the multi-file diff. The editor adds the number of files. */
export const reviewTitle = () => vscode.l10n.t('Quartet: proposed changes');

/** The stable API has no name for a multi-file diff: some versions give nothing, others an object that it does not describe. */
function isMultiDiff(input: unknown): boolean {
  if (input === undefined) return true;
  return typeof input === 'object' && input !== null && 'textDiffs' in input;
}

const isOurMultiDiff = ({ input, label }: vscode.Tab): boolean =>
  isMultiDiff(input) && label.startsWith(reviewTitle());

function isOf(run: string, tab: vscode.Tab): boolean {
  const { input } = tab;
  if (input instanceof vscode.TabInputTextDiff) {
    return input.modified.scheme === PROPOSED_SCHEME && parseAddress(input.modified).run === run;
  }
  return isOurMultiDiff(tab);
}

/** Whether a tab shows what a run proposes: one file of it, or all of them. */
export function isReviewTab(tab: vscode.Tab): boolean {
  const { input } = tab;
  if (input instanceof vscode.TabInputTextDiff) return input.modified.scheme === PROPOSED_SCHEME;
  if (input instanceof vscode.TabInputText) return input.uri.scheme === PROPOSED_SCHEME;
  return isOurMultiDiff(tab);
}

/** Closes the diffs of a run whose review was handed in. Texts still being typed were saved before. */
export async function closeReviewTabs(run: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter((tab) => isOf(run, tab)),
    true,
  );
}
