/** What is in the way of starting a run in this window. */
import * as vscode from 'vscode';

/** `command` is one of the editor's own or ours, and takes no argument. */
export interface Obstacle {
  readonly code: 'noFolder' | 'virtual' | 'untrusted';
  readonly text: string;
  readonly action?: { readonly label: string; readonly command: string };
}

/** The folder that the team works on: the first one on a disk. */
export function workspaceFolder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
}

/** Obstacles that are known without asking anybody. */
export function windowObstacle(): Obstacle | undefined {
  const { l10n, workspace } = vscode;
  const openFolder = { label: l10n.t('Open Folder'), command: 'vscode.openFolder' };
  if (workspaceFolder() === undefined) {
    return (workspace.workspaceFolders ?? []).length === 0
      ? {
          code: 'noFolder',
          text: l10n.t('No folder is open. Open the folder that the team should work on.'),
          action: openFolder,
        }
      : {
          code: 'virtual',
          text: l10n.t(
            'This folder is not on a disk. The team checks files out and runs tests: open a local or remote folder.',
          ),
          action: openFolder,
        };
  }
  if (workspace.isTrusted) return undefined;
  return {
    code: 'untrusted',
    text: l10n.t(
      'This folder is not trusted. Until you trust it, nothing runs in it and nothing of it is sent to a model.',
    ),
    action: { label: l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
  };
}

/** Shows an obstacle with its way out. Does not wait for the person. */
export function tellObstacle({ text, action }: Obstacle): void {
  void vscode.window
    .showWarningMessage(`Quartet: ${text}`, ...(action ? [action.label] : []))
    .then((chosen) => {
      if (action && chosen === action.label) void vscode.commands.executeCommand(action.command);
    });
}
