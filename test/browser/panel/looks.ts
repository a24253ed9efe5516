/** How a page looks that is drawn. */
import type { Page } from 'playwright-core';

/** Parts that are wider inside than outside. */
export const overflowing = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root, .scroller, .side, .dock, .start, .needs, .run-head')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map((part) => `${part.className} ${part.scrollWidth} > ${part.clientWidth}`),
  );

/** Parts that a screen reader reads out when they change, but for those that say what went wrong. */
export const liveRegions = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        '[role="status"], [role="log"], [role="timer"], [role="marquee"], [aria-live]:not([aria-live="off"]), output',
      ),
    ].map((part) => (part.parentElement?.id === 'root' ? 'the one' : part.outerHTML.slice(0, 120))),
  );

/** Opens whatever is folded. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });

/** Lowest contrast of a text, or of what is drawn, with its ground, as WCAG 2.2 wants it at level AA. */
const CONTRAST_MIN = { color: 4.5, stroke: 3, fill: 3 } as const;

/**
 * Texts below `selector` that can hardly be read on what they stand on, whatever lies over what: each background is laid on the ones
 * below it. Texts that are scrolled away count, too.
 */
export const faint = (page: Page, selector: string): Promise<readonly string[]> =>
  weak(page, selector, 'color');

/** The same of the lines or areas that `selector` names; one that is not drawn at all is pale, too. */
export const pale = (page: Page, selector: string, by: 'stroke' | 'fill'): Promise<readonly string[]> =>
  weak(page, selector, by);

const weak = (page: Page, selector: string, by: keyof typeof CONTRAST_MIN): Promise<readonly string[]> =>
  page.evaluate(
    ([wanted, property, least]) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      if (canvas === null) throw new Error('No canvas to lay colours on.');
      const lay = (color: string): void => {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      };
      const light = (): number => {
        const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
          const part = byte / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const contrastOf = (part: Element): number => {
        const over: Element[] = [];
        for (let each: Element | null = part; each !== null; each = each.parentElement) over.unshift(each);
        for (const each of over) lay(getComputedStyle(each).backgroundColor);
        const ground = light();
        lay(getComputedStyle(part)[property]);
        const text = light();
        return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
      };
      const named = [...document.querySelectorAll(wanted)];
      const withText = named
        .flatMap((part) => [part, ...part.querySelectorAll('*')])
        .filter((part) =>
          [...part.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
          ),
        );
      return [...new Set(property === 'color' ? withText : named)]
        .map((part) => ({ part, contrast: contrastOf(part) }))
        .filter(({ contrast }) => contrast < least)
        .map(
          ({ part, contrast }) =>
            `${contrast.toFixed(2)} ${part.getAttribute('class') ?? ''}: ${part.textContent.trim().slice(0, 40)}`,
        );
    },
    [selector, by, CONTRAST_MIN[by]] as const,
  );
