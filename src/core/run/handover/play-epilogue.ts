/** Owns a finished run once more, for the length of an epilogue. */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError, StepFailed, type OwnedRun } from '../../ports.ts';
import type { EngineOptions, EnginePorts, EpilogueEnd } from '../contract.ts';
import type { Epilogue, ReadOutput } from './epilogue.ts';
import { assertOwnRecord } from '../keeping/imported.ts';
import { createJournal, type Journal } from '../journal/journal.ts';
import { makeRun } from '../make-run.ts';
import { pastOf, type Past } from '../journal/past.ts';
import { readJournal } from '../journal/reader.ts';
import { createWriter } from '../journal/writer.ts';

interface Playing {
  readonly ports: EnginePorts;
  readonly options: EngineOptions;
}

/** Makes and plays an epilogue. Errors: `run.open` where the run has not finished, `run.imported`, and those of `make`. */
export async function playEpilogue(
  { ports, options }: Playing,
  runId: string,
  make: (lines: readonly JournalLine[], readOutput: ReadOutput) => Epilogue | Promise<Epilogue>,
): Promise<EpilogueEnd> {
  const owned = await ports.store.own(runId);
  try {
    const { lines, end, goodBytes, tornBytes } = await readJournal(owned, ports.hasher);
    if (tornBytes > 0) await owned.truncate(goodBytes);
    assertOwnRecord(lines);
    const past = pastOf(lines);
    if (!past.finished)
      throw new PortError('run.open', 'The run has not finished.', { advice: 'Let it finish first.' });
    const epilogue = await make(lines, readerOf(owned, past));
    const writer = createWriter(owned, end, ports.clock, ports.hasher);
    const own = {
      ...past,
      // A step that failed is tried again: nothing of an epilogue goes on from a failure.
      ends: past.ends.filter(({ key, kind }) => kind !== 'failed' && isOf(key, epilogue.prefix)),
      finished: undefined,
    };
    const journal = createJournal({
      run: owned,
      past: own,
      writer,
      clock: ports.clock,
      hasher: ports.hasher,
    });
    const inbox = owned.onSignal((signal, taken) => {
      journal.deliver(signal, taken);
    });
    journal.onIdle((open) => {
      if (options.whenWaiting === 'pause' && open.length > 0)
        void inbox.scanned.then(() => pauseIfStillWaiting(journal, ports));
    });
    const run = makeRun({
      lines,
      past,
      resumed: undefined,
      steps: journal,
      ports,
      onText: () => undefined,
    });
    const story = epilogue.tell(run).then((told) => {
      journal.record({ type: 'epilogue.ended', key: epilogue.prefix, data: told });
      return told;
    }, failedStep);
    const halted = journal.halted.then((halt): EpilogueEnd => {
      if (halt.kind === 'broken') throw halt.error;
      if (halt.kind === 'again') throw new Error('An epilogue has no earlier life.');
      return { done: false, message: halt.message };
    });
    const ended = await Promise.race([story, halted]);
    await writer.flush();
    inbox.dispose();
    return ended;
  } finally {
    await owned.close();
  }
}

/** An answer that lay in the inbox may have come in meanwhile. */
async function pauseIfStillWaiting(journal: Journal, { clock }: Pick<EnginePorts, 'clock'>): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await clock.settle();
  if (journal.waitingFor().length > 0) await journal.suspend('waiting', 'It waits for your answer.');
}

function isOf(key: string, prefix: string): boolean {
  return key.replace(/^signal:/, '').startsWith(`${prefix}/`);
}

function failedStep(error: unknown): EpilogueEnd {
  if (!(error instanceof StepFailed)) throw error;
  return {
    done: false,
    message: error.advice === undefined ? error.message : `${error.message} ${error.advice}`,
  };
}

function readerOf(owned: OwnedRun, past: Past): ReadOutput {
  return async (key) => {
    const end = past.ends.findLast((each) => each.key === key || each.key.endsWith(`/${key}`));
    if (end?.kind !== 'finished') return undefined;
    return end.data.blob === undefined
      ? end.data.output
      : (JSON.parse(await owned.readBlob(end.data.blob)) as unknown);
  };
}
