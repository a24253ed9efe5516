import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { Guard } from '../parts/guard.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { filtered, NO_FILTER, type Filter } from '../state/filter.ts';
import { groupFeed, type FeedGroup } from '../state/feed.ts';
import { t } from '../texts.ts';
import { Group, Goal } from './group.tsx';
import { Now } from './now.tsx';

/** Groups shown at first, and added each time the person reaches their beginning. */
const PAGE = 120;

/** Groups that may show before those at the beginning are folded away again. */
const SHOWN_MAX = 4 * PAGE;

/** Who spoke to whom, what they did, and what is going on right now. */
export function Conversation(): VNode {
  const filter = usePanel().filter.value ?? NO_FILTER;
  // Another filter is another conversation: it begins at its own end.
  return <Talk key={JSON.stringify(filter)} filter={filter} />;
}

function Talk({ filter }: { filter: Filter }): VNode {
  const groups = useGroups(filter);
  const { shown, hidden, earlier } = useTail(groups);
  return (
    <section class="conversation" data-testid="conversation" aria-label={t('Conversation')}>
      {hidden > 0 ? <Earlier count={hidden} onShow={earlier} /> : <Goal />}
      {shown.map((group) => (
        <Guard key={group.key}>
          <Group group={group} />
        </Guard>
      ))}
      <Now />
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

interface Tail {
  readonly shown: readonly FeedGroup[];
  readonly hidden: number;
  earlier(): void;
}

/** The latest groups; earlier ones join when asked for. */
function useTail(groups: readonly FeedGroup[]): Tail {
  const [first, setFirst] = useState(() => Math.max(0, groups.length - PAGE));
  const start = groups.length - first > SHOWN_MAX ? groups.length - SHOWN_MAX + PAGE : first;
  useEffect(() => setFirst(start), [start]);
  return { shown: groups.slice(start), hidden: start, earlier: () => setFirst(Math.max(0, start - PAGE)) };
}

/** Loads earlier groups when it comes into sight, and when pressed. */
function Earlier({ count, onShow }: { count: number; onShow: () => void }): VNode {
  const place = useRef<HTMLDivElement>(null);
  const show = useRef(onShow);
  show.current = onShow;
  useEffect(() => {
    const sight = new IntersectionObserver(([entry]) => entry?.isIntersecting && show.current(), {
      rootMargin: '400px 0px 0px',
    });
    if (place.current) sight.observe(place.current);
    return () => sight.disconnect();
  }, [count]);
  return (
    <div class="earlier" ref={place}>
      <Button kind="link" icon="arrowUp" onClick={onShow}>
        {t('Show {0} earlier', count)}
      </Button>
    </div>
  );
}
