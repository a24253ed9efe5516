import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { usePanel } from '../parts/use-panel.ts';
import { isAtEdge, moved, type Place } from '../state/history.ts';

export interface History {
  /** Whether the key called a goal of before. */
  key(event: KeyboardEvent): boolean;
  /** The person writes again. */
  leave(): void;
}

/** Up in the first line and Down in the last call former goals; what was being written comes back after the last. */
export function useHistory(
  input: RefObject<HTMLTextAreaElement | null>,
  put: (text: string, caret: number) => void,
): History {
  const { drafts } = usePanel();
  const place = useRef<Place>(undefined);
  const written = useRef('');
  return {
    key(event) {
      const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
      const box = input.current;
      if (by === undefined || !box || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey)
        return false;
      if (event.isComposing || !isAtEdge(box.value, box.selectionStart, by)) return false;
      const { history } = drafts.value;
      const next = moved(history, place.current, by);
      if (next === undefined) return false;
      event.preventDefault();
      if (place.current === undefined) written.current = box.value;
      place.current = next.to;
      const text = next.to === undefined ? written.current : (history[next.to] ?? '');
      put(text, text.length);
      return true;
    },
    leave() {
      place.current = undefined;
    },
  };
}
