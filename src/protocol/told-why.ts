/** Why something is so, in the person's language. The record joins reasons by semicolons, and a reason may hold another one. */
import { createTold, fitting, type Told } from './told.ts';
import { filled } from './words.ts';

/** Between reasons, but not between those in brackets. */
const JOINT = /; (?![^(]*\))/u;

/** Of what a reason is told. */
const NAMED = '{0}: {1}';

/** Reasons in reasons that are told. */
const DEPTH_MAX = 4;

/** Longer texts are other people's words. */
const CHARS_MAX = 2000;

interface Reasons {
  /** Translations by their English. */
  readonly table: Readonly<Record<string, string>>;
  readonly patterns: readonly string[];
  /** What failed is a reason, too, without its full stop. */
  readonly sentence: (text: string) => string | undefined;
}

interface Telling {
  readonly told: Told;
  readonly toldWhy: Told;
  /** The message of a failing test. It is a program's, but for what that left unsaid, which its first line says. */
  readonly toldFailure: Told;
}

/** What is recorded, and why something is so: either may hold the other. `table`: translations by their English. */
export function toldIn(
  table: Reasons['table'],
  patterns: { readonly told: readonly string[]; readonly whys: readonly string[] },
): Telling {
  const { told, sentence } = createTold(table, patterns.told, (text) => toldWhy(text));
  const toldWhy = createToldWhy({ table, patterns: patterns.whys, sentence });
  const toldFailure: Told = (message) => {
    const [first = '', ...others] = message.split('\n');
    return [toldWhy(first), ...others].join('\n');
  };
  return { told, toldWhy, toldFailure };
}

/** What no pattern fits, and names and words in it, stay as they are recorded. */
function createToldWhy({ table, patterns, sentence }: Reasons): Told {
  // "the role {0} does not have it" before "role {0}"; of whom it is told last.
  const [named, ...known] = [NAMED, ...patterns.toSorted((one, other) => other.length - one.length)].flatMap(
    (pattern) =>
      Object.hasOwn(table, pattern)
        ? [{ fits: fitting(pattern), translated: table[pattern] ?? pattern }]
        : [],
  );
  const byPattern = (text: string, depth: number, among: typeof known): string | undefined => {
    for (const { fits, translated } of among) {
      const match = fits.exec(text);
      if (match)
        return translated.replace(/\{(\d)\}/gu, (whole, at: string) =>
          translate(match.groups?.[`p${at}`] ?? whole, depth + 1),
        );
    }
    return undefined;
  };
  /** Where neither what is named nor what is said of it is ours, the colon is not either. */
  const ofNamed = (text: string, depth: number): string | undefined => {
    const { p0, p1 } = named?.fits.exec(text)?.groups ?? {};
    if (named === undefined || p0 === undefined || p1 === undefined) return undefined;
    const [what, said] = [translate(p0, depth + 1), translate(p1, depth + 1)];
    return what === p0 && said === p1 ? undefined : filled(named.translated, [what, said]);
  };
  const ofOne = (text: string, depth: number): string | undefined =>
    byPattern(text, depth, known) ?? sentence(`${text}.`)?.replace(/[.。]$/u, '') ?? ofNamed(text, depth);
  const translate = (text: string, depth: number): string => {
    if (depth > DEPTH_MAX) return text;
    const parts = text.split(JOINT);
    const all = parts.map((part) => ofOne(part, depth));
    // A name in it may hold a semicolon.
    const whole = all.includes(undefined) ? ofOne(text, depth) : undefined;
    return whole ?? parts.map((part, at) => all[at] ?? part).join('; ');
  };
  return (text) => (known.length === 0 || text.length > CHARS_MAX ? text : translate(text, 0));
}
