/** What the page holds of the open run, so that only what it lacks crosses. */
import { difference, type Difference } from '../../protocol/difference.ts';
import type { PanelUpdate, PlacedItem } from '../../protocol/panel.ts';
import { isDead, isUnread, type FactView, type MessageView } from '../../protocol/team-view.ts';
import type { FeedItem, RunView } from '../../protocol/view.ts';

/** A message is split where its part of the feed would exceed this. */
const FEED_CHARS_MAX = 80_000;

export interface PageMirror {
  /** What to send so that the page shows this; `null` is the start page. Nothing where it already does. */
  show(view: RunView | null, owned: boolean): readonly PanelUpdate[];
  /** The page was replaced and holds nothing. */
  reset(): void;
}

interface Held {
  readonly shown: RunView | null;
  readonly owned: boolean;
  /** As it crossed. */
  readonly view: RunView | null;
}

/** Parts of at most `FEED_CHARS_MAX`, at least one part, at least one item a part. */
function parts(feed: readonly PlacedItem[]): readonly (readonly PlacedItem[])[] {
  const all: PlacedItem[][] = [[]];
  let chars = 0;
  for (const item of feed) {
    const size = JSON.stringify(item).length;
    if (chars + size > FEED_CHARS_MAX && chars > 0) {
      all.push([]);
      chars = 0;
    }
    chars += size;
    all.at(-1)?.push(item);
  }
  return all;
}

/** Unread messages that cross, and characters of each. */
const UNREAD_MAX = 20;
const UNREAD_CHARS_MAX = 200;

/** Characters of each fact that cross; a longer one opens in an editor. */
const FACT_CHARS_MAX = 300;

const shortened = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max - 1)}…` : text;

/** Messages stand in the feed already: only those that nobody has read cross once more, in short. */
function forPage(view: RunView): RunView {
  if (!view.team) return view;
  const unread = (which: (message: MessageView) => boolean): readonly MessageView[] =>
    (view.team?.messages ?? [])
      .filter((message) => isUnread(message) && which(message))
      .slice(-UNREAD_MAX)
      .map((message) => ({ ...message, text: shortened(message.text, UNREAD_CHARS_MAX) }));
  const facts = view.team.facts.map(factForPage);
  return {
    ...view,
    team: { ...view.team, facts, messages: [...unread(isDead), ...unread((each) => !isDead(each))] },
  };
}

function factForPage(fact: FactView): FactView {
  const { text, former } = fact;
  if (text.length <= FACT_CHARS_MAX && (former?.text.length ?? 0) <= UNREAD_CHARS_MAX) return fact;
  const before = former && { former: { ...former, text: shortened(former.text, UNREAD_CHARS_MAX) } };
  return { ...fact, text: shortened(text, FACT_CHARS_MAX), ...before };
}

/** Items that are not at their place yet. */
const news = (former: readonly FeedItem[], feed: readonly FeedItem[]): readonly PlacedItem[] =>
  feed.flatMap((item, place) => (difference(former[place], item) ? [[place, item] as const] : []));

/** A record that lost lines, or that somebody else works on now, is shown anew. */
const isBridged = (
  former: Held | undefined,
  view: RunView,
  owned: boolean,
): former is Held & { view: RunView } =>
  former?.view?.id === view.id &&
  former.owned === owned &&
  former.view.lastSeq <= view.lastSeq &&
  former.view.feed.length <= view.feed.length;

export function createPageMirror(): PageMirror {
  let held: Held | undefined;
  let at = 0;
  const delta = (run: string, feed: readonly PlacedItem[], by?: Difference): PanelUpdate => ({
    ...{ type: 'delta', run, from: at, at: ++at },
    ...(by && { by }),
    feed,
  });
  const snapshot = (view: RunView, owned: boolean): readonly PanelUpdate[] => {
    const [first = [], ...rest] = parts(news([], view.feed));
    return [
      { type: 'snapshot', at: ++at, view: { ...view, feed: first.map(([, item]) => item) }, owned },
      ...rest.map((feed) => delta(view.id, feed)),
    ];
  };
  return {
    show(shown, owned) {
      if (held?.shown === shown && held.owned === owned) return [];
      const former = held;
      const view = shown && forPage(shown);
      held = { shown, owned, view };
      if (view === null) return [{ type: 'snapshot', at: ++at, view, owned }];
      if (!isBridged(former, view, owned)) return snapshot(view, owned);
      const by = difference({ ...former.view, feed: [] }, { ...view, feed: [] });
      const [first = [], ...rest] = parts(news(former.view.feed, view.feed));
      if (!by && first.length === 0) return [];
      return [delta(view.id, first, by), ...rest.map((feed) => delta(view.id, feed))];
    },
    reset: () => {
      held = undefined;
    },
  };
}
