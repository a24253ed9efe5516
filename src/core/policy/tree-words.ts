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
  /** Judges the commands of a substitution, and says whether what they print are names of the working copy. */
  readonly substitute: (node: SyntaxNode) => boolean;
}

const UNKNOWN: Word = { text: '', glob: false, certain: 'unknown' };
const known = (text: string, glob = false): Word => ({ text, glob });
const tame = (text: string, glob = false): Word => ({ text, glob, certain: 'tame' });

/** Variables of the environment whose kind of value is known. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '~',
  PWD: '.',
  TMPDIR: '/tmp',
  USER: 'user',
  LOGNAME: 'user',
  CI: 'true',
  RANDOM: '0',
  UID: '0',
  SECONDS: '0',
  LINENO: '0',
  '?': '0',
  '#': '0',
  $: '0',
};

/** Alternatives of a brace expansion that are looked at. */
const BRACES_MAX = 32;
const ARITHMETIC = /^\$\(\([\w\s+*/%?:,$-]*\)\)$/u;

/** The words that a node becomes: one, or the alternatives of a brace expansion and the text itself, which is what some shells take. */
export function wordsOf(node: SyntaxNode, scope: WordScope): readonly Word[] {
  if (/[{}]/u.test(node.text) && (node.type === 'word' || node.type === 'concatenation'))
    return braces(node, scope);
  return [wordOf(node, scope)];
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
  return [literal, ...each.map((one) => known(`${before}${one}${after}`, isGlob(text)))];
}

const isGlob = (text: string): boolean => /[*?[]/u.test(text);

function wordOf(node: SyntaxNode, scope: WordScope): Word {
  switch (node.type) {
    case 'command_name':
      return joined(node.children, scope);
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
      return scope.substitute(node) ? tame('') : UNKNOWN;
    case 'process_substitution':
      scope.substitute(node);
      return tame('');
    case 'arithmetic_expansion':
      if (!ARITHMETIC.test(node.text)) unreadable('arithmetic that shells read in two ways');
      return known('0');
    case 'brace_expression':
      return known('0');
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
  const worst =
    parts.find((part) => part.certain === 'unknown') ?? parts.find((part) => part.certain === 'tame');
  return worst?.certain === undefined ? known(text, glob) : { text, glob, certain: worst.certain };
}

/** Quoted text is what lies between its expansions; grammars differ in what they call content. */
function quoted(node: SyntaxNode, scope: WordScope): Word {
  if (!node.text.startsWith('"')) return UNKNOWN;
  const parts: Word[] = [];
  let at = node.start + 1;
  const literal = (to: number): void => {
    const raw = node.text.slice(at - node.start, to - node.start);
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

function variable(name: string, { variables, assigned }: WordScope): Word {
  const value = variables.get(name);
  if (value) return value;
  const given = assigned.has(name) || !Object.hasOwn(ENVIRONMENT, name) ? undefined : ENVIRONMENT[name];
  return given === undefined ? UNKNOWN : known(given);
}

function expansion(node: SyntaxNode, scope: WordScope): Word {
  const whole = /^\$\{(\w+|[?#$])\}$/u.exec(node.text);
  if (whole) return variable(whole[1] ?? '', scope);
  if (/^\$\{#\w+\}$/u.test(node.text)) return known('0');
  const trimmed = /^\$\{(\w+)(?:%{1,2}[\w.*-]+|##\*\/)\}$/u.exec(node.text);
  const value = trimmed ? variable(trimmed[1] ?? '', scope) : undefined;
  // What is left of a value without ".." leads nowhere that the value would not; a leading part of it is kept only.
  if (!value || value.certain === 'unknown' || /\.\.|^[/~]/u.test(value.text)) return refuse(node, scope);
  return node.text.includes('##') ? tame('name') : tame(value.text, value.glob);
}

/** An unquoted value with blanks in it becomes several words. */
const unquoted = (word: Word): Word => (/\s/u.test(word.text) ? UNKNOWN : word);
