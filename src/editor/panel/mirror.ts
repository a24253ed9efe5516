/** What the page holds of the open run, so that only what it lacks crosses. */
import type { PanelUpdate } from '../../protocol/panel.ts';
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
  readonly run: string | undefined;
  readonly owned: boolean;
  readonly lastSeq: number;
  readonly feed: ReadonlyMap<number, FeedItem>;
  readonly shown: RunView | null;
}

/** Parts of at most `FEED_CHARS_MAX`, at least one part, at least one item a part. */
function parts(feed: readonly FeedItem[]): readonly (readonly FeedItem[])[] {
  const all: FeedItem[][] = [[]];
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

/** An item is immutable; a journal that is read again makes an equal one. */
const isSame = (a: FeedItem | undefined, b: FeedItem) => a === b || JSON.stringify(a) === JSON.stringify(b);

function deltas(view: RunView, fromSeq: number, feed: readonly (readonly FeedItem[])[]): PanelUpdate[] {
  const { feed: _, ...rest } = view;
  return feed.map((part, at) => ({
    type: 'delta',
    run: view.id,
    fromSeq: at === 0 ? fromSeq : view.lastSeq,
    view: rest,
    feed: part,
  }));
}

function snapshot(view: RunView, owned: boolean): readonly PanelUpdate[] {
  const [first = [], ...rest] = parts(view.feed);
  return [{ type: 'snapshot', view: { ...view, feed: first }, owned }, ...deltas(view, view.lastSeq, rest)];
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

export function createPageMirror(): PageMirror {
  let held: Held | undefined;
  return {
    show(shown, owned) {
      const view = shown && forPage(shown);
      const former = held;
      const feed = new Map(view?.feed.map((item) => [item.id, item]));
      held = { run: view?.id, owned, lastSeq: view?.lastSeq ?? 0, feed, shown };
      if (view === null)
        return former !== undefined && former.run === undefined ? [] : [{ type: 'snapshot', view, owned }];
      const bridges = former?.run === view.id && former.owned === owned && former.lastSeq <= view.lastSeq;
      if (!bridges) return snapshot(view, owned);
      // What is known of a run may change without a line: its owner is gone, or its record turned out to be damaged.
      if (former.lastSeq === view.lastSeq && former.shown === shown) return [];
      const missing = view.feed.filter((item) => !isSame(former.feed.get(item.id), item));
      return deltas(view, former.lastSeq, parts(missing));
    },
    reset: () => {
      held = undefined;
    },
  };
}
