/** A script's reply as a server sends it: whole, or as the events of a stream. This is Chat Completions; Responses has its own file. */
import { callsOf, finishOf, piecesOf, type ScriptReply } from '../../../src/core/models/script.ts';
import type { Fault } from './faults.ts';
import type { SeenRequest } from './seen.ts';
import { inputTokens, type Window } from './window.ts';

/** Dialects of servers. */
export interface Manners {
  /** `asked`: usage in a stream only with `stream_options`; `never`: none at all; `refuse`: 400 for `stream_options`. */
  readonly usage: 'asked' | 'never' | 'refuse';
  /** Which name of the output limit is known; another one is refused with 400. */
  readonly limit: 'both' | 'max_tokens' | 'max_completion_tokens';
  /** `ignored`: one JSON body though a stream was asked for; `refused`: 400. */
  readonly streaming: 'yes' | 'ignored' | 'refused';
  /** What it knows of the Responses API: nothing (a 404), a 405, a refusal in words, or all. */
  readonly responses: 'yes' | 'missing' | 'notAllowed' | 'refused';
  /** Refuses Chat Completions with words that name the Responses API. */
  readonly chat: 'yes' | 'refused';
  /** What it thinks of being asked for encrypted reasoning; `stale`: it cannot read what it gave before. */
  readonly encrypted: 'yes' | 'refused' | 'stale';
  /** `refused`: 400 where tools are offered. `written`: it takes them and writes its calls into its text. */
  readonly tools: 'yes' | 'refused' | 'written';
  /** `refused`: 400 where an image is shown. */
  readonly images: 'yes' | 'refused';
  readonly reasoningField: 'reasoning_content' | 'reasoning';
  /** Refuses assistant messages without `reasoning_content`. */
  readonly wantsReasoning: boolean;
  readonly cachedTokens: number | undefined;
  /** Output tokens that it says every reply took, whatever its limit was. */
  readonly outputTokens: number | undefined;
  /** Text of a refusal that takes the place of the content. */
  readonly refusal: string | undefined;
  /** Absent: it takes requests of any length. */
  readonly window: Window | undefined;
}

export const MANNERS: Manners = {
  usage: 'asked',
  limit: 'both',
  streaming: 'yes',
  responses: 'yes',
  chat: 'yes',
  encrypted: 'yes',
  tools: 'yes',
  images: 'yes',
  reasoningField: 'reasoning_content',
  wantsReasoning: false,
  cachedTokens: undefined,
  outputTokens: undefined,
  refusal: undefined,
  window: undefined,
};

export type IndexStyle = Extract<Fault, { kind: 'indices' }>['style'] | 'right';

export interface Wiring {
  readonly request: SeenRequest;
  readonly manners: Manners;
  readonly indices: IndexStyle;
}

const CHARS_PER_TOKEN = 4;
export const ARGUMENT_PIECE_CHARS = 9;

const idOf = ({ number }: SeenRequest): string => `chatcmpl-${number}`;

/** Tokens of a request and a reply as this server counts them. */
export const countOf = (reply: ScriptReply, request: SeenRequest) => ({
  input: inputTokens(request),
  output: Math.ceil((reply.content + JSON.stringify(reply.calls)).length / CHARS_PER_TOKEN),
});

function usageOf(reply: ScriptReply, { request, manners }: Wiring): object {
  const counted = countOf(reply, request);
  const input = counted.input;
  const output = manners.outputTokens ?? counted.output;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(manners.cachedTokens !== undefined && {
      prompt_tokens_details: { cached_tokens: manners.cachedTokens },
    }),
  };
}

/** The reply in one body. */
export function completionOf(reply: ScriptReply, wiring: Wiring): object {
  const { request, manners } = wiring;
  const calls = callsOf(reply, request.turn).map(({ id, name, arguments: text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }));
  const message = {
    role: 'assistant',
    content: reply.content === '' ? null : reply.content,
    ...(manners.refusal !== undefined && { refusal: manners.refusal }),
    ...(reply.reasoning !== undefined && { [manners.reasoningField]: reply.reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    id: idOf(request),
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [{ index: 0, message, finish_reason: finishOf(reply) }],
    ...(manners.usage !== 'never' && { usage: usageOf(reply, wiring) }),
  };
}

/** The reply in the chunks of a stream, without `[DONE]`. */
export function chunksOf(reply: ScriptReply, wiring: Wiring): readonly object[] {
  const { request, manners } = wiring;
  const chunk = (choices: readonly object[], more: object = {}) => ({
    id: idOf(request),
    object: 'chat.completion.chunk',
    created: 0,
    model: request.model,
    choices,
    ...more,
  });
  const delta = (value: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: value, finish_reason: finish }]);
  const asked = wantsUsage(request) && manners.usage === 'asked';
  return [
    delta({ role: 'assistant', content: '' }),
    ...piecesOf(reply.reasoning ?? '').map((piece) => delta({ [manners.reasoningField]: piece })),
    ...piecesOf(reply.content).map((content) => delta({ content })),
    ...piecesOf(manners.refusal ?? '').map((refusal) => delta({ refusal })),
    ...callPieces(reply, wiring).map((piece) => delta({ tool_calls: [piece] })),
    delta({}, finishOf(reply)),
    ...(asked ? [chunk([], { usage: usageOf(reply, wiring) })] : []),
  ];
}

const wantsUsage = ({ body }: SeenRequest): boolean =>
  JSON.stringify(body['stream_options'] ?? {}).includes('"include_usage":true');

function callPieces(reply: ScriptReply, { request, indices }: Wiring): readonly object[] {
  return callsOf(reply, request.turn).flatMap(({ id, name, arguments: text }, at) => {
    const index = indices === 'right' ? { index: at } : indices === 'none' ? {} : { index: 0 };
    const own = indices === 'noIds' ? {} : { id };
    const parts = text.match(new RegExp(`[\\s\\S]{1,${ARGUMENT_PIECE_CHARS}}`, 'g')) ?? [];
    const echo = indices === 'echo' ? { name } : {};
    return [
      { ...index, ...own, type: 'function', function: { name, arguments: '' } },
      ...parts.map((part) => ({ ...index, function: { ...echo, arguments: part } })),
    ];
  });
}

/** One event of a stream. */
export const eventOf = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

export const DONE = 'data: [DONE]\n\n';

/** An error body of OpenAI's shape. */
export const errorBody = (message: string, more: object = {}): object => ({
  error: { message, type: 'invalid_request_error', param: null, code: null, ...more },
});
