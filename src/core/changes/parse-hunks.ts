/** Reads the hunks of an update. */
import type { LineOp } from './line-ops.ts';
import { cleanPath, MARKS, type PatchHunk, type PatchSection } from './patch-grammar.ts';
import { peek, problemAt, type PatchLine, type Read, type Reader } from './patch-reader.ts';

/** A hunk that is being read. */
export interface HunkDraft {
  readonly anchors: string[];
  readonly ops: (LineOp & { readonly loose?: true })[];
  readonly line: number;
  /** First line and number of lines in the old file. */
  range: readonly [line: number, count: number] | undefined;
  /** `*** End of File` was read: the hunk is over. */
  endOfFile: boolean;
}

/** Reads what follows the header of an update. */
export function readUpdate(reader: Reader, path: string, line: number): Read<PatchSection> {
  const drafts: HunkDraft[] = [];
  let moveTo: string | undefined;
  for (let next = peek(reader); next; next = peek(reader)) {
    const target =
      MARKS.move.exec(next.text.trimEnd())?.[1] ??
      (drafts.length === 0 ? MARKS.move.exec(next.text.trim())?.[1] : undefined);
    if (target !== undefined) {
      const cleaned = cleanPath(target);
      if (cleaned === '') return { problem: problemAt(reader, 'bad_path', '"Move to" names no file') };
      if (moveTo !== undefined && moveTo !== cleaned) {
        return { problem: problemAt(reader, 'bad_header', 'a file can be moved to one place only') };
      }
      moveTo = cleaned;
    } else if (isSectionEnd(next.text, drafts.length > 0)) break;
    else if (drafts.length === 0 && isFileHeader(reader)) reader.at++;
    else {
      const why = readHunkLine(drafts, next);
      if (why !== undefined) return { problem: problemAt(reader, 'bad_line', why) };
    }
    reader.at++;
  }
  const hunks = finished(drafts);
  if ('problem' in hunks) return hunks;
  return { action: 'update', path, hunks, line, ...(moveTo !== undefined && { moveTo }) };
}

/** In a hunk a line that begins with a blank belongs to it, whatever follows. */
function isSectionEnd(text: string, inHunks: boolean): boolean {
  const shown = inHunks ? text : text.trimStart();
  return MARKS.header.test(shown) || MARKS.end.test(shown) || MARKS.begin.test(shown);
}

/** The two lines that name the files of a unified diff, before its first hunk. */
export function isFileHeader({ lines, at }: Reader): boolean {
  const begins = (offset: number, mark: string) => lines[at + offset]?.text.startsWith(mark) ?? false;
  return begins(0, '--- ') && begins(1, '+++ ') && (begins(2, '@@') || !lines[at + 2]);
}

/** Takes one line of an update in; returns why it cannot. */
export function readHunkLine(drafts: HunkDraft[], { text, line }: PatchLine): string | undefined {
  const last = drafts.at(-1);
  if (MARKS.endOfFile.test(text)) {
    if (!last) return '"*** End of File" belongs at the end of a hunk';
    last.endOfFile = true;
    return undefined;
  }
  if (text.startsWith('***'))
    return 'unknown header; a line of the file itself needs " ", "+" or "-" in front';
  if (text.startsWith('@@')) {
    readMarker(drafts, { text, line });
    return undefined;
  }
  if (MARKS.noNewline.test(text)) return readOpenEnd(last);
  if (!last && text.trim() === '') return undefined;
  const draft = last && !last.endOfFile ? last : newDraft(drafts, line);
  draft.ops.push(opOf(text));
  return undefined;
}

/** `@@` alone, with a line to be found before the hunk, or with the ranges of a unified diff. Several stand for a nest. */
function readMarker(drafts: HunkDraft[], { text, line }: PatchLine): void {
  const last = drafts.at(-1);
  const draft = last?.ops.length === 0 ? last : newDraft(drafts, line);
  const [, oldLine, count = '1'] = MARKS.range.exec(text) ?? [];
  if (oldLine !== undefined) {
    draft.range = [Number(oldLine), Number(count)];
    return;
  }
  const anchor = text
    .slice(2)
    .replace(/^ /u, '')
    .replace(/\s*(@@)?\s*$/u, '');
  if (anchor.trim() !== '' && !/^\s*(\.\.\.|…)$/u.test(anchor)) draft.anchors.push(anchor);
}

function readOpenEnd(draft: HunkDraft | undefined): string | undefined {
  const op = draft?.ops.at(-1);
  if (!draft || !op) return 'this belongs after the last line of a file';
  draft.ops[draft.ops.length - 1] = { ...op, open: true };
  return undefined;
}

function newDraft(drafts: HunkDraft[], line: number): HunkDraft {
  const draft: HunkDraft = { anchors: [], ops: [], line, range: undefined, endOfFile: false };
  drafts.push(draft);
  return draft;
}

/** An empty line is an empty line of the file that lost its blank; so is any line without a sign: it has to match as it is. */
function opOf(text: string): HunkDraft['ops'][number] {
  if (text === '') return { sign: ' ', text, loose: true };
  const sign = text[0];
  if (sign === ' ' || sign === '+' || sign === '-') return { sign, text: text.slice(1) };
  return { sign: ' ', text };
}

/** Hunks without lines are dropped if they say nothing at all, and refused if they name a place. */
export function finished(drafts: readonly HunkDraft[]): Read<readonly PatchHunk[]> {
  const empty = drafts.find((draft) => draft.ops.every((op) => op.loose) && draft.anchors.length > 0);
  if (empty) {
    const message = `line ${empty.line}: no lines follow this "@@"`;
    return { problem: { code: 'empty_hunk', message, line: empty.line } };
  }
  return drafts.filter((draft) => !draft.ops.every((op) => op.loose)).map(hunkOf);
}

function hunkOf({ anchors, ops, range, endOfFile, line }: HunkDraft): PatchHunk {
  const firm = (op: HunkDraft['ops'][number]) => !op.loose;
  return {
    anchors,
    ops: ops.map(({ sign, text, open }): LineOp => ({ sign, text, ...(open && { open }) })),
    looseHead: ops.findIndex(firm),
    looseTail: ops.length - 1 - ops.findLastIndex(firm),
    endOfFile: endOfFile || ops.some((op) => op.open),
    line,
    ...(range && { oldLine: range[0], oldCount: range[1] }),
  };
}
