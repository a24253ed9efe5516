/** Token counts where no endpoint reports them: by bytes, since tokenizers differ and weigh a megabyte. */
import { IMAGE_TOKENS, imagesIn } from './images.ts';
import type { ChatMessage, ModelRequest, ToolCall, ToolSpec, Usage } from './contract.ts';

/** Bytes of UTF-8 that make a token, on average over English, code and CJK text. */
const BYTES_PER_TOKEN = 4;

/** The same of characters, which are at most as many as bytes. */
export const CHARS_PER_TOKEN = BYTES_PER_TOKEN;

const encoder = new TextEncoder();

/** Length of a text in bytes of UTF-8. */
export const bytesOf = (text: string): number => encoder.encode(text).length;

/** Likely number of tokens of so many bytes. */
export const tokensIn = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** Likely number of tokens of a text. */
export const estimateTokens = (text: string): number => tokensIn(bytesOf(text));

/** Everything of a request that a model reads, as one text of about the length that is sent. */
export const inputText = (request: Pick<ModelRequest, 'messages' | 'tools'>): string =>
  [...request.messages.map(messageText), ...request.tools.map(toolText)].join('\n');

/** Tokens that wrap a message in a chat template, about. */
const TOKENS_PER_MESSAGE = 6;

/** Sizes of messages and tools that were looked at: a conversation is measured again each turn. */
const known = new WeakMap<object, number>();

function remembered<T extends object>(value: T, measure: (value: T) => number): number {
  const size = known.get(value) ?? measure(value);
  known.set(value, size);
  return size;
}

/** Likely input tokens of a request, images included. */
export function estimateInput(request: Pick<ModelRequest, 'messages' | 'tools'>): number {
  const { messages, tools } = request;
  const bytes =
    messages.reduce((sum, message) => sum + remembered(message, (each) => bytesOf(messageText(each))), 0) +
    tools.reduce((sum, tool) => sum + remembered(tool, (each) => bytesOf(toolText(each))), 0);
  return tokensIn(bytes) + messages.length * TOKENS_PER_MESSAGE + imagesIn(request) * IMAGE_TOKENS;
}

/** Usage of a call whose endpoint reports none. */
export function estimateUsage(
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  output: { readonly content: string; readonly reasoning?: string; readonly toolCalls: readonly ToolCall[] },
): Usage {
  const said = [output.content, output.reasoning ?? '', ...output.toolCalls.map(callText)].join('');
  return {
    inputTokens: estimateInput(request),
    outputTokens: estimateTokens(said),
    estimated: true,
  };
}

const toolText = ({ name, description, parameters }: ToolSpec): string =>
  name + description + JSON.stringify(parameters);

const callText = (call: ToolCall): string => call.name + call.arguments;

const messageText = (message: ChatMessage): string =>
  message.role === 'assistant'
    ? [message.content, ...message.toolCalls.map(callText)].join('\n')
    : message.content;
