/** What is in the way of starting a run in this window. */
import * as vscode from 'vscode';
import { teamFolder } from './team-folder.ts';

/** `command` is one of the editor's own or ours, and takes no argument. */
export interface Obstacle {
  readonly code: 'noFolder' | 'virtual' | 'severalFolders' | 'folderClosed' | 'untrusted';
  readonly text: string;
  readonly action?: { readonly label: string; readonly command: string };
}

const CHOSEN = 'quartet.folder';
let memory: vscode.Memento | undefined;
let held: string | undefined;
const chose = new vscode.EventEmitter<void>();

/** The person chose a folder in a window where none was before. */
export const onFolderChosen = chose.event;

/** Where the choice among several folders is kept; called once, before anything asks. */
export function keepFolderIn(state: vscode.Memento): void {
  memory = state;
}

/** The choice among several folders, for this window and later ones. */
export async function rememberFolder(folder: vscode.WorkspaceFolder): Promise<void> {
  await memory?.update(CHOSEN, folder.uri.toString());
  if (held === undefined) chose.fire();
}

/** From now on everything here belongs to this folder, until the window is loaded anew. */
export function holdFolder(folder: vscode.WorkspaceFolder): void {
  held = folder.uri.toString();
}

export const isFolderHeld = (): boolean => held !== undefined;

const found = () =>
  teamFolder(vscode.workspace.workspaceFolders ?? [], { chosen: memory?.get<string>(CHOSEN), held });

/** The folder that the team works on: the one that is open, or of several the one that was chosen. */
export function workspaceFolder(): vscode.WorkspaceFolder | undefined {
  const its = found();
  return its.kind === 'folder' ? its.folder : undefined;
}

function folderObstacle(): Obstacle | undefined {
  const { t } = vscode.l10n;
  const openFolder = { label: t('Open Folder'), command: 'vscode.openFolder' };
  const { kind } = found();
  switch (kind) {
    case 'folder':
      return undefined;
    case 'none':
      return {
        code: 'noFolder',
        text: t('No folder is open. Open the folder that the team should work on.'),
        action: openFolder,
      };
    case 'virtual':
      return {
        code: 'virtual',
        text: t(
          'This folder is not on a disk. The team checks files out and runs tests: open a local or remote folder.',
        ),
        action: openFolder,
      };
    case 'several':
      return {
        code: 'severalFolders',
        text: t('Several folders are open. Choose the one that the team works on; each has runs of its own.'),
        action: { label: t('Choose Folder…'), command: 'quartet.chooseFolder' },
      };
    case 'closed':
      return {
        code: 'folderClosed',
        text: t('The folder that the team works on is no longer open here. Load the window anew to go on.'),
        action: { label: t('Reload Window'), command: 'workbench.action.reloadWindow' },
      };
  }
}

/** Obstacles that are known without asking anybody. */
export function windowObstacle(): Obstacle | undefined {
  const { l10n, workspace } = vscode;
  const obstacle = folderObstacle();
  if (obstacle) return obstacle;
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
