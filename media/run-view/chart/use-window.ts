import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The part of a scrolling element that is in sight, in pixels. */
export interface Seen {
  readonly left: number;
  readonly width: number;
}

/** What is in sight of `element`; changes as it is scrolled and resized, once a frame at most. */
export function useWindow(element: RefObject<HTMLElement | null>): Seen {
  const [seen, setSeen] = useState<Seen>({ left: 0, width: 800 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      setSeen({ left: target.scrollLeft, width: target.clientWidth });
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    const sizes = new ResizeObserver(later);
    sizes.observe(target);
    target.addEventListener('scroll', later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      target.removeEventListener('scroll', later);
    };
  }, []);
  return seen;
}
