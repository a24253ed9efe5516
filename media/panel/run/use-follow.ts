import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isThere, placeToBe, stillFollows, type Measure } from '../state/follow.ts';
import type { Seen } from '../state/reading.ts';
import { boxOf, createNotes, watchGestures } from './scrolling.ts';
import { isInPlace, putInPlace, seenIn } from './seen.ts';

export interface Follow {
  readonly following: boolean;
  /** Goes where the page belongs and follows from there. */
  jump(): void;
  /** Follows no more: the page is about to show something else. */
  leave(): void;
}

function measure(scroller: HTMLElement, anchor: string): Measure {
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  const part = scroller.querySelector(anchor);
  const anchorTop = part
    ? part.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scrollTop
    : undefined;
  return { scrollTop, scrollHeight, clientHeight, anchorTop };
}

interface State {
  following: boolean;
  anchor: string;
  lastTop: number;
  /** What was read when the page was there the last time: it is held in its place until something is scrolled. */
  held: Seen | undefined;
}

/** Brings the page where it belongs: to what is held, or to its end if it follows that. */
function settle(scroller: HTMLElement | null, state: State): void {
  if (!scroller) return;
  const box = boxOf(scroller);
  if (state.held) putInPlace(box, state.held);
  else if (state.following) box.scrollTop = placeToBe(measure(box, state.anchor));
  else return;
  state.lastTop = box.scrollTop;
}

/** The page has scrolled, by whomever. */
function scrolled(scroller: HTMLElement, state: State, byPerson: boolean): void {
  const box = boxOf(scroller);
  if (state.held && !byPerson && isInPlace(box, state.held)) return;
  state.held = undefined;
  const now = measure(box, state.anchor);
  state.following = state.following ? !byPerson || stillFollows(state.lastTop, now) : isThere(now);
  state.lastTop = now.scrollTop;
}

/**
 * Keeps a growing page at its end, or at the beginning of the part that `anchor` selects, for as long as the person
 * has not scrolled away. `said` grows when the person says something: they see it. A page begins at what was `seen`.
 */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  anchor: string,
  said: number,
  seen: Signal<Seen | undefined>,
): Follow {
  const [following, setFollowing] = useState(seen.peek() === undefined);
  const ref = useRef<State | undefined>(undefined);
  const state = (ref.current ??= { following, anchor, lastTop: 0, held: seen.peek() });
  const follow = (isWanted: boolean): void => {
    state.held = undefined;
    state.following = isWanted;
    setFollowing(isWanted);
    if (!isWanted) return;
    seen.value = undefined;
    settle(scroller.current, state);
  };
  const jump = (): void => follow(true);

  // Before the page is painted: nobody sees it move.
  useLayoutEffect(() => {
    if (!state.held || !scroller.current) return;
    const box = boxOf(scroller.current);
    if (putInPlace(box, state.held)) state.lastTop = box.scrollTop;
    else jump();
  }, []);

  useEffect(() => {
    const own = scroller.current;
    const content = own?.firstElementChild;
    if (!own || !content) return undefined;
    const page = own.closest<HTMLElement>('.run') ?? own;
    const ended = new AbortController();
    const byPerson = watchGestures(own, page, ended.signal);
    const notes = createNotes(seen);
    const moved = (): void => {
      scrolled(own, state, byPerson());
      setFollowing(state.following);
      notes.later(() => (state.following ? undefined : seenIn(boxOf(own))));
    };
    const sizes = new ResizeObserver(() => settle(own, state));
    sizes.observe(own);
    sizes.observe(content);
    for (const element of new Set([own, page]))
      element.addEventListener('scroll', moved, { passive: true, signal: ended.signal });
    return () => {
      notes.end();
      sizes.disconnect();
      ended.abort();
    };
  }, []);

  useEffect(() => {
    if (state.anchor === anchor) return;
    state.anchor = anchor;
    jump();
  }, [anchor]);

  const before = useRef(said);
  useEffect(() => {
    if (said > before.current) jump();
    before.current = said;
  }, [said]);

  return { following, jump, leave: () => follow(false) };
}
