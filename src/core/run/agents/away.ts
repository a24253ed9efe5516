/** Waits for somebody, for whose time others may have a slot. */
import type { Actor } from '../../../protocol/events.ts';

/** A wait for an answer. */
export interface Waiting {
  /** Of the question. */
  readonly key: string;
  readonly who: Actor | undefined;
  /** What the person is asked; absent where a teammate is. */
  readonly title?: string;
  /** Agents that were made to answer: they work where whoever asks does, in its slot, until they wait themselves. */
  readonly deputies?: readonly string[];
}

/** Waits for what `answer` begins to wait for. Rejects as it does; then no slot is taken again. */
export type Away = <T>(waiting: Waiting, answer: () => Promise<T>) => Promise<T>;

/** Where there are no slots. */
export const inPlace: Away = (_waiting, answer) => answer();
