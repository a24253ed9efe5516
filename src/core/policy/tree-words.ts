/** Words of a syntax tree as a shell would make them, and how sure one can be of that. */
import type { SyntaxNode } from '../ports.ts';
import { everyNode, unreadable } from './syntax.ts';
import type { Word } from './reading.ts';

/** What words depend on. */
export interface WordScope {
  /** Variables whose value is certain here. */
  readonly variables: ReadonlyMap<string, Word>;
  /** Variables that the line sets somewhere. */
  readonly assigned: ReadonlyMap<string, number>;
  /** Those of them that only ever hold digits. */
  readonly numbers: ReadonlySet<string>;
  /** Judges the commands of a substitution. */
  readonly substitute: (node: SyntaxNode) => Printed;
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
export function wordsOf(node: SyntaxNode, scope: WordScope): readonly Word[] {
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
export const valuesOf = (node: SyntaxNode, scope: WordScope): readonly Word[] =>
  allOf(node, scope).map((word) => (PLACE.test(word.text) ? UNKNOWN : word));

const PLACE = /[\u0001\u0002]/u;

function allOf(node: SyntaxNode, scope: WordScope): readonly Word[] {
  if (/[{}]/u.test(node.text) && /^(word|concatenation|brace_expression)$/u.test(node.type))
    return braces(node, scope);
  const word = wordOf(node, scope);
  // By itself it is no word at all where the program prints nothing.
  return [node.type === 'command_substitution' && word.certain === 'number' ? tame('') : word];
}

function braces(node: SyntaxNode, scope: WordScope): readonly Word[] {
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

function wordOf(node: SyntaxNode, scope: WordScope): Word {
  switch (node.type) {
    case 'command_name':
      return /\{/u.test(node.text.replace(/\$\{/gu, '')) ? UNKNOWN : joined(node.children, scope);
    case 'word':
    case 'number':
    case 'variable_name':
    case 'test_operator':
    case 'extglob_pattern':
      return node.children.length > 0 && node.type === 'number' ? refuse(node, scope) : bare(node.text);
    case 'raw_string':
      return known(node.text.slice(1, -1));
    case 'string':
      return quoted(node, scope);
    case 'concatenation':
      return joined(node.children, scope);
    case 'simple_expansion':
      return unquoted(variable(node.text.slice(1), scope));
    case 'expansion':
      return unquoted(expansion(node, scope));
    case 'command_substitution':
      return { unknown: UNKNOWN, tame: tame(''), number: NUMBER, here: known(HERE) }[scope.substitute(node)];
    case 'process_substitution':
      scope.substitute(node);
      return tame('');
    case 'arithmetic_expansion':
      return arithmetic(node.text, scope);
    default:
      return refuse(node, scope);
  }
}

/** A word that is not understood may be anything; what it runs is judged all the same. */
function refuse(node: SyntaxNode, scope: WordScope): Word {
  for (const inner of everyNode(node))
    if (inner !== node && /^(command|process)_substitution$/u.test(inner.type)) scope.substitute(inner);
  return UNKNOWN;
}

function bare(text: string): Word {
  const glob = isGlob(text.replace(/\\./gsu, ''));
  return known(text.replace(/\\\n/gu, '').replace(/\\(.)/gsu, '$1'), glob);
}

function joined(nodes: readonly SyntaxNode[], scope: WordScope): Word {
  return join(nodes.map((node) => wordOf(node, scope)));
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

/** Quoted text is what lies between its expansions; grammars differ in what they call content. */
function quoted(node: SyntaxNode, scope: WordScope): Word {
  if (!node.text.startsWith('"')) return UNKNOWN;
  const parts: Word[] = [];
  let at = node.start + 1;
  const literal = (to: number): void => {
    const raw = node.text.slice(at - node.start, to - node.start);
    if (/`|\$[[({]/u.test(raw.replace(/\\[\s\S]/gu, ''))) unreadable('an expansion that cannot be read');
    parts.push(known(raw.replace(/\\\n/gu, '').replace(/\\([$`"\\])/gu, '$1')));
  };
  for (const child of node.children) {
    if (child.type === 'string_content' || !child.named) continue;
    literal(child.start);
    parts.push(inQuotes(child, scope));
    at = child.end;
  }
  literal(node.end - 1);
  return { ...join(parts), glob: false };
}

/** Inside quotes a value is not split into words. */
function inQuotes(node: SyntaxNode, scope: WordScope): Word {
  if (node.type === 'simple_expansion') return variable(node.text.slice(1), scope);
  return node.type === 'expansion' ? expansion(node, scope) : wordOf(node, scope);
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
function arithmetic(text: string, scope: WordScope): Word {
  if (!ARITHMETIC.test(text) || /\+\+|--/u.test(text)) unreadable('arithmetic that shells read in two ways');
  for (const [name] of text.slice(3).matchAll(/\$?\b[A-Za-z_]\w*|\$\S?/gu))
    if (!isNumber(variable(name.replace('$', ''), scope)))
      unreadable('arithmetic with what is only known when it runs');
  return NUMBER;
}

/** Expansions that neither calculate, nor set anything, nor expand their value once more. */
const PLAIN_EXPANSION =
  /^\$\{(?:[A-Za-z_]\w*(?:\[[@*\d]\])?|\d+|[@*#?$!-])(?::?[-+?][\s\S]*|(?:%%?|##?|\/\/?|,,?|\^\^?)[\s\S]*|:\d+(?::\d+)?)?\}$/u;

function expansion(node: SyntaxNode, scope: WordScope): Word {
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
