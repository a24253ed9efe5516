/**
 * A command line of a POSIX shell as simple commands, as far as that can be done without doubt. What is beyond this
 * reader (substitutions, compound commands, here-documents, background jobs) is refused by it, never guessed.
 */
import { eitherOf, foldersAfter } from './folders.ts';
import type { Reading, Redirect, SimpleCommand, Word } from './reading.ts';
import { refuseTwice, Unreadable, unreadable } from './syntax.ts';

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly glob: boolean; readonly quoted: boolean }
  | { readonly kind: 'operator'; readonly text: string };

const OPERATORS = ['&>>', '&&', '||', '|&', '>>', '>|', '>&', '<&', '<>', '&>', ';', '|', '\n', '>', '<'];
const REDIRECTS = new Set(['>', '>>', '>|', '>&', '<', '<&', '<>', '&>', '&>>']);
const KEYWORDS = new Set(
  'if then else elif fi for while until do done case esac select function time coproc { } [[ ! in'.split(' '),
);

/** Reads a command line that is run in `start`; `why` says what it holds that this reader does not judge. */
export function readCommands(line: string, start = ''): Reading {
  try {
    return { ok: true, commands: placed(group(tokens(line)), start) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    throw error;
  }
}

function tokens(line: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const blank = /^(?:[ \t]|\\\n)+/u.exec(rest) ?? /^#[^\n]*/u.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const operator = operatorAt(rest);
    const descriptor = operator ? undefined : /^\d+(?=[<>])/u.exec(rest)?.[0];
    if (operator) found.push({ kind: 'operator', text: operator });
    at += operator?.length ?? descriptor?.length ?? 0;
    if (operator || descriptor) continue;
    const { token, length } = word(rest);
    found.push(token);
    at += length;
  }
  return found;
}

function operatorAt(rest: string): string | undefined {
  if (rest.startsWith('<<')) unreadable('a here-document');
  if (/^[<>]\(/u.test(rest)) unreadable('a process substitution');
  if (/^[()]/u.test(rest)) unreadable('a subshell or function');
  const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
  if (!operator && rest.startsWith('&')) unreadable('a background job');
  return operator;
}

function word(rest: string): { readonly token: Token; readonly length: number } {
  let text = '';
  let glob = false;
  let quoted = false;
  let at = 0;
  while (at < rest.length && !/[\s;|&<>()]/u.test(rest.charAt(at))) {
    const char = rest.charAt(at);
    if (char === "'" || char === '"' || char === '\\') {
      const part = char === '\\' ? escaped(rest.slice(at)) : quote(rest.slice(at), char);
      text += part.text;
      at += part.length;
      quoted = true;
      continue;
    }
    refuseExpansion(rest.slice(at));
    glob ||= /[*?[]/u.test(char);
    text += char;
    at += 1;
  }
  return { token: { kind: 'word', text, glob, quoted }, length: at };
}

function escaped(rest: string): { readonly text: string; readonly length: number } {
  if (rest.startsWith('\\\n')) return { text: '', length: 2 };
  return { text: rest.charAt(1), length: 2 };
}

function quote(rest: string, mark: string): { readonly text: string; readonly length: number } {
  let text = '';
  for (let at = 1; at < rest.length; at += 1) {
    const char = rest.charAt(at);
    if (char === mark) return { text, length: at + 1 };
    if (mark === '"') refuseExpansion(rest.slice(at), true);
    if (mark === '"' && char === '\\' && /[$`"\\\n]/u.test(rest.charAt(at + 1))) {
      at += 1;
      text += rest.charAt(at).replace('\n', '');
    } else text += char;
  }
  return unreadable('an unclosed quote');
}

function refuseExpansion(rest: string, quoted = false): void {
  if (rest.startsWith('`') || rest.startsWith('$(')) unreadable('a command substitution');
  if (rest.startsWith('$[')) unreadable('arithmetic');
  if (/^\$['"]/u.test(rest) && !quoted) unreadable('a quoted expansion');
  if (/^\$[\w{@*#?$!-]/u.test(rest) && !rest.startsWith('$?')) unreadable('a variable');
  if (!quoted && /^\{[^\s}]*(,|\.\.)/u.test(rest)) unreadable('a brace expansion');
}

interface Draft {
  assigned: [string, string][];
  words: Word[];
  redirects: Redirect[];
  /** What stands before it. */
  operator: string;
}
const draft = (operator: string): Draft => ({ assigned: [], words: [], redirects: [], operator });

/** Where each command may run: after "&&" the one before it did what it says, after anything else perhaps not. */
function placed(drafts: readonly Draft[], start: string): SimpleCommand[] {
  let sure: readonly string[] | undefined = [start];
  let any: readonly string[] | undefined = [start];
  return drafts.map(({ operator, ...command }) => {
    const folders: readonly string[] | undefined = operator === '&&' ? sure : any;
    sure = foldersAfter(command.words, folders);
    any = eitherOf(any, sure);
    return { ...command, piped: operator === '|' || operator === '|&', folders };
  });
}

function group(found: readonly Token[]): Draft[] {
  const commands: Draft[] = [];
  let now = draft('');
  const close = (operator: string) => {
    if (now.words.length + now.assigned.length + now.redirects.length > 0) commands.push(now);
    now = draft(operator);
  };
  for (let at = 0; at < found.length; at += 1) {
    const token = found[at];
    if (token?.kind === 'word') addWord(now, token);
    else if (token && REDIRECTS.has(token.text)) {
      const target = found[(at += 1)];
      if (target?.kind !== 'word') return unreadable('a redirection to nowhere');
      refuseTwice(token.text, target.text);
      now.redirects.push({ operator: token.text, target: { text: target.text, glob: target.glob } });
    } else close(token?.text ?? '');
  }
  close('');
  return commands;
}

function addWord(now: Draft, token: Token & { readonly kind: 'word' }): void {
  const assignment = /^([A-Za-z_]\w*)\+?=(.*)$/su.exec(token.text);
  if (now.words.length === 0 && assignment) {
    now.assigned.push([assignment[1] ?? '', assignment[2] ?? '']);
    return;
  }
  if (now.words.length === 0 && !token.quoted && KEYWORDS.has(token.text)) unreadable('a compound command');
  now.words.push({ text: token.text, glob: token.glob });
}
