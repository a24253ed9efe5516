/**
 * What a run tells people, in their language. The record is English, for whoever reads it later; a door shows it in the language of its
 * editor by patterns of it. What no pattern fits is shown as it is recorded.
 */

/** A translation of recorded text. */
export type Told = (text: string) => string;

interface Pattern {
  readonly fits: RegExp;
  readonly translated: string;
}

/** Texts whose translations are remembered. */
const REMEMBERED_MAX = 2000;

/** What stands for another text. */
const HOLE = /\{\d\}/gu;

/** Longer texts are other people's words. */
const CHARS_MAX = 2000;

/** Where one sentence ends and the next begins. */
const SENTENCES = /(?<=[.!?]) (?=\p{Lu})/u;

/** `table`: translations by their English. */
export function createTold(table: Readonly<Record<string, string>>, patterns: readonly string[]): Told {
  // "List the workspace" before "List {0}".
  const known = patterns
    .toSorted((one, other) => other.replaceAll(HOLE, '').length - one.replaceAll(HOLE, '').length)
    .flatMap((pattern): readonly Pattern[] =>
      Object.hasOwn(table, pattern)
        ? [{ fits: fitting(pattern), translated: table[pattern] ?? pattern }]
        : [],
    );
  const remembered = new Map<string, string>();
  const ofOne = (text: string): string | undefined => {
    for (const { fits, translated } of known) {
      const match = fits.exec(text);
      if (match)
        return translated.replace(/\{(\d)\}/gu, (whole, at: string) => match.groups?.[`p${at}`] ?? whole);
    }
    return undefined;
  };
  const translate = (text: string): string => {
    const whole = ofOne(text);
    if (whole !== undefined) return whole;
    const sentences = text.split(SENTENCES);
    return sentences.length === 1 ? text : sentences.map((each) => ofOne(each) ?? each).join(' ');
  };
  return (text) => {
    if (known.length === 0 || text.length > CHARS_MAX) return text;
    const before = remembered.get(text);
    if (before !== undefined) return before;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const now = translate(text);
    remembered.set(text, now);
    return now;
  };
}

/** What fits a pattern from its beginning to its end. */
function fitting(pattern: string): RegExp {
  const source = pattern
    .split(/(\{\d\})/u)
    .map((part) => {
      const at = /^\{(\d)\}$/u.exec(part)?.[1];
      return at === undefined ? part.replace(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`) : `(?<p${at}>.+?)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}
