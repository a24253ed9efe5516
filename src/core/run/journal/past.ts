/** What a journal already knows when it is opened: the recorded ends, in the order in which the story must meet them again. */
import type { EventData, JournalLine } from '../../../protocol/events.ts';

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
  };
}

/** A past without these failures: the steps run again. One that has run again meanwhile has another end, which stays (I2). */
export function retrying(past: Past, failures: readonly Recorded[]): Past {
  const again = new Set(failures.map(({ key, seq }) => `${seq} ${key}`));
  const isAgain = ({ key, seq }: Recorded): boolean => again.has(`${seq} ${key}`);
  return { ...past, ends: past.ends.filter((end) => !isAgain(end)) };
}
