/** From a hunk that was decided on to the next that waits, where the person looks at the change set. */
import * as vscode from 'vscode';
import { nextUndecided } from './decisions.ts';
import type { HunkPlace } from './hunk-threads.ts';
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

/** Goes to the next hunk that waits. In a multi-file diff only the editor's own command reaches another file: its next change. */
export async function goToNext(review: Review, from: HunkPlace): Promise<void> {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  const next = nextUndecided(review.judged, from);
  if (tab === undefined || !isReviewTab(tab) || next === undefined) return;
  const here = shownEditor(from.path);
  const { newStart } = next.hunk;
  if (next.path === from.path && here !== undefined) putCursor(here, newStart - 1);
  else if (tab.input instanceof vscode.TabInputTextDiff) await review.openFile(next.path, newStart);
  else if (here !== undefined) {
    putCursor(here, here.document.lineCount - 1);
    await vscode.commands.executeCommand('multiDiffEditor.goToNextChange').then(undefined, () => undefined);
  }
}
