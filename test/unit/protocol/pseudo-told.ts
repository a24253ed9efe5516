/** What is told, in a language in which every letter of ours is marked. */
import { TOLD } from '../../../src/protocol/told-patterns.ts';
import { toldIn } from '../../../src/protocol/told-why.ts';
import { TOLD_WHYS } from '../../../src/protocol/told-whys.ts';
import { pseudo } from '../../support/l10n/tables.mjs';

const marked = Object.fromEntries([...TOLD, ...TOLD_WHYS].map((text) => [text, pseudo(text)]));
const { told } = toldIn(marked, { told: TOLD, whys: TOLD_WHYS });

const wordsIn = (text: string): readonly string[] => text.match(/[A-Za-z]+/gu) ?? [];

/** Words of a recorded text that are shown as they were recorded and are not in `data`: ours, which no pattern fits. */
export function leftInEnglish(text: string, data: string): readonly string[] {
  const theirs = new Set(wordsIn(data));
  return wordsIn(told(text)).filter((word) => !theirs.has(word));
}
