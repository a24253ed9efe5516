/** Journals, blobs and inboxes in memory. One store stands for a storage folder; processes on it can die and come again. */
import type { SignalFile } from '../../../src/protocol/answers.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import {
  PortError,
  type Disposable,
  type JournalPart,
  type OwnedRun,
  type RunStore,
} from '../../../src/core/ports.ts';

interface RunRecord {
  journal: string;
  readonly blobs: Map<string, string>;
  readonly inbox: Map<string, SignalFile>;
  snapshot?: string;
  owner: Owner | undefined;
}

/** One process's hold on one run. Once it is dead none of its promises settles any more, as after a kill. */
interface Owner {
  readonly name: string;
  dead: boolean;
  deliver: ((name: string, signal: SignalFile) => void) | undefined;
}

/** Called before a write happens; may throw, or call `crash`, to stand for a fault. */
export type WriteHook = (write: {
  readonly kind: 'create' | 'append' | 'blob' | 'truncate';
  readonly run: string;
  readonly text: string;
}) => void | Promise<void>;

const missing = (runId: string) => new PortError('run.missing', `There is no run ${runId}.`);
const never = <T>() => new Promise<T>(() => undefined);

export class InMemoryRunStore implements RunStore {
  readonly #runs = new Map<string, RunRecord>();
  readonly #watchers = new Set<{ readonly run: string | undefined; readonly changed: () => void }>();
  #signals = 0;
  #owners = 0;
  onWrite: WriteHook | undefined;

  /** The process is killed: every lock is given up and whatever it still awaits here never settles. */
  crash(): void {
    for (const run of this.#runs.values()) {
      if (run.owner) run.owner.dead = true;
      run.owner = undefined;
    }
  }

  /** The same runs, owned by nobody, in a store of its own: what lies on the disk now. */
  copy(): InMemoryRunStore {
    const copy = new InMemoryRunStore();
    for (const [id, run] of this.#runs) {
      const { journal } = run;
      copy.#runs.set(id, {
        journal,
        blobs: new Map(run.blobs),
        inbox: new Map(run.inbox),
        ...(run.snapshot !== undefined && { snapshot: run.snapshot }),
        owner: undefined,
      });
    }
    copy.#signals = this.#signals;
    copy.#owners = this.#owners;
    return copy;
  }

  /** A journal's text, for tests to look at. */
  text(runId: string): string {
    return this.#run(runId).journal;
  }

  /** Names of the signals that lie in a run's inbox, by id. */
  signals(runId: string): ReadonlyMap<string, string> {
    return new Map([...this.#run(runId).inbox].map(([id, { name }]) => [id, name]));
  }

  /** The blobs of a run, for tests to damage. */
  blobs(runId: string): Map<string, string> {
    return this.#run(runId).blobs;
  }

  /** Another process takes a run over, as after a lock that looked stale. */
  takeOver(runId: string): void {
    this.#run(runId).owner = this.#owner();
  }

  /** Replaces a journal's text, as a test that damages it would. */
  edit(runId: string, change: (journal: string) => string): void {
    const run = this.#run(runId);
    run.journal = change(run.journal);
    this.#changed(runId);
  }

  async create(
    runId: string,
    firstLines: string,
    blobs: ReadonlyMap<string, string> = new Map(),
  ): Promise<OwnedRun> {
    if (this.#runs.has(runId)) throw new PortError('run.exists', `There is a run ${runId} already.`);
    await this.onWrite?.({ kind: 'create', run: runId, text: firstLines });
    this.#runs.set(runId, { journal: firstLines, blobs: new Map(blobs), inbox: new Map(), owner: undefined });
    this.#changed(undefined);
    return this.own(runId);
  }

  async own(runId: string): Promise<OwnedRun> {
    const run = this.#run(runId);
    if (run.owner) {
      throw new PortError('run.locked', `The run is owned by ${run.owner.name}.`, {
        retryable: true,
        advice: 'Stop it there first.',
      });
    }
    const owner = this.#owner();
    run.owner = owner;
    return this.#owned(runId, run, owner);
  }

  #owner(): Owner {
    return { name: `process ${(this.#owners += 1)}`, dead: false, deliver: undefined };
  }

  async list(): Promise<readonly string[]> {
    return [...this.#runs.keys()].sort().reverse();
  }

  async read(runId: string): Promise<string> {
    return this.#run(runId).journal;
  }

  async tail(runId: string, from: number): Promise<JournalPart> {
    return wholeLines(this.#run(runId).journal, from);
  }

  async readBlob(runId: string, sha256: string): Promise<string> {
    return blobOf(this.#run(runId), sha256);
  }

  async readSnapshot(runId: string): Promise<string | undefined> {
    return this.#runs.get(runId)?.snapshot;
  }

  async writeSnapshot(runId: string, text: string): Promise<void> {
    this.#run(runId).snapshot = text;
  }

  async owner(runId: string): Promise<string | undefined> {
    return this.#runs.get(runId)?.owner?.name;
  }

  async isOwned(runId: string): Promise<boolean> {
    return this.#runs.get(runId)?.owner !== undefined;
  }

  async putSignal(runId: string, signal: SignalFile): Promise<void> {
    const run = this.#run(runId);
    const name = String((this.#signals += 1)).padStart(8, '0');
    const copy = structuredClone(signal);
    run.inbox.set(name, copy);
    run.owner?.deliver?.(name, copy);
  }

  watch(runId: string | undefined, changed: () => void): Disposable {
    const watcher = { run: runId, changed };
    this.#watchers.add(watcher);
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  #run(runId: string): RunRecord {
    const run = this.#runs.get(runId);
    if (!run) throw missing(runId);
    return run;
  }

  #changed(runId: string | undefined): void {
    for (const watcher of this.#watchers) {
      if (watcher.run !== runId) continue;
      queueMicrotask(() => {
        if (this.#watchers.has(watcher)) watcher.changed();
      });
    }
  }

  #owned(id: string, run: RunRecord, owner: Owner): OwnedRun {
    const write = async (kind: 'append' | 'blob' | 'truncate', text: string, change: () => void) => {
      if (owner.dead) return never<undefined>();
      if (run.owner !== owner) throw takenOver();
      await this.onWrite?.({ kind, run: id, text });
      // The hook may have killed the process before the write.
      if (owner.dead as boolean) return never<undefined>();
      change();
      if (kind !== 'blob') this.#changed(id);
      return undefined;
    };
    return {
      id,
      owner: owner.name,
      takenFrom: undefined,
      read: async () => run.journal,
      tail: async (from) => wholeLines(run.journal, from),
      truncate: (bytes) =>
        write('truncate', '', () => {
          run.journal = Buffer.from(run.journal, 'utf8').subarray(0, bytes).toString('utf8');
        }),
      append: (lines) => write('append', lines, () => (run.journal += lines)),
      writeBlob: (sha256, text) => write('blob', text, () => run.blobs.set(sha256, text)),
      readBlob: async (sha256) => blobOf(run, sha256),
      onSignal: (deliver) => listen(run, owner, deliver),
      close: async () => {
        owner.deliver = undefined;
        if (run.owner === owner) run.owner = undefined;
        this.#changed(id);
      },
    };
  }
}

/** Longest part, in bytes; longer lines make a longer one. Short, so that tests read several parts. */
const PART_BYTES = 16 * 1024;

function wholeLines(journal: string, from: number): JournalPart {
  const bytes = Buffer.from(journal, 'utf8');
  const inPart = bytes.subarray(from, from + PART_BYTES).lastIndexOf('\n');
  const end = (inPart < 0 ? bytes.indexOf('\n', from) - from : inPart) + from + 1;
  const whole = end > from ? end : Math.min(from, bytes.length);
  return { lines: bytes.toString('utf8', from, whole), next: whole, size: bytes.length };
}

function takenOver(): PortError {
  return new PortError('run.locked', 'Another process took the run over.', { advice: 'Follow it there.' });
}

function blobOf(run: RunRecord, sha256: string): string {
  const text = run.blobs.get(sha256);
  if (text === undefined) throw unusable('blob.missing', `The blob ${sha256} is missing.`);
  if (nodeHasher.sha256(text) !== sha256) throw unusable('blob.damaged', `The blob ${sha256} is damaged.`);
  return text;
}

function unusable(code: string, message: string): PortError {
  return new PortError(code, message, { advice: 'Part of this run is lost. Start the goal again.' });
}

function listen(
  run: RunRecord,
  owner: Owner,
  deliver: Parameters<OwnedRun['onSignal']>[0],
): ReturnType<OwnedRun['onSignal']> {
  const give = (name: string, signal: SignalFile) =>
    queueMicrotask(() => {
      if (owner.deliver !== give || owner.dead || !run.inbox.has(name)) return;
      deliver(structuredClone(signal), async () => void run.inbox.delete(name), name);
    });
  owner.deliver = give;
  for (const [name, signal] of run.inbox) give(name, signal);
  return {
    scanned: new Promise((resolve) => queueMicrotask(resolve)),
    dispose: () => {
      if (owner.deliver === give) owner.deliver = undefined;
    },
  };
}
