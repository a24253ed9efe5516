/** The two APIs as one: how a reply is streamed, sent whole, and broken, in the words of the API that was asked. */
import type { ScriptReply } from '../../../src/core/models/script.ts';
import { namedEventOf, responseEventsOf, responseOf } from './responses-wire.ts';
import { DONE, chunksOf, completionOf, eventOf, type Wiring } from './wire.ts';

export interface ApiWords {
  /** The events of a stream, each as it is sent. */
  readonly events: (reply: ScriptReply, wiring: Wiring) => readonly string[];
  /** What stands after the last event. */
  readonly done: string;
  readonly whole: (reply: ScriptReply, wiring: Wiring) => object;
  /** One piece of text, alone. */
  readonly text: (text: string) => string;
  /** A reply that holds nothing. */
  readonly empty: (model: string) => string;
  readonly error: (error: Readonly<Record<string, unknown>>) => string;
  /** What stands where a cut in a piece, in a call's arguments, and before the end is to be. */
  readonly marks: { readonly piece: string; readonly call: string; readonly end: string };
}

const CHAT: ApiWords = {
  events: (reply, wiring) => chunksOf(reply, wiring).map(eventOf),
  done: DONE,
  whole: completionOf,
  text: (content) => eventOf({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  empty: (model) => eventOf({ id: 'x', model, choices: [] }),
  error: (error) => eventOf({ error }),
  marks: { piece: '"delta"', call: '"arguments":"{', end: '"finish_reason":"' },
};

const RESPONSES: ApiWords = {
  events: (reply, wiring) => responseEventsOf(reply, wiring).map(namedEventOf),
  done: '',
  whole: (reply, wiring) => responseOf(reply, wiring),
  text: (delta) => namedEventOf({ type: 'response.output_text.delta', output_index: 0, delta }),
  empty: (model) =>
    namedEventOf({ type: 'response.completed', response: { object: 'response', model, output: [] } }),
  error: (error) => namedEventOf({ type: 'error', ...error }),
  marks: { piece: '"delta"', call: '"delta":"{', end: '"response.completed"' },
};

export const wordsOf = (api: 'chat' | 'responses'): ApiWords => (api === 'chat' ? CHAT : RESPONSES);
