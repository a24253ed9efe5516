/** Small makers for tests about models. */
import type { ModelContext, ModelReply, ModelRequest, Models } from '../../../../src/core/models/contract.ts';
import { Endpoint } from '../../../../src/protocol/settings.ts';

export const endpointOf = (more: Partial<Endpoint> = {}): Endpoint =>
  Endpoint.parse({ id: 'one', kind: 'openai', model: 'scripted', ...more });

export const requestOf = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  role: 'coder',
  task: 'totals',
  attempt: 1,
  turn: 1,
  messages: [
    { role: 'system', content: "You are Quartet's coder.\nWork well." },
    { role: 'user', content: 'Task: totals\nAttempt: 1\nFix it.' },
  ],
  tools: [{ name: 'read_file', description: 'Reads.', parameters: { type: 'object' } }],
  outputTokensMax: 1000,
  endpoints: [endpointOf()],
  ...more,
});

/** A context that keeps what was said. */
export function contextOf(signal: AbortSignal = new AbortController().signal): ModelContext & {
  readonly said: string[];
} {
  const said: string[] = [];
  return { signal, onText: (delta) => said.push(delta), said };
}

export const replyOf = (more: Partial<ModelReply> = {}): ModelReply => ({
  content: 'Done.',
  toolCalls: [],
  finish: 'stop',
  usage: { inputTokens: 10, outputTokens: 2, estimated: false },
  endpoint: 'one',
  model: 'scripted',
  tries: [{ endpoint: 'one', ok: true }],
  ...more,
});

/** Models that answer with what a function returns or throws. */
export const modelsOf = (complete: (request: ModelRequest) => ModelReply): Models => ({
  complete: async (request) => complete(request),
});
