/** Which runs are dropped, and why: a decision over what is known of each, without touching any. */
import type { RunStore } from '../../ports.ts';
import type { RunViews } from '../contract.ts';

const DAY_MS = 24 * 3_600_000;
/** In bytes. */
export const MEGABYTE = 1024 * 1024;

/** A run as it lies in storage. */
export interface KeptRun {
  readonly id: string;
  /** Of its record: journal and blobs. */
  readonly bytes: number;
  /** When its last line was written, in milliseconds since 1970. */
  readonly updatedAt: number;
  /** `unfinished`: it can go on, or its journal cannot be read. `owned`: a process works on it. */
  readonly state: 'finished' | 'unfinished' | 'owned';
}

export interface RetentionRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Runs whose last line is older are dropped. Absent: age does not matter. */
  readonly daysMax?: number | undefined;
  /** The records of all runs together may be so large. Absent: size does not matter. */
  readonly bytesMax?: number | undefined;
  /** Unfinished runs that the rules are for all the same. */
  readonly unfinished?: readonly string[];
  /** Runs that a person chose: they go, finished or not, whatever their age and size. */
  readonly chosen?: readonly string[];
  /** Runs that stay, whatever the rest says. */
  readonly kept?: readonly string[];
}

export interface Dropped {
  readonly id: string;
  readonly bytes: number;
  /** In words for people. */
  readonly why: string;
}

/** What may be collected: runs, what they left behind, and what no run refers to. */
export const COLLECTED_KINDS = ['run', 'copy', 'scratch', 'blob', 'cache', 'trees'] as const;
export type CollectedKind = (typeof COLLECTED_KINDS)[number];

/** How is collected. */
export interface CollectHow {
  /** Only tells what would go; what becomes of trees is not known then. */
  readonly dryRun?: boolean;
  /** Only these; absent: all. */
  readonly kinds?: readonly CollectedKind[];
  /** Stops after what is being removed; what went so far is gone, and told. */
  readonly signal?: AbortSignal;
}

/** What lies in a storage folder: its runs, and the bytes that everything takes. */
export interface Survey {
  readonly runs: readonly KeptRun[];
  readonly bytes: {
    readonly runs: number;
    /** Working copies and scratch folders. */
    readonly copies: number;
    /** Private stores of trees. */
    readonly trees: number;
    /** Installed packages kept for the next run. */
    readonly caches: number;
  };
}

/** Something that was collected, or would be. */
export interface Collected {
  readonly what: CollectedKind;
  readonly name: string;
  readonly bytes: number;
  /** In words for people. */
  readonly why: string;
}

/**
 * Runs that were chosen, finished ones that are too old, then the oldest until the rest is small enough. Never one that a process
 * owns.
 */
export function runsToDrop(runs: readonly KeptRun[], rules: RetentionRules): readonly Dropped[] {
  const oldestFirst = runs
    .filter((run) => mayGo(run, rules))
    .sort((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
  const chosen = oldestFirst.filter((run) => isChosen(run, rules));
  const dropped: Dropped[] = chosen.map((run) => drop(run, 'chosen'));
  let total = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { bytes } of chosen) total -= bytes;
  for (const run of oldestFirst) {
    const why = chosen.includes(run) ? undefined : (tooOld(run, rules) ?? tooMuch(total, rules));
    if (why === undefined) continue;
    dropped.push(drop(run, why));
    total -= run.bytes;
  }
  return dropped;
}

function mayGo(run: KeptRun, rules: RetentionRules): boolean {
  const { id, state } = run;
  if (state === 'owned' || (rules.kept ?? []).includes(id)) return false;
  return state === 'finished' || isChosen(run, rules) || (rules.unfinished ?? []).includes(id);
}

function isChosen({ id }: KeptRun, { chosen = [] }: RetentionRules): boolean {
  return chosen.includes(id);
}

function drop({ id, bytes, state }: KeptRun, why: string): Dropped {
  return { id, bytes, why: state === 'finished' ? why : `${why}; it had not finished` };
}

function tooOld({ updatedAt }: KeptRun, { now, daysMax }: RetentionRules): string | undefined {
  const days = (now - updatedAt) / DAY_MS;
  if (daysMax === undefined || days <= daysMax) return undefined;
  return `${Math.floor(days)} days old, older than ${daysMax}`;
}

function tooMuch(total: number, { bytesMax }: RetentionRules): string | undefined {
  if (bytesMax === undefined || total <= bytesMax) return undefined;
  return `the oldest while all runs take ${sizeText(total)}, more than ${sizeText(bytesMax)}`;
}

/** For people. */
export function sizeText(bytes: number): string {
  const size = bytes / MEGABYTE;
  if (size < 0.1) return `${Math.ceil(bytes / 1024)} kB`;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

/** Runs whose working copies may still be needed: all but those that are known to have finished. */
export async function unfinishedRuns(
  store: Pick<RunStore, 'list'>,
  views: Pick<RunViews, 'list'>,
): Promise<ReadonlySet<string>> {
  const ids = await store.list();
  const finished = new Set((await views.list()).filter(hasFinished).map(({ id }) => id));
  return new Set(ids.filter((id) => !finished.has(id)));
}

/** Whether a listed run has come to its end. */
export function hasFinished({ status }: { readonly status: string }): boolean {
  return status === 'finished' || status === 'failed';
}
