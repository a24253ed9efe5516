import type { Ref } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** Buttons that open the form: one of them is there again once it is closed. */
const OPENERS = '[data-testid="plan-edit"], [data-testid="plan-edit-live"]';

/**
 * Whoever begins to edit goes on in the form, and back at the button that opened it once the form is closed, unless the focus has
 * found another place by then. A form that is there when the page is, as after a reload, takes nothing. Gives back the ref of the form's place.
 */
export function useFormFocus(editing: boolean): Ref<HTMLDivElement> {
  const place = useRef<HTMLDivElement>(null);
  const was = useRef(editing);
  const moved = useRef(false);
  useLayoutEffect(() => {
    moved.current = false;
    const move = (): void => void (moved.current = true);
    document.addEventListener('focusin', move, { once: true });
    return () => {
      document.removeEventListener('focusin', move);
    };
  }, [editing]);
  // Later, as the key that opened it would go on in the form, and the button is drawn by others. Who went elsewhere meanwhile stays there.
  useEffect(() => {
    if (was.current === editing) return;
    was.current = editing;
    if (moved.current) return;
    if (editing) intoForm(place.current);
    else if (document.activeElement === document.body) document.querySelector<HTMLElement>(OPENERS)?.focus();
  }, [editing]);
  return place;
}

function intoForm(place: HTMLElement | null): void {
  const fold = place?.querySelector('details');
  if (fold) fold.open = true;
  place?.querySelector<HTMLElement>('[data-testid="task-title"]')?.focus();
}
