/**
 * New comments and attributes that keep checkers silent. Code that moves with its suppression is no finding, nor is a suppression that
 * became narrower; one with a reason is found all the same, and the reason is told.
 */
import { isOwn, LINE_CHARS_MAX, TEXT_CHARS_MAX, type Loosening, type TextChange } from './change.ts';
import { commentsIn, type Syntax } from './comments.ts';
import { COMMENT_MARKS, CODE_MARKS, type Mark } from './marks.ts';

interface Suppression {
  readonly path: string;
  readonly line: number;
  readonly tool: string;
  /** Empty: all. */
  readonly rules: readonly string[];
  /** For a whole file or region. */
  readonly wide: boolean;
  readonly why: string;
  /** As it stands there. */
  readonly text: string;
  /** What it is about: the code beside or below it. */
  readonly code: string;
}

const SYNTAXES: readonly (readonly [files: RegExp, syntax: Syntax])[] = [
  [/\.([cm]?[jt]sx?|vue|svelte)$/, 'script'],
  [/\.(pyi?|rb|sh|bash|ya?ml|toml)$/, 'hashes'],
  [/\.rs$/, 'rust'],
  [/\.(go|java|kts?|scala|groovy|cs|swift|php|c|cc|cpp|h|hpp|css|scss|less)$/, 'slashes'],
];

export function newSuppressions(changes: readonly TextChange[]): readonly Loosening[] {
  const both = changes
    .filter(({ path }) => isOwn(path))
    .map(({ path, before, after }) => {
      return { was: suppressionsIn(path, before), now: suppressionsIn(path, after) };
    });
  const was = both.flatMap((each) => each.was);
  const now = both.flatMap((each) => each.now);
  const left = new Set(was);
  const take = (match: (former: Suppression) => boolean): boolean => {
    const found = [...left].find(match);
    return found !== undefined && left.delete(found);
  };
  const changed = now.filter((each) => !take((former) => isSame(former, each) && former.path === each.path));
  const moved = changed.filter((each) => !take((former) => isSame(former, each)));
  return moved
    .filter((each) => !take((former) => covers(former, each) && isLike(former, each)))
    .map(findingOf);
}

function suppressionsIn(path: string, text: string | undefined): readonly Suppression[] {
  const syntax = SYNTAXES.find(([files]) => files.test(path))?.[1];
  if (syntax === undefined || text === undefined || text.length > TEXT_CHARS_MAX || !MAYBE.test(text))
    return [];
  const { comments, code } = commentsIn(text, syntax);
  const found = comments.flatMap((comment) => {
    const parts = syntax === 'hashes' ? comment.text.split(/\s+#\s*/) : [comment.text];
    return parts.flatMap((part) =>
      read(COMMENT_MARKS[syntax], part).map((its) => ({ ...its, line: comment.line })),
    );
  });
  const inCode = code.flatMap((line, at) =>
    read(CODE_MARKS[syntax], line.trim().slice(0, LINE_CHARS_MAX)).map((its) => ({ ...its, line: at + 1 })),
  );
  return [...found, ...inCode].map((its) => ({ ...its, path, code: codeOf(code, its) }));
}

/** A text without any of these words holds none. */
const MAYBE =
  /disable|ignore|noqa|nocheck|expect-error|nolint|no\s?cover|nosec|suppress|allow|expect\(|NOSONAR|pyright|mypy|oxlint|eslint|warning/i;

function read(marks: readonly Mark[], text: string): readonly Omit<Suppression, 'path' | 'line' | 'code'>[] {
  return marks.flatMap(({ sign, tool, wide }) => {
    const match = sign.exec(text);
    if (match === null) return [];
    const { rules = '', why = '' } = match.groups ?? {};
    const names = rules.split(/[,\s]+/).map((rule) => rule.trim());
    const its = { tool, rules: names.filter((name) => name !== ''), text: match[0].trim() };
    return [{ ...its, wide: wide?.test(text) ?? false, why: why.replace(/^[\s:;,.–—-]+/, '').trim() }];
  });
}

/** Beside it, else the next line that has any; of the whole file, its beginning. */
function codeOf(
  code: readonly string[],
  { line, wide }: { readonly line: number; readonly wide: boolean },
): string {
  if (wide) return code.slice(0, WIDE_LINES).join('\n');
  const own = code[line - 1]?.trim() ?? '';
  if (own !== '' && !/^(#!?\[.*\]|[{}()]*)$/.test(own)) return own;
  return (
    code
      .slice(line, line + NEAR_LINES)
      .find((each) => each.trim() !== '')
      ?.trim() ?? ''
  );
}

const WIDE_LINES = 40;
const NEAR_LINES = 6;

function isSame(one: Suppression, other: Suppression): boolean {
  return covers(one, other) && covers(other, one) && one.code === other.code;
}

/** True where `one` keeps silent whatever `other` does. */
function covers(one: Suppression, other: Suppression): boolean {
  if (one.tool !== other.tool || (other.wide && !one.wide)) return false;
  if (one.rules.length === 0) return true;
  return other.rules.length > 0 && other.rules.every((rule) => one.rules.includes(rule));
}

/** Half of their words at least are the same: the code was edited or moved, and is not another. */
function isLike(one: Suppression, other: Suppression): boolean {
  const [a, b] = [wordsOf(one.code), wordsOf(other.code)];
  if (a.length + b.length === 0) return one.path === other.path;
  const rest = [...b];
  const shared = a.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  return (2 * shared.length) / (a.length + b.length) >= 0.5;
}

const wordsOf = (code: string): readonly string[] => code.match(/\w+/g) ?? [];

const QUOTED_CHARS = 120;

function findingOf({ path, line, tool, rules, wide, why, text }: Suppression): Loosening {
  const what = rules.length === 0 ? '' : ` about ${rules.join(', ')}`;
  const where = wide ? ' for a whole file or region' : '';
  const says = why === '' ? 'It gives no reason.' : `It says why: "${why.slice(0, QUOTED_CHARS)}".`;
  const quoted = text.slice(0, QUOTED_CHARS);
  return {
    ...{ kind: 'suppression', path, line, rule: rules.join(', ') || tool },
    reason: `It keeps ${tool} silent${what}${where}: ${quoted}. ${says}`,
  };
}
