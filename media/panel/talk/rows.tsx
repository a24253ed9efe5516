/** The groups of a conversation, of which only those near what is in sight are in the page, however many there are. */
import type { RefObject, VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Guard } from '../parts/guard.tsx';
import { memo } from '../parts/memo.ts';
import { entryName, type FeedGroup } from '../state/feed.ts';
import type { At } from '../state/filter.ts';
import {
  extentOf,
  likelyHeightOf,
  rangeFor,
  stretches,
  tailOf,
  type Range,
  type Sight,
} from '../state/window.ts';
import { Group } from './group.tsx';
import { createPlace, type Place } from './keep-place.ts';

export interface RowsProps {
  readonly groups: readonly FeedGroup[];
  /** What is to be drawn next, wherever the page is; each wish is an object of its own. */
  readonly wanted?: At | undefined;
}

export function Rows({ groups, wanted }: RowsProps): VNode | null {
  const list = useRef<HTMLDivElement>(null);
  const memory = useMemo(() => rememberRows(createPlace(() => list.current)), []);
  const range = useRange(list, { groups, wanted }, memory);
  const rows = rowsOf(groups, memory);
  const shown = stretches(range, indexOfFocus(list.current, groups));
  const parts: VNode[] = [];
  let at = 0;
  for (const stretch of shown) {
    parts.push(
      <Space key={`before-${parts.length}`} height={extentOf(rows, { start: at, end: stretch.start })} />,
    );
    for (let index = stretch.start; index < stretch.end; index += 1) {
      const group = groups[index];
      if (group)
        parts.push(<Row key={group.key} group={group} index={index} count={groups.length} memory={memory} />);
    }
    at = stretch.end;
  }
  parts.push(<Space key="after" height={extentOf(rows, { start: at, end: groups.length })} />);
  return groups.length === 0 ? null : (
    <div class="talk-rows" role="list" ref={list} data-testid="rows">
      {parts}
    </div>
  );
}

/** What rows leave behind when they go: their height. */
interface Memory {
  readonly heights: Map<string, number>;
  readonly place: Place;
  /** What is drawn instead of what is in sight, until it has come into sight. */
  wanted: At | undefined;
  /** Called a moment after a row in the page has another height than before. */
  onSized: () => void;
  watch(element: HTMLElement): () => void;
}

function rememberRows(place: Place): Memory {
  const heights = new Map<string, number>();
  const memory: Memory = {
    heights,
    place,
    wanted: undefined,
    onSized: () => undefined,
    watch(element) {
      sizes.observe(element);
      return () => sizes.unobserve(element);
    },
  };
  const sizes = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const { row = '' } = (target as HTMLElement).dataset;
      const height = borderBoxSize[0]?.blockSize ?? 0;
      if (height > 0) heights.set(row, height);
    }
    // Before the page is painted: nobody sees it move.
    place.keep();
    place.hold();
    requestAnimationFrame(() => memory.onSized());
  });
  return memory;
}

const rowsOf = (groups: readonly FeedGroup[], { heights }: Memory) => ({
  count: groups.length,
  height: (index: number): number => {
    const group = groups[index];
    return group === undefined ? 0 : (heights.get(group.key) ?? likelyHeightOf(group));
  },
});

/** The row that the focus is in stays in the page wherever that is scrolled: the focus would be lost with it. */
function indexOfFocus(list: HTMLElement | null, groups: readonly FeedGroup[]): number | undefined {
  const row = document.activeElement?.closest<HTMLElement>('.talk-row');
  if (!row || list?.contains(row) !== true) return undefined;
  const index = groups.findIndex(({ key }) => key === row.dataset['row']);
  return index < 0 ? undefined : index;
}

/** Where the row lies that has something; undefined where none has it. */
function placeOf(groups: readonly FeedGroup[], memory: Memory, wanted: At | undefined): Sight | undefined {
  if (wanted === undefined) return undefined;
  const end = groups.findIndex(({ items }) => items.some((item) => entryName(item) === wanted.part));
  if (end < 0) return undefined;
  const rows = rowsOf(groups, memory);
  const top = extentOf(rows, { start: 0, end });
  return { top, bottom: top + rows.height(end) };
}

/** What is drawn at first: the rows around what is wanted, or the latest. */
function firstRange({ groups, wanted }: RowsProps, memory: Memory): Range {
  const place = placeOf(groups, memory, wanted);
  const tail = tailOf(groups.length);
  return place ? rangeFor(rowsOf(groups, memory), place, tail) : tail;
}

/** Where the row lies that is on its way into sight. */
function wantedSight(groups: readonly FeedGroup[], memory: Memory, sight: Sight): Sight | undefined {
  const place = placeOf(groups, memory, memory.wanted);
  const isOnItsWay = place !== undefined && (place.bottom < sight.top || place.top > sight.bottom);
  if (!isOnItsWay) memory.wanted = undefined;
  return isOnItsWay ? place : undefined;
}

/** What is drawn, as the page is scrolled, rows change their heights and the list grows. */
function useRange(list: RefObject<HTMLElement | null>, { groups, wanted }: RowsProps, memory: Memory): Range {
  const [drawn, setDrawn] = useState(() => ({
    ...firstRange({ groups, wanted }, memory),
    count: groups.length,
  }));
  // Whoever sees the end sees what is added to it, at once.
  const range = {
    start: Math.min(drawn.start, Math.max(0, groups.length - 1)),
    end: drawn.end >= drawn.count ? groups.length : Math.min(drawn.end, groups.length),
  };
  const look = (): void => {
    const scroller = list.current?.closest('.scroller');
    if (!list.current || !scroller) return;
    const { top } = list.current.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const sight = { top: view.top - top, bottom: view.bottom - top };
    const next = rangeFor(rowsOf(groups, memory), wantedSight(groups, memory, sight) ?? sight, range);
    if (next.start !== drawn.start || next.end !== drawn.end || groups.length !== drawn.count)
      setDrawn({ ...next, count: groups.length });
  };
  memory.onSized = look;
  useLayoutEffect(() => {
    memory.wanted = wanted;
    look();
  }, [wanted]);
  useLayoutEffect(look, [groups]);
  useEffect(() => watchView(list.current, memory), [groups.length === 0]);
  return range;
}

/** Looks anew when the page is scrolled or resized. At another width what was measured counts no more. */
function watchView(list: HTMLElement | null, memory: Memory): (() => void) | undefined {
  const scroller = list?.closest('.scroller');
  if (!list || !scroller) return undefined;
  const look = (): void => {
    memory.onSized();
    memory.place.hold();
  };
  let width = list.clientWidth;
  const sizes = new ResizeObserver(() => {
    if (list.clientWidth !== width) {
      width = list.clientWidth;
      const there = new Set([...list.children].map((row) => (row as HTMLElement).dataset['row']));
      for (const key of memory.heights.keys()) if (!there.has(key)) memory.heights.delete(key);
    }
    requestAnimationFrame(() => memory.onSized());
  });
  sizes.observe(scroller);
  sizes.observe(list);
  scroller.addEventListener('scroll', look, { passive: true });
  return () => {
    sizes.disconnect();
    scroller.removeEventListener('scroll', look);
  };
}

/** Stands for rows that are not in the page. */
const Space = ({ height }: { height: number }): VNode => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current) element.current.style.height = `${height}px`;
  }, [height]);
  return <div class="talk-space" aria-hidden="true" ref={element} />;
};

interface RowProps {
  readonly group: FeedGroup;
  readonly index: number;
  readonly count: number;
  readonly memory: Memory;
}

const Row = memo(({ group, index, count, memory }: RowProps) => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    return element.current ? memory.watch(element.current) : undefined;
  }, [group.key]);
  return (
    <div
      class="talk-row"
      role="listitem"
      aria-posinset={index + 1}
      aria-setsize={count}
      data-row={group.key}
      ref={element}
    >
      <Guard>
        <Group group={group} />
      </Guard>
    </div>
  );
});
