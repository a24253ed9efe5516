/** Tabs of an earlier window are shown again: the run views are loaded then. */
import * as vscode from 'vscode';

export const RUN_VIEW = 'quartet.runView';

export interface Restorer {
  /** Takes up a tab of an earlier window, with what its page kept. */
  restore(tab: vscode.WebviewPanel, state: unknown): void;
}

export function restoreRunViews(load: () => Promise<Restorer>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(RUN_VIEW, {
    deserializeWebviewPanel: async (tab, state: unknown) => (await load()).restore(tab, state),
  });
}
