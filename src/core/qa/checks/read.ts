/** Reads what compilers and linters print: one finding a place, whatever the program. */
import type { CheckFormat, Finding } from './check.ts';
import { joined } from './folders.ts';
import { readMachine } from './machine.ts';

/** Findings that are read of one output. */
const FINDINGS_MAX = 2000;
const LINE_CHARS_MAX = 2000;
const MESSAGE_CHARS_MAX = 500;

const PATH = String.raw`(?:[A-Za-z]:)?[^\s:()"'][^:()"']*?\.\w+`;
/** `a.ts(3,5): error TS2322: …`, as tsc says it to programs. */
const BRACKETS = new RegExp(
  String.raw`^(${PATH})\((\d+)(?:,\d+)?\): (?:(error|warning) )?(?:([A-Z]+\d+): )?(.+)$`,
);
/** `a.py:3:5: error: …`, as nearly everybody else does. */
const COLONS = new RegExp(String.raw`^(?:vet: )?(${PATH}):(\d+)(?::\d+)?(?::| -)\s+(.+)$`);
/** `  3:5  error  … rule`, below a line with the file's name alone, as ESLint does. */
const BELOW = /^\s+(\d+):\d+\s+(error|warning)\s+(.+?)(?:\s\s+([\w@/-]+))?$/;
const HEADING = new RegExp(String.raw`^(?:/|[A-Za-z]:\\)?${PATH}$`);
/** `error[E0308]: …`, and the place in the line below it, as rustc does. */
const AHEAD = /^(error|warning)(?:\[(\w+)\])?: (.+)$/;
const ARROW = /^\s*-->\s+(.+?):(\d+):\d+$/;

/** Where a check ran, and what was asked of it. */
export interface Asked {
  /** What absolute paths are told relative to. */
  readonly root: string;
  /** Relative paths are told from here, below the root. */
  readonly folder?: string | undefined;
  readonly format?: CheckFormat | undefined;
}

/** Never throws. Where nothing of the format was said, words are read. */
export function readCheck(output: string, asked: Asked): readonly Finding[] {
  const told = asked.format === undefined ? undefined : readMachine(asked.format, output);
  if (told === undefined) return wordsIn(output, asked);
  return told.slice(0, FINDINGS_MAX).map((each) => ({
    ...each,
    path: placeOf(asked, each.path),
    message: cut(each.message),
  }));
}

/** What was said in words. Never throws. `root`: what absolute paths are told relative to. */
export function readFindings(output: string, root: string): readonly Finding[] {
  return wordsIn(output, { root });
}

function wordsIn(output: string, asked: Asked): readonly Finding[] {
  const found: Finding[] = [];
  let heading: string | undefined;
  let ahead: { readonly rule: string | undefined; readonly message: string } | undefined;
  for (const raw of output.split(/\r?\n/)) {
    if (found.length >= FINDINGS_MAX) break;
    const line = raw
      .slice(0, LINE_CHARS_MAX)
      .replace(/\x1b\[[0-9;]*m/g, '')
      .trimEnd();
    const arrow = ARROW.exec(line);
    const below = heading === undefined ? null : BELOW.exec(line);
    if (arrow !== null && ahead !== undefined) {
      found.push(findingOf(asked, { path: arrow[1], line: arrow[2], ...ahead }));
    } else if (below !== null) {
      found.push(findingOf(asked, { path: heading, line: below[1], rule: below[4], message: below[3] }));
    } else {
      const own = ownPlace(asked, line);
      if (own !== undefined) found.push(own);
    }
    if (HEADING.test(line)) heading = line;
    else if (line === '') heading = undefined;
    const start = AHEAD.exec(line);
    ahead =
      start === null ? (arrow === null ? ahead : undefined) : { rule: start[2], message: start[3] ?? '' };
  }
  return found;
}

function ownPlace(asked: Asked, line: string): Finding | undefined {
  const brackets = BRACKETS.exec(line);
  if (brackets !== null)
    return findingOf(asked, {
      path: brackets[1],
      line: brackets[2],
      rule: brackets[4],
      message: brackets[5],
    });
  const [, path, at, rest = ''] = COLONS.exec(line) ?? [];
  if (path === undefined || /^(note|help|hint)\b/i.test(rest)) return undefined;
  const said = rest.replace(/^(fatal )?(error|warning|info)\b:?\s*/i, '');
  const [, code, after] = /^([A-Z]+\d+):?\s+(?:\[\*\]\s+)?(.+)$/.exec(said) ?? [];
  const [, before, tag] = /^(.+?)\s+\[([\w-]+)\]$/.exec(said) ?? [];
  return findingOf(asked, { path, line: at, rule: code ?? tag, message: after ?? before ?? said });
}

interface Read {
  readonly path: string | undefined;
  readonly line: string | undefined;
  readonly rule: string | undefined;
  readonly message: string | undefined;
}

function findingOf(asked: Asked, { path = '', line, rule, message = '' }: Read): Finding {
  return {
    path: placeOf(asked, path),
    line: Number(line),
    message: cut(message),
    ...(rule !== undefined && { rule }),
  };
}

/** Relative to the root, with "/". */
function placeOf({ root, folder = '' }: Asked, path: string): string {
  const plain = path.replaceAll('\\', '/');
  const start = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  if (plain.startsWith(start)) return plain.slice(start.length);
  return /^([A-Za-z]:)?\//.test(plain) ? plain : (joined(folder, plain) ?? plain);
}

function cut(message: string): string {
  return message.trim().slice(0, MESSAGE_CHARS_MAX);
}
