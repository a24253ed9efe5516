/** Where a person is asked to save what is told of a run. */
import * as vscode from 'vscode';
import { workspaceFolder } from '../obstacle.ts';

/** Letters of a run's id that tell it from others in a file's name. */
const ID_CHARS = 8;

/** The chosen file; a name in the folder is offered. `undefined` where the person backs out. */
export async function askWhereToSave(
  title: string,
  { run, what, filters }: { run: string; what: string; filters: Record<string, string[]> },
): Promise<vscode.Uri | undefined> {
  const [[ending = 'txt'] = []] = Object.values(filters);
  const name = `quartet-${what}-${run.slice(-ID_CHARS)}.${ending}`;
  const folder = workspaceFolder()?.uri;
  const defaultUri = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
  return await vscode.window.showSaveDialog({ title, filters, defaultUri });
}
