/** Tables of translations: reading, writing, and what is wrong with them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Quartet is translated to, as the editor names its display languages. */
export const LANGUAGES = ['de', 'es', 'fr', 'ja', 'pt-br', 'zh-cn'];

/**
 * Whether tests fail for a string that a language lacks. `npm run l10n` tells what is missing.
 * @type {boolean}
 */
export const COMPLETE = true;

/** Where the tables lie: what the code says, and what the manifest says. `.<language>` goes before the ending. */
export const TABLES = {
  bundle: ['media/l10n/bundle.l10n', '.json'],
  manifest: ['package.nls', '.json'],
};

/** @param {'bundle' | 'manifest'} table @param {string} [language] absent: English */
export function tablePath(root, table, language) {
  const [start, ending] = TABLES[table];
  return join(root, `${start}${language === undefined ? '' : `.${language}`}${ending}`);
}

/** @returns {Record<string, string>} an absent table is empty */
export function readTable(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

export function writeTable(path, table) {
  const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** What stands for a value, for code, or for a command: the same in every language. */
const fixed = (text) =>
  (text.match(/\{\d\}|\$\{\d\}|`[^`]*`|\(command:[^)]*\)|\$\([a-z-]+\)/g) ?? []).sort().join(' ');

/**
 * Holds a translation against the English.
 * @param {Record<string, string>} english @param {Record<string, string>} translated
 * @returns {{ missing: string[], stale: string[], wrong: string[] }} keys; `wrong`: placeholders, code or commands differ
 */
export function compareTables(english, translated) {
  const has = Object.hasOwn;
  return {
    missing: Object.keys(english).filter((key) => !has(translated, key)),
    stale: Object.keys(translated).filter((key) => !has(english, key)),
    wrong: Object.keys(english).filter(
      (key) => has(translated, key) && fixed(english[key]) !== fixed(translated[key]),
    ),
  };
}

/** Marks the letters of a text so that what was not translated stands out; placeholders, icons and commands stay. */
export function pseudo(text) {
  const marked = text.replace(/\{\d\}|\$\([a-z-]+\)|\(command:[^)]*\)|[A-Za-z]/g, (part) =>
    part.length > 1
      ? part
      : String.fromCodePoint(part.codePointAt(0) + (part < 'a' ? 0xff21 - 0x41 : 0xff41 - 0x61)),
  );
  return `⟦${marked}⟧`;
}
