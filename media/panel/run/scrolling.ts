/** What scrolls, whether a person does it, and what is read there. */
import type { Signal } from '@preact/signals';
import type { Seen } from '../state/reading.ts';

/** A page this low scrolls as a whole, head and dock included: as tall as the styles have it, in pixels. */
const LOW = '(max-height: 420px)';

/** What scrolls: the page's own part, or all of it. */
export const boxOf = (scroller: HTMLElement): HTMLElement =>
  (matchMedia(LOW).matches ? scroller.closest<HTMLElement>('.run') : null) ?? scroller;

/** How long after a gesture a movement of the page counts as the person's, in milliseconds. */
const GESTURE_MS = 1000;

/**
 * Watches for gestures that scroll, in what scrolls: who answers below it scrolls nothing. A press may be the beginning of a long drag of
 * the scroll bar.
 */
export function watchGestures(scroller: HTMLElement, page: HTMLElement, signal: AbortSignal): () => boolean {
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

/** How long what is read has to stay the same before it is written down, in milliseconds. */
const READ_MS = 150;

/** Writes down what is read, a moment after it is another. */
export function createNotes(seen: Signal<Seen | undefined>): {
  later(look: () => Seen | undefined): void;
  end(): void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    later(look) {
      clearTimeout(timer);
      timer = setTimeout(() => (seen.value = look()), READ_MS);
    },
    end: () => clearTimeout(timer),
  };
}
