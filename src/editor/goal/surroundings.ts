/** What the person has in front of them: the selection, the problems, what they have changed. */
import * as vscode from 'vscode';
import { workspaceFolder } from '../obstacle.ts';
import type { Lines, Problem } from './attach.ts';

/** Path below the team's folder, with "/"; undefined for what lies elsewhere. */
export function pathOf(uri: vscode.Uri): string | undefined {
  const folder = workspaceFolder();
  const root = folder?.uri.path.replace(/\/$/u, '');
  if (root === undefined || uri.scheme !== folder?.uri.scheme || !uri.path.startsWith(`${root}/`))
    return undefined;
  return uri.path.slice(root.length + 1);
}

export interface Spot {
  readonly path: string;
  /** Absent where nothing is selected. */
  readonly lines?: Lines;
}

/** The file that is open in front and what is selected in it. A webview that has the focus does not count. */
export function spotInFront(): Spot | undefined {
  const editor =
    vscode.window.activeTextEditor ??
    vscode.window.visibleTextEditors.find(({ document }) => pathOf(document.uri));
  const path = editor && pathOf(editor.document.uri);
  if (editor === undefined || path === undefined) return undefined;
  const { start, end, isEmpty } = editor.selection;
  return { path, ...(!isEmpty && { lines: { from: start.line + 1, to: end.line + 1 } }) };
}

const SEVERITIES = ['error', 'warning', 'info', 'info'] as const;

/** Errors and warnings that the editor shows in the team's folder, or in one of its files. */
export function problemsHere(only?: vscode.Uri): readonly Problem[] {
  const all = only
    ? ([[only, vscode.languages.getDiagnostics(only)]] as const)
    : vscode.languages.getDiagnostics();
  return all.flatMap(([uri, found]) => {
    const path = pathOf(uri);
    if (path === undefined) return [];
    return found
      .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
      .map((each) => problemOf(path, each));
  });
}

export const problemOf = (path: string, { range, severity, message }: vscode.Diagnostic): Problem => ({
  path,
  line: range.start.line + 1,
  severity: SEVERITIES[severity],
  message,
});

interface GitApi {
  readonly repositories: readonly {
    readonly rootUri: vscode.Uri;
    diff(cached?: boolean): Promise<string>;
  }[];
}

/** What the person has changed since the last commit, as the editor's git tells it; empty where nothing is, or there is no git. */
export async function ownChanges(): Promise<string> {
  const git = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  const folder = workspaceFolder();
  if (git === undefined || folder === undefined) return '';
  const { repositories } = (await git.activate()).getAPI(1);
  const inside =
    repositories.find(({ rootUri }) => folder.uri.path.startsWith(rootUri.path)) ?? repositories[0];
  if (inside === undefined) return '';
  const [staged, unstaged] = await Promise.all([inside.diff(true), inside.diff()]);
  return [staged, unstaged].filter((part) => part.trim() !== '').join('\n');
}
