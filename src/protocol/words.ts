/** Words that nobody records: a door puts them in the language of its reader. */

/** Gives `english` in some language, with `{0}`, `{1}`… replaced by `values`; the editor's `l10n.t` is one. */
export type Words = (english: string, ...values: (string | number)[]) => string;

/** How a door says things: words of its own, and what others worded in English, as a record or an error does. */
export interface Speech {
  readonly t: Words;
  readonly told: (text: string) => string;
}

/** `pattern` with `{0}`, `{1}`… replaced by `values`; what has no value stays. */
export const filled = (pattern: string, values: readonly (string | number)[]): string =>
  pattern.replace(/\{(\d)\}/gu, (whole, index: string) => String(values[Number(index)] ?? whole));

/** The terminal's. */
export const inEnglish: Words = (english, ...values) => filled(english, values);
export const ENGLISH: Speech = { t: inEnglish, told: (text) => text };
