/** What a person reads stays where it is on the screen while parts above it come, go and change their heights. */

export interface Place {
  /** Remembers what is read now: after a person scrolled, and after `keep`. */
  hold(): void;
  /** Puts it back where it was. A page that follows its end, or what is gone, is left alone. */
  keep(): void;
}

/** Parts that may be held, from small to large: a row may be longer than the window. */
const PARTS = '.talk-row .tool, .talk-row .said, .talk-row';

/** Least that counts as movement, in pixels: browsers round. */
const STILL = 0.5;

/** Works on the scrolling element around the rows that `list` gives, if they are in the page. */
export function createPlace(list: () => HTMLElement | null): Place {
  let held: { readonly part: Element; readonly top: number } | undefined;
  const scrollerOf = (element: HTMLElement | null): HTMLElement | null =>
    element?.closest<HTMLElement>('.scroller') ?? null;
  return {
    hold() {
      const rows = list();
      const scroller = scrollerOf(rows);
      if (!rows || !scroller) return;
      const { top: edge, bottom } = scroller.getBoundingClientRect();
      held = undefined;
      for (const part of rows.querySelectorAll(PARTS)) {
        const top = part.getBoundingClientRect().top - edge;
        if (top < 0) held = { part, top };
        else {
          // The first that begins in sight is what is read; before that, whatever the edge cuts through.
          if (top < bottom - edge) held = { part, top };
          return;
        }
      }
    },
    keep() {
      const scroller = scrollerOf(list());
      if (!scroller || held?.part.isConnected !== true || scroller.dataset['following'] === 'true') return;
      const top = held.part.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      if (Math.abs(top - held.top) > STILL) scroller.scrollTop += top - held.top;
    },
  };
}
