/** How soon a box of a page takes what a person types. */
import type { Page } from 'playwright-core';
import { until } from '../support/drive.mjs';

const THERE = 'quartetBoxIsThere';
const TAKEN = 'quartetKeyIsTaken';

/** Types into the box that `selector` names as soon as a document of the window has it. Call once, before the document comes. */
export async function typesAtOnce(page: Page, selector: string): Promise<{ taken(): Promise<number> }> {
  const taken: number[] = [];
  await page.exposeBinding(THERE, () => page.keyboard.press('k'));
  await page.exposeBinding(TAKEN, (_, ms: number) => taken.push(ms));
  await page.addInitScript(watchBox, { selector, there: THERE, taken: TAKEN });
  return {
    /** Milliseconds from the next document's first byte until the key stood in its box and the page had drawn it. */
    taken: () => until('the box takes a key', () => taken.shift(), 60_000),
  };
}

type Bound = Readonly<Record<string, (ms?: number) => void>>;

/** Runs in every document, and goes on in one that the editor writes into. */
function watchBox({
  selector,
  there,
  taken,
}: Readonly<Record<'selector' | 'there' | 'taken', string>>): void {
  // Pages of ours are frames of the window.
  if (window.parent === window) return;
  const bound = window as unknown as Bound;
  const look = (): void => {
    const box = document.querySelector<HTMLTextAreaElement>(selector);
    if (!box) {
      setTimeout(look, 5);
      return;
    }
    box.addEventListener(
      'input',
      () => {
        requestAnimationFrame(() => setTimeout(() => bound[taken]?.(performance.now()), 0));
      },
      { once: true },
    );
    box.focus();
    bound[there]?.();
  };
  look();
}
