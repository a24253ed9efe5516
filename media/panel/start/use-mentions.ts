import { useEffect, useRef } from 'preact/hooks';
import { lookedFor, typedMention } from '../../../src/protocol/mentions.ts';
import { useOffer, type Offer } from '../parts/offer.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { offersFor, withMention, type Offered } from '../state/mentions.ts';

/** Milliseconds after the last letter before files are looked for. */
const WAIT_MS = 120;

/** Completes the mention before the caret; `put` replaces the text. */
export function useMentions(
  goal: string,
  caret: number,
  put: (text: string, caret: number) => void,
): Offer<Offered> {
  const { mentions, post } = usePanel();
  const token = useRef(0);
  const typed = typedMention(goal, caret);
  const sign = typed?.sign;
  const query = typed && lookedFor(typed);
  useEffect(() => {
    if (sign === undefined || query === undefined) return undefined;
    const timer = setTimeout(() => {
      token.current += 1;
      post({ type: 'mention.find', token: token.current, sign, query });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [sign, query]);
  const answer = mentions.value;
  const found = query !== undefined && answer?.token === token.current ? answer.found : [];
  return useOffer(offersFor(typed, found), ({ text }) => {
    if (typed === undefined) return;
    const next = withMention(goal, typed, text);
    put(next.draft, next.caret);
  });
}
