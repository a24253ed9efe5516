import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from './use-panel.ts';

/** Tells who listens the lines that have come; those that were there with their part of the page are no news. */
export function useNews(lines: readonly string[]): void {
  const { announce } = usePanel();
  const told = useRef(lines);
  useEffect(() => {
    announce(lines.filter((line) => !told.current.includes(line)).join('. '));
    told.current = lines;
  }, [lines.join('\n')]);
}
