/** What servers of Chat Completions want back with a turn: OpenRouter its `reasoning_details`, Gemini the signatures of its thoughts. */
import { list, record, text, type Loose } from './loose.ts';

export interface ChatKept {
  /** Takes one delta, or a whole message. */
  add(delta: Loose): void;
  take(): readonly unknown[];
}

/** Fields of a detail that grow while it is streamed. */
const GROWING = ['text', 'summary', 'data'] as const;

export function createChatKept(): ChatKept {
  const details: Record<string, unknown>[] = [];
  let extra: Loose | undefined;
  return {
    add: (delta) => {
      for (const piece of list(delta['reasoning_details'])) {
        const detail = record(piece);
        if (detail !== undefined) grow(details, detail);
      }
      extra = record(delta['extra_content']) ?? extra;
    },
    take: () => [
      ...(details.length > 0 ? [{ reasoning_details: details }] : []),
      ...(extra === undefined ? [] : [{ extra_content: extra }]),
    ],
  };
}

/** A piece goes on the detail before it where both are of one kind and number; encrypted ones stand alone. */
function grow(details: Record<string, unknown>[], piece: Loose): void {
  const last = details.at(-1);
  const isSame =
    last !== undefined &&
    last['type'] === piece['type'] &&
    last['index'] === piece['index'] &&
    piece['type'] !== 'reasoning.encrypted';
  if (!isSame) {
    details.push({ ...piece });
    return;
  }
  for (const [field, value] of Object.entries(piece)) {
    const grows = GROWING.some((each) => each === field);
    if (grows) last[field] = (text(last[field]) ?? '') + (text(value) ?? '');
    else if (value !== null && value !== undefined) last[field] = value;
  }
}

/** What Gemini takes for a signature where another model made the call. */
const UNSIGNED = { google: { thought_signature: 'skip_thought_signature_validator' } };

interface Back {
  /** Fields of the message. */
  readonly message: Loose;
  /** Fields of a call. */
  readonly call: (id: string, at: number) => Loose;
}

/** What was kept, as it goes back. `signed`: the server wants a signature with the first call of each turn. */
export function chatBack(kept: readonly unknown[], { signed }: { readonly signed: boolean }): Back {
  const items = kept.map((item) => record(item) ?? {});
  const fields = items.filter((item) => item['call'] === undefined);
  return {
    message: Object.assign({}, ...fields) as Loose,
    call: (id, at) => {
      const extra = items.find((item) => item['call'] === id)?.['extra_content'];
      if (extra !== undefined) return { extra_content: extra };
      return signed && at === 0 ? { extra_content: UNSIGNED } : {};
    },
  };
}

/** Reasoning that stands in parts of the content, as Mistral sends it. */
export const thinkingParts = (content: unknown): string =>
  list(content)
    .map((part) => record(part) ?? {})
    .filter((part) => part['type'] === 'thinking')
    .flatMap((part) => list(part['thinking']).map((each) => text(record(each)?.['text']) ?? ''))
    .join('');
