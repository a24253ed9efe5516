/**
 * All that runs record, as patterns, and how they are put into other words. Loaded where the editor speaks another language than English.
 * A checkout has every word in the editor's tables; a package has those of pages and records in one file of their own.
 */
import { brotliDecompressSync } from 'node:zlib';
import type { Log } from '../core/ports.ts';
import { TOLD } from '../protocol/told-patterns.ts';
import { TOLD_WHYS } from '../protocol/told-whys.ts';

export { toldIn } from '../protocol/told-why.ts';
export { TOLD, TOLD_WHYS };

/** Translations by their English. */
type Table = Readonly<Record<string, string>>;

type Said = readonly (string | null)[];

interface Words {
  /** English of the pages. */
  readonly shown: readonly string[];
  /** What each language says to the pages' English and to what is recorded, by place. */
  readonly languages: Readonly<Record<string, { readonly shown: Said; readonly recorded: Said }>>;
}

const RECORDED: readonly string[] = [...TOLD, ...TOLD_WHYS];

/**
 * Every word of a language: `bundle` is what the editor has of it, `read` gives the packed file. Where that is missing or damaged, the
 * log says why, and its words stay English: nothing else waits for them.
 */
export async function wordsOf({ bundle, language, read }: PackedIn, log: Pick<Log, 'warn'>): Promise<Table> {
  if (RECORDED.every((english) => Object.hasOwn(bundle, english))) return bundle;
  try {
    return { ...unpackWords(await read(), language), ...bundle };
  } catch (error) {
    log.warn(
      `Some words stay English: media/l10n/words.br cannot be read (${String(error)}). Install the extension again.`,
    );
    return bundle;
  }
}

interface PackedIn {
  readonly bundle: Table;
  readonly language: string;
  readonly read: () => PromiseLike<Uint8Array>;
}

/** What a language says, by English. `recorded` has the order in which it was packed. */
export function unpackWords(
  packed: Uint8Array,
  language: string,
  recorded: readonly string[] = RECORDED,
): Table {
  const { shown, languages } = JSON.parse(brotliDecompressSync(packed).toString('utf8')) as Words;
  const said = languages[language];
  if (said === undefined) return {};
  const pairs = (keys: readonly string[], all: Said) =>
    keys.flatMap((key, at) => (typeof all[at] === 'string' ? [[key, all[at]] as const] : []));
  return Object.fromEntries([...pairs(shown, said.shown), ...pairs(recorded, said.recorded)]);
}
