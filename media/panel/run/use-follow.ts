import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isThere, placeToBe, type Measure } from '../state/follow.ts';

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

/**
 * Keeps a growing page at its end, or at the beginning of the part that `anchor` selects, for as long as the person
 * has not scrolled away.
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, anchor: string): Follow {
  const [following, setFollowing] = useState(true);
  const state = useRef({ following: true, anchor });
  const jump = (): void => {
    const element = scroller.current;
    if (element) element.scrollTop = placeToBe(measure(element, state.current.anchor));
    state.current.following = true;
    setFollowing(true);
  };

  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) return undefined;
    const settle = (): void => {
      if (state.current.following) element.scrollTop = placeToBe(measure(element, state.current.anchor));
    };
    const scrolled = (): void => {
      state.current.following = isThere(measure(element, state.current.anchor));
      setFollowing(state.current.following);
    };
    const sizes = new ResizeObserver(settle);
    sizes.observe(element);
    sizes.observe(content);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, []);

  useEffect(() => {
    if (state.current.anchor === anchor) return;
    state.current.anchor = anchor;
    jump();
  }, [anchor]);

  return { following, jump };
}
