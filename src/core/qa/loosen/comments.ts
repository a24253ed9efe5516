/** Comments of a text, told from what only looks like one inside quotes. Close enough to the languages for findings, not a parser. */

export interface Comment {
  /** One-based: where it begins. */
  readonly line: number;
  /** Without its signs, on one line. */
  readonly text: string;
}

export interface Commented {
  readonly comments: readonly Comment[];
  /** Lines without comments; text in quotes stays. */
  readonly code: readonly string[];
}

export type Syntax = 'slashes' | 'hashes' | 'rust' | 'script';

const STRING = String.raw`"(?:\\.|[^"\\\n])*"`;
const QUOTED = String.raw`'(?:\\.|[^'\\\n])*'`;
const BLOCK = String.raw`(?<block>\/\*[\s\S]*?(?:\*\/|$(?![\s\S])))`;
const SLASHES = String.raw`(?<line>\/\/[^\n]*)`;
const BACKTICKS = '`(?:\\\\[\\s\\S]|[^`\\\\])*`';
/** Where a slash begins an expression rather than divides. */
const REGEX = String.raw`(?=\/)(?<=(?:^|[(,=:[!&|?{};+>]|\breturn)\s*)\/(?![*\/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\/\\\[\n])+\/[a-z]*`;

const TOKENS: Readonly<Record<Syntax, string>> = {
  script: [SLASHES, BLOCK, BACKTICKS, STRING, QUOTED, REGEX].join('|'),
  slashes: [SLASHES, BLOCK, BACKTICKS, String.raw`"""[\s\S]*?"""`, STRING, QUOTED].join('|'),
  rust: [
    SLASHES,
    BLOCK,
    String.raw`r#"[\s\S]*?"#`,
    String.raw`"(?:\\[\s\S]|[^"\\])*"`,
    String.raw`'(?:\\.|[^'\\\n])'`,
  ].join('|'),
  hashes: [
    String.raw`"""[\s\S]*?"""`,
    String.raw`'''[\s\S]*?'''`,
    STRING,
    QUOTED,
    String.raw`(?<line>#[^\n]*)`,
  ].join('|'),
};

export function commentsIn(text: string, syntax: Syntax): Commented {
  const comments: Comment[] = [];
  let line = 1;
  let counted = 0;
  const code = text.replace(new RegExp(TOKENS[syntax], 'gm'), (whole: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as { readonly line?: string; readonly block?: string };
    const at = rest.at(-3) as number;
    if (groups.line === undefined && groups.block === undefined) return whole;
    line += newlines(text, counted, at);
    counted = at;
    comments.push({ line, text: wordsOf(whole) });
    return whole.replace(/[^\n]+/g, '');
  });
  return { comments, code: code.split('\n') };
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** What a comment says to programs stands at its beginning. */
const WORDS_MAX = 2000;

function wordsOf(comment: string): string {
  return comment
    .slice(0, WORDS_MAX)
    .replace(/^(\/\/+|\/\*+|#+)!?/, '')
    .replace(/\*+\/$/, '')
    .replace(/\n\s*\**/g, ' ')
    .trim();
}

/** Text with neither comments nor, for JSON, the commas that it does not allow. */
export function withoutComments(text: string, syntax: Syntax): string {
  return commentsIn(text, syntax).code.join('\n');
}
