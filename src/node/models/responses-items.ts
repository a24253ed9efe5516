/** The items of a response as its events build them, by servers that number them well, doubly, or not at all. */
import { list, number, record, text, type Loose } from './loose.ts';
import type { Heard } from './openai-reply.ts';

export interface Item {
  readonly type: 'message' | 'reasoning' | 'function_call';
  readonly text: string;
  readonly refusal: string;
  readonly reasoning: string;
  readonly callId: string;
  readonly name: string;
  readonly args: string;
  /** For reasoning: whether somebody could read it when it is sent back. */
  readonly readable: boolean;
  /** The item as it may be sent back; empty for a call. */
  readonly back: Loose;
}

export interface Items {
  /** Takes one event. */
  add(type: string, event: Loose): Heard;
  /** Takes the whole output of a response that ended: what events did not bring. */
  end(output: readonly unknown[]): Heard;
  take(): readonly Item[];
}

interface Slot {
  readonly id: string;
  readonly index: number | undefined;
  type: string;
  /** What the deltas brought. */
  text: string;
  refusal: string;
  reasoning: string;
  args: string;
  /** The item as it was last told whole. */
  raw: Loose;
  done: boolean;
}

const NOTHING: Heard = { text: '', chars: 0 };

/** Which field of an item a delta goes on, by the end of its event's name. */
const DELTAS: Readonly<Record<string, 'text' | 'refusal' | 'reasoning' | 'args'>> = {
  'response.output_text.delta': 'text',
  'response.refusal.delta': 'refusal',
  'response.reasoning_summary_text.delta': 'reasoning',
  'response.reasoning_text.delta': 'reasoning',
  'response.function_call_arguments.delta': 'args',
};
const TYPES = { text: 'message', refusal: 'message', reasoning: 'reasoning', args: 'function_call' } as const;

export function createItems(): Items {
  const slots: Slot[] = [];

  const heard = (field: 'text' | 'refusal' | 'reasoning' | 'args', said: string): Heard => ({
    text: field === 'text' || field === 'refusal' ? said : '',
    chars: said.length,
  });
  const delta = (field: keyof typeof TYPES, event: Loose): Heard => {
    const said = text(event['delta']) ?? '';
    const slot = slotFor(slots, event, TYPES[field]) ?? opened(slots, event, { type: TYPES[field] });
    slot[field] += said;
    return heard(field, said);
  };
  /** A whole item: what of its text was not heard piece by piece is heard now. */
  const whole = (event: Loose, raw: Loose): Heard => {
    const type = text(raw['type']) ?? '';
    const slot =
      slotFor(slots, { ...event, item_id: raw['id'] }, type) ?? opened(slots, event, { type, id: raw['id'] });
    const before = shownOf(itemOf(slot));
    slot.raw = raw;
    slot.type = type;
    slot.done = true;
    const after = shownOf(itemOf(slot));
    return before === '' && after !== '' ? { text: after, chars: after.length } : NOTHING;
  };

  return {
    add: (type, event) => {
      const field = DELTAS[type];
      if (field !== undefined) return delta(field, event);
      const item = record(event['item']);
      if (type === 'response.output_item.added' && item !== undefined) {
        opened(slots, event, item);
        return NOTHING;
      }
      if (type === 'response.output_item.done' && item !== undefined) return whole(event, item);
      return NOTHING;
    },
    end: (output) => {
      const told = output.map(record).filter((item) => item !== undefined);
      const isTold = (item: Loose, index: number): boolean =>
        slots.some(
          (slot) => slot.done && (slot.index === index || (slot.id !== '' && slot.id === item['id'])),
        );
      if (slots.length > 0 && slots.every((slot) => slot.done)) return NOTHING;
      const said = told.map((item, index) =>
        isTold(item, index) ? NOTHING : whole({ output_index: index }, item),
      );
      return {
        text: said.map((each) => each.text).join(''),
        chars: said.reduce((sum, each) => sum + each.chars, 0),
      };
    },
    take: () => slots.map(itemOf).filter((item) => item !== undefined),
  };
}

/** The item that an event goes on: by id, else by number, else the last of its kind; never one that is whole. */
function slotFor(slots: readonly Slot[], event: Loose, type: string): Slot | undefined {
  const id = text(event['item_id']) ?? '';
  const index = number(event['output_index']);
  const open = slots.filter((slot) => !slot.done && slot.type === type);
  return (
    (id === '' ? undefined : open.find((slot) => slot.id === id)) ??
    (index === undefined ? open.at(-1) : open.find((slot) => slot.index === index))
  );
}

function opened(slots: Slot[], event: Loose, item: Loose): Slot {
  const slot: Slot = {
    id: text(item['id']) ?? text(event['item_id']) ?? '',
    index: number(event['output_index']),
    type: text(item['type']) ?? '',
    text: '',
    refusal: '',
    reasoning: '',
    args: '',
    raw: item,
    done: false,
  };
  slots.push(slot);
  return slot;
}

const shownOf = (item: Item | undefined): string => (item === undefined ? '' : item.text + item.refusal);

/** What an item holds: what it says whole, else what its deltas brought. Kinds that nobody asked for are left out. */
function itemOf(slot: Slot): Item | undefined {
  const { raw, type } = slot;
  const parts = list(raw['content']).map((part) => record(part) ?? {});
  const of = (kind: string, field: string): string =>
    parts
      .filter((part) => part['type'] === kind)
      .map((part) => text(part[field]) ?? '')
      .join('');
  const none = {
    text: '',
    refusal: '',
    reasoning: '',
    callId: '',
    name: '',
    args: '',
    readable: false,
    back: {},
  };
  switch (type) {
    case 'message':
      return {
        ...none,
        type,
        text: of('output_text', 'text') || slot.text,
        refusal: of('refusal', 'refusal') || slot.refusal,
        back: messageBack(raw),
      };
    case 'reasoning':
      return {
        ...none,
        type,
        reasoning: summaryOf(raw) || of('reasoning_text', 'text') || slot.reasoning,
        readable: text(raw['encrypted_content']) !== undefined || parts.length > 0,
        back: without(raw, ['status']),
      };
    case 'function_call':
      return {
        ...none,
        type,
        callId: text(raw['call_id']) ?? '',
        name: text(raw['name']) ?? '',
        args: argumentsOf(raw['arguments']) || slot.args,
      };
    default:
      return undefined;
  }
}

const argumentsOf = (value: unknown): string =>
  text(value) ?? (record(value) === undefined ? '' : JSON.stringify(value));

const summaryOf = (raw: Loose): string =>
  list(raw['summary'])
    .map((part) => text(record(part)?.['text']) ?? '')
    .join('\n\n');

const messageBack = (raw: Loose): Loose => ({
  ...without(raw, ['content']),
  content: list(raw['content']).map((part) => without(record(part) ?? {}, ['logprobs'])),
});

const without = (item: Loose, fields: readonly string[]): Loose =>
  Object.fromEntries(Object.entries(item).filter(([field]) => !fields.includes(field)));
