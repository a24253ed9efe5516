/** Small questions to a syntax tree of a shell line. */
import type { SyntaxNode } from '../ports.ts';

/** What a reader refuses to judge; caught where a line is read. */
export class Unreadable extends Error {}
export const unreadable = (why: string): never => {
  throw new Unreadable(why);
};

/** Behind such an operator some shells expand once more what the quotes kept from them, and run the commands in it. */
export function refuseTwice(operator: string, target: string): void {
  if (operator.endsWith('&') && /[^\w./-]/u.test(target)) unreadable('a redirection that shells read twice');
}

/** A node and everything below it, in order. */
export function* everyNode(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}

/** True where something changes the folder for what comes after: a subshell keeps that to itself. */
export function wanders(node: SyntaxNode): boolean {
  if (node.type === 'command_name') return changesFolder(node);
  return node.type !== 'subshell' && node.children.some(wanders);
}

export const named = (node: SyntaxNode): readonly SyntaxNode[] =>
  node.children.filter((child) => child.named && child.type !== 'comment');

/** A word as a shell takes it where nothing in it is expanded. */
const unquoted = (text: string): string => text.replace(/["'\\]/gu, '');

/** Commands whose words are names of variables that they set. */
const SETTING =
  /^(read|mapfile|readarray|getopts|unset|let|printf|local|declare|typeset|export|readonly|wait)$/u;

/** How often a line sets each of its variables; what may set one in more than one way counts twice. */
export function assignmentsIn(root: SyntaxNode): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, times: number): void => void counts.set(name, (counts.get(name) ?? 0) + times);
  let anything = false;
  for (const node of everyNode(root)) {
    if (node.type === 'variable_assignment' || node.type === 'for_statement')
      add(node.children.find((child) => child.type === 'variable_name')?.text ?? '', 1);
    const names = namesSetBy(node);
    for (const name of names ?? []) add(name, 2);
    anything ||= names === undefined;
  }
  if (anything) for (const name of counts.keys()) add(name, 2);
  return counts;
}

/** Names that a command sets by its words; `undefined`: it cannot be told. */
function namesSetBy(node: SyntaxNode): readonly string[] | undefined {
  if (!/^(command|declaration_command|unset_command)$/u.test(node.type)) return [];
  const words = node.children
    .filter((child) => child.type !== 'variable_assignment' && !child.type.endsWith('_redirect'))
    .map((child) => unquoted(child.text));
  const at = words.findIndex((word) => SETTING.test(word));
  if (at < 0) return [];
  const rest = words.slice(at + 1);
  const sets = words[at] !== 'printf' || rest.some((word, index) => /^-v|^\$/u.test(word) && index === 0);
  if (sets && rest.some((word) => /[$`]/u.test(word))) return undefined;
  return rest.flatMap((word) => [/^\w*/u.exec(word)?.[0] ?? '', /^-\w(\w*)/u.exec(word)?.[1] ?? '']);
}

/** Variables of a line that it only ever sets to digits. */
export function numbersIn(root: SyntaxNode, assigned: ReadonlyMap<string, number>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const node of everyNode(root)) {
    const [name, , value] = node.children;
    if (node.type !== 'variable_assignment' || !name || !value) continue;
    if (!/^(number|arithmetic_expansion)$/u.test(value.type) || node.text !== `${name.text}=${value.text}`)
      continue;
    counts.set(name.text, (counts.get(name.text) ?? 0) + 1);
  }
  return new Set([...counts.keys()].filter((name) => counts.get(name) === assigned.get(name)));
}

/** Functions that a line makes, by name. */
export const functionsIn = (root: SyntaxNode): ReadonlySet<string> =>
  new Set(
    [...everyNode(root)]
      .filter((node) => node.type === 'function_definition')
      .map((node) => unquoted(node.children.find((child) => child.type === 'word')?.text ?? '')),
  );

/** True where a command of the line, however it is spelled, may change the folder. */
export const changesFolder = (node: SyntaxNode): boolean =>
  node.type === 'command_name' && unquoted(node.text) === 'cd';

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
  // Shells expand what stands in these; the grammar does not always tell.
  regex: /^(?:[^`$]|\$(?=$|[)|]))*$/u,
  extglob_pattern: /^[^`$]*$/u,
  string_content: /^(?:\\[\s\S]|\$(?![[({])|[^\\`$])*$/u,
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
