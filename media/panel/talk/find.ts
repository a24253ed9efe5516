/** Words that are looked for, in the page: where they stand is marked, and what is to be shown comes into sight. */

/** Names of the marks in the styles: everywhere, and in the part that is shown. */
const MARKS = { all: 'found', now: 'found-now' } as const;

/** Frames in which a part that was brought into sight has to stay in its place, and most that are waited for. */
const STILL_FRAMES = 3;
const FRAMES_MAX = 40;

/** A part of the conversation by its name: an entry among others, or one that has a row of its own. */
const partNamed = (name: string): HTMLElement | null => {
  const exact = CSS.escape(name);
  return (
    document.querySelector(`.flow [data-entry="${exact}"]`) ?? document.querySelector(`[data-row="${exact}"]`)
  );
};

/** The part that is read now: the first that does not end above what is in sight. */
export function partInSight(): string | undefined {
  const edge = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
  const parts = [...document.querySelectorAll<HTMLElement>('.flow [data-entry], .talk-row')];
  const { entry, row } = parts.find((part) => part.getBoundingClientRect().bottom > edge)?.dataset ?? {};
  return entry ?? row;
}

/** Where `words` stand below `part`, but for what only screen readers are told. */
function rangesIn(part: Element, words: string): Range[] {
  const found: Range[] = [];
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode as Text;
    const text = node.data.toLowerCase();
    // Some letters have another length in small: then places do not fit.
    if (text.length !== node.data.length || node.parentElement?.closest('.unseen')) continue;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      found.push(range);
    }
  }
  return found;
}

const isFolded = ({ startContainer: { parentElement: element } }: Range): boolean =>
  element?.closest('summary') === null && element.closest('details:not([open])') !== null;

/** Marks `words` in all parts that are in the page, most in the one named `at`. */
function mark(words: string, at: string | undefined): void {
  const now = at === undefined ? null : partNamed(at);
  for (const part of document.querySelectorAll('[data-found]'))
    if (part !== now) delete (part as HTMLElement).dataset['found'];
  if (now) now.dataset['found'] = '';
  const parts = [...document.querySelectorAll('.conversation, .story')];
  CSS.highlights.set(
    MARKS.all,
    new Highlight(...(words === '' ? [] : parts.flatMap((part) => rangesIn(part, words)))),
  );
  CSS.highlights.set(MARKS.now, new Highlight(...(now && words !== '' ? rangesIn(now, words) : [])));
}

/** Marks `words` for as long as nobody calls what it gives back, also in what comes to be drawn. */
export function keepMarked(words: string, at: string | undefined): () => void {
  let frame = 0;
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => mark(words, at));
  };
  const drawn = new MutationObserver(soon);
  const flow = document.querySelector('.flow');
  if (flow) drawn.observe(flow, { childList: true, characterData: true, subtree: true });
  mark(words, at);
  return () => {
    drawn.disconnect();
    cancelAnimationFrame(frame);
    mark('', undefined);
  };
}

/** Opens what hides the words of a part; gives back what closes it again. */
function unfold(part: HTMLElement, words: string): () => void {
  const ranges = rangesIn(part, words);
  if (ranges.some((range) => !isFolded(range))) return () => undefined;
  const folds = [part, ...part.querySelectorAll('details')].filter(
    (fold): fold is HTMLDetailsElement => fold instanceof HTMLDetailsElement && !fold.open,
  );
  for (const fold of folds) fold.open = true;
  return () => {
    for (const fold of folds) if (!fold.contains(document.activeElement)) fold.open = false;
  };
}

/** Brings the part named `at` into sight, once it is drawn, and keeps it there while what is above it finds its height. `onMove` is called before the page moves. */
export function bringIntoSight(at: string, words: string, onMove: () => void): () => void {
  let frame = 0;
  let still = 0;
  let top: number | undefined;
  let fold: (() => void) | undefined;
  const look = (left: number): void => {
    const part = partNamed(at);
    if (part) {
      fold ??= unfold(part, words);
      const [first] = rangesIn(part, words).filter((range) => !isFolded(range));
      onMove();
      (first?.startContainer.parentElement ?? part).scrollIntoView({ block: 'center' });
      const now = part.getBoundingClientRect().top;
      still = top !== undefined && Math.abs(now - top) < 1 ? still + 1 : 0;
      top = now;
    }
    if (still < STILL_FRAMES && left > 0) frame = requestAnimationFrame(() => look(left - 1));
  };
  frame = requestAnimationFrame(() => look(FRAMES_MAX));
  return () => {
    cancelAnimationFrame(frame);
    fold?.();
  };
}
