/** The conversation as the panel holds it: merged from deltas, then grouped by who speaks. */
import type { FeedItem } from '../../../src/protocol/view.ts';
import { keep } from './keep.ts';

const before = (a: FeedItem, b: FeedItem): boolean => a.id < b.id;
const samePlace = (a: FeedItem, b: FeedItem): boolean => a.id === b.id && a.kind === b.kind;

/**
 * `held` with `arrived` put where it belongs: by id, a known item replaced, a new one inserted. Both in rising order of
 * ids. Items that say the same as before keep their identity; so does the list if nothing changed.
 */
export function mergeFeed(held: readonly FeedItem[], arrived: readonly FeedItem[]): readonly FeedItem[] {
  if (arrived.length === 0) return held;
  const merged = [...held];
  let changed = false;
  for (const item of arrived) changed = place(merged, item) || changed;
  return changed ? merged : held;
}

function place(list: FeedItem[], item: FeedItem): boolean {
  let at = list.length;
  while (at > 0 && before(item, list[at - 1] as FeedItem)) at -= 1;
  for (let index = at - 1; index >= 0 && list[index]?.id === item.id; index -= 1) {
    const known = list[index] as FeedItem;
    if (!samePlace(known, item)) continue;
    const kept = keep(known, item);
    list[index] = kept;
    return kept !== known;
  }
  list.splice(at, 0, item);
  return true;
}

/** Consecutive entries that one reader's eye takes as one: what one agent said and did in a row, or a single card. */
export interface FeedGroup {
  readonly key: string;
  readonly items: readonly FeedItem[];
}

/** An entry's name in its conversation, which its group has of its first entry. */
export const entryName = ({ kind, id }: FeedItem): string => `${kind}:${id}`;

/** Most entries of one group, so that a change re-renders a bounded piece. */
const GROUP_MAX = 40;

const speaker = (item: FeedItem): string | undefined =>
  item.kind === 'said' || item.kind === 'tool'
    ? `${item.who.agent ?? item.who.role}/${item.who.task ?? ''}/${item.who.attempt ?? 0}`
    : undefined;

/** `feed` in groups; a group whose entries are all those of a group of `previous` is that very group. */
export function groupFeed(
  feed: readonly FeedItem[],
  previous: readonly FeedGroup[] = [],
): readonly FeedGroup[] {
  const known = new Map(previous.map((group) => [group.key, group]));
  return split(feed).map((items) => {
    const first = items[0] as FeedItem;
    const key = entryName(first);
    const old = known.get(key);
    const same =
      old?.items.length === items.length && items.every((item, index) => item === old.items[index]);
    return same ? old : { key, items };
  });
}

/** A pause says again what failed; once is enough. */
export const isEcho = (item: FeedItem, last: FeedItem | undefined): boolean =>
  item.kind === 'note' && last?.kind === 'note' && item.text === last.text;

function split(feed: readonly FeedItem[]): FeedItem[][] {
  const groups: FeedItem[][] = [];
  let open: string | undefined;
  for (const item of feed) {
    const by = speaker(item);
    const last = groups.at(-1);
    if (isEcho(item, last?.at(-1))) continue;
    if (last !== undefined && by !== undefined && by === open && last.length < GROUP_MAX) last.push(item);
    else groups.push([item]);
    open = by;
  }
  return groups;
}
