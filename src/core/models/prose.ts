/** Live text for people, without the tool calls that a model writes into it. */

export interface Prose {
  add(piece: string): void;
  /** Says what was held back, where it was no call after all. */
  end(isCall: boolean): void;
}

/** Beginnings of blocks that may be calls. */
const OPENINGS = [
  '<tool_call',
  '<function_call',
  '<toolcall',
  '<function=',
  '[TOOL_CALLS]',
  '```json',
  '```tool',
  '```function',
];

/** From what may be a call on, everything is held back until the end: a call is the last that a reply says. */
export function createProse(say: (text: string) => void): Prose {
  let held = '';
  let holds = false;
  let said = false;
  const tell = (text: string): void => {
    if (text === '') return;
    said ||= text.trim() !== '';
    say(text);
  };
  return {
    add: (piece) => {
      held += piece;
      if (holds) return;
      const at = openingIn(held, said);
      holds = at.sure;
      tell(held.slice(0, at.index));
      held = held.slice(at.index);
    },
    end: (isCall) => {
      if (!isCall) tell(held);
      held = '';
    },
  };
}

/** Where the text to hold back begins: at an opening (`sure`), or at its last characters where they may become one. */
function openingIn(text: string, said: boolean): { readonly index: number; readonly sure: boolean } {
  if (!said && /^\s*[{[]/.test(text)) return { index: 0, sure: true };
  if (!said && text.trim() === '') return { index: 0, sure: false };
  const found = OPENINGS.map((opening) => text.indexOf(opening)).filter((index) => index >= 0);
  if (found.length > 0) return { index: Math.min(...found), sure: true };
  for (let index = Math.max(0, text.length - 15); index < text.length; index += 1) {
    const tail = text.slice(index);
    if (OPENINGS.some((opening) => opening.startsWith(tail))) return { index, sure: false };
  }
  return { index: text.length, sure: false };
}
