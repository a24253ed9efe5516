/** Where the Team view is: in the side bar, or beside the editors on the other side. */
import * as vscode from 'vscode';
import { hasSecondarySideBar } from '../aside.ts';
import { t } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

/** Containers of ours. The one in the secondary side bar is not to be seen until the view moves into it. */
const HOME = 'workbench.view.extension.quartet';
const ASIDE = 'workbench.view.extension.quartetAside';

const moveTeam = (destinationId: string) => async (): Promise<void> => {
  if (hasSecondarySideBar(vscode.version))
    await vscode.commands.executeCommand('vscode.moveViews', { viewIds: ['quartet.team'], destinationId });
  else tellNothing(t('The secondary side bar takes views of extensions since VS Code 1.106.'));
};

export const placeCommands = {
  moveTeamAside: moveTeam(ASIDE),
  moveTeamHome: moveTeam(HOME),
} satisfies Commands;
