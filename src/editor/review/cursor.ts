/**
 * Where the person is in a review. The editor names a multi-file diff neither by scheme nor by its files, so that keys and the palette
 * cannot tell it is ours: `quartet.inReview` tells them. The palette takes the focus from the texts in it, so the last cursor is kept.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import { isReviewTab } from './tabs.ts';
import { BASE_SCHEME, parseAddress, PROPOSED_SCHEME } from './uris.ts';

/** A line, from 1, of one side of a file under review. */
export interface CursorPlace {
  readonly run: string;
  readonly path: string;
  readonly side: 'base' | 'proposed';
  readonly line: number;
}

export interface ReviewCursor extends Disposable {
  /** The cursor in the review that the active tab shows; `undefined` in other tabs, and before a text of it had the cursor. */
  place(): CursorPlace | undefined;
}

const IN_REVIEW = 'quartet.inReview';

function placeIn(editor: vscode.TextEditor | undefined): CursorPlace | undefined {
  const { scheme } = editor?.document.uri ?? {};
  if (editor === undefined || (scheme !== PROPOSED_SCHEME && scheme !== BASE_SCHEME)) return undefined;
  const { run, path } = parseAddress(editor.document.uri);
  const side = scheme === BASE_SCHEME ? 'base' : 'proposed';
  return { run, path, side, line: editor.selection.active.line + 1 };
}

export function followCursor(): ReviewCursor {
  const { tabGroups } = vscode.window;
  let last: CursorPlace | undefined;
  let tab: vscode.Tab | undefined;
  let isIn: boolean | undefined;
  const look = () => {
    const active = tabGroups.activeTabGroup.activeTab;
    const isNow = active !== undefined && isReviewTab(active);
    if (active !== tab) last = undefined;
    tab = active;
    last = (isNow ? placeIn(vscode.window.activeTextEditor) : undefined) ?? last;
    if (isNow === isIn) return;
    isIn = isNow;
    void vscode.commands.executeCommand('setContext', IN_REVIEW, isNow);
  };
  look();
  const ends = vscode.Disposable.from(
    tabGroups.onDidChangeTabs(look),
    tabGroups.onDidChangeTabGroups(look),
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.window.onDidChangeTextEditorSelection(look),
  );
  return {
    place: () => {
      look();
      return isIn === true ? last : undefined;
    },
    dispose: () => {
      ends.dispose();
      void vscode.commands.executeCommand('setContext', IN_REVIEW, undefined);
    },
  };
}
