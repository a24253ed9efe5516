/** Which folder of the window the team works on, where several are open. */
import * as vscode from 'vscode';
import { isFolderHeld, rememberFolder, workspaceFolder } from '../obstacle.ts';
import { onDiskOf } from '../team-folder.ts';
import { t } from '../told.ts';
import { tellNothing } from './register.ts';

/** `given` is the address of a folder; without it the person is asked. True where another one was chosen. */
export async function chooseFolder(given: unknown): Promise<boolean> {
  const folders = onDiskOf(vscode.workspace.workspaceFolders ?? []);
  if (folders.length < 2) {
    tellNothing(t('There is no choice: the team works on the only folder that is open.'));
    return false;
  }
  const now = workspaceFolder();
  const folder =
    typeof given === 'string'
      ? folders.find(({ uri }) => uri.toString() === given)
      : await pick(folders, now);
  if (folder === undefined || folder === now) return false;
  if (!isFolderHeld()) {
    await rememberFolder(folder);
    return true;
  }
  const yes = t('Reload Window');
  const message = t('Work on "{0}" from now on? The window is loaded anew.', folder.name);
  const detail = t('Runs that work now pause, and wait until their folder is chosen again.');
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) !== yes) return false;
  await rememberFolder(folder);
  await vscode.commands.executeCommand('workbench.action.reloadWindow');
  return true;
}

async function pick(
  folders: readonly vscode.WorkspaceFolder[],
  now: vscode.WorkspaceFolder | undefined,
): Promise<vscode.WorkspaceFolder | undefined> {
  const items = folders.map((folder) => ({
    label: folder.name,
    description: folder === now ? t('the team works on it') : '',
    detail: folder.uri.fsPath,
    folder,
  }));
  const placeHolder = t('The folder that the team works on; each has runs of its own.');
  return (await vscode.window.showQuickPick(items, { title: t('Choose Folder'), placeHolder }))?.folder;
}
