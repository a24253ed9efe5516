/** Asks a model one small thing, to see whether it answers and whether it can call tools. */
import type { Endpoint } from '../../protocol/settings.ts';
import { PortError } from '../ports.ts';
import type { ModelContext, ModelRequest, Models, ToolSpec } from './contract.ts';

/** `called`: it works with tools. `ignored`: it answered in words although it was told to call one. `refused`: it takes no tools at all. */
export interface Probed {
  readonly tools: 'called' | 'ignored' | 'refused';
  readonly model: string;
}

/** Enough for models that think first. */
const OUTPUT_TOKENS_MAX = 2048;

const READY: ToolSpec = {
  name: 'report_ready',
  description: 'Says that you are ready.',
  parameters: {
    type: 'object',
    properties: { word: { type: 'string', description: 'The word "ready".' } },
    required: ['word'],
    additionalProperties: false,
  },
};

/** Errors: those of `Models`, where it does not even answer without tools. */
export async function probeModel(models: Models, endpoint: Endpoint, signal: AbortSignal): Promise<Probed> {
  const context: ModelContext = { signal, onText: () => undefined };
  try {
    const reply = await models.complete(
      request(endpoint, 'Call the tool report_ready with the word "ready". Do nothing else.', [READY]),
      context,
    );
    return { tools: reply.toolCalls.length > 0 ? 'called' : 'ignored', model: reply.model };
  } catch (error) {
    signal.throwIfAborted();
    if (!isAboutTools(error)) throw error;
    const reply = await models.complete(request(endpoint, 'Reply with the one word: ready.', []), context);
    return { tools: 'refused', model: reply.model };
  }
}

/** What to tell of a model that answers but calls no tool; `undefined` where there is nothing to say. */
export function toolsProblem({ tools }: Probed): string | undefined {
  if (tools === 'called') return undefined;
  return tools === 'ignored'
    ? 'It answers, but called no tool when asked to: the team works through tools and may get nowhere with it.'
    : 'It answers, but takes no tools: the team works through tools and may get nowhere with it.';
}

const isAboutTools = (error: unknown): boolean =>
  error instanceof PortError && error.code === 'endpoint.failed' && /tool|function/i.test(error.message);

const request = (endpoint: Endpoint, content: string, tools: readonly ToolSpec[]): ModelRequest => ({
  role: 'test',
  attempt: 1,
  turn: 1,
  messages: [{ role: 'user', content }],
  tools,
  outputTokensMax: OUTPUT_TOKENS_MAX,
  endpoints: [endpoint],
});
