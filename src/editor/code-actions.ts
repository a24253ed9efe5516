/** Quick fixes on what the editor reports: the team mends it, or says why it is so. */
import * as vscode from 'vscode';
import { pathOf, problemOf } from './goal/surroundings.ts';

const KIND = vscode.CodeActionKind.QuickFix;

function action(title: string, command: string, given: readonly unknown[]): vscode.CodeAction {
  const made = new vscode.CodeAction(title, KIND);
  made.command = { title, command, arguments: [...given] };
  return made;
}

/** Offers for the problems that the cursor or selection touches. */
function actionsFor(
  document: vscode.TextDocument,
  problems: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const path = pathOf(document.uri);
  if (path === undefined || problems.length === 0) return [];
  const { t } = vscode.l10n;
  const given = [document.uri, problems.map((each) => problemOf(path, each))];
  return [
    action(t('Fix with Quartet'), 'quartet.fixHere', given),
    action(t('Explain with Quartet'), 'quartet.explainHere', given),
  ];
}

/** Registers them for files of the disk. */
export function offerCodeActions(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { scheme: 'file' },
    { provideCodeActions: (document, _range, { diagnostics }) => actionsFor(document, diagnostics) },
    { providedCodeActionKinds: [KIND] },
  );
}
