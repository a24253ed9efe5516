/** What a run records, in the language of the editor. */
import * as vscode from 'vscode';
import { TOLD } from '../protocol/told-patterns.ts';
import type { Told } from '../protocol/told.ts';
import { toldIn } from '../protocol/told-why.ts';
import { TOLD_WHYS } from '../protocol/told-whys.ts';

let translate: Told | undefined;

/** As it is recorded, where the editor speaks English or has no words for it. */
export function told(text: string): string {
  translate ??= toldIn(vscode.l10n.bundle ?? {}, { told: TOLD, whys: TOLD_WHYS }).told;
  return translate(text);
}
