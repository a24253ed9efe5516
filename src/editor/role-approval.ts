/** A workspace's role is approved where it is read: above its file stands whether agents may be made of it. */
import * as vscode from 'vscode';
import type { Disposable } from '../core/ports.ts';
import type { JudgedRole } from '../core/team/role-files.ts';
import { tellNothing, type Command } from './commands/register.ts';
import type { Desk } from './desk.ts';
import { isRole, SELECTOR } from './roles.ts';

export interface RoleApproval extends Disposable {
  /** Approves the role of a file (given, or the one in the editor) as it reads now. True where it is approved then. */
  readonly approve: Command;
}

export function offerApproval(desk: Desk): RoleApproval {
  const changed = new vscode.EventEmitter<void>();
  const lenses = vscode.languages.registerCodeLensProvider(SELECTOR, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const found = await foundAt(desk, document.uri);
      return found === undefined ? [] : [lensOf(document, found)];
    },
  });
  return {
    approve: async (given) => {
      const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
      const approved = uri !== undefined && (await approve(desk, uri));
      changed.fire();
      return approved;
    },
    dispose: () => {
      lenses.dispose();
      changed.dispose();
    },
  };
}

/** The role file of this workspace that lies there. */
async function foundAt(desk: Desk, uri: vscode.Uri): Promise<JudgedRole | undefined> {
  const { judgeRoles } = await import('./at-need.ts');
  const path = vscode.workspace.asRelativePath(uri, false);
  const files = await (await desk.connect()).roles.list();
  return judgeRoles(files).find((file) => file.from === 'workspace' && file.path === path);
}

/** What is written and not saved is not what agents would be told. */
function lensOf(document: vscode.TextDocument, { approved, behind }: JudgedRole): vscode.CodeLens {
  const { t } = vscode.l10n;
  const top = new vscode.Range(0, 0, 0, 0);
  if (behind !== undefined && !document.isDirty)
    return new vscode.CodeLens(top, { title: t('Not used: another file has its name'), command: '' });
  if (approved && !document.isDirty)
    return new vscode.CodeLens(top, { title: t('Approved: the team may use this role'), command: '' });
  const title = document.isDirty ? t('Save and approve this role') : t('Approve this role as it reads now');
  return new vscode.CodeLens(top, { title, command: 'quartet.approveRole', arguments: [document.uri] });
}

async function approve(desk: Desk, uri: vscode.Uri): Promise<boolean> {
  const { t } = vscode.l10n;
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return false;
  const found = await foundAt(desk, uri);
  if (!isRole(document) || found === undefined) {
    tellNothing(t('This is no role file of the project. They lie in .quartet/agents.'));
    return false;
  }
  const { role, problems } = found;
  if (role === undefined) {
    tellNothing(t('This role cannot be used: {0}', problems[0]?.message ?? ''));
    return false;
  }
  await (await desk.connect()).roles.approve(found.text);
  return true;
}
