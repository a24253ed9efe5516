/** What of the page is read, by names that its parts have again after a reload. */
import { PART_KINDS, type Seen } from '../state/reading.ts';

/** Named parts of what scrolls, outer ones first. What folds within a row goes by the row's own names. */
const PARTS = '[data-entry], [data-row], [data-fold]:not(.talk-row [data-fold])';

/** Least that counts as movement, in pixels: browsers round. */
const STILL = 1;

/** What is read in `box`: where all of the page scrolls, what stands beside the talk has no place of its own. */
const contentOf = (box: HTMLElement): HTMLElement => box.querySelector<HTMLElement>('.flow') ?? box;

const edgeOf = (box: HTMLElement): number => box.getBoundingClientRect().top;

/** The smallest part that the upper edge of `box` cuts through; where it cuts through none the first below it. */
export function seenIn(box: HTMLElement): Seen | undefined {
  const edge = edgeOf(box);
  let read: { readonly part: HTMLElement; readonly offset: number } | undefined;
  for (const part of contentOf(box).querySelectorAll<HTMLElement>(PARTS)) {
    const { top, bottom } = part.getBoundingClientRect();
    if (bottom <= edge || !part.checkVisibility()) continue;
    if (top <= edge || read === undefined) read = { part, offset: top - edge };
    if (top > edge) break;
  }
  if (read === undefined) return undefined;
  const { part, offset } = read;
  const kind = PART_KINDS.find((each) => part.dataset[each] !== undefined);
  return kind && { kind, part: part.dataset[kind] ?? '', offset };
}

/** How far `seen` is from its place, in pixels; undefined where the page has no such part. */
function awayFrom(box: HTMLElement, { kind, part, offset }: Seen): number | undefined {
  const element = contentOf(box).querySelector(`[data-${kind}="${CSS.escape(part)}"]`);
  return element ? element.getBoundingClientRect().top - edgeOf(box) - offset : undefined;
}

/** Whether `seen` is where it was. */
export const isInPlace = (box: HTMLElement, seen: Seen): boolean =>
  Math.abs(awayFrom(box, seen) ?? Infinity) <= STILL;

/** Scrolls so that `seen` is where it was; false where the page has no such part. */
export function putInPlace(box: HTMLElement, seen: Seen): boolean {
  const away = awayFrom(box, seen);
  if (away === undefined) return false;
  if (Math.abs(away) > STILL) box.scrollTop += away;
  return true;
}
