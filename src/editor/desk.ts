/** What the surfaces share: the runs of this window, the one that is open, and what a person may do with them. */
import * as vscode from 'vscode';
import type { Disposable, Log } from '../core/ports.ts';
import type { Engine, LiveRun, LiveText, RunEnd, RunRequest, StopHow } from '../core/run/contract.ts';
import type { Change } from '../protocol/people.ts';
import type { BudgetLimits, RunMode, RunSettings } from '../protocol/settings.ts';
import type { RunEntry, RunView } from '../protocol/view.ts';
import type { Backend } from './backend.ts';
import type { Broken, Ended, Place } from './desk-events.ts';
import { isAtWork } from './run-status.ts';
import { watchOwners } from './foreign.ts';
import { tellError } from './tell.ts';

const OPEN_RUN = 'quartet.openRun';
/** Stamped on answers given here (I7). */
const FROM = 'editor';

export interface DeskNeeds {
  readonly load: () => Promise<Backend>;
  readonly settings: (demo: boolean) => Promise<RunSettings>;
  /** Limits for a run that goes on after its budget was used up. */
  readonly budget: () => Promise<BudgetLimits>;
  readonly state: vscode.Memento;
  readonly log: Log;
}

export interface Goal extends Pick<RunRequest, 'images' | 'files'> {
  readonly goal: string;
  readonly mode: RunMode;
  readonly demo: boolean;
  /** In place of those that the desk would find. */
  readonly settings?: RunSettings;
  /** It works beside what is open. */
  readonly isAside?: boolean;
  /** The finished run that this one goes on from. */
  readonly follows?: string | undefined;
}

interface Followed {
  view: RunView | undefined;
  /** What keeps it from being read. */
  error?: Error | undefined;
  end: Disposable | undefined;
}

export class Desk implements vscode.Disposable {
  readonly #needs: DeskNeeds;
  readonly #listed = new vscode.EventEmitter<void>();
  readonly #grown = new vscode.EventEmitter<RunView>();
  readonly #opened = new vscode.EventEmitter<void>();
  readonly #spoken = new vscode.EventEmitter<LiveText>();
  readonly #ended = new vscode.EventEmitter<Ended>();
  readonly #broken = new vscode.EventEmitter<Broken>();
  readonly #shown = new vscode.EventEmitter<Place>();
  readonly #ends: Disposable[] = [];
  readonly #followed = new Map<string, Followed>();
  readonly #live = new Map<string, LiveRun>();
  #backend: Promise<Backend> | undefined;
  #engine: Promise<Engine> | undefined;
  #entries: readonly RunEntry[] = [];
  #openId: string | undefined;
  #isConnected = false;
  #want: () => void = () => undefined;

  /** Resolves once something needs what is behind the surfaces. */
  readonly wanted = new Promise<void>((resolve) => {
    this.#want = resolve;
  });

  /** Runs came, went or changed status; or one became live here, or ceased to be. */
  readonly onListed = this.#listed.event;
  /** The state of a followed run: the open one, and each that is at work, here or elsewhere. */
  readonly onGrown = this.#grown.event;
  /** Another run is open, or none. */
  readonly onOpened = this.#opened.event;
  readonly onSpoken = this.#spoken.event;
  /** A run that was live here finished or paused. */
  readonly onEnded = this.#ended.event;
  /** A followed run cannot be read any more. */
  readonly onBroken = this.#broken.event;
  /** A place of the open run is to be brought before the person. */
  readonly onShown = this.#shown.event;

  constructor(needs: DeskNeeds) {
    this.#needs = needs;
    this.#openId = needs.state.get<string>(OPEN_RUN);
  }

  /** Newest first. */
  get entries(): readonly RunEntry[] {
    return this.#entries;
  }
  get openId(): string | undefined {
    return this.#openId;
  }
  /** State of the open run; absent while none is open or it is still being read. */
  get openView(): RunView | undefined {
    return this.#openId === undefined ? undefined : this.view(this.#openId);
  }
  view(run: string): RunView | undefined {
    return this.#followed.get(run)?.view;
  }
  /** What keeps a followed run from being read; what `view` gives then is how it stood before. */
  errorOf(run: string): Error | undefined {
    return this.#followed.get(run)?.error;
  }
  isLive(run: string): boolean {
    return this.#live.has(run);
  }
  /** Another process works on the run: it is followed live, and can be taken over. */
  isForeign(run: string): boolean {
    const entry = this.#entries.find(({ id }) => id === run);
    return entry !== undefined && isAtWork(entry.status) && !this.#live.has(run);
  }
  /** States of the runs that are live here. */
  get liveViews(): readonly RunView[] {
    return [...this.#live.keys()].flatMap((run) => this.view(run) ?? []);
  }

  /** States of the runs that wait for an answer, which may be given here: of those at work, here or elsewhere, and the open one. */
  get waitingViews(): readonly RunView[] {
    return [...this.#followed].flatMap(([run, { view }]) => {
      const isHeard = run === this.#openId || this.#live.has(run) || this.isForeign(run);
      return isHeard && view !== undefined && view.needs.length > 0 ? [view] : [];
    });
  }

  /** What is behind the surfaces has been loaded. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** A surface is looked at. */
  want(): void {
    this.#want();
  }

  /** Loads what is behind the surfaces, once; later calls return the same. */
  connect(): Promise<Backend> {
    this.#want();
    this.#backend ??= this.#connectOnce().catch((error: unknown) => {
      this.#backend = undefined;
      throw error;
    });
    return this.#backend;
  }

  /** Opens a run in every surface, or none. Errors: `run.missing`, `journal.damaged`. */
  async open(run: string | undefined): Promise<void> {
    if (run !== undefined) {
      const { views } = await this.connect();
      await views.view(run);
      this.#follow(await this.connect(), run);
    }
    const former = this.#openId;
    this.#openId = run;
    await this.#needs.state.update(OPEN_RUN, run);
    if (former !== undefined && former !== run) this.#forget(former);
    this.#opened.fire();
  }

  /** Opens the run at a place of it, once the panel is there. */
  async show(place: Place): Promise<void> {
    if (this.#openId !== place.run) await this.open(place.run);
    this.#shown.fire(place);
  }

  /** Starts a run, and opens it unless it is to work aside. */
  async start({ settings: given, isAside = false, ...goal }: Goal): Promise<string> {
    const settings = given ?? (await this.#needs.settings(goal.demo));
    const engine = await this.engine();
    const run = await engine.start({ ...goal, settings });
    await this.#adopt(run);
    if (!isAside) await this.open(run.id);
    return run.id;
  }

  /** Goes on with a run, within `budget` where it is given. Nothing happens to one that is live here. */
  async resume(run: string, budget?: BudgetLimits): Promise<void> {
    if (this.#live.has(run)) return;
    const engine = await this.engine();
    const { views } = await this.connect();
    const isSpent = budget === undefined && (await views.view(run)).paused?.reason === 'budget';
    const limits = isSpent ? await this.#needs.budget() : budget;
    await this.#adopt(await engine.resume(run, limits === undefined ? {} : { budget: limits }));
  }

  /** Has whoever owns the run stop, then goes on with it here, unless the signal came first. Errors: `run.locked` where it does not stop. */
  async takeOver(run: string, signal: AbortSignal): Promise<void> {
    if (this.#live.has(run)) return;
    await (await this.connect()).takeOver(run, signal);
    signal.throwIfAborted();
    await this.resume(run);
  }

  /** Stops a run, also one that another window owns. One that drains is not waited for. */
  async stop(run: string, how: StopHow = {}): Promise<void> {
    const live = this.#live.get(run);
    if (live !== undefined) {
      const stopped = live.stop('stopped', how);
      if (!how.drain) await stopped;
      return;
    }
    const { store } = await this.connect();
    if (await store.isOwned(run)) await store.putSignal(run, { name: 'stop', value: how, from: FROM });
  }

  /** Answers an open question, and goes on with the run if nobody works on it. */
  async answer(run: string, signal: string, value: unknown): Promise<void> {
    const engine = await this.engine();
    await engine.answer(run, signal, value, FROM);
    await this.#wake(run);
  }

  /** Settings for a run that would start now. */
  settings(demo: boolean): Promise<RunSettings> {
    return this.#needs.settings(demo);
  }

  async steer(run: string, text: string, to?: string): Promise<void> {
    const engine = await this.engine();
    await engine.steer(run, text, to);
  }

  /** Sends a message again that nobody read. Errors: `message.unknown`, `run.over`. */
  async resend(run: string, message: number, to?: string): Promise<void> {
    const engine = await this.engine();
    await engine.resend(run, message, to);
  }

  /** Changes a run while it works; one that nobody works on hears of it when it goes on. */
  async change(run: string, change: Change): Promise<void> {
    const engine = await this.engine();
    await engine.change(run, change, FROM);
  }

  /** Calls back when a run's journal has grown, whoever owns it. */
  watch(run: string, changed: () => void): Disposable {
    let isOver = false;
    let end: Disposable | undefined;
    void this.connect().then(
      ({ store }) => {
        if (!isOver) end = store.watch(run, changed);
      },
      (error: unknown) => this.#fail(error),
    );
    return {
      dispose: () => {
        isOver = true;
        end?.dispose();
      },
    };
  }

  /** Reads the open run anew: what is shown may be a moment old, and what a person decides must not be. */
  async refresh(): Promise<void> {
    const { views } = await this.connect();
    const run = this.#openId;
    const followed = run === undefined ? undefined : this.#followed.get(run);
    if (run === undefined || followed === undefined) return;
    const view = await views.view(run);
    if (view.lastSeq > (followed.view?.lastSeq ?? 0)) this.#take(followed, view);
  }

  /** Stops what is live so that it can be resumed. */
  async close(): Promise<void> {
    await (await this.#engine?.catch(() => undefined))?.close();
  }

  dispose(): void {
    for (const { end } of this.#followed.values()) end?.dispose();
    this.#followed.clear();
    vscode.Disposable.from(...this.#ends, this.#listed, this.#grown, this.#opened).dispose();
    vscode.Disposable.from(this.#spoken, this.#ended, this.#shown, this.#broken).dispose();
  }

  async #connectOnce(): Promise<Backend> {
    const backend = await this.#needs.load();
    await this.#list(backend);
    this.#ends.push(
      backend.views.watchList(() => void this.#list(backend).catch((e: unknown) => this.#fail(e))),
      watchOwners({
        runs: () => this.#entries.map(({ id }) => id).filter((id) => this.isForeign(id)),
        isOwned: (run) => backend.store.isOwned(run),
        left: (run) => this.#left(backend, run),
      }),
    );
    const open = this.#openId;
    if (open !== undefined && this.#entries.some(({ id }) => id === open)) this.#follow(backend, open);
    else this.#openId = undefined;
    this.#isConnected = true;
    this.#opened.fire();
    return backend;
  }

  /** The engine, loaded on first call. */
  async engine(): Promise<Engine> {
    const backend = await this.connect();
    this.#engine ??= backend.engine().then(
      (engine) => {
        this.#ends.push(engine.onText((text) => this.#spoken.fire(text)));
        return engine;
      },
      (error: unknown) => {
        this.#engine = undefined;
        throw error;
      },
    );
    return await this.#engine;
  }

  async #adopt(run: LiveRun): Promise<void> {
    const { log } = this.#needs;
    log.info(`${run.id} is live.`);
    this.#live.set(run.id, run);
    this.#follow(await this.connect(), run.id);
    this.#listed.fire();
    const told = (end: RunEnd) => {
      log.info(
        `${run.id} ${end.kind}, ${end.kind === 'finished' ? end.outcome : end.reason}: ${end.message}`,
      );
      this.#ended.fire({ run: run.id, end });
    };
    void run.ended
      .then(told, (error: unknown) => this.#fail(error))
      .finally(() => {
        this.#live.delete(run.id);
        if (run.id !== this.#openId) this.#forget(run.id);
        this.#listed.fire();
      });
  }

  async #wake(run: string): Promise<void> {
    if (this.#live.has(run)) return;
    const { store } = await this.connect();
    if (!(await store.isOwned(run))) await this.resume(run);
  }

  #follow(backend: Backend, run: string): void {
    if (this.#followed.has(run)) return;
    const followed: Followed = { view: undefined, end: undefined };
    this.#followed.set(run, followed);
    const isStill = (): boolean => this.#followed.get(run) === followed;
    followed.end = backend.views.follow(
      run,
      (view) => {
        if (isStill()) this.#take(followed, view);
      },
      (error) => {
        if (!isStill()) return;
        followed.error = error;
        this.#broken.fire({ run, error });
      },
    );
  }

  #take(followed: Followed, view: RunView): void {
    followed.view = view;
    followed.error = undefined;
    this.#grown.fire(view);
    this.#relist(view);
  }

  #forget(run: string): void {
    if (this.#live.has(run) || this.isForeign(run)) return;
    this.#followed.get(run)?.end?.dispose();
    this.#followed.delete(run);
  }

  async #list(backend: Backend): Promise<void> {
    this.#entries = await backend.views.list();
    for (const { id } of this.#entries) if (this.isForeign(id)) this.#follow(backend, id);
    this.#listed.fire();
  }

  /** A run whose owner is gone reads as paused, and is followed no more unless it is open. */
  async #left(backend: Backend, run: string): Promise<void> {
    const view = await backend.views.view(run);
    const followed = this.#followed.get(run);
    if (this.#live.has(run) || followed === undefined) return;
    this.#take(followed, view);
    if (run !== this.#openId) this.#forget(run);
  }

  /** The list of runs is read when runs come and go; what a followed run does is known sooner. */
  #relist({ id, status, updatedAt, unreadable }: RunView): void {
    const listed = this.#entries.find((entry) => entry.id === id);
    if (listed === undefined || listed.status === status) return;
    this.#entries = this.#entries.map((entry) =>
      entry === listed ? { ...entry, status, updatedAt, ...(unreadable && { unreadable }) } : entry,
    );
    this.#listed.fire();
  }

  #fail(error: unknown): void {
    tellError(error, this.#needs.log);
  }
}
