/** Brings one owned run to life: journal, bus, budget and team around its story. */
import { SteerValue, StopValue, type SignalFile } from '../../protocol/answers.ts';
import type { EventData, JournalLine, PauseReason, RunEvent } from '../../protocol/events.ts';
import { PortError, StepFailed, type OwnedRun } from '../ports.ts';
import type {
  EngineOptions,
  EnginePorts,
  LiveRun,
  LiveText,
  ResumeChanges,
  RunEnd,
  StopHow,
} from './contract.ts';
import { assertOwnRecord } from './keeping/imported.ts';
import { createJournal, type Halt, type Journal } from './journal/journal.ts';
import { makeRun } from './make-run.ts';
import type { Run } from './run.ts';
import { circleIn, storyWaits, waitText } from './agents/waits.ts';
import { orchestrate } from './orchestrate.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { incompatible } from '../tools/contracts.ts';
import { ENGINE_VERSION } from './journal/engine-version.ts';
import { pastOf, retrying, type Recorded } from './journal/past.ts';
import { readJournal, type ReadJournal } from './journal/reader.ts';
import { inheritFrom, inLife, lastEngine, pastOfLife, presentLife } from './journal/upgrade.ts';
import { createWriter, type JournalWriter } from './journal/writer.ts';

export interface Launch {
  readonly ports: EnginePorts;
  readonly options: EngineOptions;
  readonly owned: OwnedRun;
  readonly decoded: ReadJournal;
  readonly onText: (text: LiveText) => void;
  /** Present where the run goes on. */
  readonly resumed?: ResumeChanges;
}

export type Launched = LiveRun;

/** One life of an owned run: a journal, and what steers the story in it. */
interface Session {
  readonly launch: Launch;
  readonly journal: Journal;
  readonly writer: JournalWriter;
  readonly run: Run;
}

/** Errors: `run.imported`. */
export function launch(start: Launch): Launched {
  const { owned, decoded, ports } = start;
  const { finished } = pastOf(decoded.lines);
  if (finished) return finishedAlready(owned, finished);
  assertOwnRecord(decoded.lines);
  const writer = createWriter(owned, decoded.end, ports.clock, ports.hasher);
  if (start.resumed) sayResumed(writer, start, start.resumed);
  return live(start, writer);
}

function finishedAlready(owned: OwnedRun, finished: EventData<'run.finished'>): Launched {
  const { outcome, message, partial } = finished;
  const ended = owned.close().then(() => ({ kind: 'finished' as const, outcome, message, partial }));
  return { id: owned.id, ended, stop: () => ended.then(() => undefined) };
}

function sayResumed(writer: JournalWriter, { owned, decoded }: Launch, changes: ResumeChanges): void {
  const say = (event: RunEvent): void => void writer.write(event).catch(() => undefined);
  const alert = (code: string, message: string): void => {
    say({ type: 'alert.raised', data: { code, message } });
  };
  say({
    type: 'run.resumed',
    data: { engine: ENGINE_VERSION, ...(changes.budget && { budget: changes.budget }) },
  });
  const { tornBytes } = decoded;
  if (tornBytes > 0)
    alert(
      'journal.torn',
      `The journal ended in half a line (${tornBytes} bytes), as after a crash; it was dropped.`,
    );
  if (owned.takenFrom !== undefined) alert('run.takenOver', `Taken over from ${owned.takenFrom}.`);
}

/** Lives until the run ends: in a second life where the record does not fit this program, and again where old failures are to be tried again. */
function live(start: Launch, writer: JournalWriter): Launched {
  const { owned, decoded, ports } = start;
  const whyNot = whyNotStepByStep(decoded.lines);
  const first = whyNot === undefined ? decoded.lines : upgraded(writer, decoded.lines, whyNot);
  let current = begin(start, writer, { lines: first, retry: [] });
  let stopping: readonly [PauseReason, StopHow] | undefined;
  const goOn = (record: LifeRecord): Promise<RunEnd> => {
    current = begin(start, writer, record);
    if (stopping) void current.stop(...stopping);
    return untilEnd(record);
  };
  const untilEnd = async ({ lines, retry }: LifeRecord): Promise<RunEnd> => {
    const end = await current.ended.catch((error: unknown) => {
      if (start.resumed && error instanceof PortError && error.code === 'journal.diverged') return error;
      throw error;
    });
    if (end instanceof PortError) return goOn({ lines: upgraded(writer, lines, end.message), retry: [] });
    if (end.kind !== 'again') return end;
    await writer.flush();
    const now = await readJournal(owned, ports.hasher);
    return goOn({ lines: now.lines, retry: [...retry, ...end.retry] });
  };
  const ended = untilEnd({ lines: first, retry: [] }).finally(async () => {
    // Servers that agents started end with the run, whether it finished or paused.
    await ports.shell.background.endAll(ports.copies.rootOf(owned.id));
    await owned.close();
  });
  ended.catch(() => undefined);
  const stop = async (reason: PauseReason = 'stopped', how: StopHow = {}): Promise<void> => {
    stopping = [reason, how];
    // A life that has told its end has nothing to stop.
    void current.stop(reason, how);
    await ended.catch(() => undefined);
  };
  return { id: owned.id, ended, stop };
}

/** Why the run cannot go on step by step: another version of the story wrote it, or its agents know tools that are others now. */
function whyNotStepByStep(lines: readonly JournalLine[]): string | undefined {
  const written = lastEngine(lines);
  if (written !== ENGINE_VERSION) return `It was written by engine ${written}.`;
  for (const line of presentLife(lines).lines) {
    const why = line.type === 'agent.created' ? incompatible(line.data.contracts ?? {}, TOOLS) : undefined;
    if (why !== undefined) return `Refused as it was: ${why}. Unfinished tasks begin anew.`;
  }
  return undefined;
}

/** What a life begins from: the lines, and the old failures that are tried again. */
interface LifeRecord {
  readonly lines: readonly JournalLine[];
  readonly retry: readonly Recorded[];
}

/** Begins another life in the journal and gives the lines as they read then. */
function upgraded(writer: JournalWriter, lines: readonly JournalLine[], why: string): readonly JournalLine[] {
  const data = inheritFrom(lines, ENGINE_VERSION, why);
  if (!data)
    throw new PortError('journal.version', `The run cannot go on: ${why}`, {
      advice: 'Start the goal again. Nothing had been done yet.',
    });
  void writer.write({ type: 'run.upgraded', data }).catch(() => undefined);
  return [...lines, { type: 'run.upgraded', data, v: 0, seq: 0, at: 0, prev: '', sum: '' }];
}

/** How a life ended; `again` where old failures are to be tried again. */
type LifeEnd = RunEnd | (Halt & { readonly kind: 'again' });

interface Life {
  readonly ended: Promise<LifeEnd>;
  stop(reason: PauseReason, how: StopHow): Promise<void>;
}

/** One life: resolves its end; a divergence rejects with the journal untouched. */
function begin(start: Launch, writer: JournalWriter, { lines, retry }: LifeRecord): Life {
  const { ports, owned, onText, resumed } = start;
  const past = retrying(pastOfLife(lines), retry);
  const { inherited } = presentLife(lines);
  const journal = createJournal({ run: owned, past, writer, clock: ports.clock, hasher: ports.hasher });
  const run = makeRun({
    lines,
    past,
    resumed,
    steps: inLife(journal, inherited?.life),
    givesUp: start.options.givesUp ?? false,
    ports,
    onText: (text) => {
      onText({ ...text, run: owned.id });
    },
  });
  const session: Session = { launch: start, journal, writer, run };
  let told = false;
  const story = orchestrate(run, inherited).then(
    async (finish): Promise<RunEnd> => {
      told = true;
      await journal.finish(finish);
      return { kind: 'finished', outcome: finish.outcome, message: finish.message, partial: finish.partial };
    },
    (error: unknown) => giveUp(journal, error),
  );
  const inbox = owned.onSignal((signal, taken, id) => {
    receive(session, { signal, taken, id });
  });
  const idle = journal.onIdle((open) => {
    if (told) return;
    if (open.length === 0) void checkStuck(session, () => told);
    else if (start.options.whenWaiting === 'pause')
      void inbox.scanned.then(() => pauseIfStillWaiting(session));
  });
  const ended = Promise.race([story, journal.halted.then(endOf)]).finally(() => {
    idle.dispose();
    inbox.dispose();
  });
  return { ended, stop: (reason, how) => suspend(session, reason, how) };
}

/** One that drains says so first, so that whoever looks knows why nothing new begins. */
async function suspend(
  { journal, writer }: Session,
  reason: PauseReason,
  { drain = false }: StopHow,
): Promise<void> {
  // Refused where storage failed, which ends the run by itself.
  if (drain && journal.phase() === 'moving')
    void writer.write({ type: 'run.draining', data: {} }).catch(() => undefined);
  await journal.suspend(reason, STOPPED[reason] ?? STOPPED.stopped, { drain });
}

const STOPPED: Partial<Record<PauseReason, string>> & { readonly stopped: string } = {
  stopped: 'You stopped the run; it can go on.',
  closed: 'The editor was closed; the run can go on.',
};

/** A step that failed and that nobody caught pauses the run; the step runs again on resume. A bug ends it. */
async function giveUp(journal: Journal, error: unknown): Promise<RunEnd> {
  if (!(error instanceof StepFailed)) throw error;
  const what = error.code === 'internal' ? `A fault in Quartet itself: ${error.message}` : error.message;
  const message = error.advice === undefined ? what : `${what} ${error.advice}`;
  return journal.pause('environment', message, [error.key]);
}

function endOf(halt: Halt): LifeEnd {
  if (halt.kind === 'broken') throw halt.error;
  return halt;
}

/** The story waits, but for nothing that could ever come. */
async function checkStuck(
  { journal, run, launch: { ports } }: Session,
  isTold: () => boolean,
): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await ports.clock.settle();
  if (isTold() || !journal.isStuck()) return;
  journal.fail(new Error(`The run waits for something that cannot come${waitingText(run)}.`));
}

/** The circle of waits, or else all there are. */
function waitingText(run: Run): string {
  const waits = storyWaits(run);
  return [...(circleIn(waits) ?? waits)].map((wait) => `; ${waitText(wait)}`).join('');
}

async function pauseIfStillWaiting({ journal, launch: { ports } }: Session): Promise<void> {
  await ports.clock.settle();
  // What came in meanwhile is heard first: the story comes to rest once more after it.
  if (journal.waitingFor().length === 0 || !journal.isAtRest()) return;
  await journal.suspend('waiting', 'The run waits for you.');
}

interface Received {
  readonly signal: SignalFile;
  readonly taken: () => Promise<void>;
  /** The same each time the signal is delivered. */
  readonly id: string;
}

function receive(session: Session, received: Received): void {
  const { journal } = session;
  const { signal, taken } = received;
  const isStop = signal.name === 'stop' && isMeantFor(session, signal);
  // What comes too late for this life stays in the inbox for the next; but who waits for what is under way need not wait for its end.
  const phase = journal.phase();
  if (phase === 'over' || (phase === 'ending' && !isStop)) return;
  if (isStop) void stopAsked(session, taken, { drain: isDrain(signal) });
  else if (signal.name === 'steer')
    steer(session, received).catch((error: unknown) => {
      journal.fail(error instanceof Error ? error : new Error(String(error)));
    });
  else journal.deliver(signal, taken);
}

/** A stop that names another owner came too late for that: it is journaled as unknown and stops nobody. */
function isMeantFor({ launch: { owned } }: Session, { value }: SignalFile): boolean {
  const named = StopValue.safeParse(value);
  const owner = named.success ? named.data.owner : undefined;
  return owner === undefined || owner === owned.owner;
}

const isDrain = ({ value }: SignalFile): boolean => StopValue.safeParse(value).data?.drain === true;

/** Taken first, or it would stop the run again when it goes on; one that cannot be taken away stops it all the same. */
async function stopAsked(session: Session, taken: () => Promise<void>, how: StopHow): Promise<void> {
  await taken().catch(() => undefined);
  await suspend(session, 'stopped', how);
}

async function steer({ journal, writer, run }: Session, { signal, taken, id }: Received): Promise<void> {
  const value = SteerValue.safeParse(signal.value);
  if (!value.success) {
    journal.deliver(signal, taken);
    return;
  }
  const key = `steer/${id}`;
  const { text, to = 'team', resends } = value.data;
  const { key: former, ...of } = resends ?? { key: undefined, from: 'person' };
  const data = { ...of, to, text, ...(former !== undefined && { resends: former }) };
  journal.record({ type: 'message.posted', key, data });
  await writer.flush();
  run.team.bus.say({ ...data, id: key });
  await taken();
}
