/** Small questions to a syntax tree of a shell line. */
import type { SyntaxNode } from '../ports.ts';

/** What a reader refuses to judge; caught where a line is read. */
export class Unreadable extends Error {}
export const unreadable = (why: string): never => {
  throw new Unreadable(why);
};

/** A node and everything below it, in order. */
export function* everyNode(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}

/** True where something changes the folder for what comes after: a subshell keeps that to itself. */
export function wanders(node: SyntaxNode): boolean {
  if (node.type === 'command_name') return node.text === 'cd';
  return node.type !== 'subshell' && node.children.some(wanders);
}

export const named = (node: SyntaxNode): readonly SyntaxNode[] =>
  node.children.filter((child) => child.named && child.type !== 'comment');

/** Commands whose words are names of variables that they set. */
const SETTING = /^(read|mapfile|readarray|getopts|unset|let|printf|local|declare|typeset|export|readonly)$/u;

/** How often a line sets each of its variables; what may set one in more than one way counts twice. */
export function assignmentsIn(root: SyntaxNode): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, times: number): void => void counts.set(name, (counts.get(name) ?? 0) + times);
  for (const node of everyNode(root)) {
    const [first] = node.children;
    if (node.type === 'variable_assignment' || node.type === 'for_statement')
      add(node.children.find((child) => child.type === 'variable_name')?.text ?? '', 1);
    if (node.type === 'expansion' && /^\$\{\w+:?=/u.test(node.text))
      add(/\w+/u.exec(node.text)?.[0] ?? '', 2);
    if (!first || !SETTING.test(first.text)) continue;
    for (const word of node.children.slice(1)) add(/^\w*/u.exec(word.text)?.[0] ?? '', 2);
  }
  return counts;
}

/**
 * Every sign of the line is to be accounted for: by a node in the spelling that it stands for, or as a blank between two. A grammar
 * that lost its way leaves gaps, or takes more into a node than belongs there. What is inside quotes and here-documents is text by right.
 */
export function refuseGaps(node: SyntaxNode, line: string): void {
  if (node.broken) unreadable('something that cannot be read');
  refuseSpelling(node);
  if (LITERAL.has(node.type)) {
    for (const child of node.children) refuseGaps(child, line);
    return;
  }
  let at = node.start;
  for (const child of node.children) {
    const between = line.slice(at, child.start);
    const gap = between.replaceAll('\\\n', '');
    // A shell makes one word of what such a line end stands in.
    if (gap === '' && between !== '' && ONE_LINE.has(node.type)) unreadable('a word over two lines');
    if (!blankIn(node.type).test(gap)) unreadable('something that cannot be read');
    refuseGaps(child, line);
    at = child.end;
  }
  if (node.children.length > 0 && line.slice(at, node.end).trim() !== '')
    unreadable('something that cannot be read');
}

/** What stands for a sign or a keyword is just that, and no word holds what would end it. */
function refuseSpelling({ type, named: isNamed, text, children }: SyntaxNode): void {
  if (!isNamed && text !== type) unreadable(`"${text}" where "${type}" is expected`);
  const spelling = children.length === 0 && isNamed ? SPELLING[type] : undefined;
  if (spelling?.test(text) === false) unreadable(`"${text}" as one word`);
}

/** How leaves are spelled whose end a shell may see elsewhere. */
const SPELLING: Readonly<Record<string, RegExp | undefined>> = {
  word: /^(?:\\[\s\S]|[^\s\\;&|<>()"'`$])+$/u,
  number: /^-?\w+(?:#\w+)?$/u,
  file_descriptor: /^\d+$/u,
  variable_name: /^\w+$/u,
  special_variable_name: /^[*@?!#$0_-]$/u,
  comment: /^#[^\n]*$/u,
  raw_string: /^'[^']*'$/u,
};

/** The grammar drops a lone dash before a here-document: it stands for the input, and changes nothing. */
const blankIn = (type: string): RegExp => {
  if (type === 'redirected_statement') return /^[ \t]*(-[ \t]+)?$/u;
  return ONE_LINE.has(type) ? /^[ \t]*$/u : /^\s*$/u;
};

const LITERAL = new Set(['string', 'heredoc_body', 'expansion', 'arithmetic_expansion']);
const ONE_LINE = new Set([
  'command',
  'concatenation',
  'variable_assignments',
  'declaration_command',
  'file_redirect',
]);
