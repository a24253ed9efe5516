/** Output of a child process: decoded across chunks, its head and tail kept. */
import { StringDecoder } from 'node:string_decoder';

export interface CappedOutput {
  /** Takes a chunk; returns what of it can be shown now as text. */
  add(chunk: Uint8Array): string;
  /** What is kept, with the length of what is not. */
  text(): string;
  /** The last characters, for guessing what a program waits for. */
  tail(): string;
  /** Characters that came so far. */
  length(): number;
  /** What came after the first `start` characters, as far as it is kept. */
  since(start: number): string;
}

/** Part of the limit that goes to the head; the end of an output says more than its beginning. */
const HEAD_SHARE = 0.4;

const leftOut = (chars: number): string => `\n[… ${chars} characters left out …]\n`;

/** `max` characters are kept. A character that is split over chunks is whole in the text. */
export function createCappedOutput(max: number): CappedOutput {
  const decoder = new StringDecoder('utf8');
  const headMax = Math.floor(max * HEAD_SHARE);
  const tailMax = max - headMax;
  let head = '';
  let tail = '';
  let dropped = 0;
  const keep = (text: string) => {
    const toHead = dropped === 0 && tail === '' ? text.slice(0, headMax - head.length) : '';
    head += toHead;
    tail += text.slice(toHead.length);
    // Cutting only when there is twice too much keeps the cost of long outputs linear.
    if (tail.length > 2 * tailMax + 1024) cut();
  };
  const cut = () => {
    if (tail.length <= tailMax) return;
    dropped += tail.length - tailMax;
    tail = tail.slice(tail.length - tailMax);
  };
  const length = () => head.length + dropped + tail.length;
  return {
    add: (chunk) => {
      const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      keep(text);
      return text;
    },
    text: () => {
      keep(decoder.end());
      cut();
      return dropped === 0 ? head + tail : `${head}${leftOut(dropped)}${tail}`;
    },
    tail: () => (tail === '' ? head : tail).slice(-400),
    length,
    since: (start) => {
      const inTail = start - head.length - dropped;
      if (inTail >= 0) return tail.slice(inTail);
      const missing = dropped - Math.max(0, start - head.length);
      return dropped === 0 ? (head + tail).slice(start) : head.slice(start) + leftOut(missing) + tail;
    },
  };
}
