/** Tool calls from streamed pieces, by servers that number them well, doubly, or not at all. */
import type { ToolCall } from '../../core/models/contract.ts';
import { list, number, record, text, type Loose } from './loose.ts';

interface Piece {
  readonly index: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly args: string;
  readonly extra: Loose | undefined;
}

interface Slot {
  readonly index: number | undefined;
  id: string;
  name: string;
  args: string;
  extra: Loose | undefined;
}

/** A call, and what its server wants back with it. */
interface TakenCall {
  readonly call: ToolCall;
  readonly extra: Loose | undefined;
}

export interface ToolCalls {
  /** Takes the `tool_calls` of one piece; returns how many characters they brought. */
  add(pieces: readonly unknown[]): number;
  count(): number;
  /** The calls, each with an id of its own. `cut`: the reply was cut, so a call without whole arguments is dropped. */
  take(reply: { readonly turn: number; readonly cut: boolean }): readonly TakenCall[];
}

export function createToolCalls(): ToolCalls {
  const slots: Slot[] = [];
  return {
    add: (pieces) => {
      let chars = 0;
      for (const piece of pieces.map(pieceOf)) {
        const slot = slotFor(slots, piece) ?? opened(slots, piece);
        slot.id ||= piece.id;
        if (slot.name === '' || (slot.args === '' && slot.name !== piece.name)) slot.name += piece.name;
        slot.args += piece.args;
        slot.extra ??= piece.extra;
        chars += piece.name.length + piece.args.length;
      }
      return chars;
    },
    count: () => slots.filter((slot) => slot.name !== '').length,
    take: ({ turn, cut }) => {
      const called = slots.filter((slot, at) => slot.name !== '' && !isEcho(slot, slots[at - 1]));
      const whole = cut ? called.filter((slot) => isWhole(slot.args)) : called;
      const ids = new Set<string>();
      return whole.map((slot, position) => {
        const id = slot.id === '' || ids.has(slot.id) ? `call_${turn}_${position + 1}` : slot.id;
        ids.add(id);
        return { call: { id, name: slot.name, arguments: slot.args }, extra: slot.extra };
      });
    },
  };
}

function pieceOf(raw: unknown): Piece {
  const call = record(raw);
  const what = record(call?.['function']);
  const args = what?.['arguments'];
  return {
    index: number(call?.['index']),
    id: text(call?.['id']) ?? '',
    name: text(what?.['name']) ?? '',
    args: text(args) ?? ((record(args) ?? list(args).length > 0) ? JSON.stringify(args) : ''),
    extra: record(call?.['extra_content']),
  };
}

/** The call that a piece continues: by id, else by index, else the last one. */
function slotFor(slots: readonly Slot[], piece: Piece): Slot | undefined {
  const same =
    piece.index === undefined
      ? piece.id === ''
        ? slots.at(-1)
        : slots.findLast((slot) => slot.id === piece.id)
      : slots.findLast((slot) => slot.index === piece.index);
  return same !== undefined && !begins(piece, same) ? same : undefined;
}

/**
 * Whether a piece that seems to continue a call begins another. Gemini numbers all calls 0 and gives each an id; some servers give
 * neither; vLLM has given every piece a new id. So whole arguments end a call, and a new id alone does not begin one.
 */
function begins(piece: Piece, slot: Slot): boolean {
  const otherId = piece.id !== '' && slot.id !== '' && piece.id !== slot.id;
  if (isWhole(slot.args)) return otherId || piece.name !== '';
  return otherId && piece.name !== '' && slot.args === '';
}

function opened(slots: Slot[], piece: Piece): Slot {
  const slot: Slot = { index: piece.index, id: piece.id, name: '', args: '', extra: undefined };
  slots.push(slot);
  return slot;
}

/** A server that repeats the name in a last, empty piece means no second call. */
const isEcho = (slot: Slot, before: Slot | undefined): boolean =>
  before !== undefined && slot.args === '' && slot.name === before.name && slot.id === before.id;

/** Whether arguments are one JSON object. */
export function isWhole(args: string): boolean {
  try {
    return record(JSON.parse(args)) !== undefined;
  } catch {
    return false;
  }
}
