/** A window: what a server does with a request that is longer than it can take. */
import { list, record } from '../../../src/node/models/loose.ts';
import type { SeenRequest } from './seen.ts';

/** `refuse`: 400, naming the window or not. `cut`: leaves old messages out and says nothing, as Ollama does. */
export interface Window {
  readonly tokens: number;
  readonly over: 'refuse' | 'refuseUnnamed' | 'cut';
}

const CHARS_PER_TOKEN = 4;

/** Tokens of a request's input by this server's count. */
export function inputTokens({ body }: Pick<SeenRequest, 'body'>): number {
  const text = JSON.stringify(body['messages'] ?? body['input'] ?? []) + JSON.stringify(body['tools'] ?? []);
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

/** Why a server with that window refuses; `undefined` where the request fits. */
export function tooLong(request: SeenRequest, { tokens, over }: Window): string | undefined {
  const output = Number(request.body['max_tokens'] ?? request.body['max_completion_tokens'] ?? 0);
  const input = inputTokens(request);
  if (over === 'cut' || input + output <= tokens) return undefined;
  if (over === 'refuseUnnamed') return 'Your input exceeds the context window of this model.';
  return `This model's maximum context length is ${tokens} tokens. However, you requested ${input + output} tokens (${input} in the messages, ${output} in the completion).`;
}

/** The request as a model behind that window gets it: the oldest messages after the system's are gone. */
export function withinWindow(request: SeenRequest, { tokens, over }: Window): SeenRequest {
  if (over !== 'cut') return request;
  const [system, ...rest] = list(request.body['messages']);
  let body = request.body;
  while (inputTokens({ body }) > tokens && rest.length > 1) {
    rest.shift();
    while (record(rest[0])?.['role'] === 'tool' && rest.length > 1) rest.shift();
    body = { ...body, messages: [system, ...rest] };
  }
  return { ...request, body };
}
