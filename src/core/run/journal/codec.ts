/**
 * The journal's line format: `{v, seq, at, type, key?, data, prev, sum}`, one JSON object a line. `sum` is the SHA-256 of the
 * line without it; `prev` repeats the former line's. That finds torn tails, accidents and single edits; it does not find
 * somebody who rewrites the whole chain. Data that would make a line too long lies in a blob that the line names instead.
 */
import { JOURNAL_VERSION, type JournalLine, type RunEvent } from '../../../protocol/events.ts';
import { PortError, type Hasher } from '../../ports.ts';

/** Longest line without its sum, in characters (I10). */
export const LINE_CHARS_MAX = 256 * 1024;

const GENESIS = '0'.repeat(64);
const SUM_LENGTH = ',"sum":""}'.length + 64;

/** Where a chain stands: what the next line needs of the former one. */
export interface ChainEnd {
  readonly seq: number;
  readonly sum: string;
}
export const CHAIN_START: ChainEnd = { seq: 0, sum: GENESIS };

/** One line, newline included, as a journal holds it and as it reads; and what must be durable before it is. */
export interface EncodedLine {
  readonly text: string;
  readonly line: JournalLine;
  readonly blob?: { readonly name: string; readonly text: string };
}

/** The line that follows `end`. */
export function encodeLine(event: RunEvent, at: number, end: ChainEnd, hasher: Hasher): EncodedLine {
  const { type, key, data } = event;
  const head = { v: JOURNAL_VERSION, seq: end.seq + 1, at, type, ...(key !== undefined && { key }) };
  const open = JSON.stringify({ ...head, data, prev: end.sum });
  if (open.length > LINE_CHARS_MAX) return encodeLong({ head, data, prev: end.sum }, hasher);
  const sum = hasher.sha256(open);
  return { text: closed(open, sum), line: { ...head, data, prev: end.sum, sum } as JournalLine };
}

function encodeLong(
  { head, data, prev }: { readonly head: object; readonly data: unknown; readonly prev: string },
  hasher: Hasher,
): EncodedLine {
  const text = JSON.stringify(data);
  const name = hasher.sha256(text);
  const open = JSON.stringify({ ...head, blob: name, prev });
  const sum = hasher.sha256(open);
  const line = { ...head, data, blob: name, prev, sum } as JournalLine;
  return { text: closed(open, sum), line, blob: { name, text } };
}

function closed(open: string, sum: string): string {
  return `${open.slice(0, -1)},"sum":"${sum}"}\n`;
}

/** The end of a chain after a line. */
export function endAfter({ seq, sum }: JournalLine): ChainEnd {
  return { seq, sum };
}

/** What a journal's text holds; data that lies in blobs is left empty. `torn` is what a crash left half-written at the end; `goodBytes` is the length without it. */
export interface Decoded {
  readonly lines: readonly JournalLine[];
  readonly end: ChainEnd;
  readonly goodBytes: number;
  readonly torn: string;
}

/**
 * Reads and verifies a journal, or the part of one that goes on from `start`. A last line that is not whole is a torn tail. Anything
 * else that does not fit is `journal.damaged`; a line of a later format is `journal.newer`.
 */
export function decodeJournal(text: string, hasher: Hasher, start: ChainEnd = CHAIN_START): Decoded {
  const lines: JournalLine[] = [];
  const { end, length } = decodeLines(text, hasher, start, (line) => lines.push(line));
  return {
    lines,
    end,
    torn: text.slice(length),
    goodBytes: new TextEncoder().encode(text.slice(0, length)).length,
  };
}

/** Gives each whole line of a text that goes on from `start`. `length` is what they take of it, in characters. Errors: as `decodeJournal`. */
export function decodeLines(
  text: string,
  hasher: Hasher,
  start: ChainEnd,
  each: (line: JournalLine) => void,
): { readonly end: ChainEnd; readonly length: number } {
  let end = start;
  let position = 0;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline < 0) return { end, length: position };
    const read = decodeLine(text.slice(position, newline), end, hasher);
    if (typeof read === 'string') throw damaged(end.seq + 1, read);
    each(read);
    end = { seq: read.seq, sum: read.sum };
    position = newline + 1;
  }
}

/** The line, or what is wrong with it. */
function decodeLine(raw: string, end: ChainEnd, hasher: Hasher): JournalLine | string {
  const line = parsed(raw);
  if (!line) return 'it is not JSON';
  if (typeof line.v === 'number' && line.v > JOURNAL_VERSION) throw newer(line.v);
  if (hasher.sha256(`${raw.slice(0, -SUM_LENGTH)}}`) !== line.sum)
    return 'its check sum does not fit its text';
  if (line.prev !== end.sum) return 'it does not follow the line before it';
  if (line.seq !== end.seq + 1) return `its number is ${String(line.seq)}`;
  return line;
}

function parsed(raw: string): JournalLine | undefined {
  try {
    const line = JSON.parse(raw) as JournalLine | null;
    return line?.blob === undefined ? (line ?? undefined) : ({ ...line, data: {} } as JournalLine);
  } catch {
    return undefined;
  }
}

function damaged(seq: number, why: string): PortError {
  return new PortError('journal.damaged', `The journal is damaged at line ${String(seq)}: ${why}.`, {
    advice:
      'The run cannot go on from a journal that was altered. What comes before can be looked at, exported and forked; or start the goal again.',
  });
}

function newer(version: number): PortError {
  return new PortError(
    'journal.newer',
    `The journal was written by a later Quartet (format ${String(version)}).`,
    {
      advice: 'Update Quartet to open this run.',
    },
  );
}
