import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Seen } from '../state/reading.ts';
import { createNotes, watchGestures } from './scrolling.ts';
import { isInPlace, putInPlace, seenIn } from './seen.ts';

/** Begins what scrolls at what was `seen`, holds it there until a person scrolls, and writes down what they read then. */
export function usePlace(seen: Signal<Seen | undefined>): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef(seen.peek());
  const settle = (): void => {
    if (box.current && held.current) putInPlace(box.current, held.current);
  };
  // Before the page is painted: nobody sees it move.
  useLayoutEffect(settle, []);
  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (!element || !content) return undefined;
    const ended = new AbortController();
    const byPerson = watchGestures(element, element, ended.signal);
    const notes = createNotes(seen);
    const moved = (): void => {
      // What is drawn later, such as the graph, is not there to be scrolled to at once.
      if (held.current && (!byPerson() || isInPlace(element, held.current))) return;
      held.current = undefined;
      notes.later(() => (element.scrollTop === 0 ? undefined : seenIn(element)));
    };
    element.addEventListener('scroll', moved, { passive: true, signal: ended.signal });
    const sizes = new ResizeObserver(settle);
    sizes.observe(content);
    return () => {
      notes.end();
      sizes.disconnect();
      ended.abort();
    };
  }, []);
  return box;
}
