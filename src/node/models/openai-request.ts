/** A request in the words of Chat Completions. */
import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import type { ChatImage, ChatMessage, ModelRequest, ToolCall, ToolSpec } from '../../core/models/contract.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { Habits } from './habits.ts';
import { keptFor } from './kept.ts';
import { chatBack } from './openai-kept.ts';

/** The body of a request. */
export function bodyOf(
  request: ModelRequest,
  endpoint: Endpoint,
  habits: Habits,
): ChatCompletionCreateParams {
  return {
    model: endpoint.model,
    messages: request.messages.map((message) => messageOf(message, endpoint, habits)),
    [habits.limitName]: request.outputTokensMax,
    ...(habits.temperature && request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.tools.length > 0 && { tools: request.tools.map(toolOf) }),
    ...(habits.stream
      ? { stream: true, ...(habits.streamOptions && { stream_options: { include_usage: true } }) }
      : { stream: false }),
  };
}

const toolOf = ({ name, description, parameters }: ToolSpec): ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters: { ...parameters } },
});

function messageOf(message: ChatMessage, endpoint: Endpoint, habits: Habits): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return { role: 'user', content: contentOf(message) };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    case 'assistant': {
      const kept = habits.keptBack ? keptFor(message, endpoint, 'chat') : [];
      const back = chatBack(kept, { signed: habits.signed });
      return {
        role: 'assistant',
        content: message.content === '' && message.toolCalls.length > 0 ? null : message.content,
        ...(message.toolCalls.length > 0 && {
          tool_calls: message.toolCalls.map((call, at) => ({ ...callOf(call), ...back.call(call.id, at) })),
        }),
        ...(habits.reasoningBack && { reasoning_content: message.reasoning ?? '' }),
        ...back.message,
      };
    }
  }
}

/** Text alone stays a text: many servers know no parts. */
function contentOf({ content, images = [] }: Extract<ChatMessage, { readonly role: 'user' }>) {
  if (images.length === 0) return content;
  return [
    { type: 'text' as const, text: content },
    ...images.map((image) => ({ type: 'image_url' as const, image_url: { url: dataUrlOf(image) } })),
  ];
}

/** An image in an address of its own. */
export const dataUrlOf = ({ mime, base64 = '' }: ChatImage): string => `data:${mime};base64,${base64}`;

const callOf = ({ id, name, arguments: text }: ToolCall) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: asObject(text) },
});

/** Chat templates of several servers parse former arguments and fail on what is no JSON object: it goes back as a quotation. */
export function asObject(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Quoted below.
  }
  return text.trim() === '' ? '{}' : JSON.stringify({ unreadable: text });
}
