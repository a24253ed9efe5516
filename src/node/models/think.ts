/** Thinking that a server leaves in the text, between tags at its beginning: it is no answer, and does not go back. */

const TAGS = ['<think>', '<thought>'] as const;

export interface Thinking {
  /** Takes the next piece of text. */
  add(piece: string): Split;
  /** What was held back at the end. */
  end(): Split;
}

export interface Split {
  readonly said: string;
  readonly thought: string;
}

const NOTHING: Split = { said: '', thought: '' };

/** Splits streamed text. What may yet become a tag is held back until it is one or is not. */
export function createThinking(): Thinking {
  let held = '';
  let close: string | undefined;
  let open = true;

  const begin = (): Split => {
    const start = held.trimStart();
    const tag = TAGS.find((each) => start.startsWith(each));
    if (tag !== undefined) {
      close = tag.replace('<', '</');
      held = start.slice(tag.length);
      return within();
    }
    if (TAGS.some((each) => each.startsWith(start))) return NOTHING;
    return say();
  };
  const within = (): Split => {
    const end = held.indexOf(close ?? '');
    if (end < 0) {
      const safe = Math.max(0, held.length - (close?.length ?? 0));
      const thought = held.slice(0, safe);
      held = held.slice(safe);
      return { said: '', thought };
    }
    const thought = held.slice(0, end);
    held = held.slice(end + (close?.length ?? 0)).trimStart();
    close = undefined;
    return { thought, said: say().said };
  };
  const say = (): Split => {
    open = false;
    const said = held;
    held = '';
    return { said, thought: '' };
  };

  return {
    add: (piece) => {
      if (!open) return { said: piece, thought: '' };
      held += piece;
      return close === undefined ? begin() : within();
    },
    end: () => {
      const rest = held;
      held = '';
      if (close !== undefined) return { said: '', thought: rest };
      return { said: rest, thought: '' };
    },
  };
}

/** Text whose beginning is thinking that was opened in the prompt, so that only the closing tag came. */
export function splitUnopened(text: string): Split {
  const end = text.indexOf('</think>');
  if (end < 0 || text.includes('<think>')) return { said: text, thought: '' };
  return { thought: text.slice(0, end).trim(), said: text.slice(end + '</think>'.length).trimStart() };
}
