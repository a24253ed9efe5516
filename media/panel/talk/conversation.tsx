import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { FeedItem } from '../../../src/protocol/view.ts';
import type { Panel } from '../panel.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { filtered, NO_FILTER, type At, type Filter } from '../state/filter.ts';
import { groupFeed, type FeedGroup } from '../state/feed.ts';
import { wordsIn } from '../state/find.ts';
import { t } from '../texts.ts';
import { bringIntoSight, keepMarked } from './find.ts';
import { Goal } from './group.tsx';
import { Live } from './live.tsx';
import { Rows } from './rows.tsx';

/** Who spoke to whom, what they did, and what is being said right now. */
export function Conversation({ onFound }: { onFound: () => void }): VNode {
  const panel = usePanel();
  const filter = panel.filter.value ?? NO_FILTER;
  const { role, task, agent, at } = filter;
  const begun = useBeginning(panel);
  const words = wordsIn(filter);
  useEffect(() => (words === '' ? undefined : keepMarked(words, at?.part)), [words, at, role, task, agent]);
  // Before the page is painted: what is drawn for it would go again, being out of sight.
  useLayoutEffect(() => {
    return at && at !== begun?.at ? bringIntoSight(at.part, words, onFound) : undefined;
  }, [words, at]);
  // Another filter is another conversation: it begins at its own end.
  return <Talk key={JSON.stringify([role, task, agent])} filter={filter} wanted={begun ? begun.seen : at} />;
}

interface Beginning {
  /** What the search had found last. */
  readonly at: At | undefined;
  /** What is read. */
  readonly seen: At | undefined;
}

/** Where the page begins, which is where one was before it was hidden: the search waits until it is led on. Undefined from then on. */
function useBeginning({ filter, seen }: Panel): Beginning | undefined {
  const first = useRef(filter.peek());
  const begun = useRef<Beginning | undefined>({ at: first.current?.at, seen: seen.peek() });
  if (filter.value !== first.current) begun.current = undefined;
  return begun.current;
}

interface TalkProps {
  readonly filter: Filter;
  /** What is drawn first, and comes into sight. */
  readonly wanted: At | undefined;
}

function Talk({ filter, wanted }: TalkProps): VNode {
  const groups = useGroups(filter);
  return (
    <section class="conversation" data-testid="conversation" aria-label={t('Conversation')}>
      <Goal />
      <Rows groups={groups} wanted={wanted} />
      <Live />
    </section>
  );
}

const feedOf = ({ feed }: { feed: readonly FeedItem[] }): readonly FeedItem[] => feed;

function useGroups(filter: Filter): readonly FeedGroup[] {
  const whole = useRun(feedOf);
  const feed = useMemo(() => filtered(whole, filter), [whole]);
  const last = useRef<{ feed: readonly FeedItem[]; groups: readonly FeedGroup[] }>({ feed: [], groups: [] });
  if (last.current.feed !== feed) last.current = { feed, groups: groupFeed(feed, last.current.groups) };
  return last.current.groups;
}
