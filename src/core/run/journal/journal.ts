/**
 * A run is ordinary async code over this journal. Everything it does to the world goes through `step`; resume and replay run the
 * same code again, which races through the past and goes on living where the record ends.
 *
 * - I1 Nothing outside happens except in a step.
 * - I2 A finished step never runs again.
 * - I3 A line is durable before anything that depends on it happens.
 *
 * Ends (of steps and signals) are released to the story one at a time, in journal order, and everything runs until it waits again
 * before the next release: in the past and live alike. So races, free slots and merge order go the way they went.
 */
import type { SignalFile } from '../../../protocol/answers.ts';
import type { EventData, PauseReason, RunEvent } from '../../../protocol/events.ts';
import {
  PortError,
  StepFailed,
  type Clock,
  type Disposable,
  type Hasher,
  type OwnedRun,
  type StepContext,
  type StepSpec,
  type Steps,
} from '../../ports.ts';
import { canonicalJson } from './canonical.ts';
import { signalKey, type Past, type Recorded } from './past.ts';
import { createQuestions, type Questions } from './questions.ts';
import { divergence, endOf, failureOf, settleAsRecorded, startOf, type Waiter } from './step-lines.ts';
import type { JournalWriter } from './writer.ts';

/**
 * Why a journal stopped moving: the run paused; or steps that failed in an earlier life are to be tried again; or the program and its
 * record disagree, or storage failed.
 */
export type Halt =
  | { readonly kind: 'again'; readonly retry: readonly Recorded[] }
  | { readonly kind: 'paused'; readonly reason: PauseReason; readonly message: string }
  | { readonly kind: 'broken'; readonly error: Error };

export interface Journal extends Steps {
  /** Settles when the journal stopped moving and nothing is in flight; never if its story ends. */
  readonly halted: Promise<Halt>;
  /** Aborts what is in flight, or with `drain` waits for it unless another call aborts it; writes `run.paused`, and stops moving. */
  suspend(
    reason: PauseReason,
    message: string,
    options?: { drain?: boolean; retry?: readonly string[] },
  ): Promise<void>;
  /** Writes the last line. */
  finish(data: EventData<'run.finished'>): Promise<void>;
  /** Takes a signal that came in from outside; `taken` is called when it is durable. */
  deliver(signal: SignalFile, taken: () => Promise<void>): void;
  /** Called each time nothing is in flight and the story only waits for people. */
  onIdle(listener: (openSignals: readonly string[]) => void): Disposable;
  /** True while recorded ends are still being released. */
  replaying(): boolean;
  /** Questions that are open now. */
  waitingFor(): readonly string[];
  /** True where nothing is in flight and all that was received is heard. */
  isAtRest(): boolean;
  /** True where nothing is in flight and nothing that is open could wake the story. */
  isStuck(): boolean;
  /** Once it is not `moving` nothing is taken in any more; `ending` while something is in flight. */
  phase(): 'moving' | 'ending' | 'over';
  /** Ends the run's life in this process with an error; the record stays as it is. */
  fail(error: Error): void;
}

interface JournalOptions {
  readonly run: Pick<OwnedRun, 'readBlob' | 'writeBlob'>;
  readonly past: Past;
  readonly writer: JournalWriter;
  readonly clock: Clock;
  readonly hasher: Hasher;
}

/** An end to be released: recorded, or live with its value at hand. */
type Release = { readonly key: string; readonly settle: (waiter: Waiter) => Promise<void> | void };

export function createJournal(options: JournalOptions): Journal {
  return new LiveJournal(options);
}

class LiveJournal implements Journal {
  readonly halted: Promise<Halt>;
  readonly #options: JournalOptions;
  readonly #waiters = new Map<string, Waiter>();
  readonly #questions: Questions;
  readonly #used = new Set<string>();
  readonly #abort = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #idleListeners = new Set<(openSignals: readonly string[]) => void>();
  readonly #recorded: readonly Recorded[];
  readonly #recordedKeys: ReadonlySet<string>;
  #released = 0;
  #live: Release[] = [];
  #held: (() => void)[] = [];
  #pumping = false;
  #suspended = false;
  #halt: (halt: Halt) => void = () => undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#questions = createQuestions({
      write: (event) => options.writer.write(event),
      answered: (name, value) => {
        this.#queueValue(signalKey(name), value);
      },
      failed: (error) => {
        this.#break(error);
      },
    });
    this.#recorded = options.past.ends;
    this.#recordedKeys = new Set(this.#recorded.map((end) => end.key));
    this.halted = new Promise((resolve) => {
      this.#halt = resolve;
    });
  }

  replaying(): boolean {
    return this.#released < this.#recorded.length;
  }

  waitingFor(): readonly string[] {
    return this.#questions.open();
  }

  isAtRest(): boolean {
    const busy = this.#pumping || this.#inFlight.size + this.#live.length + this.#held.length > 0;
    return !busy && !this.#questions.isHearing();
  }

  isStuck(): boolean {
    return this.isAtRest() && !this.#suspended && this.#questions.open().length === 0;
  }

  phase(): 'moving' | 'ending' | 'over' {
    return this.#suspended ? (this.#inFlight.size > 0 ? 'ending' : 'over') : 'moving';
  }

  fail(error: Error): void {
    this.#break(error);
  }

  step<T>(key: string, spec: StepSpec<T>, effect: (context: StepContext) => Promise<T>): Promise<T> {
    const digest = this.#options.hasher.sha256(canonicalJson(spec.input ?? null));
    const start = this.#options.past.starts.get(key);
    if (this.#used.has(key)) return this.#diverge(`Two steps have the key ${key}.`);
    if (start && start.digest !== digest)
      return this.#diverge(`The step ${key} now has another input than its record.`);
    this.#used.add(key);
    const promise = this.#wait<T>(key);
    if (!this.#recordedKeys.has(key)) this.#held.push(() => this.#run(key, digest, spec, effect));
    this.#pump();
    return promise;
  }

  signal(name: string, ask: EventData<'signal.opened'>): Promise<unknown> {
    return this.#await(name, () => {
      this.record({ type: 'signal.opened', key: name, data: ask });
      this.#questions.ask(name);
    });
  }

  standing(name: string): Promise<unknown> {
    return this.#await(name, () => {
      this.#questions.stand(name);
    });
  }

  withdraw(name: string, reason: string): void {
    if (this.#suspended) return;
    this.record({ type: 'signal.withdrawn', key: name, data: { reason } });
    this.#questions.withdraw(name);
  }

  #await(name: string, ask: () => void): Promise<unknown> {
    const key = signalKey(name);
    if (this.#used.has(key)) return this.#diverge(`Two signals have the name ${name}.`);
    this.#used.add(key);
    const promise = this.#wait(key);
    if (!this.#recordedKeys.has(key)) ask();
    this.#pump();
    return promise;
  }

  record(event: RunEvent & { readonly key: string }): void {
    if (this.#suspended) return;
    const name = `${event.type} ${event.key}`;
    if (this.#options.past.said.has(name) || this.#used.has(name)) return;
    this.#used.add(name);
    this.#say(event);
  }

  /** What failed in an earlier life is tried again before anybody is asked to mend its cause. */
  async pause(reason: PauseReason, message: string, retry: readonly string[]): Promise<never> {
    const old = this.#recorded.filter((end) => end.kind === 'failed' && retry.includes(end.key));
    if (retry.length > 0 && old.length === retry.length) await this.#goAgain(old);
    else await this.suspend(reason, message, { drain: true, retry });
    return new Promise<never>(() => undefined);
  }

  async #goAgain(retry: readonly Recorded[]): Promise<void> {
    if (this.#suspended) return;
    this.#suspended = true;
    await this.#landed();
    this.#halt({ kind: 'again', retry });
  }

  async #landed(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  async suspend(
    reason: PauseReason,
    message: string,
    options: { drain?: boolean; retry?: readonly string[] } = {},
  ): Promise<void> {
    if (!options.drain) this.#abort.abort(new PortError('run.stopped', message));
    if (this.#suspended) return this.halted.then(() => undefined);
    this.#suspended = true;
    await this.#landed();
    const data = { reason, message, retry: [...(options.retry ?? [])] };
    await this.#options.writer.write({ type: 'run.paused', data }).then(
      () => {
        this.#halt({ kind: 'paused', reason, message });
      },
      (error: unknown) => {
        this.#break(error);
      },
    );
  }

  async finish(data: EventData<'run.finished'>): Promise<void> {
    this.#questions.refuseEarly('all');
    this.#suspended = true;
    await this.#options.writer.write({ type: 'run.finished', data });
  }

  deliver(signal: SignalFile, taken: () => Promise<void>): void {
    if (this.#suspended) return;
    this.#questions.deliver(signal, taken);
    this.#pump();
  }

  onIdle(listener: (openSignals: readonly string[]) => void): Disposable {
    this.#idleListeners.add(listener);
    return { dispose: () => this.#idleListeners.delete(listener) };
  }

  #wait<T>(key: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiters.set(key, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #run<T>(
    key: string,
    digest: string,
    spec: StepSpec<T>,
    effect: (context: StepContext) => Promise<T>,
  ): void {
    const work = this.#perform(key, digest, spec, effect).catch((error: unknown) => {
      this.#break(error);
    });
    this.#inFlight.add(work);
    void work.then(() => {
      this.#inFlight.delete(work);
      this.#pump();
    });
  }

  async #perform<T>(
    key: string,
    digest: string,
    spec: StepSpec<T>,
    effect: (context: StepContext) => Promise<T>,
  ): Promise<void> {
    const { writer, past } = this.#options;
    const times = past.starts.get(key)?.times ?? 0;
    await writer.write({ type: 'step.started', key, data: startOf(spec, digest, times) });
    if (this.#aborted()) return;
    let done: { readonly output: T } | undefined;
    try {
      const output = await effect({ signal: this.#abort.signal, key, times });
      done = { output };
      const text = JSON.stringify(output ?? null);
      await writer.write({
        type: 'step.finished',
        key,
        data: await endOf(this.#options, spec, { output, text }),
      });
      // The story gets what a replay would give it: the output as it reads from its JSON.
      this.#queueValue(key, JSON.parse(text));
    } catch (error) {
      if (this.#aborted()) return;
      // An effect that was done and could not be kept has cost what it cost.
      const spent = done ? spec.spent?.(done.output) : spec.spentOnFailure?.(error);
      const data = { ...failureOf(error), ...(spent && { spent }) };
      await writer.write({ type: 'step.failed', key, data });
      this.#queue({
        key,
        settle: (waiter) => {
          waiter.reject(new StepFailed(key, data));
        },
      });
    }
  }

  #aborted(): boolean {
    return this.#abort.signal.aborted;
  }

  #queueValue(key: string, value: unknown): void {
    this.#queue({
      key,
      settle: (waiter) => {
        waiter.resolve(value);
      },
    });
  }

  #queue(release: Release): void {
    this.#live.push(release);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.#suspended) return;
    this.#pumping = true;
    this.#drain().catch((error: unknown) => {
      this.#break(error);
    });
  }

  /** The release loop: one end at a time, each followed by everything that comes of it. */
  async #drain(): Promise<void> {
    for (;;) {
      await this.#options.clock.settle();
      if (this.#suspended) return;
      if (await this.#releaseNext()) continue;
      const held = this.#held;
      if (held.length === 0) break;
      this.#held = [];
      for (const start of held) start();
    }
    this.#pumping = false;
    if (this.#inFlight.size === 0 && this.#live.length === 0) this.#idle();
  }

  /** Releases one end, recorded ones first. False when there is none. */
  async #releaseNext(): Promise<boolean> {
    const recorded = this.#recorded[this.#released];
    const release = recorded ? this.#releaseOf(recorded) : this.#live.shift();
    if (!release) return false;
    const waiter = this.#waiters.get(release.key);
    if (!waiter) throw divergence(`The record goes on with ${release.key}, which this run does not ask for.`);
    this.#waiters.delete(release.key);
    await release.settle(waiter);
    if (recorded) this.#released += 1;
    return true;
  }

  #releaseOf(end: Recorded): Release {
    const readBlob = (sha256: string): Promise<string> => this.#options.run.readBlob(sha256);
    return { key: end.key, settle: (waiter) => settleAsRecorded(end, waiter, readBlob) };
  }

  #idle(): void {
    this.#questions.refuseEarly('answers');
    const open = this.#questions.open();
    for (const listener of [...this.#idleListeners]) listener(open);
  }

  #say(event: RunEvent): void {
    this.#options.writer.write(event).catch((error: unknown) => {
      this.#break(error);
    });
  }

  #diverge(message: string): Promise<never> {
    this.#break(divergence(message));
    return new Promise<never>(() => undefined);
  }

  /** Halts once nothing is in flight any more: whoever owns the run next must not meet an effect of this life. */
  #break(error: unknown): void {
    this.#suspended = true;
    this.#abort.abort(error);
    const broken = error instanceof Error ? error : new Error(String(error));
    void Promise.all(this.#inFlight).then(() => {
      this.#halt({ kind: 'broken', error: broken });
    });
  }
}
