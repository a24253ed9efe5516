/**
 * Every need of the outside. Core decides over these; `node` and `editor` implement them.
 * Expected outcomes are values; a failure of a port is a `PortError`.
 */
import type { SignalFile } from '../protocol/answers.ts';
import type { Permission } from '../protocol/policy.ts';
import type { Actor, Ask, EventData, PauseReason, RunEvent, Spent, StepFacts } from '../protocol/events.ts';
import type { StepKind } from '../protocol/step-kind.ts';

export type * from './shell-port.ts';

export type * from './tool-ports.ts';

export type * from './role-port.ts';

export type * from './qa-ports.ts';

/** A failure at a port. `code` is dotted and stable; `advice` tells the person what to do. */
export class PortError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly advice: string | undefined;
  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; advice?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PortError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.advice = options.advice;
  }
}

/** Something that ends when disposed. Who creates, disposes. */
export interface Disposable {
  dispose(): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves once every promise reaction that is due has run. */
  settle(): Promise<void>;
}

export interface Ids {
  /** A new unique id that sorts by time of making: `<prefix>-<time>-<random>`, of [a-z0-9-]. */
  next(prefix: string): string;
}

export interface Hasher {
  /** Lower-case hexadecimal SHA-256 of the text in UTF-8. */
  sha256(text: string): string;
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The journals of one storage folder. */
export interface RunStore {
  /**
   * Makes a run whose journal begins with `firstLines`, all of it and `blobs` (by SHA-256) durable before it becomes visible, and
   * owns it. Errors: `run.exists`, `storage.full`, `storage.failed`.
   */
  create(runId: string, firstLines: string, blobs?: ReadonlyMap<string, string>): Promise<OwnedRun>;
  /** Opens a run to continue it. Errors: `run.missing`, `run.locked` (says who holds it), `storage.failed`. */
  own(runId: string): Promise<OwnedRun>;
  /** Run ids, newest first. */
  list(): Promise<readonly string[]>;
  /** Whole text of a journal and its blobs, without owning it. Errors: `run.missing`. */
  read(runId: string): Promise<string>;
  /** The whole lines of a journal from byte `from` on, a bounded part at a time, without owning it. Errors: `run.missing`. */
  tail(runId: string, from: number): Promise<JournalPart>;
  readBlob(runId: string, sha256: string): Promise<string>;
  /** A cache beside the journal: there whole or not at all, deleted at will, never believed unchecked. */
  readSnapshot(runId: string): Promise<string | undefined>;
  writeSnapshot(runId: string, text: string): Promise<void>;
  /** Who owns the run, in words, while that process lives. */
  owner(runId: string): Promise<string | undefined>;
  /** True while a live process owns the run. */
  isOwned(runId: string): Promise<boolean>;
  /** Puts a signal into the run's inbox (unique name, atomic rename). Works whoever owns the run. */
  putSignal(runId: string, signal: SignalFile): Promise<void>;
  /** Calls back after the run's journal grew, by this or another process; or after runs came and went when no id is given. */
  watch(runId: string | undefined, changed: () => void): Disposable;
}

/** Some whole lines of a journal. Lengths and places are in bytes. */
export interface JournalPart {
  /** Whole lines; "" where there are none, or none yet. */
  readonly lines: string;
  /** Where the next part begins. */
  readonly next: number;
  /** Length of the journal now, a torn tail included. Shorter than `from`: the journal was cut. */
  readonly size: number;
}

/** A run owned by this process. */
export interface OwnedRun {
  readonly id: string;
  /** This process, as `RunStore.owner` names it. */
  readonly owner: string;
  /** The owner that was given up for dead although nobody saw it end, in words. */
  readonly takenFrom: string | undefined;
  /** Whole text of the journal, torn tail included. */
  read(): Promise<string>;
  /** As `RunStore.tail`. */
  tail(from: number): Promise<JournalPart>;
  /** Cuts the journal to its first `bytes` bytes: only used to drop a torn tail. */
  truncate(bytes: number): Promise<void>;
  /** Appends whole lines; durable when resolved. Calls are made one after the other. */
  append(lines: string): Promise<void>;
  /** Stores a blob, durable when resolved; returns nothing because the caller knows the hash. */
  writeBlob(sha256: string, text: string): Promise<void>;
  readBlob(sha256: string): Promise<string>;
  /**
   * Delivers every signal that lies in the inbox, and each that comes later, until disposed. `taken` deletes its file; until then it
   * is delivered again, under the same `id`, to whoever owns the run next. `scanned` settles once everything that lay there at the
   * start was delivered.
   */
  onSignal(
    deliver: (signal: SignalFile, taken: () => Promise<void>, id: string) => void,
  ): Disposable & { readonly scanned: Promise<void> };
  /** Gives the run up: releases the lock. */
  close(): Promise<void>;
}

/** The person's own tree. Only `apply` writes (I5). Paths are relative, with "/". */
export interface Workspace {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly name: string;
  /** Text of editors that are not saved, by path. */
  unsaved(): Promise<ReadonlyMap<string, string>>;
  /** What the person sees now: unsaved text if there is one, else the file; `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Writes all or nothing: every file must still read as `before` when it is written; otherwise nothing is changed and the
   * paths that differ are returned. A crash in the middle is completed or undone by calling again with the same changes.
   */
  apply(
    changes: readonly TreeChange[],
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly moved: readonly string[] }>;
}

/** One file of an apply. `undefined` bytes mean that the file is absent. */
export interface TreeChange {
  readonly path: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** Git mode: 100644, 100755 or 120000. */
  readonly mode?: string;
}

/** One difference between two trees. Blobs are ids in the private store. */
export interface TreeDelta {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted';
  readonly oldBlob?: string;
  readonly newBlob?: string;
  readonly oldMode?: string;
  readonly newMode?: string;
  readonly binary: boolean;
  readonly additions: number;
  readonly deletions: number;
}

/** A path that two sides changed in ways that do not combine. */
export interface TreeConflict {
  readonly path: string;
  /** Text with both sides marked, where both are text. */
  readonly marked?: string;
  readonly why: string;
}

/** Private trees and checkouts. Never touches the person's repository. A tree is named by an id. */
export interface WorkingCopies {
  /**
   * Snapshot of the workspace as it is: uncommitted, untracked (not ignored) and the given unsaved text. It can be compared and merged
   * with `like`, a tree of the same run. Errors: `git.missing` where that tree needs git, `storage.full`.
   */
  takeBase(
    unsaved: ReadonlyMap<string, string>,
    like?: string,
  ): Promise<{ readonly tree: string; readonly files: number; readonly notes: readonly string[] }>;
  /** A private checkout of `tree`; if one of that id is left over, it is put to `tree`, or with `keep` stays as it is. */
  create(id: string, tree: string, how?: { readonly keep: boolean }): Promise<WorkingCopy>;
  /** Absolute path of the checkout of that id, whether or not it is there. */
  rootOf(id: string): string;
  /** Removes the checkout of that id if it is there. What another program holds goes later. */
  discard(id: string): Promise<void>;
  diff(from: string, to: string): Promise<readonly TreeDelta[]>;
  /** Bytes of a file of a tree; `undefined` where there is none. */
  read(tree: string, path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder of a tree, folders with a trailing "/"; "" is the root; `undefined` where there is none. */
  names(tree: string, path: string): Promise<readonly string[] | undefined>;
  /** Three-way merge of trees. Without conflicts the tree is the result; with some, it holds the marked texts. */
  merge(
    base: string,
    ours: string,
    theirs: string,
  ): Promise<{ readonly tree: string; readonly conflicts: readonly TreeConflict[] }>;
  /** A tree like `tree` but for some files; `undefined` removes one. */
  compose(tree: string, files: ReadonlyMap<string, Uint8Array | undefined>): Promise<string>;
  /** Keeps trees of a run from collection until `release`. */
  retain(runId: string, trees: readonly string[]): Promise<void>;
  release(runId: string): Promise<void>;
}

/** A private checkout where one task edits and tests. */
export interface WorkingCopy {
  readonly id: string;
  /** Absolute path. */
  readonly root: string;
  /** The tree as it is now, durable in the private store. */
  snapshot(): Promise<string>;
  /** Puts every file back to `tree`; ignored files stay. */
  restore(tree: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Files of one root. Paths are relative with "/"; anything that leads out, by spelling or by link, is `path.outside`; what this process
 * may not touch is `file.denied`.
 */
export interface Files {
  read(root: string, path: string): Promise<Uint8Array | undefined>;
  write(root: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Errors: `file.missing`. */
  remove(root: string, path: string): Promise<void>;
  /** Errors: `file.missing`, `file.exists`. */
  move(root: string, from: string, to: string): Promise<void>;
  stat(
    root: string,
    path: string,
  ): Promise<{ readonly kind: 'file' | 'folder'; readonly size: number } | undefined>;
  /** Names in a folder, folders with a trailing "/"; `undefined` where there is none. */
  names(root: string, path: string): Promise<readonly string[] | undefined>;
  /** Absolute path of an empty private folder of that name, outside every working copy. What was in it before is gone. */
  scratch(name: string): Promise<string>;
  /** Removes that folder. Never fails: what cannot be removed now stays until its name is used again. */
  discardScratch(name: string): Promise<void>;
}

/** One text that outlives the window, and may be lost. Errors: `storage.full`, `storage.failed`. */
export interface KeptText {
  /** `undefined`: there is none, or it is larger than that. */
  read(bytesMax: number): Promise<string | undefined>;
  /** Whole or not at all. */
  write(text: string): Promise<void>;
  /** Also where there is none. */
  remove(): Promise<void>;
}

export interface Search {
  /** Files below a root that are not ignored, sorted, at most `max`. */
  files(
    root: string,
    query: { readonly path?: string; readonly glob?: string; readonly max: number },
    signal?: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly more: boolean }>;
  text(
    root: string,
    query: TextQuery,
    signal?: AbortSignal,
  ): Promise<{ readonly hits: readonly TextHit[]; readonly more: boolean }>;
}
export interface TextQuery {
  readonly query: string;
  readonly regex: boolean;
  readonly glob?: string;
  readonly max: number;
}
export interface TextHit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** What a person allowed for good in this workspace. Kept outside of it, where no agent writes. */
export interface Permissions {
  list(): Promise<readonly Permission[]>;
  /** One that is there already, by its id, is not added twice. */
  add(permission: Permission): Promise<void>;
  /** False where there is none of that id. */
  remove(id: string): Promise<boolean>;
}

/** Keys of endpoints. Never logged, never journaled. */
export interface Secrets {
  key(endpointId: string): Promise<string | undefined>;
}

/** What one step is, apart from its effect. */
export interface StepSpec<T> {
  readonly kind: StepKind;
  /** Shown to people while it runs. */
  readonly title: string;
  readonly who?: Actor;
  /** What the effect depends on; only its digest is kept. Must be the same on resume, or the journal refuses. */
  readonly input: unknown;
  /** A small part of the input that views show. */
  readonly note?: unknown;
  /** Worst case held in the budget until the step ends. */
  readonly reserved?: { readonly tokens: number; readonly costUsd: number | null };
  /** What the finished effect cost. */
  readonly spent?: (output: T) => Spent;
  /** What the effect had cost when it threw. */
  readonly spentOnFailure?: (error: unknown) => Spent | undefined;
  /** A few lines of the output that views show. */
  readonly brief?: (output: T) => string;
  readonly facts?: (output: T) => StepFacts;
}

/** A step's effect threw: the same failure now and on every replay. */
export class StepFailed extends Error {
  readonly key: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly advice: string | undefined;
  /** What the effect had cost when it threw. */
  readonly spent: Spent | undefined;
  constructor(key: string, failure: EventData<'step.failed'>) {
    super(failure.message);
    this.name = 'StepFailed';
    this.key = key;
    this.code = failure.code;
    this.retryable = failure.retryable;
    this.advice = failure.advice;
    this.spent = failure.spent;
  }
}

/**
 * Durable execution: the one way to the outside (I1). The journal implements it; a durable execution engine could.
 * An effect is a leaf: it may call none of these.
 */
export interface Steps {
  /** Runs the effect once for all time (I2) and returns its output, which must be plain JSON. Throws `StepFailed`. */
  step<T>(key: string, spec: StepSpec<T>, effect: (context: StepContext) => Promise<T>): Promise<T>;
  /** Waits, as long as it takes, until somebody answers. */
  signal(name: string, ask: Ask): Promise<unknown>;
  /** As `signal`, for what a person may say at any time: nobody is asked, and nothing waits for it. One stands at a time. */
  standing(name: string): Promise<unknown>;
  /** Takes a question back that is open: its answer is of no use any more. */
  withdraw(name: string, reason: string): void;
  /** Says once that something happened. A `key` makes it unique among events of its type. */
  record(event: RunEvent & { readonly key: string }): void;
  /** Pauses the run; never resolves. Steps named in `retry` run again on resume though they failed. */
  pause(reason: PauseReason, message: string, retry: readonly string[]): Promise<never>;
}

export interface StepContext {
  readonly signal: AbortSignal;
  readonly key: string;
  /** How often this step was begun before without an end that counts; absent: never. */
  readonly times?: number;
}
