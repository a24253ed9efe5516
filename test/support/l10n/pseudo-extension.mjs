/** The extension as it was built, in a language in which every translated letter is marked. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pseudo, readTable, tablePath, TABLES, writeTable } from './tables.mjs';

/** As editors name it: no language pack has it. */
export const PSEUDO = 'qps-ploc';

/**
 * Copies what ships of `root` to `folder`, with tables of the pseudo-language beside the English ones.
 * @param {string} root the checkout, built
 * @param {string} folder
 */
export function makePseudoExtension(root, folder) {
  for (const name of ['dist', 'media', 'package.json', 'package.nls.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const table of Object.keys(TABLES)) {
    const marked = Object.entries(readTable(tablePath(root, table))).map(([key, text]) => [
      key,
      pseudo(text),
    ]);
    rmSync(tablePath(folder, table, PSEUDO), { force: true });
    writeTable(tablePath(folder, table, PSEUDO), Object.fromEntries(marked));
  }
}
