import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';

/** A list of things that complete what is being typed. */
export interface Offer<T> {
  readonly found: readonly T[];
  readonly at: number;
  pick(item: T): void;
  /** Whether the key was for the offer. */
  key(event: KeyboardEvent): boolean;
  /** Shows the list again, from its beginning, after something was typed. */
  look(): void;
}

/** `found` is what fits now; nothing is offered after Escape until something is typed. */
export function useOffer<T>(found: readonly T[], picked: (item: T) => void): Offer<T> {
  const [closed, setClosed] = useState(false);
  const [place, setAt] = useState(0);
  const shown = closed ? [] : found;
  const at = Math.min(place, Math.max(0, shown.length - 1));
  const pick = (item: T | undefined): void => {
    setClosed(true);
    if (item !== undefined) picked(item);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt((at + 1) % shown.length),
    ArrowUp: () => setAt((at + shown.length - 1) % shown.length),
    Enter: () => pick(shown[at]),
    Tab: () => pick(shown[at]),
    Escape: () => setClosed(true),
  };
  return {
    found: shown,
    at,
    pick,
    look() {
      setClosed(false);
      setAt(0);
    },
    key(event) {
      const withModifier = event.ctrlKey || event.metaKey || event.shiftKey;
      const act = shown.length === 0 || event.isComposing || withModifier ? undefined : keys[event.key];
      if (act === undefined) return false;
      event.preventDefault();
      act();
      return true;
    },
  };
}

interface OfferListProps<T> {
  readonly offer: Offer<T>;
  readonly label: string;
  readonly id: string;
  readonly children: (item: T) => ComponentChildren;
}

/** The list, below or above its box. The box keeps the focus and names the chosen entry. */
export function OfferList<T>({ offer, label, id, children }: OfferListProps<T>): VNode | null {
  if (offer.found.length === 0) return null;
  return (
    <ul class="offer-list" role="listbox" id={id} aria-label={label} data-testid="offer-list">
      {offer.found.map((item, index) => (
        <li
          key={index}
          id={`${id}-${index}`}
          role="option"
          class="list-row"
          aria-selected={index === offer.at}
          onMouseDown={(event) => {
            event.preventDefault();
            offer.pick(item);
          }}
        >
          {children(item)}
        </li>
      ))}
    </ul>
  );
}

/** What a box says of the list beside it. */
export const comboAria = <T,>(offer: Offer<T>, id: string) =>
  offer.found.length === 0 ? {} : { controls: id, active: `${id}-${offer.at}` };
