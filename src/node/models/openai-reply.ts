/** Puts a reply together from the pieces that servers send, each in its own dialect. */
import type { Endpoint } from '../../protocol/settings.ts';
import type { ModelReply, ModelRequest, Usage } from '../../core/models/contract.ts';
import { TryFailure } from '../../core/models/failure.ts';
import type { WireReply } from '../../core/models/guard.ts';
import { estimateUsage } from '../../core/models/tokens.ts';
import { keepOf } from './kept.ts';
import { list, number, record, text, type Loose } from './loose.ts';
import { createChatKept, thinkingParts } from './openai-kept.ts';
import { createToolCalls } from './openai-tool-calls.ts';
import { createThinking, splitUnopened, type Split } from './think.ts';

/** What a piece brought. */
export interface Heard {
  readonly text: string;
  /** Characters of any kind: text, reasoning, tool calls. Zero: the piece was no progress. */
  readonly chars: number;
}

export interface ReplyBuilder {
  /** Takes one chunk of a stream, or a whole completion. */
  add(piece: unknown): Heard;
  /** Errors: `endpoint.badReply` where the pieces are no reply. */
  finish(request: ModelRequest, endpoint: Endpoint): WireReply;
}

/** Fields in which servers send reasoning: DeepSeek, older vLLM and llama.cpp; newer vLLM, Ollama and OpenRouter; proxies of Ollama. */
const REASONING = ['reasoning_content', 'reasoning', 'thinking'] as const;

export function createReply(): ReplyBuilder {
  const calls = createToolCalls();
  const kept = createChatKept();
  const thinking = createThinking();
  const so = { content: '', reasoning: '', refusal: '' };
  let ending: string | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;
  let choices = 0;

  const hear = (delta: Loose): Heard => {
    const { said, thought } = thinking.add(plain(delta['content']));
    const refused = text(delta['refusal']) ?? '';
    const reasoned = reasoningOf(delta) + thought;
    const called = calls.add(list(delta['tool_calls']));
    kept.add(delta);
    so.content += said;
    so.refusal += refused;
    so.reasoning += reasoned;
    return { text: said + refused, chars: said.length + refused.length + reasoned.length + called };
  };

  return {
    add: (piece) => {
      const chunk = record(piece) ?? {};
      model = text(chunk['model']) || model;
      usage = usageOf(record(chunk['usage'])) ?? usage;
      const choice = record(list(chunk['choices'])[0]);
      if (choice === undefined) return { text: '', chars: 0 };
      choices += 1;
      usage = usageOf(record(choice['usage'])) ?? usage;
      ending = text(choice['finish_reason']) || ending;
      return hear(record(choice['delta']) ?? record(choice['message']) ?? {});
    },
    finish: (request, endpoint) => {
      if (choices === 0) throw notWhole('It holds no choice.');
      if (ending === undefined) throw notWhole('It ended in the middle.');
      const finish = finishOf(ending, so.refusal !== '', calls.count());
      const taken = calls.take({
        turn: request.turn,
        cut: finish === 'length' || finish === 'content_filter',
      });
      const extras = taken.flatMap(({ call, extra }) =>
        extra === undefined ? [] : [{ call: call.id, extra_content: extra }],
      );
      const output = { ...wordsOf(so, thinking.end()), toolCalls: taken.map(({ call }) => call) };
      return {
        ...output,
        ...keepOf(endpoint, 'chat', [...kept.take(), ...extras]),
        finish,
        usage: usage ?? estimateUsage(request, output),
        model: model ?? endpoint.model,
      };
    },
  };
}

interface Words {
  readonly content: string;
  readonly reasoning: string;
  readonly refusal: string;
}

/** Content and reasoning, with what was held back, and thinking whose opening tag never came. */
function wordsOf(so: Words, rest: Split): { readonly content: string; readonly reasoning?: string } {
  const { said, thought } = splitUnopened(so.content + rest.said);
  const reasoning = so.reasoning + rest.thought + thought;
  return { content: said + so.refusal, ...(reasoning !== '' && { reasoning }) };
}

/** The reasoning of one delta; servers that send it in two fields mean one. */
const reasoningOf = (delta: Loose): string =>
  REASONING.map((field) => text(delta[field])).find((each) => each) ?? thinkingParts(delta['content']);

/** Pieces that are no reply. */
export const notWhole = (what: string): TryFailure =>
  new TryFailure('endpoint.badReply', `The reply is not whole. ${what}`, { retryable: true });

/** Text, or the text parts of a list of parts. */
const plain = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : list(value)
        .map((part) => text(record(part)?.['text']) ?? '')
        .join('');

function usageOf(reported: Loose | undefined): Usage | undefined {
  const inputTokens = number(reported?.['prompt_tokens']);
  const outputTokens = number(reported?.['completion_tokens']);
  if (inputTokens === undefined || outputTokens === undefined || inputTokens + outputTokens === 0)
    return undefined;
  const cachedTokens =
    number(record(reported?.['prompt_tokens_details'])?.['cached_tokens']) ??
    number(reported?.['prompt_cache_hit_tokens']);
  const reasoningTokens = number(record(reported?.['completion_tokens_details'])?.['reasoning_tokens']);
  return {
    inputTokens,
    outputTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    estimated: false,
  };
}

/** Servers call a whole reply many things; what matters is what is in it. */
function finishOf(ending: string, refused: boolean, calls: number): ModelReply['finish'] {
  if (ending === 'error' || ending === 'insufficient_system_resource') {
    throw new TryFailure('endpoint.failed', `The endpoint broke the reply off (${ending}).`, {
      retryable: true,
    });
  }
  if (refused || ending.startsWith('content_filter')) return 'content_filter';
  if (ending === 'length' || ending === 'max_tokens') return 'length';
  return calls > 0 ? 'tool_calls' : 'stop';
}
