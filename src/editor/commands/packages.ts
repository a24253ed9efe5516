/** The command that installs packages for working copies of a folder that has none. */
import * as vscode from 'vscode';
import type { RunSettings } from '../../protocol/settings.ts';
import type { Desk } from '../desk.ts';
import { stoppable } from '../stoppable.ts';
import { t } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

export interface PackagesNeeds {
  readonly desk: Desk;
  readonly settings: () => Promise<Pick<RunSettings, 'sandbox'>>;
}

/** Needs a trusted folder. */
export function packagesCommands(needs: PackagesNeeds) {
  return { installPackages: () => install(needs) } satisfies Commands;
}

/** What came of it; undefined where the person stopped it. */
async function install({ desk, settings }: PackagesNeeds): Promise<string | undefined> {
  const { tests } = await desk.connect();
  const { sandbox } = await settings();
  let output = '';
  const title = t('Quartet: installing packages for working copies');
  const end = await stoppable(title, (signal, began) =>
    tests.install({
      ...{ sandbox, signal, began },
      failed: (text) => {
        output = text;
      },
    }),
  );
  tell(end, output);
  return end;
}

function tell(end: string | undefined, output: string): void {
  if (end === undefined) tellNothing(t('Stopped. Nothing is kept of what was installed.'));
  if (end === 'made') tellNothing(t('Packages are installed for working copies. Your folder is as it was.'));
  if (end === 'there') tellNothing(t('Packages are installed for these lock files already.'));
  if (end === 'none') tellNothing(t('Nothing says how packages are installed here: no lock file was found.'));
  if (end !== 'failed') return;
  const last = output.trim().split('\n').at(-1) ?? '';
  const text = t('The packages could not be installed; nothing is kept of it. {0}', last);
  const show = t('Show Output');
  void vscode.window.showErrorMessage(`Quartet: ${text}`, show).then(async (chosen) => {
    if (chosen === undefined) return;
    const document = await vscode.workspace.openTextDocument({ content: output, language: 'log' });
    await vscode.window.showTextDocument(document, { preview: true });
  });
}
