/**
 * How dangerous a command line is, by what its simple commands are known to do. The worst of them counts. What cannot be read with
 * certainty is `outward`.
 */
import type { ShellDialect } from '../ports.ts';
import {
  forbidden,
  HARMLESS_DEVICE,
  judgePath,
  judgeWord,
  outward,
  READING,
  USUAL,
  worst,
  type Judgement,
} from './danger.ts';
import { judgeProgram, type ProgramFacts } from './programs.ts';
import { readPosix } from './posix.ts';
import type { Reading, Redirect, SimpleCommand } from './reading.ts';
import { judgeAssignment } from './steering.ts';
import { readWindows } from './windows.ts';

/** Longest command line, and longest run of blanks, that a person can be expected to see. */
const COMMAND_CHARS_MAX = 8000;
const LONG_BLANKS = /[ \t]{61,}|\n[ \t\n]{40,}/u;
/** How deep `sh -c` may hold another `sh -c`. */
const DEPTH_MAX = 3;
/** Control characters, and whatever hides, turns round or only looks like a blank. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/u;

/** Recognised whatever surrounds them, also where the line as a whole cannot be read. */
const BLATANT: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s;&|(`'"/])(sudo|doas|su|pkexec|runas|gsudo)(\s|$)/u, 'it asks for the rights of another user'],
  [
    /\b(curl|wget|fetch)\b[^;\n]*\|\s*(\S*\/)?((ba|z|da|k|fi)?sh|node|python3?|perl|ruby|php)\b/u,
    'it runs what it downloads',
  ],
  [/\b(ba|z|da|k)?sh\b[^;\n]*(<\(|\$\(|`)\s*(curl|wget)\b/u, 'it runs what it downloads'],
  [
    /\brm\s+(-\S+\s+)*(--\s+)?["']?(\/|~|\$HOME|\$\{HOME\})["']?\/?\*?(\s|$|["';&|])/u,
    'it removes what is not the project’s',
  ],
  [/:\(\)\s*\{/u, 'it multiplies without end'],
  [
    /(^|[\s;&|])(mkfs(\.\w+)?|shutdown|reboot|halt|poweroff|crontab|visudo|fdisk)(\s|$)/u,
    'it changes the machine',
  ],
  [/\bdd\b[^;|\n]*\bof=\/dev\//u, 'it writes to a device'],
];

/** What is known where a command is judged. */
export interface CommandFacts {
  readonly dialect: ShellDialect;
  readonly scripts: ProgramFacts['scripts'];
}

/** A POSIX shell, and nothing known of what is around. */
export const POSIX: CommandFacts = { dialect: 'posix', scripts: () => undefined };

/** One simple command and what is thought of it. `text` is what rules are held against; absent where the line could not be read. */
export interface Judged {
  readonly text?: string;
  readonly judgement: Judgement;
  /** What is thought of everything but the program and its words: where it writes, what it sets. */
  readonly around: Judgement;
}

/** Judges each simple command of a line that is run in `folder` of the working copy ("" is its root). */
export function judgeParts(line: string, folder: string, facts: CommandFacts): readonly Judged[] {
  return judgeLine(line, [folder], facts, 0);
}

/** Judges a whole command line. */
export function judgeCommand(line: string, folder = '', facts: CommandFacts = POSIX): Judgement {
  return worst(judgeParts(line, folder, facts).map(whole));
}

const whole = ({ judgement, around }: Judged): Judgement => worst([judgement, around]);

function judgeLine(
  line: string,
  folders: readonly string[] | undefined,
  facts: CommandFacts,
  depth: number,
): readonly Judged[] {
  const refused = refuse(line, depth);
  if (refused) return [{ judgement: refused, around: USUAL }];
  const readings = (folders ?? [undefined]).map((folder) => read(line, folder, facts));
  return readings.flatMap((reading) => {
    if (!reading.ok)
      return [{ judgement: outward(`the command holds ${reading.why}, which is not judged`), around: USUAL }];
    return reading.commands.map((command) =>
      judgeSimple(folders ? command : { ...command, folders: undefined }, facts, depth),
    );
  });
}

function refuse(line: string, depth: number): Judgement | undefined {
  if (HIDDEN.test(line)) return forbidden('the command holds hidden characters');
  if (line.length > COMMAND_CHARS_MAX) return outward('the command is too long to be read');
  if (LONG_BLANKS.test(line)) return outward('part of the command hides behind blanks');
  if (depth > DEPTH_MAX) return outward('commands in commands in commands are not judged');
  const blatant = BLATANT.find(([pattern]) => pattern.test(line));
  return blatant && forbidden(blatant[1]);
}

const read = (line: string, folder: string | undefined, { dialect }: CommandFacts): Reading =>
  dialect === 'cmd' ? readWindows(line, folder ?? '') : readPosix(line, folder ?? '');

function judgeSimple(command: SimpleCommand, facts: CommandFacts, depth: number): Judged {
  const judgeInner: ProgramFacts['judgeLine'] = (line, folders) =>
    worst(judgeLine(line, folders, facts, depth + 1).map(whole));
  const isCertain = command.words.every((word) => word.certain !== 'unknown');
  return {
    ...(isCertain && command.words.length > 0 && { text: canonical(command) }),
    judgement: judgeProgram(command, { judgeLine: judgeInner, scripts: facts.scripts }),
    around: worst([
      ...command.assigned.map(([name]) => (name === 'IFS' && reads(command) ? USUAL : judgeAssignment(name))),
      ...command.redirects.map((redirect) => judgeRedirect(redirect, command.folders)),
      ...(exports(command) ? exported(command) : []),
    ]),
  };
}

/** What is set for `read` alone. */
const reads = ({ words }: SimpleCommand): boolean => words[0]?.text === 'read' && !words[0].certain;
const exports = ({ words }: SimpleCommand): boolean =>
  /^(export|declare|typeset|readonly|local)$/u.test(words[0]?.text ?? '');
const exported = ({ words }: SimpleCommand): readonly Judgement[] =>
  words.slice(1).map((word) => judgeAssignment(word.text.replace(/=[\s\S]*$/u, '')));

function judgeRedirect({ operator, target }: Redirect, folders: SimpleCommand['folders']): Judgement {
  const { text } = target;
  if (target.certain !== 'unknown' && operator.endsWith('&') && /^(\d+|-)$/u.test(text)) return USUAL;
  if (HARMLESS_DEVICE.test(text)) return USUAL;
  const use = operator.includes('>') ? 'write' : 'read';
  if (target.certain && target.certain !== 'number')
    return outward('where it writes or reads is only known when it runs');
  if (!folders) return outward('it cannot be told which folder it runs in');
  return worst([
    use === 'write' ? USUAL : READING,
    judgeWord(target, folders, use),
    ...folders.map((folder) => judgePath(text, folder, use)),
  ]);
}

/** A simple command in one spelling, words apart from each other for certain. */
function canonical({ words }: Pick<SimpleCommand, 'words'>): string {
  return words
    .map(({ text, certain }) => {
      if (certain) return '$?';
      return /^[\w@%+=:,./*?~^{}[\]!-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
    })
    .join(' ');
}
