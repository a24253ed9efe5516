/** The editor's language servers, asked through its own commands. */
import * as vscode from 'vscode';
import { PortError, type CodePlace, type Languages } from '../core/ports.ts';

const SYMBOLS_MAX = 200;
/** A file that was not open is given this long to get its problems found. */
const FOUND_MS = 3000;

const SEVERITY: Readonly<Record<vscode.DiagnosticSeverity, string>> = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: 'information',
  [vscode.DiagnosticSeverity.Hint]: 'hint',
};

export function createEditorLanguages(folder: vscode.WorkspaceFolder): Languages {
  const placeOf = (uri: vscode.Uri, { start }: vscode.Range): CodePlace => {
    const inside = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString();
    return {
      path: inside ? relative(folder.uri, uri) : undefined,
      file: uri.path.slice(uri.path.lastIndexOf('/') + 1),
      line: start.line + 1,
      character: start.character + 1,
    };
  };
  const documentOf = async (path: string): Promise<vscode.TextDocument> => {
    try {
      return await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, path));
    } catch {
      throw new PortError('languages.missing', `The person’s workspace has no text file ${path}.`);
    }
  };
  return {
    async symbols(name) {
      const found = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>(
        'vscode.executeWorkspaceSymbolProvider',
        name,
      );
      return (found ?? []).slice(0, SYMBOLS_MAX).map((symbol) => ({
        ...placeOf(symbol.location.uri, symbol.location.range),
        name: symbol.containerName === '' ? symbol.name : `${symbol.containerName}.${symbol.name}`,
        kind: vscode.SymbolKind[symbol.kind].toLowerCase(),
      }));
    },
    async references({ path, line, character }) {
      const { uri } = await documentOf(path);
      const found = await vscode.commands.executeCommand<vscode.Location[] | undefined>(
        'vscode.executeReferenceProvider',
        uri,
        new vscode.Position(line - 1, character - 1),
      );
      return (found ?? []).map((location) => placeOf(location.uri, location.range));
    },
    async diagnostics(path, signal) {
      const uri = path === undefined ? undefined : (await documentOf(path)).uri;
      if (uri !== undefined && vscode.languages.getDiagnostics(uri).length === 0)
        await problemsFound(uri, signal);
      const all =
        uri === undefined
          ? vscode.languages.getDiagnostics()
          : [[uri, vscode.languages.getDiagnostics(uri)] as const];
      return all.flatMap(([at, problems]) =>
        problems.map((problem) => ({
          ...placeOf(at, problem.range),
          severity: SEVERITY[problem.severity],
          message: problem.message,
          source: problem.source ?? '',
        })),
      );
    },
    async text(path) {
      return await documentOf(path).then(
        (document) => document.getText(),
        () => undefined,
      );
    },
  };
}

/** Below the folder, in the spelling of the workspace. */
function relative(folder: vscode.Uri, uri: vscode.Uri): string {
  const root = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return uri.path.startsWith(root)
    ? uri.path.slice(root.length)
    : vscode.workspace.asRelativePath(uri, false);
}

function problemsFound(uri: vscode.Uri, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      listening.dispose();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, FOUND_MS);
    const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((each) => each.toString() === uri.toString())) done();
    });
    signal.addEventListener('abort', done);
  });
}
