/**
 * Runs a whole run again from its record, with no world at all: no network, no commands, no files. Every step, signal and record that
 * the story asks for is held against the journal; the first that differs is the divergence.
 */
import type { EventData, JournalLine, PauseReason, RunEvent } from '../../../protocol/events.ts';
import { type Clock, type Hasher, type StepSpec, type Steps } from '../../ports.ts';
import { canonicalJson } from './canonical.ts';
import type { Divergence, ReplayReport } from '../contract.ts';
import { settleAsRecorded, type Waiter } from './step-lines.ts';
import { pastOf, signalKey, type Past, type Recorded } from './past.ts';

interface Options {
  readonly lines: readonly JournalLine[];
  readonly readBlob: (sha256: string) => Promise<string>;
  readonly clock: Pick<Clock, 'settle'>;
  readonly hasher: Hasher;
  /** Secrets were taken out of the record: inputs that held them have another digest. */
  readonly redacted: boolean;
  readonly given?: (key: string, input: unknown) => void;
  readonly signal?: AbortSignal;
}

/** Replays `story` over the lines. */
export async function replay(
  story: (steps: Steps) => Promise<EventData<'run.finished'>>,
  options: Options,
): Promise<ReplayReport> {
  const journal = new RecordedSteps(options);
  const finished = story(journal).then(
    (finish) => {
      journal.end(finish);
    },
    (error: unknown) => {
      journal.broke(error);
    },
  );
  void finished;
  return journal.play();
}

class RecordedSteps implements Steps {
  readonly #options: Options;
  readonly #past: Past;
  readonly #said: ReadonlyMap<string, string>;
  readonly #waiters = new Map<string, Waiter>();
  #ends: readonly Recorded[];
  #records = 0;
  #divergence: Divergence | undefined;
  #finish: EventData<'run.finished'> | undefined;
  #over = false;

  constructor(options: Options) {
    this.#options = options;
    this.#past = pastOf(options.lines);
    this.#ends = this.#past.ends;
    this.#said = new Map(
      options.lines.flatMap((line) =>
        line.key === undefined ? [] : [[`${line.type} ${line.key}`, canonicalJson(line.data)] as const],
      ),
    );
  }

  step<T>(key: string, spec: StepSpec<T>): Promise<T> {
    const { hasher, redacted } = this.#options;
    const digest = hasher.sha256(canonicalJson(spec.input ?? null));
    const start = this.#past.starts.get(key);
    if (start && start.digest !== digest && !redacted)
      this.#differs(
        key,
        `input ${start.digest.slice(0, 12)}`,
        `input ${digest.slice(0, 12)}: ${shown(spec.input)}`,
      );
    if (start?.digest === digest) this.#options.given?.(key, spec.input);
    if (!start && this.#past.finished) this.#differs(key, 'no such step', `a step "${spec.title}"`);
    return this.#wait<T>(key);
  }

  signal(name: string): Promise<unknown> {
    return this.#wait(signalKey(name));
  }

  standing(name: string): Promise<unknown> {
    return this.#wait(signalKey(name));
  }

  withdraw(name: string, reason: string): void {
    this.record({ type: 'signal.withdrawn', key: name, data: { reason } });
  }

  record(event: RunEvent & { readonly key: string }): void {
    const recorded = this.#said.get(`${event.type} ${event.key}`);
    const now = canonicalJson(event.data);
    if (recorded === now) this.#records += 1;
    else if (recorded !== undefined) this.#differs(`${event.type} ${event.key}`, recorded, now);
    else if (this.#past.finished) this.#differs(`${event.type} ${event.key}`, 'no such record', now);
  }

  pause(reason: PauseReason): Promise<never> {
    this.#over = true;
    if (this.#past.finished) this.#differs('pause', 'the run went on', `the run pauses: ${reason}`);
    return new Promise<never>(() => undefined);
  }

  end(finish: EventData<'run.finished'>): void {
    this.#over = true;
    this.#finish = finish;
  }

  broke(error: unknown): void {
    this.#over = true;
    this.#differs('the story', 'went on', `threw ${String(error)}`);
  }

  /** Releases the recorded ends one by one until they are used up or something differs. */
  async play(): Promise<ReplayReport> {
    let met = 0;
    for (const end of this.#ends) {
      await this.#settle();
      this.#options.signal?.throwIfAborted();
      if (this.#divergence || this.#over) break;
      const waiter = this.#waiters.get(end.key);
      if (!waiter) {
        this.#differs(
          end.key,
          `ended at line ${end.seq}`,
          `not asked for; asked for: ${[...this.#waiters.keys()].join(', ') || 'nothing'}`,
        );
        break;
      }
      this.#waiters.delete(end.key);
      await this.#release(end, waiter);
      met += 1;
    }
    await this.#settle();
    this.#compareEnds();
    const divergence = this.#divergence;
    return {
      ends: met,
      records: this.#records,
      finished: this.#past.finished !== undefined,
      ...(divergence && { divergence }),
    };
  }

  /** Lets everything run until it waits again, however many turns of the loop that takes. */
  async #settle(): Promise<void> {
    await this.#options.clock.settle();
  }

  async #release(end: Recorded, waiter: Waiter): Promise<void> {
    await settleAsRecorded(end, waiter, this.#options.readBlob);
  }

  #compareEnds(): void {
    const recorded = this.#past.finished;
    if (!recorded || this.#divergence) return;
    const [was, now] = [
      canonicalJson(recorded),
      this.#finish === undefined ? 'not finished' : canonicalJson(this.#finish),
    ];
    if (was !== now) this.#differs('run.finished', was, now);
  }

  #wait<T>(key: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiters.set(key, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Only the first difference tells something. */
  #differs(at: string, recorded: string, replayed: string): void {
    this.#divergence ??= { at, recorded, replayed };
  }
}

const SHOWN_CHARS = 400;

function shown(input: unknown): string {
  const text = canonicalJson(input ?? null);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
