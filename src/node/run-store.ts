/** Journals on disk: `runs/<id>/journal.jsonl`, `blobs/<sha256>`, `inbox/`, `lock`. Format and rules: src/README.md. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import {
  PortError,
  type Ids,
  type JournalPart,
  type Log,
  type OwnedRun,
  type RunStore,
} from '../core/ports.ts';
import { createAppender, openToAppend, type Appender } from './appender.ts';
import { draftIn, removeAbandoned } from './drafts.ts';
import { nodeHasher } from './hasher.ts';
import { createNodeIds } from './ids.ts';
import { openInbox, putIntoInbox } from './run-inbox.ts';
import { holder, ownName, takeLock, type LockTiming, type RunLock } from './run-lock.ts';
import {
  createSynced,
  createWhole,
  errorCode,
  makeFolder,
  readIfThere,
  replaceCache,
  stored,
  syncFolder,
} from './storage.ts';
import { wholeLines } from './tail.ts';
import { watchStamp } from './watch.ts';

export interface NodeRunStoreOptions {
  /** Absolute path of the storage folder; made when it is not there. */
  readonly storage: string;
  readonly log: Log;
  readonly ids?: Ids;
  readonly lock?: Partial<LockTiming>;
}

const RUN_ID = /^[a-z0-9][a-z0-9-]{0,99}$/u;
const SNAPSHOT = 'snapshot.json';
const SHA256 = /^[0-9a-f]{64}$/u;

export function createNodeRunStore(options: NodeRunStoreOptions): RunStore {
  const { storage, log, ids = createNodeIds(), lock: timing = {} } = options;
  const runs = join(storage, 'runs');
  const folderOf = (runId: string) => join(runs, known(runId));
  const journalOf = (runId: string) => join(folderOf(runId), 'journal.jsonl');
  return {
    create: (runId, firstLines, blobs = new Map()) =>
      stored(`Run ${runId} could not be made`, () =>
        createRun({ storage, runs, runId: known(runId), log, timing }, firstLines, blobs),
      ),
    own: (runId) =>
      stored(`Run ${runId} could not be opened`, () =>
        ownRun({ folder: folderOf(runId), runId, log, timing }),
      ),
    list: () => stored('The runs could not be listed', () => listRuns(runs)),
    read: (runId) => stored(`Run ${runId} could not be read`, () => readJournal(journalOf(runId), runId)),
    tail: (runId, from) =>
      stored(`Run ${runId} could not be read`, () => tailOf(journalOf(runId), runId, from)),
    readBlob: (runId, sha256) => readBlob(folderOf(runId), sha256),
    readSnapshot: (runId) =>
      stored('A snapshot could not be read', () => readIfThere(join(folderOf(runId), SNAPSHOT))),
    writeSnapshot: (runId, text) =>
      stored('A snapshot could not be written', () => replaceCache(folderOf(runId), SNAPSHOT, text)),
    owner: (runId) => stored('The lock could not be read', () => holder(folderOf(runId))),
    isOwned: async (runId) =>
      stored('The lock could not be read', async () => (await holder(folderOf(runId))) !== undefined),
    putSignal: (runId, signal) =>
      stored('The signal could not be delivered', async () => {
        await readJournalSize(journalOf(runId), runId);
        await putIntoInbox(join(folderOf(runId), 'inbox'), ids, signal);
      }),
    watch: (runId, changed) =>
      runId === undefined
        ? watchStamp(runs, async () => (await listRuns(runs)).join('\n'), changed)
        : watchStamp(journalOf(runId), () => sizeStamp(journalOf(runId)), changed),
  };
}

const missing = (runId: string) => new PortError('run.missing', `There is no run ${runId}.`);

/** A run id that is safe as a folder's name. */
function known(runId: string): string {
  if (!RUN_ID.test(runId)) throw missing(runId);
  return runId;
}

interface Creation {
  readonly storage: string;
  readonly runs: string;
  readonly runId: string;
  readonly log: Log;
  readonly timing: Partial<LockTiming>;
}

/** The folder is made elsewhere and renamed into `runs` once it is durable, owned already: nobody sees half a run. */
async function createRun(
  { storage, runs, runId, log, timing }: Creation,
  firstLines: string,
  blobs: ReadonlyMap<string, string>,
): Promise<OwnedRun> {
  const draft = draftIn(join(storage, 'tmp'), runId);
  const folder = join(runs, runId);
  await makeFolder(runs);
  await makeFolder(draft);
  let hold: Hold | undefined;
  try {
    await fs.mkdir(join(draft, 'blobs'));
    await fs.mkdir(join(draft, 'inbox'));
    for (const [sha256, text] of blobs) await createSynced(join(draft, 'blobs', checked(sha256)), text);
    if (blobs.size > 0) await syncFolder(join(draft, 'blobs'));
    await createSynced(join(draft, 'journal.jsonl'), firstLines);
    hold = await holdRun({ folder: draft, runId, log, timing });
    await syncFolder(draft);
    if (await exists(folder)) throw taken(runId);
    await fs.rename(draft, folder);
    hold.lock.moved(folder);
    await syncFolder(runs);
    return ownedRun({ folder, runId, log, ...hold });
  } catch (error) {
    await hold?.appender.close();
    await hold?.lock.release();
    await fs.rm(draft, { recursive: true, force: true });
    const clash = ['EEXIST', 'ENOTEMPTY'].includes(errorCode(error) ?? '');
    throw clash ? taken(runId) : error;
  }
}

const taken = (runId: string) => new PortError('run.exists', `There is a run ${runId} already.`);

const exists = async (path: string) =>
  fs.access(path).then(
    () => true,
    () => false,
  );

async function listRuns(runs: string): Promise<readonly string[]> {
  try {
    const entries = await fs.readdir(runs, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && RUN_ID.test(entry.name));
    return names
      .map((entry) => entry.name)
      .sort()
      .reverse();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readJournal(path: string, runId: string): Promise<string> {
  const text = await readIfThere(path);
  if (text === undefined) throw missing(runId);
  return text;
}

async function tailOf(path: string, runId: string, from: number): Promise<JournalPart> {
  try {
    return await wholeLines(path, from);
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? missing(runId) : error;
  }
}

async function readJournalSize(path: string, runId: string): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? missing(runId) : error;
  }
}

async function sizeStamp(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await fs.stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}

/** Errors: `blob.missing`, `blob.damaged`. */
async function readBlob(folder: string, sha256: string): Promise<string> {
  const path = join(folder, 'blobs', checked(sha256));
  const text = await stored('A blob could not be read', () => readIfThere(path));
  if (text === undefined) throw unusable('blob.missing', `The blob ${sha256} is missing.`);
  if (nodeHasher.sha256(text) !== sha256) throw unusable('blob.damaged', `The blob ${path} is damaged.`);
  return text;
}

function unusable(code: 'blob.missing' | 'blob.damaged', message: string): PortError {
  return new PortError(code, message, {
    advice:
      'Part of what this run recorded is lost, so it cannot go on. Start the goal again, or fork an earlier point of it.',
  });
}

function checked(sha256: string): string {
  if (!SHA256.test(sha256)) throw new PortError('blob.missing', `"${sha256}" names no blob.`);
  return sha256;
}

async function ownRun(place: Place): Promise<OwnedRun> {
  const { folder, runId, log } = place;
  await readJournalSize(join(folder, 'journal.jsonl'), runId);
  const hold = await holdRun(place);
  // What a killed owner, or one that put a signal here, left half-made.
  for (const part of [folder, join(folder, 'blobs'), join(folder, 'inbox')]) await removeAbandoned(part);
  return ownedRun({ folder, runId, log, ...hold });
}

/** The lock of a run and the open journal. */
interface Hold {
  readonly lock: RunLock;
  readonly appender: Appender;
}

interface Place {
  readonly folder: string;
  readonly runId: string;
  readonly log: Log;
  readonly timing: Partial<LockTiming>;
}

async function holdRun({ folder, runId, log, timing }: Place): Promise<Hold> {
  let stop: (error: PortError) => void = () => undefined;
  const lost = (error: PortError): void => {
    log.error(`${runId}: ${error.message}`);
    stop(error);
  };
  const lock = await takeLock(folder, { lost, timing });
  try {
    const appender = createAppender(await openToAppend(join(folder, 'journal.jsonl')));
    stop = (error) => appender.stop(error);
    return { lock, appender };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Owned extends Hold {
  readonly folder: string;
  readonly runId: string;
  readonly log: Log;
}

function ownedRun({ folder, runId, log, lock, appender }: Owned): OwnedRun {
  const blobs = join(folder, 'blobs');
  return {
    id: runId,
    owner: ownName(),
    takenFrom: lock.takenFrom,
    read: () =>
      stored(`Run ${runId} could not be read`, () => readJournal(join(folder, 'journal.jsonl'), runId)),
    tail: (from) =>
      stored(`Run ${runId} could not be read`, () => tailOf(join(folder, 'journal.jsonl'), runId, from)),
    truncate: (bytes) => appender.truncate(bytes),
    append: (lines) => appender.append(lines),
    writeBlob: (sha256, text) =>
      stored('A blob could not be written', async () => {
        const kept = await readBlob(folder, sha256).catch(() => undefined);
        if (kept !== text) await createWhole(blobs, sha256, text);
      }),
    readBlob: (sha256) => readBlob(folder, sha256),
    onSignal: (deliver) => openInbox(join(folder, 'inbox'), log, deliver),
    close: async () => {
      await appender.close();
      await lock.release();
    },
  };
}
