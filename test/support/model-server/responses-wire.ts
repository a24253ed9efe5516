/** A script's reply as the Responses API sends it: whole, or as the events of a stream. */
import { callsOf, finishOf, piecesOf, type ScriptReply } from '../../../src/core/models/script.ts';
import { ARGUMENT_PIECE_CHARS, countOf, type Wiring } from './wire.ts';

type Item = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string };

/** Encrypted reasoning of a turn, as this server makes it. */
export const sealed = (turn: number, reasoning: string): string =>
  Buffer.from(`${turn}:${reasoning}`).toString('base64');

/** The items of a reply: reasoning, words, calls. */
function itemsOf(reply: ScriptReply, { request, manners }: Wiring): readonly Item[] {
  const { turn } = request;
  const isSealed = JSON.stringify(request.body['include'] ?? []).includes('reasoning.encrypted_content');
  const words = [
    ...(reply.content === '' ? [] : [{ type: 'output_text', text: reply.content, annotations: [] }]),
    ...(manners.refusal === undefined ? [] : [{ type: 'refusal', refusal: manners.refusal }]),
  ];
  return [
    ...(reply.reasoning === undefined
      ? []
      : [
          {
            type: 'reasoning',
            id: `rs_${turn}`,
            summary: [{ type: 'summary_text', text: reply.reasoning }],
            ...(isSealed && { encrypted_content: sealed(turn, reply.reasoning) }),
          },
        ]),
    ...(words.length === 0
      ? []
      : [{ type: 'message', id: `msg_${turn}`, role: 'assistant', status: 'completed', content: words }]),
    ...callsOf(reply, turn).map(({ id, name, arguments: text }, at) => ({
      type: 'function_call',
      id: `fc_${turn}_${at}`,
      call_id: id,
      name,
      arguments: text,
      status: 'completed',
    })),
  ];
}

/** The reply in one body; `output` left out for the response that a stream begins with. */
export function responseOf(reply: ScriptReply, wiring: Wiring, output = itemsOf(reply, wiring)): object {
  const { request, manners } = wiring;
  const finish = finishOf(reply);
  const { input, output: said } = countOf(reply, request);
  const reason = finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? finish : undefined;
  return {
    id: `resp_${request.number}`,
    object: 'response',
    created_at: 0,
    model: request.model,
    status: reason === undefined ? 'completed' : 'incomplete',
    error: null,
    incomplete_details: reason === undefined ? null : { reason },
    output,
    store: false,
    ...(manners.usage !== 'never' && {
      usage: {
        input_tokens: input,
        input_tokens_details: { cached_tokens: manners.cachedTokens ?? 0 },
        output_tokens: said,
        output_tokens_details: { reasoning_tokens: reply.reasoning?.length ?? 0 },
        total_tokens: input + said,
      },
    }),
  };
}

/** The reply in the events of a stream. */
export function responseEventsOf(reply: ScriptReply, wiring: Wiring): readonly object[] {
  const whole = responseOf(reply, wiring) as { readonly status: string };
  const begun = { ...responseOf(reply, wiring, []), status: 'in_progress', usage: null };
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...itemsOf(reply, wiring).flatMap((item, at) => itemEvents(item, at, wiring)),
    { type: `response.${whole.status}`, response: whole },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: Item, at: number, { indices }: Wiring): readonly object[] {
  const place = {
    ...(indices === 'none' ? {} : { output_index: indices === 'same' ? 0 : at }),
    ...(indices === 'noIds' ? {} : { item_id: item.id }),
  };
  const own = (value: Item): object => (indices === 'noIds' ? { ...value, id: '', call_id: '' } : value);
  const delta = (type: string, pieces: readonly string[], more: object = {}) =>
    pieces.map((piece) => ({ type, ...place, ...more, delta: piece }));
  return [
    { type: 'response.output_item.added', ...place, item: own(emptied(item)) },
    ...(item.type === 'reasoning' ? delta(REASONING, piecesOf(summaryText(item)), { summary_index: 0 }) : []),
    ...partsOf(item).flatMap((part, content_index) =>
      'refusal' in part
        ? delta('response.refusal.delta', piecesOf(part.refusal), { content_index })
        : delta('response.output_text.delta', piecesOf(part.text), { content_index }),
    ),
    ...(item.type === 'function_call' ? delta(ARGUMENTS, argumentPieces(item)) : []),
    { type: 'response.output_item.done', ...place, item: own(item) },
  ];
}

const REASONING = 'response.reasoning_summary_text.delta';
const ARGUMENTS = 'response.function_call_arguments.delta';

type Part = { readonly text: string } | { readonly refusal: string };

const partsOf = (item: Item): readonly Part[] => (item['content'] as readonly Part[] | undefined) ?? [];

const summaryText = (item: Item): string =>
  (item['summary'] as readonly { readonly text: string }[])[0]?.text ?? '';

const argumentPieces = (item: Item): readonly string[] =>
  String(item['arguments']).match(new RegExp(`[\\s\\S]{1,${ARGUMENT_PIECE_CHARS}}`, 'g')) ?? [];

/** The item before anything of it was said. */
function emptied(item: Item): Item {
  const { encrypted_content: _sealed, ...rest } = item;
  return {
    ...rest,
    type: item.type,
    id: item.id,
    ...(item.type === 'message' && { content: [], status: 'in_progress' }),
    ...(item.type === 'reasoning' && { summary: [] }),
    ...(item.type === 'function_call' && { arguments: '', status: 'in_progress' }),
  };
}

/** One named event of a stream. */
export const namedEventOf = (value: object): string =>
  `event: ${String((value as { readonly type?: string }).type)}\ndata: ${JSON.stringify(value)}\n\n`;
