/** Small questions to the syntax tree of a line of a POSIX shell. */
import { forEachChild, type Command, type Script, type SyntaxNode, type Word } from 'unbash';

/** What a reader refuses to judge; caught where a line is read. */
export class Unreadable extends Error {}
export const unreadable = (why: string): never => {
  throw new Unreadable(why);
};

/** Behind such an operator some shells expand once more what the quotes kept from them, and run the commands in it. */
export function refuseTwice(operator: string, target: string): void {
  if (operator.endsWith('&') && /[^\w./-]/u.test(target)) unreadable('a redirection that shells read twice');
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  forEachChild(node, (child) => void children.push(child));
  return children;
}

/** A node and everything below it, in order. */
export function* everyNode(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childrenOf(node)) yield* everyNode(child);
}

/** A word as a shell takes it where nothing in it is expanded. */
const unquoted = ({ text }: Word): string => text.replace(/["'\\]/gu, '');

/** True where a command, however it is spelled, may change the folder. */
export const changesFolder = (node: SyntaxNode): boolean =>
  node.type === 'Command' && node.name !== undefined && unquoted(node.name) === 'cd';

/** True where something changes the folder for what comes after: a subshell keeps that to itself. */
export const wanders = (node: SyntaxNode): boolean =>
  changesFolder(node) || (node.type !== 'Subshell' && childrenOf(node).some(wanders));

/** Commands whose words are names of variables that they set. */
const SETTING =
  /^(read|mapfile|readarray|getopts|unset|let|printf|local|declare|typeset|export|readonly|wait)$/u;

/** How often a line sets each of its variables; what may set one in more than one way counts twice. */
export function assignmentsIn(root: Script): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, times: number): void => void counts.set(name, (counts.get(name) ?? 0) + times);
  let anything = false;
  for (const node of everyNode(root)) {
    if (node.type === 'Assignment') add(node.name, 1);
    if (node.type === 'For') add(node.name.text, 1);
    const names = node.type === 'Command' ? namesSetBy(node) : [];
    for (const name of names ?? []) add(name, 2);
    anything ||= names === undefined;
  }
  if (anything) for (const name of counts.keys()) add(name, 2);
  return counts;
}

/** Names that a command sets by its words; `undefined`: it cannot be told. */
function namesSetBy({ name, args }: Command): readonly string[] | undefined {
  const words = [name, ...args].flatMap((word) => (word?.type === 'Word' ? [unquoted(word)] : []));
  const at = words.findIndex((word) => SETTING.test(word));
  if (at < 0) return [];
  const rest = words.slice(at + 1);
  const sets = words[at] !== 'printf' || rest.some((word, index) => /^-v|^\$/u.test(word) && index === 0);
  if (sets && rest.some((word) => /[$`]/u.test(word))) return undefined;
  return rest.flatMap((word) => [/^\w*/u.exec(word)?.[0] ?? '', /^-\w(\w*)/u.exec(word)?.[1] ?? '']);
}

/** Variables of a line that it only ever sets to digits. */
export function numbersIn(root: Script, assigned: ReadonlyMap<string, number>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const node of everyNode(root)) {
    if (node.type !== 'Assignment' || node.value.type !== 'Word') continue;
    const { text, parts = [] } = node.value;
    const isNumber =
      /^-?\d+$/u.test(text) || (parts.length === 1 && parts[0]?.type === 'ArithmeticExpansion');
    if (isNumber && node.text === `${node.name}=${text}`)
      counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  }
  return new Set([...counts.keys()].filter((name) => counts.get(name) === assigned.get(name)));
}

/** Functions that a line makes, by name. */
export const functionsIn = (root: Script): ReadonlySet<string> =>
  new Set([...everyNode(root)].flatMap((node) => (node.type === 'Function' ? [unquoted(node.name)] : [])));
