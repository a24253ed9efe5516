import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolSpec } from '../../../../src/core/models/contract.ts';
import { createProse } from '../../../../src/core/models/prose.ts';
import { callsInText } from '../../../../src/core/models/text-calls.ts';

const tool = (name: string): ToolSpec => ({ name, description: '', parameters: { type: 'object' } });
const tools = ['read_file', 'edit_file', 'run_command'].map(tool);

interface Expected {
  readonly calls: readonly string[];
  readonly content?: string;
}
const read = 'read_file {"path":"a.js"}';

/** What a model wrote, and the calls in it where it was told to write them so. */
const written: readonly [string, string, Expected][] = [
  ['tags', '<tool_call>\n{"name":"read_file","arguments":{"path":"a.js"}}\n</tool_call>', { calls: [read] }],
  [
    'tags amid prose',
    'I look.\n<tool_call>{"name":"read_file","arguments":{"path":"a.js"}}</tool_call>\nThen more.',
    { calls: [read], content: 'I look.\n\nThen more.' },
  ],
  [
    'several tags',
    '<tool_call>{"name":"read_file","arguments":{"path":"a.js"}}</tool_call>\n<tool_call>{"name":"run_command","arguments":{"command":"ls"}}</tool_call>',
    { calls: [read, 'run_command {"command":"ls"}'] },
  ],
  [
    'several in one tag',
    '<tool_call>\n{"name":"read_file","arguments":{"path":"a.js"}}\n{"name":"read_file","arguments":{"path":"b.js"}}\n</tool_call>',
    { calls: [read, 'read_file {"path":"b.js"}'] },
  ],
  [
    'a tag that is not closed',
    'Ok <tool_call>{"name":"read_file","arguments":{"path":"a.js"}}',
    { calls: [read], content: 'Ok' },
  ],
  [
    'a trailing comma and a missing brace',
    '<tool_call>{"name":"read_file","arguments":{"path":"a.js",}</tool_call>',
    { calls: [read] },
  ],
  [
    'arguments as text',
    '<tool_call>{"name":"read_file","arguments":"{\\"path\\":\\"a.js\\"}"}</tool_call>',
    { calls: [read] },
  ],
  ['parameters, as Llama says', '{"name": "read_file", "parameters": {"path":"a.js"}}', { calls: [read] }],
  [
    'a fence',
    'Sure:\n```json\n{"tool":"read_file","args":{"path":"a.js"}}\n```',
    { calls: [read], content: 'Sure:' },
  ],
  ['a fence without a word', '```\n{"name":"read_file","arguments":{"path":"a.js"}}\n```', { calls: [read] }],
  ['a list', '[{"name":"read_file","arguments":{"path":"a.js"}}]', { calls: [read] }],
  [
    "OpenAI's own shape",
    '{"tool_calls":[{"id":"x","type":"function","function":{"name":"read_file","arguments":"{\\"path\\":\\"a.js\\"}"}}]}',
    { calls: [read] },
  ],
  ['arguments beside the name', '```json\n{"name":"read_file","path":"a.js"}\n```', { calls: [read] }],
  ['Mistral', '[TOOL_CALLS] [{"name":"read_file","arguments":{"path":"a.js"}}]', { calls: [read] }],
  [
    'Mistral, newer',
    '[TOOL_CALLS]read_file[ARGS]{"path":"a.js"}[TOOL_CALLS]run_command[ARGS]{"command":"ls"}',
    { calls: [read, 'run_command {"command":"ls"}'] },
  ],
  [
    'Qwen for code',
    '<tool_call>\n<function=edit_file>\n<parameter=path>\na.js\n</parameter>\n<parameter=edits>\n[{"old_text":"x","new_text":"y"}]\n</parameter>\n</function>\n</tool_call>',
    { calls: ['edit_file {"path":"a.js","edits":[{"old_text":"x","new_text":"y"}]}'] },
  ],
  ['Llama, tag with the name', '<function=read_file>{"path":"a.js"}</function>', { calls: [read] }],
  ['no arguments', '<tool_call>{"name":"read_file"}</tool_call>', { calls: ['read_file {}'] }],
  [
    'an unknown tool in a tag, to be answered',
    '<tool_call>{"name":"launch","arguments":{}}</tool_call>',
    { calls: ['launch {}'] },
  ],
];
for (const [name, text, expected] of written) {
  test(`text calls: ${name}`, () => {
    const found = callsInText(text, { tools, turn: 3, how: 'told', cut: false });
    assert.deepEqual(
      found?.toolCalls.map((call) => `${call.name} ${call.arguments}`),
      expected.calls,
    );
    assert.equal(found.content, expected.content ?? '');
    assert.deepEqual(
      found.toolCalls.map(({ id }) => id),
      expected.calls.map((_, at) => `call_3_${at + 1}`),
    );
  });
}

const none: readonly [string, string, 'told' | 'unasked'][] = [
  ['prose', 'I would call read_file on a.js.', 'told'],
  ['other JSON in a fence', '```json\n{"name":"quartet","version":"1"}\n```', 'told'],
  ['a list of people', '[{"name":"Ada"}]', 'told'],
  ['code in a fence', '```js\nread_file("a.js")\n```', 'told'],
  [
    'a quoted example with words after it, unasked',
    'Such as\n```json\n{"name":"read_file","arguments":{}}\n```\nfor example.',
    'unasked',
  ],
];
for (const [name, text, how] of none) {
  test(`text calls: ${name} holds none`, () => {
    assert.equal(callsInText(text, { tools, turn: 1, how, cut: false }), undefined);
  });
}

test('text calls: of a cut reply only what is whole', () => {
  const whole = '<tool_call>{"name":"read_file","arguments":{"path":"a.js"}}</tool_call>';
  const text = `${whole}<tool_call>{"name":"edit_file","arguments":{"path":"a.js","edits":[{"old`;
  const found = callsInText(text, { tools, turn: 1, how: 'told', cut: true });
  assert.deepEqual(
    found?.toolCalls.map((call) => call.name),
    ['read_file'],
  );
});

const shown: readonly [string, string, boolean, string][] = [
  ['a call after words', 'I look.\n<tool_call>{"name":"read_file"}</tool_call>', true, 'I look.\n'],
  ['a bare call', ' {"name":"read_file"}', true, ''],
  ['a fenced call', 'Sure:\n```json\n{"name":"read_file"}\n```', true, 'Sure:\n'],
  ['JSON that was no call', '{"a":1}', false, '{"a":1}'],
  ['code and HTML', 'See ```js\nx < y\n``` and <b>', false, 'See ```js\nx < y\n``` and <b>'],
];
for (const [name, text, isCall, expected] of shown) {
  test(`text calls: people see of ${name} the words alone, however it is cut`, () => {
    for (let size = 1; size <= text.length; size += 1) {
      const said: string[] = [];
      const prose = createProse((piece) => said.push(piece));
      for (let at = 0; at < text.length; at += size) prose.add(text.slice(at, at + size));
      prose.end(isCall);
      assert.equal(said.join(''), expected, `in pieces of ${size}`);
    }
  });
}
