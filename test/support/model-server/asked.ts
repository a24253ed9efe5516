/** The messages of a request in one shape, whichever API it came by. */
import { list, record, text, type Loose } from '../../../src/node/models/loose.ts';

export interface AskedMessage {
  readonly role: string;
  readonly content: string;
  /** True for what belongs to the same reply as the message before it. */
  readonly continues: boolean;
}

/** Messages of Chat Completions. */
function chatMessages(body: Loose): readonly AskedMessage[] {
  return list(body['messages']).map((each) => {
    const message = record(each) ?? {};
    return { role: text(message['role']) ?? '', content: contentOf(message['content']), continues: false };
  });
}

/** Items of Responses: reasoning, words and calls that stand together are one reply. */
function responsesMessages(body: Loose): readonly AskedMessage[] {
  const items = list(body['input']).map((each) => {
    const item = record(each) ?? {};
    const said = text(item['role']) ?? ROLES[text(item['type']) ?? ''] ?? '';
    return { role: said, content: contentOf(item['content']) + (text(item['output']) ?? '') };
  });
  const instructions = text(body['instructions']);
  const system = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  return [...system, ...items].map((item, at, all) => ({
    ...item,
    continues: item.role === 'assistant' && all[at - 1]?.role === 'assistant',
  }));
}

const ROLES: Readonly<Record<string, string>> = {
  reasoning: 'assistant',
  function_call: 'assistant',
  function_call_output: 'tool',
};

export const askedMessages = (api: 'chat' | 'responses', body: Loose): readonly AskedMessage[] =>
  api === 'chat' ? chatMessages(body) : responsesMessages(body);

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => text(record(part)?.['text']) ?? '')
    .join('');
}
