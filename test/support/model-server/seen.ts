/** What the server sees of a request: who asks, and which turn it is, read from the messages alone. */
import { list, record, text, type Loose } from '../../../src/node/models/loose.ts';
import { askedMessages } from './asked.ts';
import type { Asker } from '../../../src/core/models/script.ts';

/** One request as it came. */
export interface SeenRequest {
  /** 1-based, over all requests for completions. */
  readonly number: number;
  readonly api: 'chat' | 'responses';
  readonly role: string;
  readonly task: string | undefined;
  readonly attempt: number;
  /** 1 + the assistant's replies. */
  readonly turn: number;
  readonly model: string;
  readonly stream: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Path and query as they came. */
  readonly url: string;
  /** Addresses of the images that are shown, in order. */
  readonly images: readonly string[];
  /** What was said since the assistant's last message. */
  readonly recent: string;
}

/** First line of every role's system prompt. */
const ROLE = /^You are Quartet's (.+?)\.$/;

interface Arrived {
  readonly number: number;
  readonly api: SeenRequest['api'];
  readonly body: unknown;
  readonly headers: SeenRequest['headers'];
  readonly url: string;
}

export function seen({ number, api, body, headers, url }: Arrived): SeenRequest {
  const known = record(body) ?? {};
  const messages = askedMessages(api, known);
  const of = (role: string): string => messages.find((message) => message.role === role)?.content ?? '';
  const asked = of('user');
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return {
    number,
    api,
    role: ROLE.exec(of('system').split('\n')[0]?.trim() ?? '')?.[1] ?? 'nobody',
    task: /^Task: (\S+)/m.exec(asked)?.[1],
    attempt: Number(/^Attempt: (\d+)/m.exec(asked)?.[1] ?? 1),
    turn: 1 + messages.filter(({ role, continues }) => role === 'assistant' && !continues).length,
    model: text(known['model']) ?? '',
    stream: known['stream'] === true,
    body: known,
    headers,
    url,
    images: imagesIn(known),
    recent: messages
      .slice(last + 1)
      .map(({ content }) => content)
      .join('\n'),
  };
}

export const askerOfSeen = ({ role, task, attempt, turn, recent }: SeenRequest): Asker => ({
  role,
  task,
  attempt,
  turn,
  recent,
});

/** Parts of Chat Completions hold the address in a field of a field, those of Responses at once. */
function imagesIn(body: Loose): readonly string[] {
  const parts = [...list(body['messages']), ...list(body['input'])].flatMap((message) =>
    list(record(message)?.['content']),
  );
  return parts.flatMap((part) => {
    const image = record(part)?.['image_url'];
    const address = text(image) ?? text(record(image)?.['url']);
    return address === undefined ? [] : [address];
  });
}
