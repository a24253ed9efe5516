/** Token counts where no endpoint reports them: by bytes, since tokenizers differ and weigh a megabyte. */
import { IMAGE_TOKENS, imagesIn } from './images.ts';
import type { ChatMessage, ModelRequest, ToolCall, Usage } from './contract.ts';

/** Bytes of UTF-8 that make a token, on average over English, code and CJK text. */
const BYTES_PER_TOKEN = 4;

const encoder = new TextEncoder();

/** Length of a text in bytes of UTF-8. */
export const bytesOf = (text: string): number => encoder.encode(text).length;

/** Likely number of tokens of so many bytes. */
export const tokensIn = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** Likely number of tokens of a text. */
export const estimateTokens = (text: string): number => tokensIn(bytesOf(text));

/** Everything of a request that a model reads, as one text of about the length that is sent. */
function inputText(request: Pick<ModelRequest, 'messages' | 'tools'>): string {
  const tools = request.tools.map((tool) => tool.name + tool.description + JSON.stringify(tool.parameters));
  return [...request.messages.map(messageText), ...tools].join('\n');
}

/** Likely number of tokens of a request, images included. */
export const estimateInput = (request: Pick<ModelRequest, 'messages' | 'tools'>): number =>
  estimateTokens(inputText(request)) + imagesIn(request) * IMAGE_TOKENS;

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

const callText = (call: ToolCall): string => call.name + call.arguments;

const messageText = (message: ChatMessage): string =>
  message.role === 'assistant'
    ? [message.content, ...message.toolCalls.map(callText)].join('\n')
    : message.content;
