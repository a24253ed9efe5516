/** Words of a POSIX shell's line as it would make them, and how sure one can be of that. */
import type {
  ArithmeticExpansionPart,
  CommandExpansionPart,
  DoubleQuotedChild,
  DoubleQuotedPart,
  ParameterExpansionPart,
  ProcessSubstitutionPart,
  SyntaxNode,
  Word as WordNode,
  WordPart,
} from 'unbash';
import { everyNode, unreadable } from './syntax.ts';
import type { Word } from './reading.ts';

type Substitution = CommandExpansionPart | ProcessSubstitutionPart;

/** What words depend on. */
export interface WordScope {
  /** Variables whose value is certain here. */
  readonly variables: ReadonlyMap<string, Word>;
  /** Variables that the line sets somewhere. */
  readonly assigned: ReadonlyMap<string, number>;
  /** Those of them that only ever hold digits. */
  readonly numbers: ReadonlySet<string>;
  /** Judges the commands of a substitution. */
  readonly substitute: (node: Substitution) => Printed;
}

/** What a substitution prints: the folder that it runs in, a number, names of the working copy, or anything. */
export type Printed = 'here' | 'number' | 'tame' | 'unknown';

const UNKNOWN: Word = { text: '', glob: false, certain: 'unknown' };
const known = (text: string, glob = false): Word => ({ text, glob });
const tame = (text: string, glob = false): Word => ({ text, glob, certain: 'tame' });
const NUMBER: Word = { text: '0', glob: false, certain: 'number' };
/** Stand for the folder that the line runs in and for the home until it is seen what is around; no line that is read holds them. */
const HERE = '\u0001';
const HOME = '\u0002';

/** Variables of the environment that are always set, and what is known of them. */
const ENVIRONMENT: Readonly<Record<string, Word>> = {
  HOME: tame(HOME),
  PWD: known(HERE),
  '?': NUMBER,
  '#': NUMBER,
  $: NUMBER,
};

/** Alternatives of a brace expansion that are looked at. */
const BRACES_MAX = 32;
const ARITHMETIC = /^\$\(\([\w\s+*/%?:,$-]*\)\)$/u;

/** The words that a node becomes: one, or the alternatives of a brace expansion and the text itself, which is what some shells take. */
export function wordsOf(node: WordNode, scope: WordScope): readonly Word[] {
  return allOf(node, scope).map((word) => {
    if (!PLACE.test(word.text)) return word;
    // A sibling of the folder may begin with its name.
    const [, before, place, after] =
      /^((?:-[\w-]*=?|\w+=)?)([\u0001\u0002])(\/[^\u0001\u0002]*)?$/u.exec(word.text) ?? [];
    if (place === undefined || word.text.includes('..')) return UNKNOWN;
    return { ...word, text: `${before ?? ''}${place === HERE ? '.' : '~'}${after ?? ''}` };
  });
}

/** As `wordsOf`, for what is used elsewhere: the folder may be another by then. */
export const valuesOf = (node: WordNode, scope: WordScope): readonly Word[] =>
  allOf(node, scope).map((word) => (PLACE.test(word.text) ? UNKNOWN : word));

const PLACE = /[\u0001\u0002]/u;

function allOf(node: WordNode, scope: WordScope): readonly Word[] {
  if (/[{}]/u.test(outsideQuotes(node))) return braces(node, scope);
  const word = wordOf(node, scope);
  const isPrinted = node.parts?.length === 1 && node.parts[0]?.type === 'CommandExpansion';
  // By itself it is no word at all where the program prints nothing.
  return [isPrinted && word.certain === 'number' ? tame('') : word];
}

/** What of a word is neither quoted nor expanded by the shell as a value. */
const outsideQuotes = ({ text, parts }: WordNode): string =>
  parts
    ?.filter(({ type }) => /^(Literal|Glob|BraceExpansion)$/u.test(type))
    .map((part) => part.text)
    .join('') ?? text;

function braces(node: WordNode, scope: WordScope): readonly Word[] {
  const { text } = node;
  if (/["'`$\\]/u.test(text)) {
    const word = wordOf(node, scope);
    const outsideVariables = text.replace(/\$\{[^{}]*\}/gu, '');
    return /\{.*(,|\.\.)/u.test(outsideVariables) ? [{ ...word, certain: 'unknown' }] : [word];
  }
  const parts = /^([^{}]*)\{([^{}]*)\}([^{}]*)$/u.exec(text);
  const literal = known(text, isGlob(text));
  if (!parts) return [/(,|\.\.)/u.test(text) ? UNKNOWN : literal];
  const [, before = '', inner = '', after = ''] = parts;
  const range = /^([A-Za-z\d]+)\.\.([A-Za-z\d]+)(\.\.\d+)?$/u.exec(inner);
  const each = range ? [range[1] ?? '', range[2] ?? ''] : inner.includes(',') ? inner.split(',') : [];
  if (each.length > BRACES_MAX || (inner.includes('..') && !range)) return [UNKNOWN];
  // Which words there are depends on the shell.
  const certain = each.length > 0 && { certain: 'tame' as const };
  return [{ ...literal, ...certain }, ...each.map((one) => tame(`${before}${one}${after}`, isGlob(text)))];
}

const isGlob = (text: string): boolean => /[*?[]/u.test(text);

const wordOf = ({ text, parts }: WordNode, scope: WordScope): Word =>
  parts ? join(parts.map((part) => partOf(part, scope))) : bare(text);

function partOf(part: WordPart, scope: WordScope): Word {
  switch (part.type) {
    case 'Literal':
      return bare(part.text);
    case 'Glob':
      return /["'`$\\]/u.test(part.text) ? refuse(part, scope) : known(part.text, true);
    case 'SingleQuoted':
      return known(part.value);
    case 'DoubleQuoted':
      return quoted(part, scope);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return unquoted(inQuotes(part, scope));
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticExpansion':
      return inQuotes(part, scope);
    case 'ExtendedGlob':
      return unreadable('a pattern that only some shells know');
    case 'BraceExpansion':
    case 'AnsiCQuoted':
    case 'LocaleString':
      return refuse(part, scope);
  }
}

/** A word that is not understood may be anything; what it runs is judged all the same. */
function refuse(node: SyntaxNode, scope: WordScope): Word {
  for (const inner of everyNode(node))
    if (inner !== node && (inner.type === 'CommandExpansion' || inner.type === 'ProcessSubstitution'))
      scope.substitute(inner);
  return UNKNOWN;
}

function bare(text: string): Word {
  const glob = isGlob(text.replace(/\\./gsu, ''));
  return known(text.replace(/\\\n/gu, '').replace(/\\(.)/gsu, '$1'), glob);
}

function join(parts: readonly Word[]): Word {
  const text = parts.map((part) => part.text).join('');
  const glob = parts.some((part) => part.glob);
  // A name may be "." or nothing, and with what is around it "..".
  const seen = parts.map((part) => (part.certain === 'tame' ? '\u0003' : part.text)).join('');
  if (/\u0003\u0003|\.\u0003|\u0003\.(?:\/|$)/u.test(seen)) return UNKNOWN;
  const worst = (['unknown', 'tame', 'number'] as const).find((certain) =>
    parts.some((part) => part.certain === certain),
  );
  return worst === undefined ? known(text, glob) : { text, glob, certain: worst };
}

function quoted({ parts }: DoubleQuotedPart, scope: WordScope): Word {
  return { ...join(parts.map((part) => inQuotes(part, scope))), glob: false };
}

/** Inside quotes a value is not split into words. */
function inQuotes(part: DoubleQuotedChild | ProcessSubstitutionPart, scope: WordScope): Word {
  switch (part.type) {
    case 'Literal':
      if (/`|\$[[({]/u.test(part.text.replace(/\\[\s\S]/gu, '')))
        unreadable('an expansion that cannot be read');
      return known(part.text.replace(/\\\n/gu, '').replace(/\\([$`"\\])/gu, '$1'));
    case 'SimpleExpansion':
      return variable(part.text.slice(1), scope);
    case 'ParameterExpansion':
      return expansion(part, scope);
    case 'CommandExpansion':
      return { unknown: UNKNOWN, tame: tame(''), number: NUMBER, here: known(HERE) }[scope.substitute(part)];
    case 'ProcessSubstitution':
      scope.substitute(part);
      return tame('');
    case 'ArithmeticExpansion':
      return arithmetic(part, scope);
  }
}

function variable(name: string, { variables, assigned, numbers }: WordScope): Word {
  const value = variables.get(name);
  if (value) return value;
  if (numbers.has(name)) return NUMBER;
  const given = assigned.has(name) || !Object.hasOwn(ENVIRONMENT, name) ? undefined : ENVIRONMENT[name];
  return given ?? UNKNOWN;
}

/** True where a shell that calculates with the word finds digits and nothing else. */
export const isNumber = ({ text, glob, certain }: Word): boolean =>
  !glob && (certain === undefined || certain === 'number') && /^-?\d+$/u.test(text);

/** Some shells calculate with what the value of a name says, and run the commands of a subscript in it. */
function arithmetic({ text }: ArithmeticExpansionPart, scope: WordScope): Word {
  if (!ARITHMETIC.test(text) || /\+\+|--/u.test(text)) unreadable('arithmetic that shells read in two ways');
  for (const [name] of text.slice(3).matchAll(/\$?\b[A-Za-z_]\w*|\$\S?/gu))
    if (!isNumber(variable(name.replace('$', ''), scope)))
      unreadable('arithmetic with what is only known when it runs');
  return NUMBER;
}

/** Expansions that neither calculate, nor set anything, nor expand their value once more. */
const PLAIN_EXPANSION =
  /^\$\{(?:[A-Za-z_]\w*(?:\[[@*\d]\])?|\d+|[@*#?$!-])(?::?[-+?][\s\S]*|(?:%%?|##?|\/\/?|,,?|\^\^?)[\s\S]*|:\d+(?::\d+)?)?\}$/u;

function expansion(node: ParameterExpansionPart, scope: WordScope): Word {
  const whole = /^\$\{(\w+|[?#$])\}$/u.exec(node.text);
  if (whole) return variable(whole[1] ?? '', scope);
  if (/^\$\{#\w+\}$/u.test(node.text)) return NUMBER;
  if (!PLAIN_EXPANSION.test(node.text)) unreadable('an expansion that calculates or sets');
  const trimmed = /^\$\{(\w+)(?:%{1,2}[\w.*-]+|##\*\/)\}$/u.exec(node.text);
  const value = trimmed ? variable(trimmed[1] ?? '', scope) : undefined;
  // What is left of a value without ".." leads nowhere that the value would not; a leading part of it is kept only.
  if (!value || value.certain === 'unknown' || /\.\.|^[/~]|[\u0001\u0002]/u.test(value.text))
    return refuse(node, scope);
  return node.text.includes('##') ? tame('name') : tame(value.text, value.glob);
}

/** An unquoted value with blanks in it becomes several words, one without anything none, and wildcards in it count. */
function unquoted(word: Word): Word {
  if (/\s/u.test(word.text) || (word.text === '' && word.certain === undefined)) return UNKNOWN;
  return { ...word, glob: word.glob || isGlob(word.text) };
}
