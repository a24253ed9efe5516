/**
 * A command line of a POSIX shell as simple commands, as far as that can be done without doubt. What is beyond this
 * reader (substitutions, compound commands, here-documents, background jobs) is refused by it, never guessed.
 */

export interface Word {
  readonly text: string;
  /** Holds an unquoted wildcard. */
  readonly glob: boolean;
}
export interface SimpleCommand {
  readonly assigned: readonly (readonly [name: string, value: string])[];
  readonly words: readonly Word[];
  readonly redirects: readonly { readonly operator: string; readonly target: string }[];
  /** Reads the output of the command before it. */
  readonly piped: boolean;
}
export type Reading =
  | { readonly ok: true; readonly commands: readonly SimpleCommand[] }
  | { readonly ok: false; readonly why: string };

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly glob: boolean; readonly quoted: boolean }
  | { readonly kind: 'operator'; readonly text: string };

const OPERATORS = ['&>>', '&&', '||', '|&', '>>', '>|', '>&', '<&', '<>', '&>', ';', '|', '\n', '>', '<'];
const REDIRECTS = new Set(['>', '>>', '>|', '>&', '<', '<&', '<>', '&>', '&>>']);
const KEYWORDS = new Set(
  'if then else elif fi for while until do done case esac select function time coproc { } [[ ! in'.split(' '),
);

class Unreadable extends Error {}
const unreadable = (why: string): never => {
  throw new Unreadable(why);
};

/** Reads a command line; `why` says what it holds that this reader does not judge. */
export function readCommands(line: string): Reading {
  try {
    return { ok: true, commands: group(tokens(line)) };
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
  if (/^\$['"]/u.test(rest) && !quoted) unreadable('a quoted expansion');
  if (/^\$[\w{@*#?$!-]/u.test(rest) && !rest.startsWith('$?')) unreadable('a variable');
  if (!quoted && /^\{[^\s}]*(,|\.\.)/u.test(rest)) unreadable('a brace expansion');
}

interface Draft {
  assigned: [string, string][];
  words: Word[];
  redirects: { operator: string; target: string }[];
  piped: boolean;
}
const draft = (piped: boolean): Draft => ({ assigned: [], words: [], redirects: [], piped });

function group(found: readonly Token[]): SimpleCommand[] {
  const commands: Draft[] = [];
  let now = draft(false);
  const close = (piped: boolean) => {
    if (now.words.length + now.assigned.length + now.redirects.length > 0) commands.push(now);
    now = draft(piped);
  };
  for (let at = 0; at < found.length; at += 1) {
    const token = found[at];
    if (token?.kind === 'word') addWord(now, token);
    else if (token && REDIRECTS.has(token.text)) {
      const target = found[(at += 1)];
      if (target?.kind !== 'word') return unreadable('a redirection to nowhere');
      now.redirects.push({ operator: token.text, target: target.text });
    } else close(token?.text.startsWith('|') === true && token.text !== '||');
  }
  close(false);
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
