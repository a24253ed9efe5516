/** Reads unified diffs, with or without the headers of git, as the same sections that patches have. */
import { oldSide, type LineOp } from './line-ops.ts';
import { finished, isFileHeader, readHunkLine, type HunkDraft } from './parse-hunks.ts';
import { cleanPath, type PatchHunk, type PatchSection, type PatchSyntaxCode } from './patch-grammar.ts';
import { peek, problemAt, skip, type Read, type Reader } from './patch-reader.ts';

/** What git writes above a file; `undefined` where it says nothing. */
interface Headers {
  readonly line: number;
  renameFrom?: string;
  renameTo?: string;
  oldName?: string;
  newName?: string;
  /** A file without lines has no names but these, and no hunks. */
  gitName?: string;
  made?: 'new' | 'deleted';
}

const GIT = /^diff --git /u;
/** The same path on both sides. */
const SAME_NAMES = /^diff --git ("?)a\/(.+)\1 \1b\/\2\1$/u;
/** Headers that say nothing about texts. */
const SILENT =
  /^(diff --git|Index:|=+$|index |similarity index|dissimilarity index|new file mode|deleted file mode|old mode|new mode)/u;

/** True where the text begins as a unified diff does. */
export const isUnified = (reader: Reader): boolean =>
  /^(diff --git |Index: )/u.test(peek(reader)?.text ?? '') || isFileHeader(reader);

/** Reads a unified diff. Counts in hunk headers are not trusted, and line numbers are hints. */
export function readUnified(reader: Reader): Read<readonly PatchSection[]> {
  const sections: PatchSection[] = [];
  for (;;) {
    skip(reader, (text) => text.trim() === '');
    if (!peek(reader)) return sections;
    const headers = readHeaders(reader);
    if ('problem' in headers) return headers;
    const hunks = readHunks(reader);
    if ('problem' in hunks) return hunks;
    const section = sectionOf(reader, headers, hunks);
    if ('problem' in section) return section;
    sections.push(section);
  }
}

function readHeaders(reader: Reader): Read<Headers> {
  const headers: Headers = { line: peek(reader)?.line ?? 1 };
  let first = true;
  for (let next = peek(reader); next; next = peek(reader)) {
    const { text } = next;
    const named = /^(rename from|rename to|---|\+\+\+) (.*)$/u.exec(text);
    if (text.startsWith('@@') || (GIT.test(text) && !first)) break;
    const made = /^(new|deleted) file mode /u.exec(text)?.[1];
    const gitName = SAME_NAMES.exec(text)?.[2];
    if (made !== undefined) headers.made = made as 'new' | 'deleted';
    if (gitName !== undefined) headers.gitName = gitName;
    if (named) nameIn(headers, named[1] ?? '', named[2] ?? '');
    else if (!SILENT.test(text) && text.trim() !== '') {
      return refuse(reader, 'bad_line', 'this is no header of a unified diff');
    }
    first = false;
    reader.at++;
  }
  return headers;
}

function nameIn(headers: Headers, header: string, rest: string): void {
  const name = rest.replace(/\t.*$/u, '').trim();
  if (header === 'rename from') headers.renameFrom = cleanPath(name);
  else if (header === 'rename to') headers.renameTo = cleanPath(name);
  else if (header === '---') headers.oldName = name;
  else headers.newName = name;
}

function readHunks(reader: Reader): Read<readonly PatchHunk[]> {
  const drafts: HunkDraft[] = [];
  for (let next = peek(reader); next; next = peek(reader)) {
    if (GIT.test(next.text) || isFileHeader(reader)) break;
    const why = readHunkLine(drafts, next);
    if (why !== undefined) return refuse(reader, 'bad_line', why);
    reader.at++;
  }
  return finished(drafts);
}

const ABSENT = '/dev/null';

function sectionOf(reader: Reader, headers: Headers, hunks: readonly PatchHunk[]): Read<PatchSection> {
  const { line, oldName, newName, gitName, made } = headers;
  if (gitName !== undefined && oldName === undefined && newName === undefined && hunks.length === 0) {
    if (made === 'new') return { action: 'add', path: cleanPath(gitName), text: '', line };
    if (made === 'deleted') return { action: 'delete', path: cleanPath(gitName), expects: [], line };
  }
  const prefixed = [oldName, newName].every((name, side) => isPrefixed(name, side));
  const plain = (name: string | undefined) =>
    cleanPath(prefixed ? (name ?? '').replace(/^("?)[ab]\//u, '$1') : (name ?? ''));
  if (newName === ABSENT && oldName !== undefined && oldName !== ABSENT) {
    const expects = oldSide(hunks.flatMap(firmOps));
    return { action: 'delete', path: plain(oldName), line, ...(hunks.length > 0 && { expects }) };
  }
  if (oldName === ABSENT && newName !== undefined) return addition(reader, plain(newName), headers, hunks);
  const from = headers.renameFrom ?? plain(oldName);
  const to = headers.renameTo ?? plain(newName);
  if (from === '' || to === '') return refuse(reader, 'bad_path', 'a file of the diff has no name');
  if (from !== to && headers.renameTo === undefined) {
    return refuse(reader, 'bad_header', `the diff names two files, ${from} and ${to}, and no rename`);
  }
  return { action: 'update', path: from, hunks, line, ...(from !== to && { moveTo: to }) };
}

/** "a/" and "b/" are no folders if both sides have them. */
const isPrefixed = (name: string | undefined, side: number): boolean =>
  name === undefined || name === ABSENT || name.replace('"', '').startsWith(side === 0 ? 'a/' : 'b/');

const firmOps = ({ ops, looseHead, looseTail }: PatchHunk): readonly LineOp[] =>
  ops.slice(looseHead, ops.length - looseTail);

function addition(
  reader: Reader,
  path: string,
  { line }: Headers,
  hunks: readonly PatchHunk[],
): Read<PatchSection> {
  const ops = hunks.flatMap(firmOps);
  if (ops.some((op) => op.sign !== '+')) {
    return refuse(reader, 'bad_line', `${path} is new, but its hunk expects lines to be there`);
  }
  const open = ops.at(-1)?.open ?? false;
  const text = ops.map((op) => op.text).join('\n') + (ops.length > 0 && !open ? '\n' : '');
  return { action: 'add', path, text, line };
}

const refuse = (reader: Reader, code: PatchSyntaxCode, message: string) => ({
  problem: problemAt(reader, code, message),
});
