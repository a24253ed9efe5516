/** Reads a journal part by part, each line once, with its data wherever that lies. */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError, type Hasher, type OwnedRun, type RunStore } from '../../ports.ts';
import { CHAIN_START, decodeLines, type ChainEnd } from './codec.ts';

/** One journal and its blobs. An owned run is one. */
export type JournalSource = Pick<OwnedRun, 'tail' | 'readBlob'>;

/** A run's journal, whoever owns it. */
export function storedJournal(store: Pick<RunStore, 'tail' | 'readBlob'>, runId: string): JournalSource {
  return {
    tail: (from) => store.tail(runId, from),
    readBlob: (sha256) => store.readBlob(runId, sha256),
  };
}

/** What a whole journal holds. Lengths are in bytes. */
export interface ReadJournal {
  readonly lines: readonly JournalLine[];
  readonly end: ChainEnd;
  /** Length without what a crash left half-written at the end. */
  readonly goodBytes: number;
  readonly tornBytes: number;
}

/** Errors: `run.missing`, `journal.damaged`, `journal.newer`. */
export async function readJournal(source: JournalSource, hasher: Hasher): Promise<ReadJournal> {
  const lines: JournalLine[] = [];
  const reader = createJournalReader(source, hasher);
  if (!(await reader.catchUp((line) => lines.push(line)))) throw cut();
  const { end, bytes, torn } = reader.place();
  return { lines, end, goodBytes: bytes, tornBytes: torn };
}

/**
 * What can be read of a journal: its lines, or those before the first that is damaged. Errors: `run.missing`, `journal.newer`;
 * `journal.damaged` where nothing can be read.
 */
export async function readWhatCanBe(source: JournalSource, hasher: Hasher): Promise<readonly JournalLine[]> {
  const lines: JournalLine[] = [];
  try {
    if (!(await createJournalReader(source, hasher).catchUp((line) => lines.push(line)))) throw cut();
  } catch (error) {
    const isCutShort = error instanceof PortError && error.code === 'journal.damaged' && !error.retryable;
    if (!isCutShort || lines.length === 0) throw error;
  }
  return lines;
}

export interface JournalReader {
  /**
   * Gives each line that is new since the last time. `false`: the journal is no longer the one that was read, because lines that were
   * not durable yet were taken back; what was given is void. Errors: as `readJournal`, once all lines before it were given; after one
   * the reader is of no use.
   */
  catchUp(each: (line: JournalLine) => void): Promise<boolean>;
  /** How far it has read; `torn` is what lies behind that and is no whole line. */
  place(): { readonly end: ChainEnd; readonly bytes: number; readonly torn: number };
}

export function createJournalReader({ tail, readBlob }: JournalSource, hasher: Hasher): JournalReader {
  let end = CHAIN_START;
  let bytes = 0;
  let torn = 0;

  /** The lines of a text, and what is wrong with the one that follows them. */
  const decode = (text: string): { readonly lines: readonly JournalLine[]; readonly wrong?: PortError } => {
    const lines: JournalLine[] = [];
    try {
      ({ end } = decodeLines(text, hasher, end, (line) => lines.push(line)));
      return { lines };
    } catch (wrong) {
      if (wrong instanceof PortError) return { lines, wrong };
      throw wrong;
    }
  };

  return {
    async catchUp(each) {
      const known = bytes;
      for (;;) {
        const part = await tail(bytes);
        if (part.size < bytes) return false;
        torn = part.size - part.next;
        if (part.lines === '') return true;
        // The first new line tells whether the journal still is what it was: each repeats the sum of the one before.
        if (bytes === known && known > 0 && !followsOn(part.lines, end)) return false;
        const { lines, wrong } = decode(part.lines);
        for (const line of lines) {
          if (line.blob !== undefined) await fill(line, readBlob);
          each(line);
        }
        if (wrong) throw wrong;
        bytes = part.next;
      }
    },
    place: () => ({ end, bytes, torn }),
  };
}

function followsOn(lines: string, end: ChainEnd): boolean {
  return lines.slice(0, lines.indexOf('\n')).includes(`,"prev":"${end.sum}","sum":"`);
}

function cut(): PortError {
  return new PortError('journal.damaged', 'The journal was cut while it was read.', { retryable: true });
}

/** Puts the data of a line that lies in a blob into the line. Errors: `journal.damaged`. */
export async function fill(line: JournalLine, readBlob: JournalSource['readBlob']): Promise<void> {
  try {
    Object.assign(line, { data: JSON.parse(await readBlob(line.blob ?? '')) as unknown });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PortError('journal.damaged', `The data of line ${line.seq} cannot be read: ${why}`, { cause });
  }
}
