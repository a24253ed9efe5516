import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../../../src/core/models/contract.ts';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { serve } from './serve.ts';

const looks: Partial<ScriptReply> = {
  content: 'I look.',
  calls: [
    { tool: 'read_file', args: { path: 'a.js' } },
    { tool: 'read_file', args: { path: 'b.js' } },
  ],
};
const calls = ['{"path":"a.js"}', '{"path":"b.js"}'];

for (const api of ['chat', 'responses'] as const) {
  test(`text tools: where ${api} refuses tools they are written as text, at once, and that is remembered`, () =>
    serve(
      { says: looks, manners: { tools: 'refused' }, endpoint: { api } },
      async ({ ask, server, context }) => {
        const reply = await ask();
        assert.deepEqual(
          reply.toolCalls.map((call) => call.arguments),
          calls,
        );
        assert.equal(reply.content, 'I look.');
        assert.equal(reply.finish, 'tool_calls');
        assert.equal(reply.kept, undefined);
        assert.equal(context.said.join('').trim(), 'I look.', 'nobody is shown the calls');
        assert.equal(server.requests.length, 2);
        assert.equal(server.requests.at(-1)?.body['tools'], undefined);
        assert.equal(server.requests[1]?.role, 'coder', 'the system text begins as before');
        assert.match(JSON.stringify(server.requests[1].body), /- read_file\(\): Reads\./);
        await ask();
        assert.equal(server.requests.length, 3);
      },
    ));

  test(`text tools: a model that writes its calls although ${api} offers tools is understood`, () =>
    serve(
      { says: looks, manners: { tools: 'written' }, endpoint: { api } },
      async ({ ask, server, context }) => {
        const reply = await ask();
        assert.deepEqual(
          reply.toolCalls.map((call) => call.arguments),
          calls,
        );
        assert.equal(context.said.join('').trim(), 'I look.');
        assert.notEqual(server.requests[0]?.body['tools'], undefined);
        assert.equal(server.requests.length, 1);
      },
    ));
}

test('text tools: chosen by setting, what tools gave goes back as one message of the other side', () =>
  serve(
    { says: looks, manners: { tools: 'refused' }, endpoint: { tools: 'text' } },
    async ({ ask, server }) => {
      const { content, toolCalls } = await ask();
      assert.equal(server.requests.length, 1);
      const messages: ChatMessage[] = [
        { role: 'system', content: "You are Quartet's coder." },
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content, toolCalls },
        ...toolCalls.map(({ id }): ChatMessage => ({ role: 'tool', callId: id, content: `text of ${id}` })),
        { role: 'user', content: 'Message from the person: hurry.' },
      ];
      await ask({ messages, turn: 2 });
      const sent = server.requests[1]?.body['messages'] as { role: string; content: string }[];
      assert.deepEqual(
        sent.map(({ role }) => role),
        ['system', 'user', 'assistant', 'user'],
      );
      assert.match(
        sent[2]?.content ?? '',
        /^I look\.\n<tool_call>\n\{"name": "read_file", "arguments": \{"path":"a\.js"\}\}/,
      );
      assert.match(
        sent[3]?.content ?? '',
        /^What read_file gave:\ntext of call_1_1\n\nWhat read_file gave:\n[\s\S]*hurry\.$/,
      );
    },
  ));

const refusals: readonly [string, number, unknown][] = [
  [
    'Ollama',
    400,
    { error: { message: 'registry.ollama.ai/library/llama2:13b does not support tools', type: 'api_error' } },
  ],
  [
    'OpenRouter',
    404,
    {
      error: {
        message: 'No endpoints found that support tool use. To learn more about provider routing, visit: …',
        code: 404,
      },
    },
  ],
  [
    'vLLM',
    400,
    {
      message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      code: 400,
    },
  ],
  [
    'llama.cpp',
    500,
    { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } },
  ],
  [
    'Groq',
    400,
    { error: { message: '`tool calling` is not supported with this model', type: 'invalid_request_error' } },
  ],
  ['a proxy', 422, { detail: [{ msg: 'Extra inputs are not permitted', loc: ['body', 'tools'] }] }],
];
for (const [name, status, body] of refusals) {
  test(`text tools: ${name} says in its words that it has none`, () => {
    const fault: Fault = { kind: 'status', status, body };
    return serve({ faults: ({ number }) => (number === 1 ? fault : undefined) }, async ({ ask, server }) => {
      assert.equal((await ask()).content, 'Hello there.');
      assert.deepEqual(
        server.requests.map((request) => 'tools' in request.body),
        [true, false],
      );
    });
  });
}
