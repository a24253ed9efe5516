import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isThere, placeToBe, stillFollows, type Measure } from '../state/follow.ts';

export interface Follow {
  readonly following: boolean;
  /** Goes where the page belongs and follows from there. */
  jump(): void;
  /** Follows no more: the page is about to show something else. */
  leave(): void;
}

/** A page this low scrolls as a whole, head and dock included: as tall as the styles have it, in pixels. */
const LOW = '(max-height: 420px)';

/** What scrolls: the page's own part, or all of it. */
const boxOf = (scroller: HTMLElement): HTMLElement =>
  (matchMedia(LOW).matches ? scroller.closest<HTMLElement>('.run') : null) ?? scroller;

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

/**
 * Watches for gestures that scroll, in what scrolls: who answers below it scrolls nothing. A press may be the beginning of a long drag of
 * the scroll bar.
 */
function watchGestures(scroller: HTMLElement, page: HTMLElement, signal: AbortSignal): () => boolean {
  let until = 0;
  const options = { passive: true, signal };
  const within = (act: () => void) => (event: Event) => {
    if (boxOf(scroller).contains(event.target as Node)) act();
  };
  const soon = within(() => (until = performance.now() + GESTURE_MS));
  for (const name of ['wheel', 'touchmove', 'keydown'] as const) page.addEventListener(name, soon, options);
  page.addEventListener(
    'pointerdown',
    within(() => (until = Infinity)),
    options,
  );
  // Wherever it ends.
  const released = (): void => void (until = Math.min(until, performance.now() + GESTURE_MS));
  page.ownerDocument.addEventListener('pointerup', released, options);
  return () => performance.now() < until;
}

/**
 * Keeps a growing page at its end, or at the beginning of the part that `anchor` selects, for as long as the person
 * has not scrolled away. `said` grows when the person says something: they see it.
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, anchor: string, said: number): Follow {
  const [following, setFollowing] = useState(true);
  const state = useRef({ following: true, anchor, lastTop: 0 });
  const settle = (): void => {
    if (!scroller.current || !state.current.following) return;
    const element = boxOf(scroller.current);
    element.scrollTop = placeToBe(measure(element, state.current.anchor));
    state.current.lastTop = element.scrollTop;
  };
  const jump = (): void => {
    state.current.following = true;
    setFollowing(true);
    settle();
  };
  const leave = (): void => {
    state.current.following = false;
    setFollowing(false);
  };

  useEffect(() => {
    const own = scroller.current;
    const content = own?.firstElementChild;
    if (!own || !content) return undefined;
    const page = own.closest<HTMLElement>('.run') ?? own;
    const ended = new AbortController();
    const byPerson = watchGestures(own, page, ended.signal);
    const scrolled = (): void => {
      const now = measure(boxOf(own), state.current.anchor);
      const { lastTop, following: followed } = state.current;
      state.current.following = followed ? !byPerson() || stillFollows(lastTop, now) : isThere(now);
      state.current.lastTop = now.scrollTop;
      setFollowing(state.current.following);
    };
    const sizes = new ResizeObserver(settle);
    sizes.observe(own);
    sizes.observe(content);
    for (const element of new Set([own, page]))
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

  const before = useRef(said);
  useEffect(() => {
    if (said > before.current) jump();
    before.current = said;
  }, [said]);

  return { following, jump, leave };
}
