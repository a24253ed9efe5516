import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isThere, placeToBe, stillFollows, type Measure } from '../state/follow.ts';

export interface Follow {
  readonly following: boolean;
  /** Goes where the page belongs and follows from there. */
  jump(): void;
}

function measure(scroller: HTMLElement, anchor: string): Measure {
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  const part = scroller.querySelector(anchor);
  const anchorTop = part
    ? part.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scrollTop
    : undefined;
  return { scrollTop, scrollHeight, clientHeight, anchorTop };
}

/** How long after a gesture a movement of the page counts as the person's, in milliseconds. */
const GESTURE_MS = 1000;

/** Watches for gestures that scroll. A press may be the beginning of a long drag of the scroll bar. */
function watchGestures(element: HTMLElement, signal: AbortSignal): () => boolean {
  let until = 0;
  const options = { passive: true, signal };
  const soon = (): void => void (until = performance.now() + GESTURE_MS);
  for (const name of ['wheel', 'touchmove', 'keydown', 'pointerup'] as const)
    element.addEventListener(name, soon, options);
  element.addEventListener('pointerdown', () => (until = Infinity), options);
  return () => performance.now() < until;
}

/**
 * Keeps a growing page at its end, or at the beginning of the part that `anchor` selects, for as long as the person
 * has not scrolled away.
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, anchor: string): Follow {
  const [following, setFollowing] = useState(true);
  const state = useRef({ following: true, anchor, lastTop: 0 });
  const settle = (): void => {
    const element = scroller.current;
    if (!element || !state.current.following) return;
    element.scrollTop = placeToBe(measure(element, state.current.anchor));
    state.current.lastTop = element.scrollTop;
  };
  const jump = (): void => {
    state.current.following = true;
    setFollowing(true);
    settle();
  };

  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) return undefined;
    const ended = new AbortController();
    const byPerson = watchGestures(element, ended.signal);
    const scrolled = (): void => {
      const now = measure(element, state.current.anchor);
      const { lastTop, following: followed } = state.current;
      state.current.following = followed ? !byPerson() || stillFollows(lastTop, now) : isThere(now);
      state.current.lastTop = now.scrollTop;
      setFollowing(state.current.following);
    };
    const sizes = new ResizeObserver(settle);
    sizes.observe(element);
    sizes.observe(content);
    element.addEventListener('scroll', scrolled, { passive: true, signal: ended.signal });
    return () => {
      sizes.disconnect();
      ended.abort();
    };
  }, []);

  useEffect(() => {
    if (state.current.anchor === anchor) return;
    state.current.anchor = anchor;
    jump();
  }, [anchor]);

  return { following, jump };
}
