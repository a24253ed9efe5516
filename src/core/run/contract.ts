/** What doors see of the engine: start, resume, stop, answer, follow. */
import type { GoalFile } from '../../protocol/attached.ts';
import type { GoalImage } from '../../protocol/images.ts';
import type { Outcome, PauseReason } from '../../protocol/events.ts';
import type { BudgetLimits, RunMode, RunSettings } from '../../protocol/settings.ts';
import type { Change } from '../../protocol/people.ts';
import type { PlanSpec } from '../../protocol/plan.ts';
import type { TestProgress } from '../../protocol/test-progress.ts';
import type { RunEntry, RunView } from '../../protocol/view.ts';
import type { KnownSecrets } from '../policy/redact.ts';
import type { Models } from '../models/contract.ts';
import type { EndedTest } from '../qa/progress/line.ts';
import type {
  Browser,
  Clock,
  Disposable,
  Files,
  Hasher,
  History,
  HostTools,
  Http,
  Ids,
  Commits,
  Languages,
  Log,
  Permissions,
  RoleFiles,
  RunStore,
  Search,
  Shell,
  TestMemory,
  WorkingCopies,
  Workspace,
} from '../ports.ts';

/** Everything a run needs of the outside. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  readonly log: Log;
  readonly store: RunStore;
  readonly workspace: Workspace;
  readonly copies: WorkingCopies;
  readonly files: Files;
  readonly search: Search;
  readonly shell: Shell;
  readonly permissions: Permissions;
  readonly tests: TestMemory;
  readonly models: Models;
  readonly history?: History;
  readonly commits?: Commits;
  readonly http?: Http;
  /** Keys of the person that are known to the door: hidden wherever they turn up, never recorded. */
  readonly knownSecrets?: KnownSecrets;
  readonly languages?: Languages;
  readonly hostTools?: HostTools;
  readonly browser?: Browser;
  /** Absent where the door knows of none. */
  readonly roles?: RoleFiles;
  /** Hears how far tests have come while they run. Must not throw. */
  readonly onTests?: (tests: LiveTests) => void;
}

/** One goal to work on. */
export interface RunRequest {
  readonly goal: string;
  readonly mode: RunMode;
  readonly images?: readonly GoalImage[] | undefined;
  /** Text files. Those of the run that this one follows stay with it. */
  readonly files?: readonly GoalFile[] | undefined;
  readonly settings: RunSettings;
  /** True where a script speaks for the models. */
  readonly demo: boolean;
  /** The run this one follows: its talk is told, and a change that it offered and that was not taken is gone on from. */
  readonly follows?: string | undefined;
}

/** How a run left this process. A paused run can be resumed; a finished one is final. */
export type RunEnd =
  | {
      readonly kind: 'finished';
      readonly outcome: Outcome;
      readonly message: string;
      readonly partial: boolean;
    }
  | { readonly kind: 'paused'; readonly reason: PauseReason; readonly message: string };

/** `drain`: what is under way ends first, and nothing new begins. A stop without it cuts that short. */
export interface StopHow {
  readonly drain?: boolean;
}

/** A run that this process owns. */
export interface LiveRun {
  readonly id: string;
  /** Settles when the run has finished or paused and its lock is released; rejects only on a failed invariant or storage. */
  readonly ended: Promise<RunEnd>;
  /** Ends every effect in flight, or waits for it, and pauses the run; resolves when nothing of it is left running. */
  stop(reason?: PauseReason, how?: StopHow): Promise<void>;
}

/** A piece of a reply on its way. Not journaled. */
export interface LiveText {
  readonly run: string;
  readonly key: string;
  readonly role: string;
  readonly task?: string;
  readonly text: string;
}

/** How far the tests of a step have come, and which ended since it was told last. Not journaled: their report is. */
export interface LiveTests {
  readonly run: string;
  readonly key: string;
  readonly progress: TestProgress;
  readonly ended: readonly EndedTest[];
}

export interface EngineOptions {
  /** `pause`: a run that only waits for people pauses with reason `waiting` (terminal). `stay`: it waits on (editor). */
  readonly whenWaiting: 'pause' | 'stay';
  /** Steps of models and tools that give no sign of life for long are given up, and the agent goes on. */
  readonly givesUp?: boolean;
}

/** What a person may change about a run when it goes on. */
export interface ResumeChanges {
  readonly budget?: BudgetLimits;
}

/** Where to fork and what to change. */
export interface ForkRequest {
  /** Last line that is kept; absent: all but the end of the run, or what came before planning where that failed. */
  readonly at?: number;
  /** Fork where the plan was decided, with this plan in its place; `ask`: the person is asked about it once more. */
  readonly plan?: PlanSpec | 'ask';
  /** Fork before this task was first worked on. */
  readonly task?: string;
  /** Settings that differ, such as other endpoints. */
  readonly settings?: Partial<RunSettings>;
  /** Said to the team when the fork begins. */
  readonly instruction?: string;
}

/** Where record and replay part, with both sides. */
export interface Divergence {
  readonly at: string;
  readonly recorded: string;
  readonly replayed: string;
}

export interface ReplayReport {
  /** Steps and signals whose recorded ends the story met again. */
  readonly ends: number;
  /** Records that were said again just as they stand. */
  readonly records: number;
  /** Whether the record goes to the end of the run. */
  readonly finished: boolean;
  readonly divergence?: Divergence;
}

/** How an epilogue ended, in words for people. `done` is false where nothing was written. */
export interface EpilogueEnd {
  readonly done: boolean;
  readonly message: string;
}

/** A commit of what a run applied. */
export interface CommitRequest {
  readonly message: string;
  /** A branch to make for it, from where the person is; absent: the one they are on. */
  readonly branch?: string | undefined;
}

/** What a commit of the applied change would hold. */
export interface CommitPreview {
  readonly files: readonly string[];
  /** Those of them that held changes of the person's own, not committed, when the change was applied: the commit holds these, too. */
  readonly mixed: readonly string[];
  /** The branch that is checked out; absent where it is none. */
  readonly branch?: string | undefined;
}

/** What an undo would do now. */
export interface UndoPreview {
  readonly files: readonly {
    readonly path: string;
    readonly how: 'put back' | 'brought back' | 'removed';
    readonly additions: number;
    readonly deletions: number;
  }[];
  /** Files of the change that were changed since; what was changed there is kept. */
  readonly changedSince: readonly string[];
  /** Files that would stay as they are: what changed since does not combine with what was there before. */
  readonly conflicts: readonly { readonly path: string; readonly why: string }[];
}

export interface Engine {
  /** Errors: as `RunStore.create`, `run.large`, `images.invalid`, `attached.invalid`, `attached.asks`; where it follows one, `run.missing`, `run.open`. */
  start(request: RunRequest): Promise<LiveRun>;
  /** Goes on with a paused run. A finished one is returned as ended, unchanged. Errors: as `RunStore.own`, `journal.damaged`. */
  resume(runId: string, changes?: ResumeChanges): Promise<LiveRun>;
  live(runId: string): LiveRun | undefined;
  onText(listener: (text: LiveText) => void): Disposable;
  /** Checks the value against the open question's schema, then puts it into the inbox. Errors: `signal.unknown`, `signal.invalid`. */
  answer(runId: string, signal: string, value: unknown, from: string): Promise<void>;
  /** A message to the team or to one role (`to`), taken between turns. */
  steer(runId: string, text: string, to?: string): Promise<void>;
  /** Sends a message again that nobody read, or to somebody else; `id` is its line. Errors: `message.unknown`, `run.over`. */
  resend(runId: string, id: number, to?: string): Promise<void>;
  /** Changes plan, limits, freedom, or who does a task, while the run works. The run checks it, and says why not. Errors: `run.over`. */
  change(runId: string, change: Change, from: string): Promise<void>;
  /** A copy of the run's beginning with something changed; its id. Resume it to let it work. Errors: `fork.point`, `fork.plan`. */
  fork(runId: string, request: ForkRequest): Promise<string>;
  /** Runs the whole run again from its record, offline, and reports the first difference. The signal ends it. */
  replay(runId: string, signal?: AbortSignal): Promise<ReplayReport>;
  /** Applies the accepted change set of a finished run that waits. Errors: `apply.nothing`, `run.open`. */
  apply(runId: string): Promise<EpilogueEnd>;
  /** Takes back the change that a finished run applied. Errors: `undo.nothing`, `run.open`. */
  undo(runId: string): Promise<EpilogueEnd>;
  /** What `undo` would do, without doing it. Errors: `undo.nothing`. */
  previewUndo(runId: string): Promise<UndoPreview>;
  /**
   * Commits what a finished run applied, in the person's repository; never pushes. Not done where a file changed since.
   * Errors: `commit.nothing`, `run.open`.
   */
  commit(runId: string, request: CommitRequest): Promise<EpilogueEnd>;
  /** What `commit` would commit, without doing it. Errors: `commit.nothing`. */
  previewCommit(runId: string): Promise<CommitPreview>;
  /** Stops every live run; for a door that closes. */
  close(): Promise<void>;
}

/** Read-only views of runs, whoever owns them. */
export interface RunViews {
  list(): Promise<readonly RunEntry[]>;
  /** Errors: `run.missing`, `journal.damaged`. */
  view(runId: string): Promise<RunView>;
  /**
   * The picture that a call brought, as a `data:` address; `call` is the `id` of its item in the feed. `undefined`: it brought none.
   * Errors: as `view`.
   */
  picture(runId: string, call: number): Promise<string | undefined>;
  /** Calls back with the state now and after each growth of the journal; `failed` with what keeps it from being read, once for each. */
  follow(runId: string, changed: (view: RunView) => void, failed?: (error: Error) => void): Disposable;
  /** Calls back when runs come, go or change status. */
  watchList(changed: () => void): Disposable;
}
