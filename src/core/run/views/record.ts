/** A run's whole record: along its time, at any of its moments, and word for word. Reads only; what is read once is kept. */
import type { JournalLine } from '../../../protocol/events.ts';
import type { RecordPart } from '../../../protocol/run-view.ts';
import type { Timeline } from '../../../protocol/timeline.ts';
import type { RunView, Unreadable } from '../../../protocol/view.ts';
import { PortError, type Hasher, type RunStore } from '../../ports.ts';
import { createJournalReader, storedJournal } from '../journal/reader.ts';
import { promptOf } from './prompts-of.ts';
import { lineText, outputText, promptText, type RecordedStep } from './record-text.ts';
import type { ReplayPorts } from '../keeping/replay-run.ts';
import { createFold, type RunFold } from './state.ts';
import { createTimelineFold } from './timeline.ts';
import { unreadableBy } from './unreadable.ts';

export interface RunRecord {
  /** Reads on, so that what was written since is in it. Errors: `run.missing`; `journal.damaged` where nothing can be read. */
  timeline(): Promise<Timeline>;
  /** The state when line `seq` had been written. Errors: `record.line`; as `timeline`. */
  at(seq: number): Promise<RunView>;
  /** Markdown; `line` is JSON. Errors: `record.line`, `record.part`, `prompt.missing`, `replay.version`; as `timeline`. */
  text(seq: number, part: RecordPart): Promise<string>;
}

export interface RecordPorts {
  readonly store: RunStore;
  readonly hasher: Hasher;
  readonly clock: ReplayPorts['clock'];
}

export function createRunRecord(ports: RecordPorts, runId: string): RunRecord {
  const lines = createLines(ports, runId);
  let moment: { fold: RunFold; seq: number } = { fold: createFold(), seq: 0 };
  let along = { of: [] as readonly JournalLine[], fold: createTimelineFold(), seq: 0 };
  return {
    async timeline() {
      const all = await lines.all();
      if (along.of !== all) along = { of: all, fold: createTimelineFold(), seq: 0 };
      for (const line of all.slice(along.seq)) along.fold.apply(line);
      along.seq = all.length;
      const unreadable = lines.unreadable();
      const timeline = along.fold.timeline() ?? missing(1);
      return unreadable ? { ...timeline, still: true, unreadable } : timeline;
    },
    async at(seq) {
      const all = await lines.upTo(seq);
      // A fold only goes forward.
      if (moment.seq > seq) moment = { fold: createFold(), seq: 0 };
      for (const line of all.slice(moment.seq, seq)) moment.fold.apply(line);
      moment.seq = seq;
      return moment.fold.view() ?? missing(seq);
    },
    async text(seq, part) {
      const all = await lines.upTo(seq);
      const step = stepOf(all, seq);
      if (part === 'line') return lineText(step.start);
      if (part === 'output') return outputText(step, (sha256) => ports.store.readBlob(runId, sha256));
      if (step.start.type !== 'step.started' || step.start.data.kind !== 'model')
        throw new PortError('record.part', `Line ${seq} is no question to a model: it has no prompt.`);
      return promptText(step.start, await promptOf(ports, runId, step.start.key ?? ''));
    },
  };
}

interface Lines {
  /** Of a damaged journal, those before the damage. */
  all(): Promise<readonly JournalLine[]>;
  /** What ended the last reading before the journal's end. */
  unreadable(): Unreadable | undefined;
  /** Those up to `seq` and, as a step may end later, all that are known. */
  upTo(seq: number): Promise<readonly JournalLine[]>;
}

/** One reading at a time; a journal that lost lines, which were not durable yet, is read from its start. */
function createLines({ store, hasher }: RecordPorts, runId: string): Lines {
  const begin = () => ({
    lines: [] as JournalLine[],
    reader: createJournalReader(storedJournal(store, runId), hasher),
  });
  let now = begin();
  let unreadable: Unreadable | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const grow = async (): Promise<readonly JournalLine[]> => {
    if (unreadable) now = begin();
    const { lines, reader } = now;
    try {
      unreadable = undefined;
      if (await reader.catchUp((line) => lines.push(line))) return lines;
    } catch (error) {
      unreadable = unreadableBy(error, lines.length + 1);
      if (unreadable && lines.length > 0) return lines;
      now = begin();
      throw error;
    }
    now = begin();
    return grow();
  };
  const all = (): Promise<readonly JournalLine[]> => {
    const next = last.then(grow);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    all,
    unreadable: () => unreadable,
    async upTo(seq) {
      const known = now.lines.length >= seq ? now.lines : await all();
      if (!Number.isInteger(seq) || seq < 1 || seq > known.length) missing(seq, known.length);
      return known;
    },
  };
}

function missing(seq: number, last = 0): never {
  throw new PortError('record.line', `The run has no line ${seq}.`, {
    advice: last > 0 ? `Its last is ${last}.` : 'It has none yet.',
  });
}

/** The first and the last line of the step that line `seq` belongs to; a line that is no step's is both. */
function stepOf(lines: readonly JournalLine[], seq: number): RecordedStep {
  const line = lines[seq - 1] ?? missing(seq);
  const isEnd = line.type === 'step.finished' || line.type === 'step.failed';
  const same = (each: JournalLine): boolean => each.key === line.key;
  if (isEnd) {
    const start = lines.slice(0, seq).findLast((each) => each.type === 'step.started' && same(each));
    return { start: start ?? line, end: line };
  }
  if (line.type !== 'step.started') return { start: line, end: undefined };
  const after = lines.slice(seq).find((each) => STEP_TYPES.includes(each.type) && same(each));
  return { start: line, end: after?.type === 'step.started' ? undefined : after };
}

const STEP_TYPES: readonly JournalLine['type'][] = ['step.started', 'step.finished', 'step.failed'];
