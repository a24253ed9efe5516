/** Long observations: kept whole, told in part, read on by `read_more`. */
import * as z from 'zod';
import { defineTool, error, ok, type Shelf } from './contract.ts';

/** Longest observation that is kept, in characters: head and end of a longer one. */
export const WHOLE_CHARS_MAX = 400_000;
/** Characters that an agent's shelf holds; the oldest observations go first. */
const SHELF_CHARS_MAX = 8_000_000;
/** Shorter ones stand in the conversation anyway, or are soon made again. */
const KEPT_CHARS_MIN = 250;

export function createShelf(): Shelf {
  const kept = new Map<string, string>();
  let chars = 0;
  return {
    keep(handle, text) {
      if (text.length < KEPT_CHARS_MIN) return;
      kept.set(handle, text);
      chars += text.length;
      for (const [oldest, { length }] of kept) {
        if (chars <= SHELF_CHARS_MAX || oldest === handle) break;
        kept.delete(oldest);
        chars -= length;
      }
    },
    read: (handle) => kept.get(handle),
  };
}

/** The handle of a call, from the key of its step: `t3c0` for the first call of turn 3. */
export function handleOf(key: string): string {
  const [, turn = '0', call = '0'] = /turn\/(\d+)\/tool\/(\d+)$/.exec(key) ?? [];
  return `t${turn}c${call}`;
}

/** Share of a page that shows the beginning; the rest shows the end, where most programs say how it went. */
const HEAD_SHARE = 0.6;

/** Beginning and end of an observation within about `chars`, and how to read what is between them. */
export function paged(text: string, chars: number, handle: string): string {
  if (text.length <= chars) return text;
  const head = Math.floor(chars * HEAD_SHARE);
  const tail = text.length - (chars - head);
  const more = `read_more {"handle":"${handle}","from":${head}}`;
  return `${text.slice(0, head)}\n[… characters ${head} to ${tail} of ${text.length} left out. Read on: ${more} …]\n${text.slice(tail)}`;
}

export const readMore = defineTool({
  name: 'read_more',
  description: 'Read on in a result that was cut. Gives the text from a character on.',
  args: z.object({
    handle: z.string().min(1).max(40),
    from: z.number().int().min(0).optional(),
  }),
  effect: 'read',
  title: ({ handle, from = 0 }) => `Read on in ${handle} from ${from}`,
  subject: () => ({}),
  run: ({ handle, from = 0 }, { shelf, limits }) => {
    const text = shelf.read(handle);
    if (text === undefined)
      return Promise.resolve(error(`There is no result ${handle} any more. Make the call again.`));
    if (from >= text.length) return Promise.resolve(error(`${handle} has only ${text.length} characters.`));
    const to = Math.min(text.length, from + limits.observationChars);
    const more = to < text.length ? `\n[Read on with from ${to}.]` : '';
    return Promise.resolve(
      ok(`${handle}, characters ${from} to ${to} of ${text.length}\n${text.slice(from, to)}${more}`),
    );
  },
});
