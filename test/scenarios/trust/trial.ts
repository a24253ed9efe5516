/**
 * A run under trial: a world that outlives processes, a person who answers, models whose every request is written down, and one
 * process after the other that works on it and may be killed. What it finds wrong it keeps in `faults`.
 */
import { createRouter } from '../../../src/core/models/routing.ts';
import type { ModelReply, ModelRequest, Models } from '../../../src/core/models/contract.ts';
import type {
  RunStore,
  Shell,
  ShellCommand,
  ShellResult,
  TreeChange,
  Workspace,
} from '../../../src/core/ports.ts';
import type {
  Engine,
  EngineOptions,
  EnginePorts,
  EpilogueEnd,
  ResumeChanges,
  RunEnd,
} from '../../../src/core/run/contract.ts';
import { createEngine } from '../../../src/core/run/engine.ts';
import { RunSettings } from '../../../src/protocol/settings.ts';
import { ManualClock } from '../../support/in-memory/clock.ts';
import { liveOn, overlaid, type Life, type Meddler } from '../../support/in-memory/life.ts';
import { createInMemoryPorts, type InMemoryPorts } from '../../support/in-memory/ports.ts';
import type { Play } from '../../support/in-memory/shell.ts';
import { playTests } from '../tap-runner.ts';
import {
  brokenTests,
  faultsOfJournal,
  StepsInJournal,
  rawLines,
  verdictOf,
  type RawLine,
} from './checker.ts';

export interface TrialOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly goal?: string;
  readonly settings: object;
  /** Who speaks for the models. */
  readonly models: Models;
  /** What the person answers to a question; undefined: nothing. */
  readonly answer: (name: string, ask: RawLine['data']) => unknown;
  /** Stands before the commands' own result. */
  readonly shell?: (play: Play) => Play;
  /** A bug to be noticed: ports that do not do what they promise. */
  readonly plant?: (ports: EnginePorts, trial: Trial) => EnginePorts;
  /** Happens between turns of the loop: what a person does meanwhile. */
  readonly meanwhile?: (trial: Trial) => void;
}

/** How a process was left: its run ended, or was refused or broken off with an error; or it was killed; or nothing moves any more. */
export type Left =
  | { readonly kind: 'ended'; readonly end: RunEnd }
  | { readonly kind: 'told'; readonly told: EpilogueEnd }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'killed' }
  | { readonly kind: 'stuck' };

/** One model call as it was made. */
export interface Asked {
  readonly call: string;
  /** Tokens it took. */
  tokens: number;
}

/** Turns of the loop in which nothing happens, after which nothing ever will. */
const STILL_TURNS = 60;

/** How often the person looks, in turns of the loop. */
const LOOK_EVERY = 3;

export class Trial {
  readonly options: TrialOptions;
  readonly ports: InMemoryPorts;
  readonly asked: Asked[] = [];
  readonly faults: string[] = [];
  /** What the person has answered in this process's time. */
  readonly #answered = new Set<string>();
  readonly #steps = new StepsInJournal();
  /** Names of the signals that were put into the inbox, by their ids there. */
  readonly #put = new Map<string, string>();
  /** Texts that the person wrote into files meanwhile. */
  readonly #mine = new Map<string, Set<string>>();
  readonly #lines: { readonly path: string; readonly line: string }[] = [];
  #read: { readonly text: string; readonly lines: readonly RawLine[] } = { text: '', lines: [] };
  /** Lines were lost, so that folders may be left which the run knows nothing of. */
  forgetful = false;
  /** The most tokens that the run may use now. */
  tokensMax = Infinity;
  readonly #base: ReadonlyMap<string, string>;
  #life: Life | undefined;
  #turnsOfClock = 0;
  run: string | undefined;

  constructor(options: TrialOptions) {
    this.options = options;
    const shell = options.shell ?? ((play: Play) => play);
    this.ports = createInMemoryPorts({
      files: options.files,
      shell: (disk) => shell(playTests(disk)),
      clock: new ManualClock(undefined, { auto: true }),
    });
    this.#base = this.files();
  }

  /** The person's files as they lie on the disk. */
  files(): ReadonlyMap<string, string> {
    return this.#textsOf(this.ports.disk.folder(this.ports.workspace.root));
  }

  /** Whole text of the journal; "" where there is none. */
  journal(): string {
    return this.run === undefined ? '' : this.ports.store.text(this.run);
  }

  lines(): readonly RawLine[] {
    const text = this.journal();
    if (text !== this.#read.text) this.#read = { text, lines: rawLines(text) };
    return this.#read.lines;
  }

  /** The person adds a line to a file of theirs. It must stay there, whatever is applied or undone. */
  addLine(path: string, line: string): void {
    const { disk, workspace } = this.ports;
    const text = `${disk.text(workspace.root, path) ?? ''}${line}\n`;
    disk.put(workspace.root, path, text);
    this.#mine.set(path, (this.#mine.get(path) ?? new Set()).add(text));
    this.#lines.push({ path, line });
  }

  /** Somebody puts a signal into the inbox. */
  signal(name: string, value: unknown): void {
    if (this.run === undefined) return;
    const { store } = this.ports;
    void store.putSignal(this.run, { name, value, from: 'person' });
    const id = [...store.signals(this.run)].at(-1)?.[0] ?? '';
    // A stop is obeyed, not kept.
    if (name !== 'stop') this.#put.set(id, name);
  }

  /** Puts other bytes in the place of the journal's, as a disk that lied would. */
  damage(change: (journal: string) => string): void {
    if (this.run !== undefined) this.ports.store.edit(this.run, change);
  }

  /** Kills the process that works now, and lets go of what it held. */
  kill(): void {
    this.#life?.kill();
    this.ports.store.crash();
    this.ports.tests.crash();
    this.#checkSignals();
  }

  /** What somebody said lies in the inbox until it is in the journal. */
  #checkSignals(): void {
    if (this.run === undefined || this.forgetful) return;
    const waiting = this.ports.store.signals(this.run);
    const lines = this.lines();
    for (const [id, name] of this.#put) {
      const isIn = lines.some(
        ({ type, key, data }) =>
          (type === 'signal.received' && key === name) ||
          (type === 'signal.unknown' && data['name'] === name) ||
          key === `steer/${id}`,
      );
      if (isIn || waiting.has(id)) continue;
      this.faults.push(`what was answered to ${name} is lost`);
      this.#put.delete(id);
    }
  }

  /** A process starts the run, or goes on with it, and works until it is left. */
  live(meddler: Meddler = {}, options: Partial<EngineOptions> & ResumeChanges = {}): Promise<Left> {
    return this.#process(meddler, options, async (engine): Promise<Left> => {
      const settings = RunSettings.parse(this.options.settings);
      const goal = this.options.goal ?? 'Do it';
      const changes = options.budget ? { budget: options.budget } : {};
      const run =
        this.run === undefined
          ? await engine.start({ goal, mode: 'team', settings, demo: true })
          : await engine.resume(this.run, changes);
      return { kind: 'ended', end: await run.ended };
    });
  }

  /** A process applies the change of a finished run, or takes it back. */
  afterwards(what: 'apply' | 'undo', meddler: Meddler = {}): Promise<Left> {
    return this.#process(meddler, {}, async (engine): Promise<Left> => {
      return { kind: 'told', told: await engine[what](this.run ?? '') };
    });
  }

  /** A process does some work until that is over, it is killed, or nothing moves any more. */
  async #process(
    meddler: Meddler,
    { whenWaiting = 'stay' }: Partial<EngineOptions>,
    work: (engine: Engine) => Promise<Left>,
  ): Promise<Left> {
    const life = liveOn(this.#enginePorts(), meddler);
    this.#life = life;
    this.#answered.clear();
    const look = this.#person();
    let left: Left | undefined;
    work(createEngine(life.ports, { whenWaiting })).then(
      (end) => (left = end),
      (error: unknown) => (left = { kind: 'refused', error }),
    );
    const sees = (): Left | undefined => left;
    let moved = -1;
    let still = 0;
    for (let turn = 0; sees() === undefined && !life.dead && still < STILL_TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (turn % LOOK_EVERY === 0) look();
      this.options.meanwhile?.(this);
      const now = life.calls.length + this.#turnsOfClock;
      still = now === moved ? still + 1 : 0;
      moved = now;
    }
    if (life.dead) return { kind: 'killed' };
    const end = sees();
    if (end === undefined) this.faults.push('it hangs');
    return end ?? { kind: 'stuck' };
  }

  /** Everything that is wrong now, and what was found wrong on the way. */
  verdict(): readonly string[] {
    return [
      ...this.faults,
      ...faultsOfJournal(this.lines()),
      ...this.#greenFaults(),
      ...this.#fileFaults(),
      ...this.#tidyFaults(),
    ];
  }

  #enginePorts(): EnginePorts {
    const { clock, ids, hasher, log, store, workspace, copies, files, search, shell, permissions } =
      this.ports;
    const models = createRouter({ scripted: this.#witnessed(), openai: undefined, editor: undefined });
    const ports: EnginePorts = {
      ids,
      hasher,
      log,
      store: overlaid<RunStore>(store, {
        create: async (id, ...rest) => {
          const owned = await store.create(id, ...rest);
          this.run = id;
          return owned;
        },
      }),
      clock: {
        now: () => clock.now(),
        sleep: (ms, signal) => clock.sleep(ms, signal),
        settle: () => {
          this.#turnsOfClock += 1;
          return clock.settle();
        },
      },
      workspace: overlaid<Workspace>(workspace, { apply: (changes) => this.#apply(changes) }),
      copies,
      files,
      search,
      permissions,
      tests: this.ports.tests,
      shell: overlaid<Shell>(shell, { run: (command, abort) => this.#run(command, abort) }),
      models,
    };
    return this.options.plant?.(ports, this) ?? ports;
  }

  /** Writes down each request, whether its reply was in the journal already, and whether its beginning was (I3). */
  #witnessed(): Models {
    return {
      complete: async (request: ModelRequest, context): Promise<ModelReply> => {
        const call = `${request.role}/${request.task ?? ''}/${request.attempt}/${request.turn}`;
        const asked: Asked = { call, tokens: 0 };
        const steps = this.#steps.catchUp(this.journal());
        if (steps.isPaid(call)) this.faults.push(`the finished call ${call} is asked again`);
        else if (!steps.isAsked(call)) this.faults.push(`${call} is asked before its line is durable`);
        this.asked.push(asked);
        const reply = await this.options.models.complete(request, context);
        asked.tokens = reply.usage.inputTokens + reply.usage.outputTokens;
        const used = this.asked.reduce((sum, each) => sum + each.tokens, 0);
        if (used > this.tokensMax)
          this.faults.push(`${used} tokens are used; ${this.tokensMax} were allowed`);
        return reply;
      },
    };
  }

  #run(command: ShellCommand, signal: AbortSignal): Promise<ShellResult> {
    if (!this.#steps.catchUp(this.journal()).isOpen('tests', 'tool'))
      this.faults.push('a command runs before its line is durable');
    return this.ports.shell.run(command, signal);
  }

  async #apply(changes: readonly TreeChange[]): ReturnType<InMemoryPorts['workspace']['apply']> {
    if (!this.#steps.catchUp(this.journal()).isOpen('apply'))
      this.faults.push('the person’s files are written before the line that says so is durable');
    return this.ports.workspace.apply(changes);
  }

  /** What looks for new questions and answers them. */
  #person(): () => void {
    let read = 0;
    const open = new Map<string, RawLine['data']>();
    return () => {
      const text = this.journal();
      if (text.length < read) read = 0;
      const end = text.length === read ? read : text.lastIndexOf('\n') + 1;
      for (const line of end > read ? rawLines(text.slice(read, end)) : []) {
        if (line.type === 'signal.opened') open.set(line.key ?? '', line.data);
        if (line.type === 'signal.received') open.delete(line.key ?? '');
      }
      read = end;
      for (const [name, ask] of open) this.#answer(name, ask);
    };
  }

  #answer(name: string, ask: RawLine['data']): void {
    if (this.#answered.has(name) || this.run === undefined) return;
    const value = this.options.answer(name, ask);
    if (value === undefined) return;
    this.#answered.add(name);
    this.signal(name, value);
  }

  /** Trees that were called green, judged again by what their own tests say. */
  #greenFaults(): string[] {
    const trees = new Map<string, string>();
    return this.lines().flatMap(({ seq, type, data }) => {
      const tree = String(data['tree']);
      if (type === 'merge.finished') trees.set(String(data['task']), tree);
      const integrated = type === 'gate.finished' && data['scope'] === 'integrated';
      const green = integrated && verdictOf(data) === 'green' ? trees.get(String(data['task'])) : undefined;
      const proposed = type === 'changes.proposed' && data['verdict'] === 'green' ? tree : undefined;
      const judged = green ?? proposed;
      if (judged === undefined) return [];
      const broken = brokenTests(this.#base, this.tree(judged));
      return broken.length === 0 ? [] : [`line ${seq}: called green, but broken: ${broken.join(', ')}`];
    });
  }

  /** Each of the person's files reads as they wrote it, or as in a tree that was applied after they had accepted it. */
  #fileFaults(): string[] {
    const applied = this.lines().flatMap(({ type, data }) =>
      type === 'step.started' && data['kind'] === 'apply'
        ? [this.tree((data['input'] as { readonly tree: string }).tree)]
        : [],
    );
    const now = this.files();
    // What was there when the run began, the team may have changed.
    const taken = this.lines().findLast((line) => line.type === 'base.taken');
    const began = taken ? this.tree(String(taken.data['tree'])) : this.#base;
    const gone = this.#lines.filter(
      ({ path, line }) => began.get(path)?.includes(line) !== true && now.get(path)?.includes(line) !== true,
    );
    const unknown = [...new Set([...now.keys(), ...this.#base.keys()])].flatMap((path) => {
      const text = now.get(path);
      const mine = text === this.#base.get(path) || (text !== undefined && this.#mine.get(path)?.has(text));
      if (mine === true || applied.some((tree) => tree.get(path) === text)) return [];
      return [`${path} reads as nobody accepted it: ${JSON.stringify(text)}`];
    });
    return [...unknown, ...gone.map(({ path, line }) => `${path} has lost the person’s “${line}”`)];
  }

  /** A run that is over leaves no working copy and no folder for reports. */
  #tidyFaults(): string[] {
    if (this.forgetful || !this.lines().some((line) => line.type === 'run.finished')) return [];
    const { root } = this.ports.workspace;
    return [...this.ports.disk.roots.keys()].filter((each) => each !== root).map((each) => `${each} is left`);
  }

  /** Texts of a tree. */
  tree(id: string): ReadonlyMap<string, string> {
    const { objects } = this.ports.copies;
    return new Map(
      [...objects.tree(id)].map(
        ([path, { blob }]) => [path, Buffer.from(objects.blob(blob)).toString('utf8')] as const,
      ),
    );
  }

  #textsOf(folder: ReadonlyMap<string, { readonly bytes: Uint8Array }>): ReadonlyMap<string, string> {
    return new Map([...folder].map(([path, { bytes }]) => [path, Buffer.from(bytes).toString('utf8')]));
  }
}
