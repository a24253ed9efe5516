/**
 * Command lines of Windows' cmd.exe, as far as they can be read without doubt: words, quotes and the signs between commands. What
 * it expands, escapes or groups is refused. `powershell` is a program like any other, whose code is judged by its words.
 */
import { confine } from './paths.ts';
import { eitherOf, foldersAfter, type Folders } from './folders.ts';
import type { Reading, Redirect, SimpleCommand, Word } from './reading.ts';
import { Unreadable, unreadable } from './syntax.ts';

/** Commands of cmd and PowerShell by the name of what does the same elsewhere. */
const ALIASES: Readonly<Record<string, string>> = {
  dir: 'ls',
  type: 'cat',
  'get-content': 'cat',
  gc: 'cat',
  'get-childitem': 'ls',
  gci: 'ls',
  'select-string': 'grep',
  findstr: 'grep',
  copy: 'cp',
  'copy-item': 'cp',
  move: 'mv',
  'move-item': 'mv',
  del: 'rm',
  erase: 'rm',
  ren: 'mv',
  rename: 'mv',
  rd: 'rm',
  rmdir: 'rm',
  'remove-item': 'rm',
  md: 'mkdir',
  'new-item': 'touch',
  'set-location': 'cd',
  chdir: 'cd',
  sl: 'cd',
  'write-output': 'echo',
  'write-host': 'echo',
  'get-location': 'pwd',
  where: 'which',
  ver: 'uname',
  rem: ':',
  cls: 'true',
  'measure-object': 'wc',
  'test-path': 'test',
};
/** They start, download, install or steer. */
const OUTWARD =
  /^(start|call|cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|certutil|bitsadmin|wmic|msiexec|forfiles|for|if|set|setx|assoc|ftype|mklink|subst|net|netsh|sc|schtasks|reg|pushd|popd|path|prompt|date|time|iex|invoke-.*|irm|iwr|start-.*|new-object|add-type|set-.*|import-module|\.|&)$/iu;

/** Commands of cmd itself: they take "," ";" "=" and "+" for blanks, and begin without one: "del/q", "cd..". */
const OWN =
  'assoc|break|call|cd|chdir|cls|color|copy|date|del|dir|echo|endlocal|erase|exit|for|ftype|goto|if|md|mkdir|mklink|move|path|pause|popd|prompt|pushd|rd|rem|ren|rename|rmdir|set|setlocal|shift|start|time|title|type|ver|verify|vol';
const IS_OWN = new RegExp(`^(?:${OWN})$`, 'iu');
const GLUED = new RegExp(`^(?:${OWN})[^\\w-]`, 'iu');
/** A path from wherever that drive stands. */
const DRIVE = /(?:^|[=,])[a-z]:(?![\\/])/iu;
/** Programs and cmd do not agree where such a quote ends. */
const DOUBTFUL_QUOTE = /\\"|""(?=\S)|(?<=\S)""/u;

type Piece = { readonly word: string } | { readonly sign: string };

export function readWindows(line: string, start: string): Reading {
  try {
    if (/[%^!()`@{}$;\n]|&[^&]|[^&]&$|<</u.test(unquoted(line).replaceAll('2>&1', '')))
      return unreadable('something that cmd or PowerShell expands');
    if (/[%!$`]/u.test(line)) return unreadable('a variable');
    if (DOUBTFUL_QUOTE.test(line)) return unreadable('a quote in quotes');
    return { ok: true, commands: commandsOf(pieces(line.replaceAll('2>&1', ' ')), start) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    throw error;
  }
}

const unquoted = (line: string): string => line.replace(/"[^"]*"/gu, '""');

function pieces(line: string): readonly Piece[] {
  const found: Piece[] = [];
  const pattern = /\s+|(&&|\|\||\||>>|>|<)|((?:"[^"]*"|[^\s&|<>"])+)|(.)/gu;
  for (const [, sign, word, other] of line.matchAll(pattern)) {
    if (other !== undefined) unreadable('an unclosed quote or a lone sign');
    if (sign !== undefined) found.push({ sign });
    if (word !== undefined) found.push({ word: word.replaceAll('"', '') });
  }
  return found;
}

function commandsOf(found: readonly Piece[], start: string): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: Word[] = [];
  let redirects: Redirect[] = [];
  let operator = '';
  let sure: Folders = [start];
  let any: Folders = [start];
  const close = (next: string): void => {
    const folders: Folders = operator === '&&' ? sure : any;
    if (words.length + redirects.length > 0)
      commands.push({ assigned: [], words: translated(words), redirects, piped: operator === '|', folders });
    sure = foldersAfter(translated(words), folders);
    any = eitherOf(any, sure);
    words = [];
    redirects = [];
    operator = next;
  };
  for (let at = 0; at < found.length; at += 1) {
    const piece = found[at];
    if (!piece) continue;
    if ('word' in piece) {
      assertPlain(piece.word, words[0]?.text);
      words.push({ text: piece.word.replaceAll('\\', '/'), glob: /[*?]/u.test(piece.word) });
    } else if (/[<>]/u.test(piece.sign)) {
      const target = found[(at += 1)];
      if (!target || !('word' in target)) return unreadable('a redirection to nowhere');
      const text = /^nul$/iu.test(target.word) ? '/dev/null' : target.word.replaceAll('\\', '/');
      redirects.push({ operator: piece.sign, target: { text, glob: false } });
    } else close(piece.sign);
  }
  close('');
  return commands;
}

/** Refuses a word that Windows reads as something else than it says. `program`: whose argument it is; absent for the program itself. */
function assertPlain(word: string, program: string | undefined): void {
  if (DRIVE.test(word)) unreadable('a path that depends on where a drive stands');
  if (program === undefined) {
    if (word.includes('/') || GLUED.test(word)) unreadable('an option that is glued to its command');
    return;
  }
  const isOwn = IS_OWN.test(program);
  if (isOwn && !/^echo$/iu.test(program) && /[,;=+]/u.test(word))
    unreadable('signs that cmd takes for blanks');
  const [, value = ''] = /^(?:-[^=]*=|\/\w+:)?(.*)$/su.exec(word.replaceAll('\\', '/')) ?? [];
  const place = confine(value);
  if ((isOwn || value.includes('/')) && !place.ok && place.code === 'path.invalid')
    unreadable(`a path that Windows reads otherwise (${place.why})`);
}

/** The program by its usual name, options as options: "/s" is no path. */
function translated([program, ...rest]: readonly Word[]): Word[] {
  if (!program) return [];
  const name = program.text
    .replace(/^.*\//u, '')
    .replace(/\.(exe|cmd|bat|com)$/iu, '')
    .toLowerCase();
  if (OUTWARD.test(name)) return [{ ...program, certain: 'unknown' }, ...rest];
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (alias === undefined)
    return [program.text.includes('/') ? program : { ...program, text: name }, ...rest];
  return [
    { ...program, text: alias },
    ...rest.map((word) =>
      /^\/[a-z?](:\S*)?$/iu.test(word.text) ? { ...word, text: `-${word.text.slice(1)}` } : word,
    ),
  ];
}
