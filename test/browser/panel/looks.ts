/** How a page looks that is drawn. */
import type { Page } from 'playwright-core';

/** Parts that are wider inside than outside. */
export const overflowing = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root, .scroller, .side, .dock, .start, .needs, .run-head')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map((part) => `${part.className} ${part.scrollWidth} > ${part.clientWidth}`),
  );

/** Opens whatever is folded. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
