/**
 * A line of a POSIX shell as simple commands, each with the words, the folders and the input that it may be run with. Wherever shells
 * differ, or a value is only known when it runs, the reader says so; it never takes the more harmless reading.
 */
import {
  parse,
  type AndOr,
  type Assignment,
  type Case,
  type Command,
  type CommandExpansionPart,
  type CompoundList,
  type For,
  type Function as Definition,
  type HereDoc,
  type If,
  type Pipeline,
  type ProcessSubstitutionPart,
  type Redirected,
  type Redirection,
  type Script,
  type Statement,
  type TestCommand,
  type Time,
  type While,
} from 'unbash';
import { refuseBracket, refuseCondition } from './conditions.ts';
import { eitherOf, foldersAfter, type Folders } from './folders.ts';
import { refuseGaps } from './gaps.ts';
import { valuesOf, wordsOf, type Printed, type WordScope } from './posix-words.ts';
import type { Reading, Redirect, SimpleCommand, Word } from './reading.ts';
import { judgeAssignment } from './steering.ts';
import {
  assignmentsIn,
  changesFolder,
  everyNode,
  functionsIn,
  numbersIn,
  refuseTwice,
  Unreadable,
  unreadable,
  wanders,
} from './syntax.ts';
import { isTame } from './tame.ts';

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
  readonly assigned: ReadonlyMap<string, number>;
  readonly numbers: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly commands: SimpleCommand[];
}
/** What a command gets from around it. */
interface Around {
  readonly piped: boolean | 'names';
  readonly redirects: readonly Redirect[];
  readonly input?: string | null;
  /** Words before its own. */
  readonly before?: readonly string[];
}
/** What a line is made of: what stands alone, between `;` or in a pipe. */
type Part = Statement['command'];

const ALONE: Around = { piped: false, redirects: [] };
const ANYTHING: Word = { text: '', glob: false, certain: 'unknown' };

/** Reads a line that is run in `start`; `why` says what it holds that this reader does not judge. */
export function readPosix(text: string, start: string): Reading {
  const root = parse(text);
  const assigned = assignmentsIn(root);
  const functions = functionsIn(root);
  const commands: SimpleCommand[] = [];
  const line: Line = { assigned, numbers: numbersIn(root, assigned), functions, commands };
  // A function may be called from anywhere.
  const isLost = functions.size > 0 && [...everyNode(root)].some(changesFolder);
  try {
    refuseGaps(root, text);
    sequence(root, { folders: isLost ? undefined : [start], variables: new Map() }, line, ALONE);
    return { ok: true, commands };
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

/** One after the other. What is sent to the background changes nothing for the rest. */
function sequence({ commands }: Script | CompoundList, start: State, line: Line, around: Around): After {
  return commands.reduce((now, { command, background }) => {
    const after = walk(command, now.any, line, around);
    return background === true ? both(now.any) : perhapsBehind(command, now.any, after);
  }, both(start));
}

/** For shells that do not know `&>`, it sends to the background all that is before it since `start`. */
const perhapsBehind = (part: Part, start: State, after: After): After =>
  sendsBehind(part) ? both(either(start, either(after.ok, after.any))) : after;

function sendsBehind(part: Part): boolean {
  if (part.type === 'AndOr' || part.type === 'Pipeline') return part.commands.some(sendsBehind);
  return 'redirects' in part && part.redirects.some(({ operator }) => operator.startsWith('&'));
}

function walk(part: Part, state: State, line: Line, around: Around): After {
  switch (part.type) {
    case 'AndOr':
      return list(part, state, line, around);
    case 'Pipeline':
      return pipeline(part, state, line, around);
    case 'Command':
      return simple(part, state, line, around);
    case 'Redirected':
      return redirected(part, state, line, around);
    case 'BraceGroup':
      return sequence(part.body, state, line, around);
    case 'Subshell':
      sequence(part.body, state, line, around);
      return both(state);
    case 'If':
      return branches(part, state, line, around);
    case 'Case':
      return cases(part, state, line, around);
    case 'While':
      return loop(part, state, line, around);
    case 'For':
      return turns(part, state, line, around);
    case 'TestCommand':
      return test(part, state, line, around);
    case 'Function':
      return definition(part, state, line);
    case 'ArithmeticCommand':
    case 'ArithmeticFor':
    case 'Select':
    case 'Coproc':
      return unreadable(STRANGE[part.type]);
  }
}

/** What only some shells know, in a person's words. */
const STRANGE = {
  ArithmeticCommand: 'arithmetic that shells read in two ways',
  ArithmeticFor: 'a loop that counts',
  Select: 'a menu',
  Coproc: 'a coprocess',
} as const;

function list({ commands, operators }: AndOr, state: State, line: Line, around: Around): After {
  return commands.reduce((first, command, index) => {
    const isAnd = index === 0 || operators[index - 1] === '&&';
    const second = walk(command, isAnd ? first.ok : first.any, line, around);
    const ok = isAnd ? second.ok : either(first.ok, second.ok);
    const any = index === 0 ? second.any : either(first.any, second.any);
    return perhapsBehind(command, state, { ok, any });
  }, both(state));
}

function pipeline({ prefixes, commands }: Pipeline, state: State, line: Line, around: Around): After {
  const [first, ...others] = commands;
  if (!first) return unreadable('a pipe of nothing');
  const time = prefixes.find((prefix) => prefix.type === 'Time');
  if (time && prefixes.at(-1) !== time) unreadable('"!" behind "time"');
  const from = line.commands.length;
  const start = time ? timed(first, time, around) : around;
  const { any } = walk(first, state, line, start);
  if (others.length === 0) return both(any);
  let { piped } = around;
  let before = from;
  for (const command of others) {
    const fed = piped;
    piped = line.commands.slice(before).every((one) => isTame(one, fed)) ? 'names' : true;
    before = line.commands.length;
    walk(command, state, line, { ...around, piped });
  }
  return both(state);
}

/** `time` is a word of some shells and a program for others. */
function timed(part: Part, { posix }: Time, around: Around): Around {
  if (part.type !== 'Command' || part.prefix.length > 0 || !part.name)
    return unreadable('"time" before what only some shells can time');
  return { ...around, before: posix ? ['time', '-p'] : ['time'] };
}

function redirected(node: Redirected, state: State, line: Line, around: Around): After {
  const heard = node.redirects.reduce((so, redirect) => withRedirect(redirect, so, state, line), around);
  return walk(node.command, state, line, heard);
}

function withRedirect(redirect: Redirection, around: Around, state: State, line: Line): Around {
  const { descriptor } = redirect;
  if (descriptor?.type === 'FileDescriptorVariable') unreadable('a redirection that shells read in two ways');
  if (redirect.type === 'HereDoc') return withDocument(redirect, around);
  const scope = scopeOf(state, line);
  const { operator, target } = redirect;
  if (!target) return unreadable('a redirection to nowhere');
  const words = wordsOf(target, scope);
  if (operator === '<<<') {
    const [text] = words;
    return { ...around, input: text?.certain === undefined ? (text?.text ?? null) : null };
  }
  for (const { text } of words) refuseTwice(operator, text);
  return {
    ...around,
    redirects: [...around.redirects, ...words.map((word) => ({ operator, target: word }))],
  };
}

function withDocument({ delimiter, body, closing, operator }: HereDoc, around: Around): Around {
  if (!delimiter || !closing) return unreadable('a here-document that does not end');
  const rows = body.text.split('\n').slice(0, -1);
  // Shells do not agree on where it ends in there.
  if (rows.some((row) => row.trim() === delimiter.value || (!delimiter.quoted && row.endsWith('\\'))))
    return unreadable('a here-document that cannot be read');
  if (delimiter.quoted) return { ...around, input: rows.map(tabless(operator)).join('\n') };
  if (rows.some((row) => /`|\$\(/u.test(row) || CALCULATES.test(row.replace(/\\./gu, ''))))
    unreadable('commands in a here-document');
  return { ...around, input: /[$`\\]/u.test(body.text) ? null : rows.map(tabless(operator)).join('\n') };
}
const tabless =
  (operator: HereDoc['operator']) =>
  (row: string): string =>
    operator === '<<-' ? row.replace(/^\t+/u, '') : row;

/** An expansion that calculates, sets, or expands its value once more. */
const CALCULATES = /\$\[|\$\{(?!\w+(?::?-[^${}]*)?\})/u;

const scopeOf = (state: State, line: Line): WordScope => ({
  variables: state.variables,
  assigned: line.assigned,
  numbers: line.numbers,
  substitute: (part) => substitute(part, state, line),
});

/** Reads the commands of a substitution, and says what is known of what they print. */
function substitute(
  { text, script }: CommandExpansionPart | ProcessSubstitutionPart,
  state: State,
  line: Line,
): Printed {
  if (!script || /^\$(?:\{|\(\()/u.test(text)) return unreadable('commands that shells read in two ways');
  const from = line.commands.length;
  sequence(script, state, line, ALONE);
  const commands = line.commands.slice(from);
  if (commands.some(({ words }) => line.functions.has(words[0]?.text ?? ''))) return 'unknown';
  const run = commands.map(({ words }) => words.map((word) => word.text).join(' ')).join(';');
  if (/^pwd( -[LP])?$/u.test(run)) return 'here';
  if (!commands.every((one) => isTame(one, one.piped))) return 'unknown';
  return /^(nproc|date \+%[sYmdHMS])$/u.test(run) ? 'number' : 'tame';
}

/** Words that a shell reads as its own where a command begins. */
const RESERVED =
  /^(!|\{|\}|\[\[|\]\]|if|then|elif|else|fi|for|while|until|do|done|case|esac|in|select|function|coproc)$/u;

function simple(node: Command, state: State, line: Line, { before = [], ...around }: Around): After {
  const { name, prefix, suffix } = node;
  if (name && RESERVED.test(name.text)) unreadable(`"${name.text}" where a command begins`);
  refuseBehind(node);
  const scope = scopeOf(state, line);
  const words: Word[] = before.map((text) => ({ text, glob: false }));
  const assigned: [string, string][] = [];
  const bound = new Map(state.variables);
  let heard = around;
  for (const part of [...prefix, ...(name ? [name] : []), ...suffix]) {
    if (part.type === 'Word') words.push(...(part === name ? [nameOf(part, scope)] : wordsOf(part, scope)));
    else if (part.type === 'Assignment') {
      const value = valueOf(part, scope);
      assigned.push([part.name, value.text]);
      if (line.assigned.get(part.name) === 1) bound.set(part.name, value);
    } else heard = withRedirect(part, heard, state, line);
  }
  if (name?.text === '[') refuseBracket(node, scope);
  push(line, {
    ...{ assigned, folders: state.folders, ...heard },
    words: name?.text === '[' ? words.slice(0, 1) : words,
  });
  if (words.length === 0) return both({ ...state, variables: bound });
  const ok = { ...state, folders: foldersAfter(words, state.folders) };
  return { ok, any: either(state, ok) };
}

/** Behind `&>` begins another command, for shells that do not know it. */
function refuseBehind({ name, prefix, suffix }: Command): void {
  const parts = [...prefix, ...(name ? [name] : []), ...suffix];
  const at = parts.findIndex((part) => part.type === 'Redirect' && part.operator.startsWith('&'));
  if (at >= 0 && parts.slice(at).some(({ type }) => type === 'Word' || type === 'Assignment'))
    unreadable('words behind a redirection that shells read in two ways');
}

/** A name that may become several words may be any program. */
function nameOf(name: NonNullable<Command['name']>, scope: WordScope): Word {
  const [word = ANYTHING, ...others] = wordsOf(name, scope);
  return others.length > 0 || /\{/u.test(name.text.replace(/\$\{/gu, '')) ? ANYTHING : word;
}

function push(line: Line, one: SimpleCommand): void {
  if (line.commands.length >= COMMANDS_MAX) unreadable(`more than ${String(COMMANDS_MAX)} commands`);
  line.commands.push(one);
}

function valueOf({ value, append, index }: Assignment, scope: WordScope): Word {
  if (value.type !== 'Word' || append === true || index) return unreadable('an array');
  const words = valuesOf(value, scope);
  const [word] = words;
  return words.length === 1 && word ? word : ANYTHING;
}

/** A test reads names only. */
function test(node: TestCommand, state: State, line: Line, around: Around): After {
  refuseCondition(node, scopeOf(state, line));
  push(line, { assigned: [], words: [{ text: '[', glob: false }], folders: state.folders, ...around });
  return both(state);
}

/** Any of the branches may be taken, or none. */
function branches(node: If, state: State, line: Line, around: Around): After {
  const lists = [
    ...[node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then])],
    ...(node.else ? [node.else] : []),
  ];
  const now = lists.reduce((so, one) => either(so, sequence(one, so, line, around).any), state);
  return both(now);
}

function cases({ word, items }: Case, state: State, line: Line, around: Around): After {
  const scope = scopeOf(state, line);
  wordsOf(word, scope);
  let now = state;
  for (const { pattern, body } of items) {
    for (const one of pattern) wordsOf(one, scope);
    now = either(now, sequence(body, state, line, around).any);
  }
  return both(now);
}

/** A loop that changes the folder is not followed. */
const inside = (node: While | For, state: State): State =>
  wanders(node) ? { ...state, folders: undefined } : state;

function loop(node: While, state: State, line: Line, around: Around): After {
  const start = inside(node, state);
  sequence(node.clause, start, line, around);
  sequence(node.body, start, line, around);
  return both(start);
}

/** It runs for each of its values, as far as they are known. */
function turns(node: For, state: State, line: Line, around: Around): After {
  const { name, wordlist, body } = node;
  if (!/^[A-Za-z_]\w*$/u.test(name.text)) unreadable('a loop that cannot be read');
  if (judgeAssignment(name.text).danger !== 'usual') unreadable('a loop over a variable that steers');
  const words = (wordlist ?? []).flatMap((value) => valuesOf(value, scopeOf(state, line)));
  const start = inside(node, state);
  const isSure = line.assigned.get(name.text) === 1;
  for (const turn of wordlist && words.length <= TURNS_MAX ? words : [ANYTHING]) {
    const variables = new Map(start.variables);
    variables.delete(name.text);
    if (isSure) variables.set(name.text, turn);
    sequence(body, { ...start, variables }, line, around);
  }
  return both(start);
}

/** A function may be called anywhere, with anything. */
function definition({ name, body, pos }: Definition, state: State, line: Line): After {
  if (name.pos !== pos || name.parts) unreadable('a function that shells read in two ways');
  if (body.type === 'CompoundList') return unreadable('a function that cannot be read');
  walk(body, { ...state, variables: new Map() }, line, ALONE);
  return both(state);
}
