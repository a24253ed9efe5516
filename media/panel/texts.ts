/** The panel's words in the person's language. */
import { own } from './state/own.ts';

/** Translations by English text, as the page carries them in `<script type="application/json" id="texts">`. */
function readTable(): Readonly<Record<string, string>> {
  const source = typeof document === 'undefined' ? '' : document.getElementById('texts')?.textContent;
  if (!source) return {};
  try {
    return JSON.parse(source) as Readonly<Record<string, string>>;
  } catch {
    return {};
  }
}

const table = readTable();

/** `text` in the person's language, with `{0}`, `{1}`… replaced by `values`. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  const pattern = own(table, text) ?? text;
  return pattern.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
