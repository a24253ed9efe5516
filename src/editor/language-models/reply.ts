/** Reads what a model of the editor streams: text, tool calls, and parts that newer editors may add. */
import * as vscode from 'vscode';
import type { ModelReply, ToolCall, Usage } from '../../core/models/contract.ts';
import { TryFailure } from '../../core/models/failure.ts';
import type { WireCall, WireReply } from '../../core/models/guard.ts';
import { estimateUsage, inputText, tokensIn } from '../../core/models/tokens.ts';
import type { Clock } from '../../core/ports.ts';

export interface Reading {
  readonly call: WireCall;
  readonly model: vscode.LanguageModelChat;
  readonly clock: Clock;
  readonly token: vscode.CancellationToken;
}

/** The editor offers no output limit that every provider keeps, so it is kept here: reading stops, and the request is cancelled. */
const isOver = (call: WireCall, chars: number) => tokensIn(chars) > call.request.outputTokensMax;

/** Errors: `endpoint.badReply` for a reply of nothing; whatever the provider throws. */
export async function readReply(
  { stream }: vscode.LanguageModelChatResponse,
  reading: Reading,
): Promise<WireReply> {
  const { call, model } = reading;
  const said = { content: '', calls: [] as vscode.LanguageModelToolCallPart[], chars: 0 };
  let isCut = false;
  for await (const part of stream) {
    call.signal.throwIfAborted();
    const chars = hear(part, said, call);
    said.chars += chars;
    call.alive(chars);
    isCut = isOver(call, said.chars);
    if (isCut) break;
  }
  call.signal.throwIfAborted();
  const toolCalls = callsOf(said.calls, call.request.turn);
  if (said.content.trim() === '' && toolCalls.length === 0) throw nothing(call);
  const output = { content: said.content, toolCalls };
  return {
    ...output,
    finish: finishOf(isCut, toolCalls),
    usage: await usageOf(reading, output),
    model: model.id,
  };
}

/** Takes one part in; how many characters it brought. Parts that are not understood (thinking, data) are signs of life. */
function hear(
  part: unknown,
  said: { content: string; calls: vscode.LanguageModelToolCallPart[] },
  call: WireCall,
): number {
  if (part instanceof vscode.LanguageModelTextPart) {
    said.content += part.value;
    if (part.value !== '') call.onText(part.value);
    return part.value.length;
  }
  if (!(part instanceof vscode.LanguageModelToolCallPart)) return 0;
  said.calls.push(part);
  return part.name.length + JSON.stringify(part.input).length;
}

/** Each call with an id of its own: providers invent them, or leave them out. */
function callsOf(parts: readonly vscode.LanguageModelToolCallPart[], turn: number): readonly ToolCall[] {
  const ids = new Set<string>();
  return parts.map(({ callId, name, input }, at) => {
    const id = callId === '' || ids.has(callId) ? `call_${turn}_${at + 1}` : callId;
    ids.add(id);
    return { id, name, arguments: JSON.stringify(input) };
  });
}

function finishOf(isCut: boolean, calls: readonly ToolCall[]): ModelReply['finish'] {
  if (isCut) return 'length';
  return calls.length > 0 ? 'tool_calls' : 'stop';
}

const nothing = ({ endpoint }: WireCall): TryFailure =>
  new TryFailure('endpoint.badReply', `${endpoint.label ?? endpoint.model} ended without a word.`, {
    retryable: true,
    advice: 'The output panel of the extension that supplies the model may say why.',
  });

/** A longer request is estimated: counting would send it to the provider once more. */
const COUNTED_CHARS_MAX = 200_000;
const COUNTING_MS_MAX = 2000;

/** The model's own count where it comes soon, else an estimate. Neither is what the provider bills. */
async function usageOf(
  { call, model, clock, token }: Reading,
  output: Pick<ModelReply, 'content' | 'toolCalls'>,
): Promise<Usage> {
  const estimate = estimateUsage(call.request, output);
  const input = inputText(call.request);
  if (input.length > COUNTED_CHARS_MAX) return estimate;
  const saying = [output.content, ...output.toolCalls.map((each) => each.name + each.arguments)].join('');
  const counted = await Promise.race([
    Promise.all([model.countTokens(input, token), model.countTokens(saying, token)]),
    clock.sleep(COUNTING_MS_MAX, call.signal),
  ]).catch(() => undefined);
  const [inputTokens, outputTokens] = counted ?? [];
  if (!isCount(inputTokens) || !isCount(outputTokens)) return estimate;
  return { inputTokens, outputTokens, estimated: true };
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value > 0;
