/** A request in the words of Chat Completions, and the habits of endpoints that want them otherwise. */
import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import type { ChatMessage, ModelRequest, ToolCall, ToolSpec } from '../../core/models/contract.ts';

/** What an endpoint turned out to want. Learnt from its refusals, remembered while the process lives. */
export interface Habits {
  readonly stream: boolean;
  readonly streamOptions: boolean;
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** Whether it wants the reasoning of former turns back (DeepSeek does while it thinks between tools). */
  readonly reasoningBack: boolean;
}

/** OpenAI's newer models refuse `max_tokens`; most other servers know only that, and some ignore the other silently. */
export const habitsAtFirst = (baseUrl: URL): Habits => ({
  stream: true,
  streamOptions: true,
  limitName: /(^|\.)(openai\.com|azure\.com)$/.test(baseUrl.hostname)
    ? 'max_completion_tokens'
    : 'max_tokens',
  reasoningBack: false,
});

/** Habits that avoid what a refusal complains about; `undefined` where it complains about something else. */
export function adapted(habits: Habits, complaint: string): Habits | undefined {
  const text = complaint.toLowerCase();
  if (habits.streamOptions && /stream_options|include_usage/.test(text)) {
    return { ...habits, streamOptions: false };
  }
  if (/max_tokens|max_completion_tokens/.test(text) && isUnsupported(text)) {
    const limitName = habits.limitName === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    return { ...habits, limitName };
  }
  if (!habits.reasoningBack && /reasoning_content/.test(text)) return { ...habits, reasoningBack: true };
  if (habits.stream && /\bstream(ing)?\b/.test(text) && isUnsupported(text)) {
    return { ...habits, stream: false, streamOptions: false };
  }
  return undefined;
}

/** A limit that is too high is no question of its name. */
const isUnsupported = (text: string): boolean =>
  /unsupported|not supported|does not support|unrecognized|unknown|unexpected|not permitted|extra (inputs|fields)|verified to stream/.test(
    text,
  );

/** The body of a request. */
export function bodyOf(request: ModelRequest, model: string, habits: Habits): ChatCompletionCreateParams {
  return {
    model,
    messages: request.messages.map((message) => messageOf(message, habits)),
    [habits.limitName]: request.outputTokensMax,
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

function messageOf(message: ChatMessage, habits: Habits): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content === '' && message.toolCalls.length > 0 ? null : message.content,
        ...(message.toolCalls.length > 0 && { tool_calls: message.toolCalls.map(callOf) }),
        ...(habits.reasoningBack && { reasoning_content: message.reasoning ?? '' }),
      };
  }
}

const callOf = ({ id, name, arguments: text }: ToolCall) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: asObject(text) },
});

/** Chat templates of several servers parse former arguments and fail on what is no JSON object: it goes back as a quotation. */
function asObject(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Quoted below.
  }
  return text.trim() === '' ? '{}' : JSON.stringify({ unreadable: text });
}
