/** Role files in the editor: what is wrong with them stands under Problems, and keys, tools and models are offered. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RoleText } from '../core/ports.ts';
import type { RoleOrigin, RoleProblem } from '../core/team/role-file.ts';
import type { Desk } from './desk.ts';
import { readSetting } from './read-setting.ts';

const ROLE_FILE = /[\\/]\.quartet[\\/]agents[\\/][^\\/]+\.md$/i;
/** Files that may be roles. */
export const SELECTOR: vscode.DocumentSelector = { scheme: 'file', pattern: '**/.quartet/agents/*.[mM][dD]' };
const LOOK_AFTER_MS = 200;

/** True for files that are read as roles, whoever's they are. */
export const isRole = ({ uri }: vscode.TextDocument): boolean =>
  uri.scheme === 'file' && ROLE_FILE.test(uri.fsPath);
const originOf = ({ uri }: vscode.TextDocument): RoleOrigin =>
  vscode.workspace.getWorkspaceFolder(uri) === undefined ? 'person' : 'workspace';

async function endpointIds(): Promise<readonly string[] | undefined> {
  const { configuredModels } = await import('./at-need.ts');
  try {
    return configuredModels(readSetting)?.endpoints.map(({ id }) => id);
  } catch {
    return undefined;
  }
}

/** Watches role files that are open, and helps to write them. */
export function attendRoleFiles(desk: Pick<Desk, 'connect'>): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('quartet-roles');
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const look = (document: vscode.TextDocument): void => {
    if (!isRole(document)) return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        void judge(desk, document).then((found) => problems.set(document.uri, found));
      }, LOOK_AFTER_MS),
    );
  };
  vscode.workspace.textDocuments.forEach(look);
  const completion = vscode.languages.registerCompletionItemProvider(
    SELECTOR,
    { provideCompletionItems: (document, position) => complete(document, position) },
    ' ',
    '[',
    ',',
  );
  return vscode.Disposable.from(
    problems,
    completion,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    // What is wrong with one may be that another has its name.
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (isRole(document)) vscode.workspace.textDocuments.forEach(look);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => problems.delete(uri)),
    { dispose: () => [...waiting.values()].forEach((timer) => clearTimeout(timer)) },
  );
}

/** Whether a file that was found is the one in the editor. */
const isOf = (document: vscode.TextDocument): ((file: RoleText) => boolean) => {
  const [from, { uri }] = [originOf(document), document];
  const path = from === 'workspace' ? vscode.workspace.asRelativePath(uri, false) : basename(uri.fsPath);
  return (file) => file.from === from && (from === 'workspace' ? file.path : basename(file.path)) === path;
};

/** What is wrong with it as it is written now, beside the others as they are on disk. */
async function problemsOf(
  desk: Pick<Desk, 'connect'>,
  document: vscode.TextDocument,
): Promise<readonly RoleProblem[]> {
  const { judgeRoles } = await import('./at-need.ts');
  const [text, isThis, from] = [document.getText(), isOf(document), originOf(document)];
  // Without a folder there is nobody to ask.
  const files = await desk.connect().then(
    ({ roles }) => roles.list(),
    () => [],
  );
  const beyond = files.find((file) => file.from === from && file.unread !== undefined);
  const isThere = files.some((file) => isThis(file) && file.unread === undefined);
  if (!isThere && beyond && basename(document.uri.fsPath) >= basename(beyond.path))
    return judgeRoles([beyond])[0]?.problems ?? [];
  const alone = { from, path: document.uri.fsPath, text, approved: true };
  const among = isThere ? files.map((file) => (isThis(file) ? { ...file, text } : file)) : [alone];
  const judged = judgeRoles(among, await endpointIds());
  return (isThere ? judged.find(isThis) : judged[0])?.problems ?? [];
}

async function judge(
  desk: Pick<Desk, 'connect'>,
  document: vscode.TextDocument,
): Promise<vscode.Diagnostic[]> {
  const problems = await problemsOf(desk, document);
  return problems.map(({ line, severity, message }) => {
    const at = document.lineAt(Math.min(line, document.lineCount) - 1).range;
    const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
    const diagnostic = new vscode.Diagnostic(at, message, level);
    diagnostic.source = 'Quartet';
    return diagnostic;
  });
}

async function complete(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  if (!isInFrontMatter(document, position.line)) return [];
  const { ROLE_KEYS, ROLE_LIMITS, toolsForRoles } = await import('./at-need.ts');
  const before = document.lineAt(position).text.slice(0, position.character);
  const item = (label: string, kind: vscode.CompletionItemKind, detail = ''): vscode.CompletionItem => {
    const made = new vscode.CompletionItem(label, kind);
    made.detail = detail;
    return made;
  };
  if (/^\s+\w*$/.test(before)) return ROLE_LIMITS.map((name) => keyed(name, ''));
  if (/^\w*$/.test(before)) return Object.entries(ROLE_KEYS).map(([name, detail]) => keyed(name, detail));
  if (before.startsWith('tools:'))
    return toolsForRoles(originOf(document)).map(({ name, description }) =>
      item(name, vscode.CompletionItemKind.Function, description),
    );
  if (before.startsWith('model:'))
    return ((await endpointIds()) ?? []).map((id) => item(id, vscode.CompletionItemKind.Value));
  return [];
}

function keyed(name: string, detail: string): vscode.CompletionItem {
  const made = new vscode.CompletionItem(name, vscode.CompletionItemKind.Property);
  made.detail = detail;
  made.insertText = `${name}: `;
  return made;
}

function isInFrontMatter(document: vscode.TextDocument, line: number): boolean {
  if (document.lineAt(0).text.trim() !== '---' || line === 0) return false;
  for (let at = 1; at < line; at++) if (document.lineAt(at).text.trim() === '---') return false;
  return true;
}
