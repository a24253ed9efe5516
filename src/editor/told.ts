/** What a run records, in the language of the editor. */
import * as vscode from 'vscode';
import { TOLD } from '../protocol/told-patterns.ts';
import { createTold, type Told } from '../protocol/told.ts';

let translate: Told | undefined;

/** As it is recorded, where the editor speaks English or has no words for it. */
export function told(text: string): string {
  translate ??= createTold(vscode.l10n.bundle ?? {}, TOLD);
  return translate(text);
}
