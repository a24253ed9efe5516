/**
 * How dangerous a command line is, by what its simple commands are known to do. The worst of them counts. Written for a
 * POSIX shell; what its reader cannot read with certainty is `outward`.
 */
import { confine } from './paths.ts';
import { forbidden, HARMLESS_DEVICE, judgePath, outward, USUAL, worst, type Judgement } from './danger.ts';
import { judgeProgram } from './programs.ts';
import { readCommands, type SimpleCommand } from './words.ts';

/** Longest command line, and longest run of blanks, that a person can be expected to see. */
const COMMAND_CHARS_MAX = 8000;
const LONG_BLANKS = /[ \t]{61,}/u;
/** How deep `sh -c` may hold another `sh -c`. */
const DEPTH_MAX = 3;
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Variables that change what a program loads or runs. */
const STEERING =
  /^(PATH|HOME|SHELL|IFS|ENV|BASH_ENV|PROMPT_COMMAND|CDPATH|EDITOR|VISUAL|PAGER|BROWSER|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|GIT_.*|SSH_.*|PYTHON(PATH|STARTUP|HOME)|PERL5.*|RUBY(OPT|LIB)|JAVA_TOOL_OPTIONS|LESSOPEN|npm_config_.*|.*_PROXY)$/iu;

/** Recognised whatever surrounds them, also where the line as a whole cannot be read. */
const BLATANT: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s;&|(`'"/])(sudo|doas|su|pkexec|runas)(\s|$)/u, 'it asks for the rights of another user'],
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

/** Judges a whole command line, run in `folder` of the working copy ("" is its root). */
export function judgeCommand(line: string, folder = ''): Judgement {
  return judgeLine(line, folder, 0);
}

function judgeLine(line: string, start: string, depth: number): Judgement {
  if (HIDDEN.test(line)) return forbidden('the command holds hidden characters');
  if (line.length > COMMAND_CHARS_MAX) return outward('the command is too long to be read');
  if (LONG_BLANKS.test(line)) return outward('part of the command hides behind blanks');
  if (depth > DEPTH_MAX) return outward('commands in commands in commands are not judged');
  const blatant = BLATANT.find(([pattern]) => pattern.test(line));
  if (blatant) return forbidden(blatant[1]);
  const reading = readCommands(line);
  if (!reading.ok) return outward(`the command holds ${reading.why}, which is not judged`);
  let folder = start;
  const judgements = reading.commands.map((command) => {
    const judgement = judgeSimple(command, folder, depth);
    folder = folderAfter(command, folder);
    return judgement;
  });
  return worst(judgements);
}

function judgeSimple(command: SimpleCommand, folder: string, depth: number): Judgement {
  const judgements = [
    ...command.assigned.map(([name]) => judgeAssignment(name)),
    ...command.redirects.map((redirect) => judgeRedirect(redirect, folder)),
    judgeProgram(command, folder, (line) => judgeLine(line, folder, depth + 1)),
  ];
  return worst(judgements);
}

const judgeAssignment = (name: string): Judgement =>
  STEERING.test(name) ? outward(`setting ${name} changes what programs load or run`) : USUAL;

function judgeRedirect(redirect: SimpleCommand['redirects'][number], folder: string): Judgement {
  const { operator, target } = redirect;
  if (operator.endsWith('&') && /^(\d+|-)$/u.test(target)) return USUAL;
  if (HARMLESS_DEVICE.test(target)) return USUAL;
  return judgePath(target, folder, operator.includes('>') ? 'write' : 'read');
}

function folderAfter(command: SimpleCommand, folder: string): string {
  const [program, target] = command.words;
  if (program?.text !== 'cd' || target === undefined) return folder;
  const confined = confine(`${folder}/${target.text}`.replace(/^\/+/u, ''));
  return confined.ok ? confined.path : folder;
}
