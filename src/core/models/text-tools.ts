/** Tools for models that cannot call any: described in the system text, called in the reply's text, answered as a message. */
import type { ChatMessage, ModelRequest, ToolCall, ToolSpec } from './contract.ts';

/** The same request in text alone. Messages of one side that follow each other become one: some templates insist that sides alternate. */
export function inText(request: ModelRequest): ModelRequest {
  if (request.tools.length === 0) return request;
  const names = new Map<string, string>();
  const messages: ChatMessage[] = [];
  for (const message of request.messages) {
    if (message.role === 'assistant') for (const call of message.toolCalls) names.set(call.id, call.name);
    const said = textMessage(message, names);
    const last = messages.at(-1);
    if (last?.role === 'user' && said.role === 'user') messages[messages.length - 1] = joined(last, said);
    else messages.push(said);
  }
  const manual = manualOf(request.tools);
  const [first, ...rest] = messages;
  const system: ChatMessage =
    first?.role === 'system'
      ? { role: 'system', content: `${first.content}\n\n${manual}` }
      : { role: 'system', content: manual };
  return {
    ...request,
    tools: [],
    messages: first?.role === 'system' ? [system, ...rest] : [system, ...messages],
  };
}

type Said = Extract<ChatMessage, { readonly role: 'user' }>;

function joined(one: Said, other: Said): Said {
  const images = [...(one.images ?? []), ...(other.images ?? [])];
  const content = `${one.content}\n\n${other.content}`;
  return { role: 'user', content, ...(images.length > 0 && { images }) };
}

function textMessage(message: ChatMessage, names: ReadonlyMap<string, string>): ChatMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return message;
    case 'tool': {
      const name = names.get(message.callId) ?? 'a tool';
      return { role: 'user', content: `What ${name} gave:\n${message.content}` };
    }
    case 'assistant': {
      const calls = message.toolCalls.map(blockOf);
      const content = [message.content, ...calls].filter((part) => part !== '').join('\n');
      return { role: 'assistant', content, toolCalls: [] };
    }
  }
}

function blockOf({ name, arguments: text }: ToolCall): string {
  return `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${text.trim() === '' ? '{}' : text}}\n</tool_call>`;
}

const manualOf = (tools: readonly ToolSpec[]): string =>
  [
    'You work with tools. To call one, write a block of just this form; several blocks call several tools:',
    '<tool_call>\n{"name": "tool_name", "arguments": {"argument": "value"}}\n</tool_call>',
    'The arguments are JSON. Write nothing after the last block: what the tools give comes in the next message. Tools:',
    ...tools.map(({ name, description, parameters }) => `- ${name}(${fieldsOf(parameters)}): ${description}`),
  ].join('\n');

type Schema = Readonly<Record<string, unknown>>;

function fieldsOf(schema: Schema): string {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>)
    .map(([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(field)}`)
    .join(', ');
}

function typeOf(schema: Schema): string {
  const { enum: values, anyOf, type, items } = schema;
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (Array.isArray(anyOf)) return (anyOf as Schema[]).map(typeOf).join(' | ');
  if (type === 'array') return `[${typeOf((items ?? {}) as Schema)}]`;
  if (type === 'object') return `{${fieldsOf(schema)}}`;
  return typeof type === 'string' ? type : 'any';
}
