/** Puts a reply together from the events of the Responses API, or from one whole response. */
import type { ModelReply, ToolCall, Usage } from '../../core/models/contract.ts';
import { TryFailure } from '../../core/models/failure.ts';
import { estimateUsage } from '../../core/models/tokens.ts';
import { keepOf } from './kept.ts';
import { list, number, record, text, type Loose } from './loose.ts';
import { notWhole, type Heard, type ReplyBuilder } from './openai-reply.ts';
import { isWhole } from './openai-tool-calls.ts';
import { RefusedError } from './refusal.ts';
import { createItems, type Item } from './responses-items.ts';

/** Events that end a response, with what it became. */
const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

export function createResponsesReply(): ReplyBuilder {
  const items = createItems();
  let ended: Loose | undefined;
  let model: string | undefined;

  const end = (response: Loose): Heard => {
    const failure = record(response['error']);
    if (failure !== undefined) throw failed(failure);
    ended = response;
    model = text(response['model']) || model;
    return items.end(list(response['output']));
  };

  return {
    add: (piece) => {
      const event = record(piece) ?? {};
      const type = text(event['type']) ?? '';
      if (type === 'error') throw failed(record(event['error']) ?? event);
      const response = record(event['response']);
      model = text(response?.['model']) || model;
      if (ENDS.includes(type)) return end(response ?? {});
      if (event['object'] === 'response') return end(event);
      return items.add(type, event);
    },
    finish: (request, endpoint) => {
      const all = items.take();
      if (ended === undefined) throw notWhole('It ended in the middle.');
      if (all.length === 0 && reasonOf(ended) === undefined) throw notWhole('It holds no output.');
      const finish = finishOf(ended, all);
      const isCut = finish === 'length' || finish === 'content_filter';
      const called = callsOf(all, request.turn, isCut);
      const output = {
        content: all.map((item) => item.text + item.refusal).join(''),
        ...reasoningOf(all),
        toolCalls: called.map(({ call }) => call),
      };
      return {
        ...output,
        ...keepOf(endpoint, 'responses', layoutOf(all, called)),
        finish,
        usage: usageOf(record(ended['usage'])) ?? estimateUsage(request, output),
        model: model ?? endpoint.model,
      };
    },
  };
}

function reasoningOf(items: readonly Item[]): { readonly reasoning?: string } {
  const reasoning = items
    .map((item) => item.reasoning)
    .filter((each) => each !== '')
    .join('\n\n');
  return reasoning === '' ? {} : { reasoning };
}

interface Called {
  readonly item: Item;
  readonly call: ToolCall;
}

/** The calls, each with an id of its own; of a reply that was cut, only those with whole arguments. */
function callsOf(items: readonly Item[], turn: number, isCut: boolean): readonly Called[] {
  const ids = new Set<string>();
  return items
    .filter((item) => item.type === 'function_call' && item.name !== '' && (!isCut || isWhole(item.args)))
    .map((item, at) => {
      const id = item.callId === '' || ids.has(item.callId) ? `call_${turn}_${at + 1}` : item.callId;
      ids.add(id);
      return { item, call: { id, name: item.name, arguments: item.args } };
    });
}

/**
 * The reply's items in their order, to be sent back: reasoning and messages as they came, calls by their id. Reasoning that nothing
 * follows is left out, as the API refuses it; without any reasoning or phase there is nothing to keep.
 */
function layoutOf(items: readonly Item[], called: readonly Called[]): readonly unknown[] {
  const layout = items.flatMap((item): readonly unknown[] => {
    if (item.type === 'reasoning') return item.readable ? [item.back] : [];
    if (item.type === 'message') return item.text + item.refusal === '' ? [] : [item.back];
    const call = called.find((each) => each.item === item)?.call;
    return call === undefined ? [] : [{ call: call.id }];
  });
  const last = layout.findLastIndex((item) => record(item)?.['type'] !== 'reasoning');
  const kept = layout.slice(0, last + 1);
  const matters = (item: unknown): boolean =>
    record(item)?.['type'] === 'reasoning' || record(item)?.['phase'] !== undefined;
  return kept.some(matters) ? kept : [];
}

/** Why a response is not whole, if it says so. */
const reasonOf = (response: Loose): string | undefined =>
  text(record(response['incomplete_details'])?.['reason']);

function finishOf(response: Loose, items: readonly Item[]): ModelReply['finish'] {
  const reason = reasonOf(response);
  if (reason === 'content_filter' || items.some((item) => item.refusal !== '')) return 'content_filter';
  if (reason === 'max_output_tokens' || reason === 'max_tokens') return 'length';
  return items.some((item) => item.type === 'function_call') ? 'tool_calls' : 'stop';
}

function usageOf(reported: Loose | undefined): Usage | undefined {
  const inputTokens = number(reported?.['input_tokens']);
  const outputTokens = number(reported?.['output_tokens']);
  if (inputTokens === undefined || outputTokens === undefined || inputTokens + outputTokens === 0)
    return undefined;
  const cachedTokens = number(record(reported?.['input_tokens_details'])?.['cached_tokens']);
  const reasoningTokens = number(record(reported?.['output_tokens_details'])?.['reasoning_tokens']);
  return {
    inputTokens,
    outputTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    estimated: false,
  };
}

/** Status that a failure would have had, had it come before the stream began. */
const STATUS: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  context_length_exceeded: 400,
  invalid_prompt: 400,
  server_error: 500,
};

/** A failure that the response tells of itself. */
function failed(error: Loose): Error {
  const code = text(error['code']) ?? text(error['type']) ?? '';
  if (/content_filter|content_policy|policy_violation|bio_policy/.test(code)) {
    return new TryFailure('endpoint.failed', `The endpoint's content filter ended the reply (${code}).`, {
      advice: 'Put the goal in other words, or choose another model.',
    });
  }
  const status = number(error['status']) ?? number(error['code']) ?? STATUS[code] ?? 500;
  return new RefusedError({
    status: status >= 400 && status < 600 ? status : 500,
    headers: new Headers(),
    body: { error: { message: text(error['message']) ?? code, code } },
  });
}
