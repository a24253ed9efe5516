/** A request in the words of the Responses API. The server keeps nothing: reasoning of former turns goes back to it, encrypted. */
import type {
  ResponseCreateParams,
  ResponseFunctionToolCall,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import type { ChatMessage, ModelRequest, ToolCall, ToolSpec } from '../../core/models/contract.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { Habits } from './habits.ts';
import { keptFor } from './kept.ts';
import { record } from './loose.ts';
import { asObject, dataUrlOf } from './openai-request.ts';

/** The body of a request. */
export function responsesBodyOf(
  request: ModelRequest,
  endpoint: Endpoint,
  habits: Habits,
): ResponseCreateParams {
  const [first, ...rest] = request.messages;
  const instructions = first?.role === 'system' ? first.content : undefined;
  const messages = instructions === undefined ? request.messages : rest;
  return {
    model: endpoint.model,
    ...(instructions !== undefined && { instructions }),
    input: messages.flatMap((message) => itemsOf(message, endpoint, habits)),
    max_output_tokens: request.outputTokensMax,
    store: false,
    ...(habits.temperature && request.temperature !== undefined && { temperature: request.temperature }),
    ...(habits.encrypted && { include: ['reasoning.encrypted_content' as const] }),
    ...(request.tools.length > 0 && { tools: request.tools.map(toolOf) }),
    stream: habits.stream,
  };
}

const toolOf = ({ name, description, parameters }: ToolSpec): Tool => ({
  type: 'function',
  name,
  description,
  parameters: { ...parameters },
  strict: false,
});

function itemsOf(message: ChatMessage, endpoint: Endpoint, habits: Habits): readonly ResponseInputItem[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', content: contentOf(message) }];
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.callId, output: message.content }];
    case 'assistant': {
      const kept = habits.keptBack ? keptFor(message, endpoint, 'responses') : [];
      return kept.length > 0 ? asKept(kept, message.toolCalls) : asSaid(message);
    }
  }
}

function contentOf({ content, images = [] }: Extract<ChatMessage, { readonly role: 'user' }>) {
  if (images.length === 0) return content;
  return [
    { type: 'input_text' as const, text: content },
    ...images.map((image) => ({
      type: 'input_image' as const,
      detail: 'auto' as const,
      image_url: dataUrlOf(image),
    })),
  ];
}

const asSaid = ({
  content,
  toolCalls,
}: Extract<ChatMessage, { readonly role: 'assistant' }>): readonly ResponseInputItem[] => [
  ...(content === '' ? [] : [{ role: 'assistant' as const, content }]),
  ...toolCalls.map(callOf),
];

/** The items in their order, with the calls, which are kept once only, in their places. */
function asKept(kept: readonly unknown[], calls: readonly ToolCall[]): readonly ResponseInputItem[] {
  const placed = new Set<string>();
  const items = kept.flatMap((item): readonly ResponseInputItem[] => {
    const id = record(item)?.['call'];
    if (id === undefined) return [item as ResponseInputItem];
    const call = calls.find((each) => each.id === id);
    if (call === undefined) return [];
    placed.add(call.id);
    return [callOf(call)];
  });
  return [...items, ...calls.filter(({ id }) => !placed.has(id)).map(callOf)];
}

const callOf = ({ id, name, arguments: text }: ToolCall): ResponseFunctionToolCall => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: asObject(text),
});
