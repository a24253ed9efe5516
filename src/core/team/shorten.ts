/** A message in fewer words: head and end of its text, and where the rest can be read. */
import type { ChatMessage, ToolCall } from '../models/contract.ts';
import { clip } from '../tools/contract.ts';
import type { Said } from './said.ts';

/** The message with its long texts cut to `chars`. Ids of calls stay, so that calls keep their results. */
export function shortened(said: Said, chars: number): ChatMessage {
  const { message } = said;
  if (message.role === 'assistant') {
    const { reasoning: _reasoning, kept: _kept, ...rest } = message;
    return {
      ...rest,
      content: clip(message.content, chars),
      toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: shortArguments(call, chars) })),
    };
  }
  if (message.content.length <= chars) return message;
  const more =
    said.kind === 'observation' ? `\n[Cut to save room. The whole text: read_more ${said.handle}]` : '';
  return { ...message, content: clip(message.content, chars) + more };
}

/** Arguments stay a JSON object: servers parse those of former calls. */
export function shortArguments({ arguments: text }: Pick<ToolCall, 'arguments'>, chars: number): string {
  if (text.length <= chars) return text;
  const value = parsed(text);
  return JSON.stringify(value === undefined ? { unreadable: clip(text, chars) } : shortValue(value, chars));
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Members beyond this many are left out of a list or object. */
const MEMBERS_MAX = 8;
/** Texts in arguments have at least so many characters, so that a path stays a path. */
const VALUE_CHARS_MIN = 120;

function shortValue(value: unknown, chars: number): unknown {
  const each = Math.max(VALUE_CHARS_MIN, Math.floor(chars / 4));
  if (typeof value === 'string') return clip(value, each);
  if (Array.isArray(value)) return value.slice(0, MEMBERS_MAX).map((member) => shortValue(member, each));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).slice(0, MEMBERS_MAX);
  return Object.fromEntries(members.map(([key, member]) => [key, shortValue(member, each)]));
}
