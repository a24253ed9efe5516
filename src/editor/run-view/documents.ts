/** Prompts, replies, tool calls and lines of a run as read-only documents. */
import * as vscode from 'vscode';
import type { RecordPart } from '../../protocol/run-view.ts';
import type { Desk } from '../desk.ts';
import { describe } from '../tell.ts';

const RECORD_SCHEME = 'quartet-record';

/** `quartet-record:/<run>/<line> <part>.md`: its path is what the tab is called. */
function recordUri(run: string, seq: number, part: RecordPart): vscode.Uri {
  const ending = part === 'line' ? 'json' : 'md';
  return vscode.Uri.from({ scheme: RECORD_SCHEME, path: `/${run}/${seq} ${part}.${ending}` });
}

const PARTS: Readonly<Record<RecordPart, true>> = { prompt: true, output: true, line: true };
const isPart = (named: string): named is RecordPart => Object.hasOwn(PARTS, named);
const PATH = /^\/([^/]+)\/(\d+) ([a-z]+)\.(?:md|json)$/u;

/** A record that cannot be read says why in the document's place. */
async function textOf(desk: Desk, uri: vscode.Uri): Promise<string> {
  const [, run = '', seq = '', part = ''] = PATH.exec(uri.path) ?? [];
  if (!isPart(part)) return vscode.l10n.t('This is no address of a record.');
  try {
    return await (await desk.connect()).record(run).text(Number(seq), part);
  } catch (error) {
    return `${describe(error)}\n`;
  }
}

/** Registers the documents. */
export function provideRecords(desk: Desk): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(RECORD_SCHEME, {
    provideTextDocumentContent: (uri) => textOf(desk, uri),
  });
}

/** Opens a text of a run's record beside what is open, without taking the focus for good. */
export async function openRecord(run: string, seq: number, part: RecordPart): Promise<void> {
  const document = await vscode.workspace.openTextDocument(recordUri(run, seq, part));
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
