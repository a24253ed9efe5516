/** The lines of a patch, one after the other. */
import { MARKS, type PatchSyntaxCode, type PatchSyntaxError } from './patch-grammar.ts';
import { toLf, withoutBom } from './text-form.ts';

export interface PatchLine {
  readonly text: string;
  readonly line: number;
}

/** What is left to be read. */
export interface Reader {
  readonly lines: readonly PatchLine[];
  at: number;
}

export type Read<T> = T | { readonly problem: PatchSyntaxError };

const UNIFIED = /^(diff --git |Index: |--- )/u;

/** The lines of a patch without what models wrap around it. */
export function unwrapped(patch: string): PatchLine[] {
  let lines = toLf(withoutBom(patch))
    .split('\n')
    .map((text, at): PatchLine => ({ text, line: at + 1 }));
  for (;;) {
    lines = withoutBlankEdges(lines);
    const inner = withoutWrapper(lines);
    if (inner === lines) break;
    lines = inner;
  }
  const framed = MARKS.begin.test(lines[0]?.text.trim() ?? '');
  const indent = /^[ \t]*/u.exec(lines[0]?.text ?? '')?.[0] ?? '';
  const common = lines.every(({ text }) => text.startsWith(indent) || text.trim() === '');
  return lines.map(({ text, line }, at) => {
    const moved = common ? text.slice(indent.length) : text;
    const isEdge = at === 0 || (framed && at === lines.length - 1 && MARKS.end.test(moved.trim()));
    return { text: isEdge ? moved.trim() : moved, line };
  });
}

/** A line of blanks at the end of a unified diff is a line that stays, and empty but for them. */
function withoutBlankEdges(lines: PatchLine[]): PatchLine[] {
  const start = lines.findIndex(({ text }) => text.trim() !== '');
  const unified = UNIFIED.test(lines[start]?.text ?? '');
  const end = lines.findLastIndex(({ text }) => text.trim() !== '' || (unified && text !== ''));
  return start < 0 ? [] : lines.slice(start, end + 1);
}

/** Without a code fence or a here-document; the same lines if there is none. */
function withoutWrapper(lines: PatchLine[]): PatchLine[] {
  const [first = '', last = ''] = [lines[0]?.text.trim(), lines.at(-1)?.text.trim()];
  const tag = /^(?:\S*apply_patch\S*\s+)?<<-?\s*['"]?(\w+)['"]?$/u.exec(first)?.[1];
  const wrapped = tag === undefined ? first.startsWith('```') && last === '```' : last === tag;
  return wrapped && lines.length > 1 ? lines.slice(1, -1) : lines;
}

export const peek = (reader: Reader): PatchLine | undefined => reader.lines[reader.at];

export function skip(reader: Reader, which: (text: string) => boolean): void {
  for (let next = peek(reader); next && which(next.text); next = peek(reader)) reader.at++;
}

export function problemAt(reader: Reader, code: PatchSyntaxCode, message: string): PatchSyntaxError {
  const line = peek(reader)?.line ?? reader.lines.at(-1)?.line ?? 1;
  return { code, message: `line ${line}: ${message}`, line };
}
