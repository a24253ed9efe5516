/** The conversation as the panel holds it: told piece by piece, then grouped by who speaks. */
import type { PlacedItem } from '../../../src/protocol/panel.ts';
import type { FeedItem } from '../../../src/protocol/view.ts';

/** `held` with items at their places, where they took others' or come next; undefined where one between is missing. */
export function withItems(
  held: readonly FeedItem[],
  items: readonly PlacedItem[],
): readonly FeedItem[] | undefined {
  if (items.length === 0) return held;
  const all = [...held];
  for (const [place, item] of items) {
    if (place > all.length) return undefined;
    all[place] = item;
  }
  return all;
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
