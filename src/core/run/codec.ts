/**
 * The journal's line format: `{v, seq, at, type, key?, data, prev, sum}`, one JSON object a line. `sum` is the SHA-256 of the
 * line without it; `prev` repeats the former line's. That finds torn tails, accidents and single edits; it does not find
 * somebody who rewrites the whole chain.
 */
import { JOURNAL_VERSION, type JournalLine, type RunEvent } from '../../protocol/events.ts';
import { PortError, type Hasher } from '../ports.ts';

const GENESIS = '0'.repeat(64);
const SUM_LENGTH = ',"sum":""}'.length + 64;

/** Where a chain stands: what the next line needs of the former one. */
export interface ChainEnd {
  readonly seq: number;
  readonly sum: string;
}
export const CHAIN_START: ChainEnd = { seq: 0, sum: GENESIS };

/** One line, newline included, and the chain's new end. */
export function encodeLine(
  event: RunEvent,
  at: number,
  end: ChainEnd,
  hasher: Hasher,
): { text: string; line: JournalLine } {
  const body = { v: JOURNAL_VERSION, seq: end.seq + 1, at, ...ordered(event), prev: end.sum };
  const open = JSON.stringify(body);
  const sum = hasher.sha256(open);
  return { text: `${open.slice(0, -1)},"sum":"${sum}"}\n`, line: { ...body, sum } as JournalLine };
}

function ordered(event: RunEvent): object {
  return event.key === undefined
    ? { type: event.type, data: event.data }
    : { type: event.type, key: event.key, data: event.data };
}

/** What a journal's text holds. `torn` is what a crash left half-written at the end; `goodBytes` is the length without it. */
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
  let end = start;
  let position = 0;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline < 0) break;
    const read = decodeLine(text.slice(position, newline), end, hasher);
    if (typeof read === 'string') throw damaged(end.seq + 1, read);
    lines.push(read);
    end = { seq: read.seq, sum: read.sum };
    position = newline + 1;
  }
  const torn = text.slice(position);
  return { lines, end, torn, goodBytes: new TextEncoder().encode(text.slice(0, position)).length };
}

/** The line, or what is wrong with it. */
function decodeLine(raw: string, end: ChainEnd, hasher: Hasher): JournalLine | string {
  let line: JournalLine;
  try {
    line = { ...(JSON.parse(raw) as JournalLine) };
  } catch {
    return 'it is not JSON';
  }
  if (typeof line.v === 'number' && line.v > JOURNAL_VERSION) throw newer(line.v);
  if (hasher.sha256(`${raw.slice(0, -SUM_LENGTH)}}`) !== line.sum)
    return 'its check sum does not fit its text';
  if (line.prev !== end.sum) return 'it does not follow the line before it';
  if (line.seq !== end.seq + 1) return `its number is ${String(line.seq)}`;
  return line;
}

function damaged(seq: number, why: string): PortError {
  return new PortError('journal.damaged', `The journal is damaged at line ${String(seq)}: ${why}.`, {
    advice:
      'The run cannot go on from a journal that was altered. Its files are left as they are; start the goal again.',
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
