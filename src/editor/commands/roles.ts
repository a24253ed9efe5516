/** New Role…: a file with everything that a role may say, opened to be written on. */
import * as vscode from 'vscode';
import type { RoleOrigin } from '../../core/team/role-file.ts';
import type { Desk } from '../desk.ts';
import { t } from '../told.ts';
import type { Commands } from './register.ts';

/** Arguments stand for what a person would be asked: name, and whose it is. Returns the file's path. */
export function roleCommands(desk: Desk) {
  return {
    newRole: async (name, to) => {
      const { readRoleFile, roleFileText, USUAL_TOOLS } = await import('../at-need.ts');
      const textOf = (of: string): string =>
        roleFileText({ name: of, description: t('Says in a line what it does'), tools: USUAL_TOOLS });
      const problemOf = (of: string): string | undefined =>
        readRoleFile(textOf(of), { from: 'person', path: of }).problems[0]?.message;
      const chosen =
        typeof name === 'string'
          ? name
          : await vscode.window.showInputBox({
              title: t('New Role'),
              prompt: t('How the team calls it: a-z, 0-9 and "-"'),
              validateInput: problemOf,
            });
      if (chosen === undefined || problemOf(chosen) !== undefined) return undefined;
      const whose = to === 'person' || to === 'workspace' ? to : await askWhose();
      if (whose === undefined) return undefined;
      const path = await (await desk.connect()).roles.add(whose, chosen, textOf(chosen));
      await vscode.window.showTextDocument(vscode.Uri.file(path));
      return path;
    },
  } satisfies Commands;
}

async function askWhose(): Promise<RoleOrigin | undefined> {
  const items = [
    { label: t('Mine, in every project'), description: '~/.quartet/agents', to: 'person' as const },
    { label: t('This project’s'), description: '.quartet/agents', to: 'workspace' as const },
  ];
  return (await vscode.window.showQuickPick(items, { title: t('New Role: for whom?') }))?.to;
}
