/** Keeps the focus where it is used: a button may go, or be disabled, by what it does. */

/** What is around the part that has the focus, nearest first. */
function around(part: Element, root: HTMLElement): readonly HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let each = part.parentElement; each !== null && each !== root; each = each.parentElement)
    found.push(each);
  return found;
}

/** The focus for once, with the mark of it for as long as it stays. */
function take(place: HTMLElement): void {
  if (!place.hasAttribute('tabindex')) {
    place.tabIndex = -1;
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}

/** Whoever pressed what is gone goes on in what was around it, unless something else has led the focus on meanwhile. */
export function keepFocus(root: HTMLElement): void {
  const page = root.ownerDocument;
  let last: { readonly part: Element; readonly around: readonly HTMLElement[] } | undefined;
  root.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = { part: target, around: around(target, root) };
  });
  const look = (): void => {
    const now = page.activeElement;
    const isLost = now === page.body || now?.matches(':disabled') === true;
    if (!isLost || last === undefined || (last.part.isConnected && !last.part.matches(':disabled'))) return;
    const place = last.around.find((each) => each.isConnected);
    if (place) take(place);
  };
  // Two frames: in the first what belongs to the button, such as the form that it opens, takes the focus by itself.
  root.addEventListener('click', () => requestAnimationFrame(() => requestAnimationFrame(look)));
}
