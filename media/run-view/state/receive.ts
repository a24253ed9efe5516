/** What the page holds and how each message of the editor changes it. Pure; messages may come in any order. */
import { changed, isDifference } from '../../../src/protocol/difference.ts';
import type { RunViewUpdate, Shown } from '../../../src/protocol/run-view.ts';

/** Everything that came from the editor, numbered as the editor counts. */
export interface Held {
  readonly at: number;
  /** Undefined: nothing has arrived yet. */
  readonly shown: Shown | undefined;
  /** A delta did not fit what is held: the whole must be asked for, and deltas are dropped until it comes. */
  readonly gap: boolean;
}

export const EMPTY: Held = { at: 0, shown: undefined, gap: false };

export function receive(held: Held, update: Exclude<RunViewUpdate, { type: 'error' }>): Held {
  if (update.type === 'whole') return { at: update.at, shown: update.shown, gap: false };
  const { from, at, by } = update;
  // What a newer whole overtook tells nothing new.
  if (held.gap || from < held.at) return held;
  const shown = from === held.at ? changed(held.shown, by) : undefined;
  return looksShown(shown) ? { at, shown, gap: false } : { ...held, gap: true };
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const hasLists = (value: unknown, names: readonly string[]): value is Fields =>
  isRecord(value) && names.every((name) => Array.isArray(value[name]));

const looksShown = (value: unknown): value is Shown =>
  isRecord(value) &&
  hasLists(value['timeline'], ['tasks', 'lanes', 'spans', 'waits', 'arrows', 'marks', 'offsets']) &&
  (value['moment'] === undefined || isMoment(value['moment']));

const isMoment = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['seq'] === 'number' &&
  hasLists(value['view'], ['needs', 'active', 'endpoints', 'tasks', 'facts', 'words']);

/** Whether a message has the shape of an update; what has not is dropped. */
export function isUpdate(message: unknown): message is RunViewUpdate {
  if (!isRecord(message)) return false;
  const { type, at, from, shown, by, text } = message;
  if (type === 'error') return typeof text === 'string';
  if (type === 'whole') return typeof at === 'number' && looksShown(shown);
  return type === 'delta' && typeof from === 'number' && typeof at === 'number' && isDifference(by);
}
