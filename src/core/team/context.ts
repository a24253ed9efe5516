/**
 * What an agent has in mind: its whole conversation, and how much of it is told to the model. The told text is a prefix that only
 * grows, so that providers' caches hit, until the window is near; then older turns are told in fewer words, once, and it grows on.
 * Everything here follows from the conversation and the window alone, so a replay tells the same.
 */
import type { ChatMessage, ModelRequest } from '../models/contract.ts';
import { estimateInput } from '../models/tokens.ts';
import type { Said } from './said.ts';
import { shortened } from './shorten.ts';
import { digestOf } from './digest.ts';

/** How a conversation is told. */
export interface Shape {
  /** Turns from 1 up to but without this one are told by a digest. */
  readonly from: number;
  /** Longest digest, in characters. */
  readonly digestChars: number;
  /** Texts of turns before this one are cut to `chars`. */
  readonly cutBefore: number;
  readonly chars: number;
}

export const WHOLE: Shape = { from: 1, digestChars: 0, cutBefore: 0, chars: 0 };

export interface Conversation {
  readonly system: string;
  readonly said: readonly Said[];
}

/** Times `chars` that what a round begins with and what people say may keep where all else is cut. */
const SAID_FACTOR = 4;

/** The conversation in that shape. Calls keep their results, results their calls; the task is always there in full. */
export function tell({ system, said }: Conversation, shape: Shape): readonly ChatMessage[] {
  const dropped = said.filter(({ turn }) => turn > 0 && turn < shape.from);
  const task = said.find(({ kind }) => kind === 'round');
  const told: ChatMessage[] = [{ role: 'system', content: system }];
  for (const each of said) {
    if (each.turn > 0 && each.turn < shape.from) continue;
    told.push(each === task ? withDigest(each.message, dropped, shape) : shaped(each, shape));
  }
  return told;
}

function withDigest(task: ChatMessage, dropped: readonly Said[], shape: Shape): ChatMessage {
  if (dropped.length === 0) return task;
  return { role: 'user', content: `${task.content}\n\n${digestOf(dropped, shape.digestChars)}` };
}

function shaped(said: Said, { cutBefore, chars }: Shape): ChatMessage {
  if (said.turn >= cutBefore) return said.message;
  if (said.kind === 'shown') return { role: 'user', content: said.message.content };
  return shortened(said, said.kind === 'round' || said.kind === 'heard' ? chars * SAID_FACTOR : chars);
}

/** What a fit is measured against: the tokens that the input may have, and how many a request has. */
export interface Room {
  /** Tokens of input that the window leaves. */
  readonly tokens: number;
  readonly tools: ModelRequest['tools'];
  /** Tokens of so many estimated ones. */
  readonly measure: (estimated: number) => number;
}

/** Estimated tokens of a conversation in that shape. */
export function sizeOf(conversation: Conversation, shape: Shape, tools: ModelRequest['tools']): number {
  return estimateInput({ messages: tell(conversation, shape), tools });
}

/** Share of the room from which on a conversation is compacted, and the share it is brought to. */
const NEAR = 0.9;
const AIM = 0.5;

/** True where the next request comes too near the end of the window. */
export function isNear(tokens: number, room: Pick<Room, 'tokens'>): boolean {
  return tokens > room.tokens * NEAR;
}

/**
 * The first shape, from mild to harsh, that brings the conversation down to half its room; else the smallest there is. Old observations are cut first, then old turns become a digest, then the last turns are cut as well.
 */
export function fit(conversation: Conversation, room: Room): Shape {
  let smallest = { shape: WHOLE, tokens: Infinity };
  for (const shape of shapes(conversation.said, digestCharsFor(room))) {
    const tokens = room.measure(sizeOf(conversation, shape, room.tools));
    if (tokens <= room.tokens * AIM) return shape;
    if (tokens < smallest.tokens) smallest = { shape, tokens };
  }
  return smallest.shape;
}

/** What must not be forgotten has room in so many characters. */
const DIGEST_CHARS_MIN = 1200;

/** A digest takes at most an eighth of the room. */
const digestCharsFor = (room: Room): number =>
  Math.min(12_000, Math.max(DIGEST_CHARS_MIN, Math.floor(room.tokens / 2)));

const CUT_MILD = 1500;
const CUTS_HARSH = [4000, 1500, 600, 250];
/** Last turns that are told in full as long as that is possible. */
const FULL_TURNS = 2;

function* shapes(said: readonly Said[], digestChars: number): Generator<Shape> {
  const last = said.at(-1)?.turn ?? 0;
  for (const full of [2 * FULL_TURNS, FULL_TURNS])
    yield { from: 1, digestChars, cutBefore: last - full + 1, chars: CUT_MILD };
  for (let from = 2; from <= last - FULL_TURNS + 1; from++)
    yield { from, digestChars, cutBefore: last - FULL_TURNS + 1, chars: CUT_MILD };
  for (const chars of CUTS_HARSH) yield { from: Math.max(1, last), digestChars, cutBefore: last + 1, chars };
  for (const longest of [digestChars, DIGEST_CHARS_MIN])
    yield { from: last + 1, digestChars: longest, cutBefore: last + 1, chars: CUTS_HARSH.at(-1) ?? 0 };
}

/** Shorter results are told again: a note would save nothing. */
const REPEATED_CHARS_MIN = 400;

/** A note in place of a result that stands in the told conversation already, word for word; `undefined` where none does. */
export function repeated(text: string, said: readonly Said[], shape: Shape): string | undefined {
  if (text.length < REPEATED_CHARS_MIN) return undefined;
  const former = said.find(
    (each) =>
      each.kind === 'observation' &&
      each.turn >= Math.max(shape.from, shape.cutBefore) &&
      each.message.content === text,
  );
  if (former?.kind !== 'observation') return undefined;
  return `Unchanged: word for word the result of ${former.tool} in turn ${former.turn} above. If that is no longer there in full, make this call again.`;
}
