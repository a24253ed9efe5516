/** Chrome's DevTools protocol over two pipes: JSON, each message ended by a zero. No port is opened that a page could speak to. */
import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod';
import { PortError } from '../../core/ports.ts';
import type { Talk } from '../launching.ts';

/** Longest message that is taken, in characters: a screenshot is far shorter. */
const MESSAGE_CHARS_MAX = 64_000_000;

export interface Happened {
  readonly method: string;
  readonly params: unknown;
  /** Of which page, frame or worker; absent: of the browser. */
  readonly session: string | undefined;
}

export interface Devtools {
  /** Errors: `browser.failed` where the browser refuses, or has gone. */
  send(method: string, params?: object, session?: string): Promise<unknown>;
  /** One listener. */
  onEvent(listener: (event: Happened) => void): void;
}

const Message = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  sessionId: z.string().optional(),
});

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const failed = (why: string): PortError => new PortError('browser.failed', `The browser failed: ${why}.`);

export function createDevtools({ to, from }: Talk): Devtools {
  const waiting = new Map<number, Waiting>();
  let listener: (event: Happened) => void = () => undefined;
  let gone: PortError | undefined;
  let last = 0;
  const over = (why: string): void => {
    gone ??= failed(why);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  const take = (text: string): void => {
    const { id, error, result, method, params, sessionId } = Message.parse(JSON.parse(text));
    if (id === undefined) {
      if (method !== undefined) listener({ method, params, session: sessionId });
      return;
    }
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(failed(error.message));
    else asked?.resolve(result);
  };
  from.on('data', splitAtZero(take, over));
  from.on('close', () => over('it ended'));
  for (const pipe of [from, to]) pipe.on('error', () => over('it does not talk'));
  return {
    onEvent: (heard) => (listener = heard),
    send: (method, params = {}, session) => {
      if (gone) return Promise.reject(gone);
      last += 1;
      const message = { id: last, method, params, ...(session !== undefined && { sessionId: session }) };
      const answered = new Promise<unknown>((resolve, reject) =>
        waiting.set(message.id, { resolve, reject }),
      );
      // Whoever no longer waits is not told.
      answered.catch(() => undefined);
      to.write(`${JSON.stringify(message)}\0`);
      return answered;
    },
  };
}

function splitAtZero(take: (text: string) => void, over: (why: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let chars = 0;
  return (chunk) => {
    const [first = '', ...rest] = decoder.write(chunk).split('\0');
    parts.push(first);
    chars += first.length;
    if (chars > MESSAGE_CHARS_MAX) over('it says too much');
    try {
      for (const next of rest) {
        take(parts.join(''));
        [parts, chars] = [[next], next.length];
      }
    } catch {
      over('it says what is not understood');
    }
  };
}
