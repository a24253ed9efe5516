/** The words of the editor's language that it does not look up itself: those of all that is loaded late, of pages, and of what runs record. */
import * as vscode from 'vscode';
import type { Log } from '../core/ports.ts';
import type { Told } from '../protocol/told.ts';
import { filled, type Words } from '../protocol/words.ts';

let table: Readonly<Record<string, string>> | undefined;
const asRecorded: Told = (text) => text;
let translate = { told: asRecorded, toldWhy: asRecorded, toldFailure: asRecorded };
let learning: Promise<void> | undefined;

/** Resolves once the words of the editor's language are there. One that speaks English needs none. */
export const learnWords = (log: Pick<Log, 'warn'>): Promise<void> => (learning ??= learn(log));

async function learn(log: Pick<Log, 'warn'>): Promise<void> {
  const { bundle, uri } = vscode.l10n;
  if (bundle === undefined || uri === undefined) return;
  const { TOLD, TOLD_WHYS, toldIn, wordsOf } = await import('./told-words.ts');
  const language = /\.([a-z-]+)\.json$/u.exec(uri.path)?.[1] ?? '';
  const read = () => vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, '..', 'words.br'));
  const words = await wordsOf({ bundle, language, read }, log);
  table = words;
  translate = toldIn(words, { told: TOLD, whys: TOLD_WHYS });
}

/** Every word of the editor's language by its English, after `learnWords`; undefined where it speaks English. */
export const wordsLearnt = (): Readonly<Record<string, string>> | undefined => table;

/** As `vscode.l10n.t`, after `learnWords`, for what is shown once something of Quartet is looked at, asked for or run. */
export const t: Words = (english, ...values) => filled(table?.[english] ?? english, values);

/** As it is recorded, where the editor speaks English or has no words for it. What is recorded comes after `learnWords`. */
export const told: Told = (text) => translate.told(text);

/** The same for why something is asked. */
export const toldWhy: Told = (text) => translate.toldWhy(text);

/** The message of a failing test, as `told`. */
export const toldFailure: Told = (message) => translate.toldFailure(message);
