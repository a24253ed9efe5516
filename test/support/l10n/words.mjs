// The words of pages and records as they are packed: what every language says the same English to stands once, by its place.
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * @param {object} from
 * @param {ReadonlyMap<string, Readonly<Record<string, string>>>} from.tables by language, what is said to which English
 * @param {readonly string[]} from.recorded English that the product's code has, in the order in which it has it
 * @param {ReadonlySet<string>} from.own English that the editor looks up itself
 * @returns {{ kept: Map<string, Record<string, string>>, packed: Buffer }} what stays in the editor's tables; what `unpackWords`
 *   (src/editor/told-words.ts) reads
 */
export function packWords({ tables, recorded, own }) {
  const told = new Set(recorded);
  const all = new Set([...tables.values()].flatMap((table) => Object.keys(table)));
  const shown = [...all].filter((key) => !own.has(key) && !told.has(key)).sort();
  const kept = new Map();
  const languages = {};
  for (const [language, table] of tables) {
    kept.set(language, Object.fromEntries(Object.entries(table).filter(([key]) => own.has(key))));
    const said = (keys) => keys.map((key) => table[key] ?? null);
    languages[language] = { shown: said(shown), recorded: said(recorded) };
  }
  const text = Buffer.from(JSON.stringify({ shown, languages }));
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return { kept, packed: brotliCompressSync(text, { params }) };
}
