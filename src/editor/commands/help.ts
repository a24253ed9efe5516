/** Pages that help. */
import * as vscode from 'vscode';
import { readPage } from '../read-page.ts';
import type { Manifest } from '../access-help.ts';
import { t } from '../told.ts';
import type { Commands } from './register.ts';

const SCHEME = 'quartet-help';

/** `subscriptions` are the extension's own: the pages go with it. */
export function helpCommands({ extension, subscriptions }: vscode.ExtensionContext) {
  let isProvided = false;
  const provide = async (): Promise<void> => {
    if (isProvided) return;
    isProvided = true;
    const { accessHelp } = await import('../at-need.ts');
    const text = accessHelp(extension.packageJSON as Manifest, t);
    subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: () => text,
      }),
    );
  };
  return {
    accessHelp: async () => {
      await provide();
      await readPage(vscode.Uri.from({ scheme: SCHEME, path: `/${t('Accessibility Help')}.md` }));
    },
  } satisfies Commands;
}
