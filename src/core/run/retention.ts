/** Which runs are dropped, and why: a decision over what is known of each, without touching any. */
import type { RunStore } from '../ports.ts';
import type { RunViews } from './contract.ts';

const DAY_MS = 24 * 3_600_000;
const MEGABYTE = 1024 * 1024;

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
}

export interface Dropped {
  readonly id: string;
  readonly bytes: number;
  /** In words for people. */
  readonly why: string;
}

/** Something that was collected, or would be. */
export interface Collected {
  readonly what: 'run' | 'copy' | 'scratch' | 'blob' | 'cache' | 'trees';
  readonly name: string;
  readonly bytes: number;
  /** In words for people. */
  readonly why: string;
}

/** Finished runs that are too old, then the oldest until the rest is small enough. Never one that a process owns. */
export function runsToDrop(runs: readonly KeptRun[], rules: RetentionRules): readonly Dropped[] {
  const mayGo = ({ id, state }: KeptRun): boolean =>
    state === 'finished' || (state === 'unfinished' && (rules.unfinished ?? []).includes(id));
  const oldestFirst = runs.filter(mayGo).sort((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
  const dropped: Dropped[] = [];
  let total = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const run of oldestFirst) {
    const why = tooOld(run, rules) ?? tooMuch(total, rules);
    if (why === undefined) continue;
    dropped.push({
      id: run.id,
      bytes: run.bytes,
      why: run.state === 'finished' ? why : `${why}; it had not finished`,
    });
    total -= run.bytes;
  }
  return dropped;
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
