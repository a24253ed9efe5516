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

/** Of the editor's git, what is asked of a repository. */
export interface Repository {
  readonly rootUri: vscode.Uri;
  diff(cached?: boolean): Promise<string>;
  /** What became of a file since the last commit; empty for one that is not known to git. */
  diffWithHEAD(path: string): Promise<string>;
}

interface GitApi {
  readonly repositories: readonly Repository[];
}

/** The files that entries of the SCM view stand for: files, groups of them, or all that lie in a folder. */
export function filesOf(entries: readonly unknown[]): readonly vscode.Uri[] {
  const found = entries.flatMap((entry): readonly vscode.Uri[] => {
    if (Array.isArray(entry)) return filesOf(entry);
    if (typeof entry !== 'object' || entry === null) return [];
    if ('resourceUri' in entry && entry.resourceUri instanceof vscode.Uri) return [entry.resourceUri];
    return 'resourceStates' in entry && Array.isArray(entry.resourceStates)
      ? filesOf(entry.resourceStates)
      : [];
  });
  return [...new Map(found.map((uri) => [uri.toString(), uri])).values()];
}

/** What became of those files since the last commit. Of one that git does not know its name alone, as git status has it. */
export async function changesOf(repository: Repository, files: readonly vscode.Uri[]): Promise<string> {
  const parts = files.map(async (uri) => {
    const path = pathOf(uri);
    if (path === undefined) return '';
    const diff = await repository.diffWithHEAD(uri.fsPath);
    return diff.trim() === '' ? `?? ${path}` : diff;
  });
  return (await Promise.all(parts)).filter((part) => part !== '').join('\n');
}

/** What the person has changed since the last commit, as the editor's git tells it: in those files, or in all. Empty where nothing is, or there is no git. */
export async function ownChanges(files: readonly vscode.Uri[] = []): Promise<string> {
  const git = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  const folder = workspaceFolder();
  if (git === undefined || folder === undefined) return '';
  const { repositories } = (await git.activate()).getAPI(1);
  const inside =
    repositories.find(({ rootUri }) => folder.uri.path.startsWith(rootUri.path)) ?? repositories[0];
  if (inside === undefined) return '';
  if (files.length > 0) return await changesOf(inside, files);
  const [staged, unstaged] = await Promise.all([inside.diff(true), inside.diff()]);
  return [staged, unstaged].filter((part) => part.trim() !== '').join('\n');
}
