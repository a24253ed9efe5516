/** What a journal already knows when it is opened: the recorded ends, in the order in which the story must meet them again. */
import type { EventData, JournalLine } from '../../protocol/events.ts';

/** The recorded end of a step or signal. */
export type Recorded =
  | {
      readonly key: string;
      readonly seq: number;
      readonly kind: 'finished';
      readonly data: EventData<'step.finished'>;
    }
  | {
      readonly key: string;
      readonly seq: number;
      readonly kind: 'failed';
      readonly data: EventData<'step.failed'>;
    }
  | {
      readonly key: string;
      readonly seq: number;
      readonly kind: 'received';
      readonly data: EventData<'signal.received'>;
    };

export interface Past {
  /** In journal order. */
  readonly ends: readonly Recorded[];
  /** Digest of each step's input, and how often it was started. */
  readonly starts: ReadonlyMap<string, { readonly digest: string; readonly times: number }>;
  /** Keyed records and opened signals already there, as `type key`. */
  readonly said: ReadonlySet<string>;
  readonly finished: EventData<'run.finished'> | undefined;
  /**
   * Worst cases of calls that were cut off: whether they cost that much is unknown, so they count as spent. And what failures had
   * cost that were tried again.
   */
  readonly lost: { readonly tokens: number; readonly costUsd: number };
  /** Keys whose ends came with a fork: another run paid for them. */
  readonly inherited: ReadonlySet<string>;
}

/** Signals and steps live in one space of keys; a signal's is marked. */
export function signalKey(name: string): string {
  return `signal:${name}`;
}

/** Reads the past out of the lines. A failure that paused the run is dropped: it runs again. */
export function pastOf(lines: readonly JournalLine[]): Past {
  const ends = new Map<string, Recorded>();
  const starts = new Map<string, { digest: string; times: number }>();
  const said = new Set<string>();
  let finished: EventData<'run.finished'> | undefined;
  for (const line of lines) {
    const key = line.key ?? '';
    if (line.key !== undefined) said.add(`${line.type} ${key}`);
    if (line.type === 'step.started') {
      starts.set(key, { digest: line.data.digest, times: (starts.get(key)?.times ?? 0) + 1 });
      ends.delete(key);
    }
    if (line.type === 'step.finished')
      ends.set(key, { key, seq: line.seq, kind: 'finished', data: line.data });
    if (line.type === 'step.failed') ends.set(key, { key, seq: line.seq, kind: 'failed', data: line.data });
    if (line.type === 'signal.received') {
      ends.set(signalKey(key), { key: signalKey(key), seq: line.seq, kind: 'received', data: line.data });
    }
    if (line.type === 'run.paused') for (const again of line.data.retry) ends.delete(again);
    if (line.type === 'run.finished') finished = line.data;
  }
  return {
    ends: [...ends.values()].sort((a, b) => a.seq - b.seq),
    starts,
    said,
    finished,
    lost: lostIn(lines.slice(forkedAt(lines)), ends),
    inherited: inheritedIn(lines),
  };
}

/** How many lines came with a fork: another run paid for them. */
function forkedAt(lines: readonly JournalLine[]): number {
  const first = lines[0];
  return first?.type === 'run.started' ? (first.data.forked?.seq ?? 0) : 0;
}

function inheritedIn(lines: readonly JournalLine[]): ReadonlySet<string> {
  const inherited = lines.slice(0, forkedAt(lines));
  return new Set(inherited.flatMap((line) => (line.key === undefined ? [] : [line.key])));
}

/** A past without these failures: the steps run again. One that has run again meanwhile has another end, which stays (I2). */
export function retrying(past: Past, failures: readonly Recorded[]): Past {
  const again = new Set(failures.map(({ key, seq }) => `${seq} ${key}`));
  const isAgain = ({ key, seq }: Recorded): boolean => again.has(`${seq} ${key}`);
  const lost = { ...past.lost };
  for (const end of past.ends) if (isAgain(end)) addSpent(lost, end);
  return { ...past, ends: past.ends.filter((end) => !isAgain(end)), lost };
}

/** Calls that were cut off count with their worst case, failures that were tried again with what they cost. */
function lostIn(lines: readonly JournalLine[], ends: ReadonlyMap<string, Recorded>): Past['lost'] {
  const open = new Map<string, EventData<'step.started'>['reserved']>();
  const lost = { tokens: 0, costUsd: 0 };
  for (const line of lines) {
    const key = line.key ?? '';
    if (line.type === 'step.finished' || line.type === 'step.failed') open.delete(key);
    if (line.type === 'step.failed' && ends.get(key)?.seq !== line.seq)
      addSpent(lost, { kind: 'failed', data: line.data });
    if (line.type !== 'step.started') continue;
    add(lost, open.get(key));
    open.set(key, line.data.reserved);
  }
  for (const reserved of open.values()) add(lost, reserved);
  return lost;
}

function addSpent(lost: Mutable<Past['lost']>, end: Pick<Recorded, 'kind' | 'data'>): void {
  const spent = end.kind === 'failed' && 'spent' in end.data ? end.data.spent : undefined;
  lost.tokens += (spent?.inputTokens ?? 0) + (spent?.outputTokens ?? 0);
  lost.costUsd += spent?.costUsd ?? 0;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function add(
  lost: { tokens: number; costUsd: number },
  reserved: EventData<'step.started'>['reserved'],
): void {
  lost.tokens += reserved?.tokens ?? 0;
  lost.costUsd += reserved?.costUsd ?? 0;
}
