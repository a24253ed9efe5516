/** Where a person is in the open run and how they have it before them: kept while the view is hidden, moved or reloaded. */
import { ancestorsOf } from '../../../src/protocol/plan-tree.ts';
import type { Filter } from './filter.ts';

/** Which folds do not stand as they begin, by their names: whether they are open. */
export type Folds = Readonly<Record<string, boolean>>;

/** Kinds of names that parts of the page have: of what is said, of a row of the talk, of what folds. */
export const PART_KINDS = ['entry', 'row', 'fold'] as const;

/** What is read: a part, and how far below the upper edge of what scrolls it begins, in pixels. */
export interface Seen {
  readonly kind: (typeof PART_KINDS)[number];
  readonly part: string;
  readonly offset: number;
}

export interface Reading {
  readonly filter: Filter | undefined;
  /** The plan is shown as a graph. */
  readonly asGraph: boolean;
  readonly folds: Folds;
  /** Undefined: the page follows its end. */
  readonly seen: Seen | undefined;
  /** In the column beside the talk. Undefined: its beginning. */
  readonly seenBeside: Seen | undefined;
}

export const NO_READING: Reading = {
  filter: undefined,
  asGraph: false,
  folds: {},
  seen: undefined,
  seenBeside: undefined,
};

/** Most folds that are kept; those longest as they are go first. */
const FOLDS_MAX = 200;

/** Longest name or text that is kept, in characters. */
const TEXT_MAX = 500;

/** What of it is handed to the host to keep. */
export const frozenReading = ({ filter, folds, ...rest }: Reading): Reading => ({
  ...rest,
  filter: filter && {
    ...{ text: filter.text, role: filter.role, task: filter.task },
    ...{ agent: filter.agent, at: filter.at },
  },
  folds: Object.fromEntries(Object.entries(folds).slice(-FOLDS_MAX)),
});

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX;

/** What the host kept; without what is of another shape. */
export function thawReading(state: unknown): Reading {
  const { filter, asGraph, folds, seen, seenBeside } = fieldsOf(state) ?? {};
  return {
    filter: filterIn(filter),
    asGraph: asGraph === true,
    folds: foldsIn(folds),
    seen: seenIn(seen),
    seenBeside: seenIn(seenBeside),
  };
}

function filterIn(value: unknown): Filter | undefined {
  const { text, role, task, agent, at } = fieldsOf(value) ?? {};
  if (!isText(text) || !isText(role) || !isText(task)) return undefined;
  const part = fieldsOf(at)?.['part'];
  return {
    ...{ text, role, task, agent: isText(agent) ? agent : undefined },
    at: isText(part) ? { part } : undefined,
  };
}

const foldsIn = (value: unknown): Folds =>
  Object.fromEntries(
    Object.entries(fieldsOf(value) ?? {})
      .filter((each): each is [string, boolean] => isText(each[0]) && typeof each[1] === 'boolean')
      .slice(-FOLDS_MAX),
  );

function seenIn(value: unknown): Seen | undefined {
  const { kind, part, offset } = fieldsOf(value) ?? {};
  const known = PART_KINDS.find((each) => each === kind);
  if (known === undefined || !isText(part) || !Number.isFinite(offset)) return undefined;
  return { kind: known, part, offset: Number(offset) };
}

/** `folds` with the fold `name` open or not; one that stands as it `begins` is forgotten. */
export function withFold(folds: Folds, name: string, open: boolean, begins: boolean): Folds {
  const { [name]: before = begins, ...others } = folds;
  if (before === open) return folds;
  return open === begins ? others : { ...others, [name]: open };
}

/** Names of the folds of a task and of its sub-tasks. */
export const taskFold = (task: string): string => `task:${task}`;
export const partsFold = (task: string): string => `parts:${task}`;

/** `folds` with a task open, and whatever it is a sub-task of. */
export function withTaskShown(folds: Folds, task: string): Folds {
  const around = ancestorsOf(task).map(partsFold);
  return { ...folds, ...Object.fromEntries([...around, taskFold(task)].map((name) => [name, true])) };
}
