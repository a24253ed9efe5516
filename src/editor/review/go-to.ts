/** To a hunk from another, in the diff that the person looks at. */
import * as vscode from 'vscode';
import type { HunkAt } from './next-hunk.ts';
import type { Review } from './review.ts';
import { isReviewTab } from './tabs.ts';
import { parseAddress, PROPOSED_SCHEME } from './uris.ts';

function shownEditor(path: string): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(
    ({ document: { uri } }) => uri.scheme === PROPOSED_SCHEME && parseAddress(uri).path === path,
  );
}

function putCursor(editor: vscode.TextEditor, line: number): void {
  const at = new vscode.Position(Math.min(Math.max(0, line), editor.document.lineCount - 1), 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** In a multi-file diff only the editor's own command reaches another file: its next change. Nothing happens outside of reviews. */
export async function goTo(review: Review, from: string, { path, line }: HunkAt): Promise<void> {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  if (tab === undefined || !isReviewTab(tab)) return;
  const here = shownEditor(from);
  if (path === from && here !== undefined) putCursor(here, line - 1);
  else if (tab.input instanceof vscode.TabInputTextDiff) await review.openFile(path, line);
  else if (here !== undefined) {
    putCursor(here, here.document.lineCount - 1);
    await vscode.commands.executeCommand('multiDiffEditor.goToNextChange').then(undefined, () => undefined);
  }
}
