import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** For a text box that a button opens: whoever opens it goes on there. One that is there when the page is, as after a reload, takes nothing. */
export function useOpened(open: boolean): RefObject<HTMLTextAreaElement | null> {
  const box = useRef<HTMLTextAreaElement>(null);
  const was = useRef(open);
  useLayoutEffect(() => {
    if (open && !was.current) box.current?.focus();
    was.current = open;
  }, [open]);
  return box;
}
