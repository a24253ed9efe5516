/** Reads patches. Says what a patch asks for; knows no files. */
import { readUpdate } from './parse-hunks.ts';
import {
  cleanPath,
  MARKS,
  type ParsedPatch,
  type PatchSection,
  type PatchSyntaxCode,
} from './patch-grammar.ts';
import { isUnified, readUnified } from './parse-unified.ts';
import { peek, problemAt, skip, unwrapped, type Read, type Reader } from './patch-reader.ts';

/**
 * Reads a patch in the `*** Begin Patch` format, or a unified diff, whole, or says what is wrong with it. Overlooked: blanks in headers, code fences and here-documents around
 * the patch, common indentation, blank lines between sections, a repeated header, several patches in a row.
 */
export function parsePatch(patch: string): ParsedPatch {
  const reader: Reader = { lines: unwrapped(patch), at: 0 };
  const sections = isUnified(reader) ? readUnified(reader) : readFramed(reader);
  return 'problem' in sections ? { ok: false, error: sections.problem } : checked(sections);
}

function readFramed(reader: Reader): Read<readonly PatchSection[]> {
  const sections: PatchSection[] = [];
  const refuse = (code: PatchSyntaxCode, message: string) => ({ problem: problemAt(reader, code, message) });
  if (!MARKS.begin.test(peek(reader)?.text ?? '')) {
    return refuse('no_begin', 'the patch has to begin with "*** Begin Patch"');
  }
  for (;;) {
    skip(reader, (text) => text.trim() === '' || MARKS.begin.test(text.trim()));
    const next = peek(reader);
    if (!next) {
      return refuse('no_end', 'the patch has to end with "*** End Patch"; it may have been cut off');
    }
    if (MARKS.end.test(next.text.trim())) {
      reader.at++;
      skip(reader, (text) => text.trim() === '');
      const after = peek(reader);
      if (!after) break;
      if (MARKS.begin.test(after.text.trim())) continue;
      return refuse('bad_line', 'there is text after "*** End Patch"');
    }
    const section = readSection(reader);
    if ('problem' in section) return section;
    sections.push(section);
  }
  return sections;
}

/** A header that is repeated at once counts once; an update has to change something. */
function checked(all: readonly PatchSection[]): ParsedPatch {
  const isEmpty = (section: PatchSection) =>
    section.action === 'update' && section.hunks.length === 0 && section.moveTo === undefined;
  const sections = all.filter((section, at) => {
    const next = all[at + 1];
    return !(isEmpty(section) && next?.action === 'update' && next.path === section.path);
  });
  const empty = sections.find(isEmpty);
  if (empty) {
    const message = `the update of ${empty.path} has no hunks`;
    return { ok: false, error: { code: 'empty_update', message, line: empty.line } };
  }
  if (sections.length === 0) {
    return { ok: false, error: { code: 'empty_patch', message: 'the patch changes nothing', line: 1 } };
  }
  return { ok: true, sections };
}

function readSection(reader: Reader): Read<PatchSection> {
  const [, action, named = ''] = MARKS.header.exec(peek(reader)?.text.trim() ?? '') ?? [];
  if (action === undefined) {
    const why = 'expected "*** Add File: …", "*** Update File: …", "*** Delete File: …" or "*** End Patch"';
    return { problem: problemAt(reader, 'bad_header', why) };
  }
  const path = cleanPath(named);
  if (path === '') return { problem: problemAt(reader, 'bad_path', 'the header names no file') };
  const line = peek(reader)?.line ?? 1;
  reader.at++;
  switch (action.toLowerCase()) {
    case 'add':
      return readAdd(reader, path, line);
    case 'delete':
      return readDelete(reader, path, line);
    default:
      return readUpdate(reader, path, line);
  }
}

function readAdd(reader: Reader, path: string, line: number): Read<PatchSection> {
  const body: string[] = [];
  let blanks = 0;
  let open = false;
  for (let next = peek(reader); next; next = peek(reader)) {
    const { text } = next;
    if (text.startsWith('+')) {
      body.push(...Array<string>(blanks).fill(''), text.slice(1));
      blanks = 0;
    } else if (text.trim() === '') blanks++;
    else if (MARKS.noNewline.test(text)) open = true;
    else if (text.trimStart().startsWith('***') && !MARKS.endOfFile.test(text.trim())) break;
    else if (!MARKS.endOfFile.test(text.trim())) {
      return { problem: problemAt(reader, 'bad_line', 'every line of an added file begins with "+"') };
    }
    reader.at++;
  }
  const text = body.join('\n') + (body.length > 0 && !open ? '\n' : '');
  return { action: 'add', path, text, line };
}

function readDelete(reader: Reader, path: string, line: number): Read<PatchSection> {
  skip(reader, (text) => text.trim() === '');
  const next = peek(reader);
  if (next && !next.text.trimStart().startsWith('***')) {
    return { problem: problemAt(reader, 'bad_line', 'nothing may follow "*** Delete File: …"') };
  }
  return { action: 'delete', path, line };
}
