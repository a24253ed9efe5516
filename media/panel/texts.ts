/** The panel's words in the person's language. */
import { toldIn } from '../../src/protocol/told-why.ts';
import { filled } from '../../src/protocol/words.ts';
import { own } from './state/own.ts';

/** What the page carries in `<script type="application/json" id="…">`. */
function read<T>(id: string, otherwise: T): T {
  const source = typeof document === 'undefined' ? '' : document.getElementById(id)?.textContent;
  if (!source) return otherwise;
  try {
    return JSON.parse(source) as T;
  } catch {
    return otherwise;
  }
}

/** Translations by English text. */
const table = read<Readonly<Record<string, string>>>('texts', {});

/** `told`: what a run records, in the person's language. `toldWhy`: why something asks, waits or is chosen. `toldFailure`: the message of a failing test. */
export const { told, toldWhy, toldFailure } = toldIn(table, {
  told: read<readonly string[]>('told', []),
  whys: read<readonly string[]>('whys', []),
});

/** `text` in the person's language, with `{0}`, `{1}`… replaced by `values`. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return filled(own(table, text) ?? text, values);
}
