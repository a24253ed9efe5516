/** The words of the editor's language for what a run records and what pages say. */
import * as vscode from 'vscode';
import type { Told } from '../protocol/told.ts';
import { filled, type Words } from '../protocol/words.ts';
import { once } from './once.ts';

let table: Readonly<Record<string, string>> | undefined;
let translate: Told = (text) => text;

/** Resolves once the words of the editor's language are there. One that speaks English needs none. */
export const learnWords = once(async (): Promise<void> => {
  const { bundle, uri } = vscode.l10n;
  if (bundle === undefined) return;
  const { TOLD, TOLD_WHYS, toldIn, unpackWords } = await import('./told-words.ts');
  const language = /\.([a-z-]+)\.json$/u.exec(uri?.path ?? '')?.[1] ?? '';
  // A checkout has no such file. What a damaged one would say stays English: nothing else waits for it in vain.
  const packed = async () =>
    uri &&
    unpackWords(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, '..', 'words.br')), language);
  const words = { ...bundle, ...(await packed().catch(() => undefined)) };
  table = words;
  translate = toldIn(words, { told: TOLD, whys: TOLD_WHYS }).told;
});

/** Every word of the editor's language by its English, after `learnWords`; undefined where it speaks English. */
export const wordsLearnt = (): Readonly<Record<string, string>> | undefined => table;

/** What a door hands in where others word what is shown; as `vscode.l10n.t`, for words that the editor does not look up itself. */
export const say: Words = (english, ...values) => filled(table?.[english] ?? english, values);

/** As it is recorded, where the editor speaks English or has no words for it. What is recorded comes after `learnWords`. */
export const told: Told = (text) => translate(text);
