/** What the server sees of a request: who asks, and which turn it is, read from the messages alone. */
import { list, record, text } from '../../../src/node/models/loose.ts';
import type { Asker } from '../../../src/core/models/script.ts';

/** One request as it came. */
export interface SeenRequest {
  /** 1-based, over all requests for completions. */
  readonly number: number;
  readonly role: string;
  readonly task: string | undefined;
  readonly attempt: number;
  /** 1 + the assistant's messages. */
  readonly turn: number;
  readonly model: string;
  readonly stream: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was said since the assistant's last message. */
  readonly recent: string;
}

/** First line of every role's system prompt. */
const ROLE = /^You are Quartet's (.+?)\.$/;

export function seen(number: number, body: unknown, headers: SeenRequest['headers']): SeenRequest {
  const known = record(body) ?? {};
  const messages = list(known['messages']).map((message) => record(message) ?? {});
  const system = contentOf(messages.find((message) => message['role'] === 'system'));
  const asked = contentOf(messages.find((message) => message['role'] === 'user'));
  const last = messages.findLastIndex((message) => message['role'] === 'assistant');
  return {
    number,
    role: ROLE.exec(system.split('\n')[0]?.trim() ?? '')?.[1] ?? 'nobody',
    task: /^Task: (\S+)/m.exec(asked)?.[1],
    attempt: Number(/^Attempt: (\d+)/m.exec(asked)?.[1] ?? 1),
    turn: 1 + messages.filter((message) => message['role'] === 'assistant').length,
    model: text(known['model']) ?? '',
    stream: known['stream'] === true,
    body: known,
    headers,
    recent: messages
      .slice(last + 1)
      .map(contentOf)
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

function contentOf(message: Readonly<Record<string, unknown>> | undefined): string {
  const content = message?.['content'];
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => text(record(part)?.['text']) ?? '')
    .join('');
}
