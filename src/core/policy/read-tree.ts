/**
 * The simple commands of a syntax tree, each with the words, the folders and the input that it may be run with. Wherever shells
 * differ, or a value is only known when it runs, the reader says so; it never takes the more harmless reading.
 */
import type { SyntaxNode } from '../ports.ts';
import { eitherOf, foldersAfter, type Folders } from './folders.ts';
import type { Reading, Redirect, SimpleCommand, Word } from './reading.ts';
import { refuseCondition } from './conditions.ts';
import { judgeAssignment } from './steering.ts';
import {
  assignmentsIn,
  changesFolder,
  everyNode,
  functionsIn,
  named,
  numbersIn,
  refuseGaps,
  refuseTwice,
  Unreadable,
  unreadable,
  wanders,
} from './syntax.ts';
import { isTame } from './tame.ts';
import { valuesOf, wordsOf, type Printed, type WordScope } from './tree-words.ts';

/** Values of a loop that are looked at one by one, and commands of a line. */
const TURNS_MAX = 24;
const COMMANDS_MAX = 2000;

/** What holds at a place of the line. */
interface State {
  readonly folders: Folders;
  readonly variables: ReadonlyMap<string, Word>;
}
/** What holds after something: when it succeeded, and whatever became of it. */
interface After {
  readonly ok: State;
  readonly any: State;
}
interface Line {
  readonly text: string;
  readonly assigned: ReadonlyMap<string, number>;
  readonly numbers: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** A function of the line changes the folder. */
  readonly wanders: boolean;
  readonly commands: SimpleCommand[];
}
/** What a command gets from around it. */
interface Around {
  readonly piped: boolean | 'names';
  readonly redirects: readonly Redirect[];
  readonly input?: string | null;
}

const ALONE: Around = { piped: false, redirects: [] };

/** Reads a line that is run in `start`. */
export function readTree(root: SyntaxNode, start: string): Reading {
  const assigned = assignmentsIn(root);
  const functions = functionsIn(root);
  const line: Line = {
    text: root.text,
    assigned,
    numbers: numbersIn(root, assigned),
    functions,
    wanders: functions.size > 0 && [...everyNode(root)].some(changesFolder),
    commands: [],
  };
  try {
    refuseGaps(root, root.text);
    walk(root, { folders: line.wanders ? undefined : [start], variables: new Map() }, line, ALONE);
    return { ok: true, commands: line.commands };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    throw error;
  }
}

const both = (state: State): After => ({ ok: state, any: state });

function either(a: State, b: State): State {
  const variables = new Map([...a.variables].filter(([name, word]) => same(b.variables.get(name), word)));
  return { folders: eitherOf(a.folders, b.folders), variables };
}
const same = (a: Word | undefined, b: Word): boolean =>
  a?.text === b.text && a.glob === b.glob && a.certain === b.certain;

function walk(node: SyntaxNode, state: State, line: Line, around: Around): After {
  switch (node.type) {
    case 'program':
    case 'do_group':
    case 'else_clause':
    case 'elif_clause':
      return sequence(node, state, line, around);
    case 'compound_statement':
      if (node.text.startsWith('((')) unreadable('arithmetic that shells read in two ways');
      return sequence(node, state, line, around);
    case 'list':
      return list(node, state, line, around);
    case 'pipeline':
      return pipeline(node, state, line, around);
    case 'subshell':
      sequence(node, state, line, around);
      return both(state);
    case 'negated_command':
      return both(named(node).reduce((now, child) => walk(child, now, line, around).any, state));
    case 'redirected_statement':
      return redirected(node, state, line, around);
    default:
      return walkLeaf(node, state, line, around);
  }
}

function walkLeaf(node: SyntaxNode, state: State, line: Line, around: Around): After {
  switch (node.type) {
    case 'command':
    case 'declaration_command':
    case 'unset_command':
    case 'variable_assignment':
    case 'variable_assignments':
      return command(node, state, line, around);
    case 'test_command':
      return test(node, state, line, around);
    case 'if_statement':
    case 'case_statement':
      return branches(node, state, line, around);
    case 'while_statement':
    case 'for_statement':
      return loop(node, state, line, around);
    case 'function_definition':
      return definition(node, state, line);
    case 'comment':
      return both(state);
    default:
      return unreadable(node.type.replaceAll('_', ' '));
  }
}

/** One after the other. What is sent to the background changes nothing for the rest. */
function sequence(node: SyntaxNode, start: State, line: Line, around: Around): After {
  let now = both(start);
  const parts = node.children;
  for (const [index, child] of parts.entries()) {
    if (!child.named || child.type === 'comment') continue;
    const after = walk(child, now.any, line, around);
    now = parts[index + 1]?.type === '&' ? both(now.any) : after;
  }
  return now;
}

function list(node: SyntaxNode, state: State, line: Line, around: Around): After {
  const [left, right] = named(node);
  const operator = node.children.find((child) => !child.named)?.text;
  if (!left || !right || named(node).length > 2) return unreadable('a list that cannot be read');
  const first = walk(left, state, line, around);
  if (operator === '&&') {
    const second = walk(right, first.ok, line, around);
    return { ok: second.ok, any: either(first.any, second.any) };
  }
  if (operator !== '||') return unreadable('a list that cannot be read');
  const second = walk(right, first.any, line, around);
  return { ok: either(first.ok, second.ok), any: either(first.any, second.any) };
}

function pipeline(node: SyntaxNode, state: State, line: Line, around: Around): After {
  let piped = around.piped;
  for (const child of named(node)) {
    const from = line.commands.length;
    walk(child, state, line, { ...around, piped });
    const fed = piped;
    piped = line.commands.slice(from).every((one) => isTame(one, fed)) ? 'names' : true;
  }
  return both(state);
}

function redirected(node: SyntaxNode, state: State, line: Line, around: Around): After {
  const [body, ...others] = named(node);
  const redirects = [body, ...others].filter((child) => child?.type.endsWith('_redirect') === true);
  const heard = redirects.reduce((so, child) => (child ? withRedirect(child, so, state, line) : so), around);
  if (body && !redirects.includes(body)) return walk(body, state, line, heard);
  line.commands.push({ assigned: [], words: [], folders: state.folders, ...heard });
  return both(state);
}

function withRedirect(node: SyntaxNode, around: Around, state: State, line: Line): Around {
  const scope = scopeOf(state, line);
  if (node.type === 'herestring_redirect') {
    const word = node.children.at(-1);
    const [text] = word ? wordsOf(word, scope) : [];
    return { ...around, input: text?.certain === undefined ? (text?.text ?? null) : null };
  }
  if (node.type === 'heredoc_redirect') return withDocument(node, around, state, line);
  const operator = node.children.find((child) => !child.named)?.text ?? '';
  const targets = named(node).filter((child) => child.type !== 'file_descriptor');
  if (operator === '' || targets.length === 0) return unreadable('a redirection to nowhere');
  // The grammar takes them for further targets, a shell for words of the command.
  if (targets.length > 1) return unreadable('words behind a redirection');
  const words = targets.flatMap((child) => wordsOf(child, scope));
  for (const { text } of words) refuseTwice(operator, text);
  return { ...around, redirects: [...around.redirects, ...words.map((target) => ({ operator, target }))] };
}

/** A here-document. What the grammar takes for the rest of its first line is read like anything else. */
function withDocument(node: SyntaxNode, around: Around, state: State, line: Line): Around {
  const delimiter = node.children.find((child) => child.type === 'heredoc_start')?.text ?? '';
  const plain = delimiter.replace(/^['"]|['"]$|^\\/gu, '');
  const end = node.children.find((child) => child.type === 'heredoc_end');
  if (!/^\w+$/u.test(plain) || end?.text.trim() !== plain)
    return unreadable('a here-document that cannot be read');
  const tabs = node.children.some((child) => child.text === '<<-');
  const rows = node.text.split('\n').slice(1, -1);
  if (rows.some((row) => (tabs ? row.replace(/^\t+/u, '') : row) === plain))
    return unreadable('a here-document that cannot be read');
  const expands = plain === delimiter;
  // Grammars do not find every command that a shell runs in there.
  if (expands && rows.some((row) => /`|\$\(/u.test(row) || CALCULATES.test(row.replace(/\\./gu, ''))))
    unreadable('commands in a here-document');
  const text = rows.join('\n');
  const input = expands && /[$`\\]/u.test(text) ? null : text;
  let heard: Around = { ...around, input };
  for (const child of named(node)) {
    if (child.type === 'file_redirect') heard = withRedirect(child, heard, state, line);
    else if (child.type === 'pipeline' || child.type === 'command')
      walk(child, state, line, { ...ALONE, piped: true });
    else if (!/^heredoc_|^file_descriptor$/u.test(child.type))
      unreadable('a here-document that cannot be read');
  }
  return heard;
}

/** An expansion that calculates, sets, or expands its value once more. */
const CALCULATES = /\$\[|\$\{(?!\w+(?::?-[^${}]*)?\})/u;

const scopeOf = (state: State, line: Line): WordScope => ({
  variables: state.variables,
  assigned: line.assigned,
  numbers: line.numbers,
  substitute: (node) => substitute(node, state, line),
});

/** Reads the commands of a substitution, and says what is known of what they print. */
function substitute(node: SyntaxNode, state: State, line: Line): Printed {
  const from = line.commands.length;
  sequence(node, state, line, ALONE);
  const commands = line.commands.slice(from);
  if (commands.some(({ words }) => line.functions.has(words[0]?.text ?? ''))) return 'unknown';
  const tame = commands.every((one) => isTame(one, one.piped));
  const text = commands.map(({ words }) => words.map((word) => word.text).join(' ')).join(';');
  if (/^pwd( -[LP])?$/u.test(text)) return 'here';
  if (!tame) return 'unknown';
  return /^(nproc|date \+%[sYmdHMS])$/u.test(text) ? 'number' : 'tame';
}

function command(node: SyntaxNode, state: State, line: Line, around: Around): After {
  const scope = scopeOf(state, line);
  const words: Word[] = [];
  const assigned: [string, string][] = [];
  const bound = new Map(state.variables);
  let heard = around;
  if (node.type === 'declaration_command' || node.type === 'unset_command')
    words.push({ text: node.children[0]?.text ?? '', glob: false });
  for (const child of node.type === 'variable_assignment' ? [node] : named(node)) {
    if (child.type === 'variable_assignment') {
      const [name, value] = assignment(child, scope);
      assigned.push([name, value.text]);
      if (line.assigned.get(name) === 1) bound.set(name, value);
    } else if (child.type.endsWith('_redirect')) heard = withRedirect(child, heard, state, line);
    else words.push(...wordsOf(child, scope));
  }
  refuseReserved(node);
  push(line, { assigned, words, folders: state.folders, ...heard });
  if (words.length === 0) return both({ ...state, variables: bound });
  const ok = { ...state, folders: foldersAfter(words, state.folders) };
  return { ok, any: either(state, ok) };
}

/** Words that a shell reads as its own where a command begins. */
const RESERVED =
  /^(!|\{|\}|\[\[|\]\]|if|then|elif|else|fi|for|while|until|do|done|case|esac|in|select|function|coproc)$/u;

/** A grammar that took a word of the shell, or a lone dollar, for one of a command has lost its way. */
function refuseReserved(node: SyntaxNode): void {
  if (node.children.some((child) => child.type === '$')) unreadable('a lone "$"');
  const name = node.children.find((child) => child.type === 'command_name');
  if (name && RESERVED.test(name.text)) unreadable(`"${name.text}" where a command begins`);
}

function push(line: Line, one: SimpleCommand): void {
  if (line.commands.length >= COMMANDS_MAX) unreadable(`more than ${String(COMMANDS_MAX)} commands`);
  line.commands.push(one);
}

function assignment(node: SyntaxNode, scope: WordScope): readonly [string, Word] {
  const name = node.children.find((child) => child.type === 'variable_name')?.text;
  const value = node.children.at(-1);
  if (name === undefined || !value) return unreadable('an assignment that cannot be read');
  if (!value.named || value.type === 'variable_name') return [name, { text: '', glob: false }];
  if (!node.text.startsWith(`${name}=`) || value.type === 'array') return unreadable('an array');
  const words = valuesOf(value, scope);
  const [word] = words;
  return [name, words.length === 1 && word ? word : { text: '', glob: false, certain: 'unknown' }];
}

/** A test reads names only. */
function test(node: SyntaxNode, state: State, line: Line, around: Around): After {
  refuseCondition(node, scopeOf(state, line));
  push(line, { assigned: [], words: [{ text: '[', glob: false }], folders: state.folders, ...around });
  return both(state);
}

/** Any of the branches may be taken, or none. */
function branches(node: SyntaxNode, state: State, line: Line, around: Around): After {
  if (node.type === 'if_statement') {
    const after = sequence(node, state, line, around);
    return both(either(state, after.any));
  }
  const [subject, ...items] = named(node);
  if (subject) wordsOf(subject, scopeOf(state, line));
  let now = state;
  for (const item of items) {
    const close = item.children.findIndex((child) => child.text === ')');
    for (const pattern of item.children.slice(0, close))
      if (pattern.named) wordsOf(pattern, scopeOf(state, line));
    const rest = { ...item, children: item.children.slice(close + 1) };
    now = either(now, sequence(rest, state, line, around).any);
  }
  return both(now);
}

/** A loop runs for each of its values, as far as they are known; one that changes the folder is not followed. */
function loop(node: SyntaxNode, state: State, line: Line, around: Around): After {
  const body = node.children.find((child) => child.type === 'do_group');
  const moves = wanders(node);
  const parts = named(node).filter((child) => child !== body);
  if (!body) return unreadable('a loop that cannot be read');
  const inside = moves ? { ...state, folders: undefined } : state;
  if (node.type === 'while_statement') {
    for (const part of parts) walk(part, inside, line, around);
    walk(body, inside, line, around);
    return both(inside);
  }
  const [variable, ...values] = parts;
  if (node.children[0]?.text !== 'for' || variable?.type !== 'variable_name')
    return unreadable('a loop that cannot be read');
  if (judgeAssignment(variable.text).danger !== 'usual') unreadable('a loop over a variable that steers');
  const words = values.flatMap((value) => valuesOf(value, scopeOf(state, line)));
  const turns: readonly Word[] =
    words.length > TURNS_MAX || !node.children.some((child) => child.text === 'in')
      ? [{ text: '', glob: false, certain: 'unknown' }]
      : words;
  const isSure = line.assigned.get(variable.text) === 1;
  for (const turn of turns) {
    const variables = new Map(inside.variables);
    variables.delete(variable.text);
    if (isSure) variables.set(variable.text, turn);
    walk(body, { ...inside, variables }, line, around);
  }
  return both(inside);
}

/** A function may be called anywhere, with anything. */
function definition(node: SyntaxNode, state: State, line: Line): After {
  const parts = named(node);
  if (node.children[0]?.type === 'function') unreadable('a function that shells read in two ways');
  const body = parts.at(-1);
  if (!body || parts[0]?.type !== 'word') return unreadable('a function that cannot be read');
  walk(body, { ...state, variables: new Map() }, line, ALONE);
  return both(state);
}
