/**
 * What a run tells people, in their language. The record is English, for whoever reads it later; a door shows it in the language of its
 * editor by patterns of it. What no pattern fits is shown as it is recorded.
 */

/** A translation of recorded text. */
export type Told = (text: string) => string;

interface Telling {
  readonly told: Told;
  /** Of one whole sentence; undefined where it is not ours. */
  readonly sentence: (text: string) => string | undefined;
}

interface Pattern {
  readonly fits: RegExp;
  readonly translated: string;
  /** Whether it can be why something failed. */
  readonly isWhy: boolean;
  /** The number of the hole behind a colon at its end: there stands why. */
  readonly why: string | undefined;
  /** The number of the hole in its last words, behind a colon: there stand reasons. */
  readonly reasons: string | undefined;
  /** The number of the hole in its last words, behind a name: there stands what is said of that. */
  readonly says: string | undefined;
}

/** Texts whose translations are remembered. */
const REMEMBERED_MAX = 2000;

/** What stands for another text. */
const HOLE = /\{(\d)\}/gu;

/** What may be ours and no name: "the linter". */
const OURS = /^the \p{Ll}/u;

/** Longer texts are other people's words. */
const CHARS_MAX = 2000;

/** More lines are other people's words, too. */
const LINES_MAX = 60;

/** Who did it, or where it is, before what is told: "coder: ", "src/a.ts:3: ". */
const OF_WHAT = /^(?<what>[^\s:]\S*: )(?<rest>.+)$/su;

/** Where one sentence ends and the next begins. */
const SENTENCES = /(?<=[.!?]) (?=\p{Lu})/u;

/** The end of a sentence. */
const ENDS = /[!.?]$/u;

/** One character, where no sentence ends. */
const IN_SENTENCE = String.raw`(?:(?![.!?](?: \p{Lu}|\n)).)`;

/** `table`: translations by their English. `toldWhy`: of reasons within what is told. */
export function createTold(
  table: Readonly<Record<string, string>>,
  patterns: readonly string[],
  toldWhy: Told = (text) => text,
): Telling {
  const known = patterns
    .toSorted(byPrecedence)
    .flatMap((pattern): readonly Pattern[] =>
      Object.hasOwn(table, pattern) ? [patternOf(pattern, table[pattern] ?? pattern)] : [],
    );
  // What a search looks for stands behind a colon, too: only whole sentences are taken for ours there.
  const whys = known.filter(({ isWhy }) => isWhy);
  const ofOurs = (part: string): string => (OURS.test(part) ? (table[part] ?? part) : part);
  const remembered = new Map<string, string>();
  const ofOne = (text: string, among: readonly Pattern[]): string | undefined => {
    for (const { fits, translated, why, reasons, says } of among) {
      const match = fits.exec(text);
      const said = says === undefined ? undefined : match?.groups?.[`p${says}`];
      // What is said of a name is ours, or all of it is not.
      if (!match || (said !== undefined && toldWhy(said) === said)) continue;
      return translated.replace(HOLE, (whole, at: string) => {
        const part = match.groups?.[`p${at}`] ?? whole;
        if (at === why) return translate(part, whys);
        return at === reasons || at === says ? toldWhy(part) : ofOurs(part);
      });
    }
    return undefined;
  };
  const translate = (text: string, among: readonly Pattern[]): string => {
    const whole = ofOne(text, among);
    if (whole !== undefined) return whole;
    const lines = text.split('\n');
    if (lines.length > LINES_MAX) return text;
    if (lines.length > 1) return lines.map((line) => translate(line, whys)).join('\n');
    const sentences = text.split(SENTENCES);
    if (sentences.length > 1) return sentences.map((each) => translate(each, among)).join(' ');
    const { what, rest } = OF_WHAT.exec(text)?.groups ?? {};
    return what === undefined || rest === undefined ? text : what + translate(rest, whys);
  };
  const told: Told = (text) => {
    if (known.length === 0 || text.length > CHARS_MAX) return text;
    const before = remembered.get(text);
    if (before !== undefined) return before;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const now = translate(text, known);
    remembered.set(text, now);
    return now;
  };
  return { told, sentence: (text) => ofOne(text, whys) };
}

/** What failed before why, which may be a pattern, too; "List the workspace" before "List {0}". */
const byPrecedence = (one: string, other: string): number =>
  Number(LEADS_TO_WHY.test(other)) - Number(LEADS_TO_WHY.test(one)) ||
  other.replaceAll(HOLE, '').length - one.replaceAll(HOLE, '').length;

/** What is said of a name, behind it. */
const SAYS = /^" \{\d\}\.$/u;

const LEADS_TO_WHY = /^[^{].*: \{\d\}$/su;

const patternOf = (pattern: string, translated: string): Pattern => ({
  fits: fitting(pattern),
  translated,
  isWhy: ENDS.test(pattern) || LEADS_TO_WHY.test(pattern),
  why: /: \{(\d)\}$/u.exec(pattern)?.[1],
  reasons: /: \{(\d)\}\.$/u.exec(pattern)?.[1],
  says: /" \{(\d)\}\.$/u.exec(pattern)?.[1],
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
      // What is named ends where what is said of it begins: it may hold quotes itself.
      const isNamed = SAYS.test(parts.slice(index + 1).join(''));
      return `(?<p${at}>${isWithin ? IN_SENTENCE : '.'}+${isNamed ? '' : '?'})`;
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}
