/** What people call a role, in the language of the editor. */
import * as vscode from 'vscode';
import { roleNameIn } from '../protocol/role-names.ts';

export const roleName = (role: string): string => roleNameIn(vscode.l10n.t, role);
