/**
 * What a run tells people, in their language. The record is English, for whoever reads it later; a door shows it in the language of its
 * editor by patterns of it. What no pattern fits is shown as it is recorded.
 */

/** A translation of recorded text. */
export type Told = (text: string) => string;

interface Pattern {
  readonly fits: RegExp;
  readonly translated: string;
  /** Whether it can be why something failed. */
  readonly isWhy: boolean;
  /** The number of the hole behind a colon at its end: there stands why. */
  readonly why: string | undefined;
  /** The number of the hole in its last words, behind a colon: there stand reasons. */
  readonly reasons: string | undefined;
}

/** Texts whose translations are remembered. */
const REMEMBERED_MAX = 2000;

/** What stands for another text. */
const HOLE = /\{\d\}/gu;

/** Longer texts are other people's words. */
const CHARS_MAX = 2000;

/** Where one sentence ends and the next begins. */
const SENTENCES = /(?<=[.!?]) (?=\p{Lu})/u;

/** The end of a sentence. */
const ENDS = /[!.?]$/u;

/** One character, where no sentence ends. */
const IN_SENTENCE = String.raw`(?:(?![.!?] \p{Lu}).)`;

/** `table`: translations by their English. `toldWhy`: of reasons within what is told. */
export function createTold(
  table: Readonly<Record<string, string>>,
  patterns: readonly string[],
  toldWhy: Told = (text) => text,
): Told {
  const known = patterns
    .toSorted(byPrecedence)
    .flatMap((pattern): readonly Pattern[] =>
      Object.hasOwn(table, pattern) ? [patternOf(pattern, table[pattern] ?? pattern)] : [],
    );
  // What a search looks for stands behind a colon, too: only whole sentences are taken for ours there.
  const whys = known.filter(({ isWhy }) => isWhy);
  const remembered = new Map<string, string>();
  const ofOne = (text: string, among: readonly Pattern[]): string | undefined => {
    for (const { fits, translated, why, reasons } of among) {
      const match = fits.exec(text);
      if (match)
        return translated.replace(/\{(\d)\}/gu, (whole, at: string) => {
          const part = match.groups?.[`p${at}`] ?? whole;
          if (at === why) return translate(part, whys);
          return at === reasons ? toldWhy(part) : part;
        });
    }
    return undefined;
  };
  const translate = (text: string, among: readonly Pattern[]): string => {
    const whole = ofOne(text, among);
    if (whole !== undefined) return whole;
    const sentences = text.split(SENTENCES);
    return sentences.length === 1 ? text : sentences.map((each) => ofOne(each, among) ?? each).join(' ');
  };
  return (text) => {
    if (known.length === 0 || text.length > CHARS_MAX) return text;
    const before = remembered.get(text);
    if (before !== undefined) return before;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const now = translate(text, known);
    remembered.set(text, now);
    return now;
  };
}

/** What failed before why, which may be a pattern, too; "List the workspace" before "List {0}". */
const byPrecedence = (one: string, other: string): number =>
  Number(LEADS_TO_WHY.test(other)) - Number(LEADS_TO_WHY.test(one)) ||
  other.replaceAll(HOLE, '').length - one.replaceAll(HOLE, '').length;

const LEADS_TO_WHY = /^[^{].*: \{\d\}$/su;

const patternOf = (pattern: string, translated: string): Pattern => ({
  fits: fitting(pattern),
  translated,
  isWhy: ENDS.test(pattern) || LEADS_TO_WHY.test(pattern),
  why: /: \{(\d)\}$/u.exec(pattern)?.[1],
  reasons: /: \{(\d)\}\.$/u.exec(pattern)?.[1],
});

/**
 * What fits a pattern from its beginning to its end. In a sentence, and where a pattern begins with it, a hole holds no end of another
 * sentence, unless it stands in quotes.
 */
export function fitting(pattern: string): RegExp {
  const source = pattern
    .split(/(\{\d\})/u)
    .map((part, index, parts) => {
      const at = /^\{(\d)\}$/u.exec(part)?.[1];
      if (at === undefined) return part.replace(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);
      const before = parts[index - 1] ?? '';
      const isWithin = (before === '' || ENDS.test(pattern)) && !before.endsWith('"');
      return `(?<p${at}>${isWithin ? IN_SENTENCE : '.'}+?)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}
