import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import type { Manners } from '../../../support/model-server/wire.ts';
import { serve } from './serve.ts';

const looks: Partial<ScriptReply> = {
  content: 'Ich schaue nach: 日本語 🎻.',
  reasoning: 'First the file, then the tests.',
  calls: [
    { tool: 'read_file', args: { path: 'src/a.js', start_line: 1 } },
    { tool: 'read_file', args: { path: 'src/b.js' } },
    { tool: 'list_files', args: {} },
  ],
};
const calls = [
  { id: 'call_1_1', name: 'read_file', arguments: '{"path":"src/a.js","start_line":1}' },
  { id: 'call_1_2', name: 'read_file', arguments: '{"path":"src/b.js"}' },
  { id: 'call_1_3', name: 'list_files', arguments: '{}' },
];

const dialects: readonly [string, Partial<Manners>][] = [
  ['as OpenAI does', {}],
  ['with reasoning in another field', { reasoningField: 'reasoning' }],
  ['without usage', { usage: 'never' }],
  ['refusing stream_options', { usage: 'refuse' }],
  ['knowing only max_tokens', { limit: 'max_tokens' }],
  ['knowing only max_completion_tokens', { limit: 'max_completion_tokens' }],
  ['in one body though a stream was asked for', { streaming: 'ignored' }],
  ['refusing to stream', { streaming: 'refused' }],
];
for (const [name, manners] of dialects) {
  test(`openai: a server that answers ${name}`, () =>
    serve({ says: looks, manners }, async ({ ask, context, server }) => {
      const reply = await ask();
      assert.equal(reply.content, looks.content);
      assert.equal(reply.reasoning, looks.reasoning);
      assert.deepEqual(reply.toolCalls, calls);
      assert.equal(reply.finish, 'tool_calls');
      assert.equal(reply.model, 'scripted');
      assert.equal(reply.endpoint, 'one');
      assert.equal(context.said.join(''), looks.content);
      assert.ok(reply.usage.inputTokens > 0 && reply.usage.outputTokens > 0);
      assert.equal(reply.usage.estimated, ['never', 'refuse'].includes(manners.usage ?? ''));
      const body = server.requests.at(-1)?.body;
      assert.equal(body?.['max_tokens'] ?? body?.['max_completion_tokens'], 1000);
      assert.equal(reply.tries.at(-1)?.ok, true);
      assert.equal(reply.tries.length, server.requests.length);
      const before = server.requests.length;
      await ask();
      assert.equal(server.requests.length, before + 1, 'what was learnt is remembered');
    }));
}

for (const api of ['chat', 'responses'] as const) {
  test(`openai: a temperature is sent (${api}); a model that refuses any is asked without, and that is remembered`, () => {
    const refusal = {
      error: { message: "Unsupported value: 'temperature' does not support 0.7 with this model." },
    };
    const faults = (request: { readonly body: Record<string, unknown> }) =>
      request.body['temperature'] === undefined
        ? undefined
        : ({ kind: 'status', status: 400, body: refusal } as const);
    return serve({ says: looks, endpoint: { api }, faults }, async ({ ask, server }) => {
      assert.equal((await ask({ temperature: 0.7 })).content, looks.content);
      assert.deepEqual(
        server.requests.map(({ body }) => body['temperature']),
        [0.7, undefined],
      );
      await ask({ temperature: 0.7 });
      assert.equal(server.requests.length, 3);
    });
  });
}

for (const style of ['same', 'none', 'echo'] as const) {
  test(`openai: tool calls whose indices are "${style}"`, () =>
    serve({ says: looks, faults: () => ({ kind: 'indices', style }) }, async ({ ask }) => {
      assert.deepEqual((await ask()).toolCalls, calls);
    }));
}

test('openai: tool calls without ids get ids of their own', () =>
  serve({ says: looks, faults: () => ({ kind: 'indices', style: 'noIds' }) }, async ({ ask }) => {
    const { toolCalls } = await ask({ turn: 4 });
    assert.deepEqual(
      toolCalls.map(({ id, arguments: text }) => [id, text]),
      calls.map(({ arguments: text }, at) => [`call_4_${at + 1}`, text]),
    );
  }));

test('openai: an unknown tool and prose for arguments come through for the agent to answer', async () => {
  await serve({ says: looks, faults: () => ({ kind: 'unknownTool' }) }, async ({ ask }) => {
    assert.deepEqual(
      (await ask()).toolCalls.map(({ name }) => name),
      ['launch_rocket'],
    );
  });
  await serve({ says: looks, faults: () => ({ kind: 'proseArguments' }) }, async ({ ask }) => {
    assert.match((await ask()).toolCalls[0]?.arguments ?? '', /^Sure!/);
  });
});

test('openai: a reply cut at the output limit keeps whole calls only', () =>
  serve(
    {
      says: {
        content: 'Writing.',
        finish: 'length',
        calls: [
          { tool: 'read_file', args: { path: 'a' } },
          { tool: 'write_file', args: '{"path":"b.js","content":"half of' },
        ],
      },
    },
    async ({ ask }) => {
      const reply = await ask();
      assert.equal(reply.finish, 'length');
      assert.deepEqual(
        reply.toolCalls.map(({ name }) => name),
        ['read_file'],
      );
    },
  ));

test('openai: a refusal and a content filter are told as such', async () => {
  await serve(
    { says: { content: '', finish: 'stop' }, manners: { refusal: 'I cannot help.' } },
    async ({ ask }) => {
      const reply = await ask();
      assert.equal(reply.finish, 'content_filter');
      assert.equal(reply.content, 'I cannot help.');
    },
  );
  await serve({ says: { content: 'Well', finish: 'content_filter' } }, async ({ ask }) => {
    assert.equal((await ask()).finish, 'content_filter');
  });
});

test('openai: cached tokens are reported', () =>
  serve({ manners: { cachedTokens: 5 } }, async ({ ask }) => {
    const { usage } = await ask();
    assert.equal(usage.cachedTokens, 5);
    assert.equal(usage.estimated, false);
  }));

test('openai: what is sent: messages, tools, limit, and the reasoning of former turns only where it is wanted', async () => {
  const messages = [
    { role: 'system', content: "You are Quartet's coder." },
    { role: 'user', content: 'Task: totals\nAttempt: 2\nGo.' },
    {
      role: 'assistant',
      content: '',
      reasoning: 'Hm.',
      toolCalls: [
        { id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
        { id: 'b', name: 'read_file', arguments: 'I would like x' },
        { id: 'c', name: 'list_files', arguments: '' },
      ],
    },
    { role: 'tool', callId: 'a', content: 'text of x' },
  ] as const;
  await serve({}, async ({ ask, server }) => {
    await ask({ messages, turn: 2 });
    const [request] = server.requests;
    assert.deepEqual(
      [request?.role, request?.task, request?.attempt, request?.turn],
      ['coder', 'totals', 2, 2],
    );
    const sent = request?.body['messages'] as Record<string, unknown>[];
    assert.deepEqual(sent[2], {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"path":"x"}' } },
        {
          id: 'b',
          type: 'function',
          function: { name: 'read_file', arguments: '{"unreadable":"I would like x"}' },
        },
        { id: 'c', type: 'function', function: { name: 'list_files', arguments: '{}' } },
      ],
    });
    assert.deepEqual(sent[3], { role: 'tool', tool_call_id: 'a', content: 'text of x' });
    assert.deepEqual(request?.body['tools'], [
      {
        type: 'function',
        function: { name: 'read_file', description: 'Reads.', parameters: { type: 'object' } },
      },
    ]);
    assert.equal(request.recent, 'text of x');
  });
  await serve({ manners: { wantsReasoning: true } }, async ({ ask, server }) => {
    await ask({ messages, turn: 2 });
    const sent = server.requests.at(-1)?.body['messages'] as Record<string, unknown>[];
    assert.equal(sent[2]?.['reasoning_content'], 'Hm.');
  });
});

test('openai: 32 streams at once stay apart', () =>
  serve(
    {
      answers: ({ turn }) => ({ content: `Reply for ${turn}: ${'word '.repeat(40)}` }),
      pieceMs: 1,
      limits: { wholeMs: 10_000 },
    },
    async ({ models, endpoint, server }) => {
      const turns = Array.from({ length: 32 }, (_, at) => at + 1);
      const replies = await Promise.all(
        turns.map(async (turn) => {
          const messages = [
            { role: 'user', content: 'x' },
            ...Array.from(
              { length: turn - 1 },
              () => ({ role: 'assistant', content: 'y', toolCalls: [] }) as const,
            ),
          ] as const;
          const said: string[] = [];
          const context = {
            signal: new AbortController().signal,
            onText: (text: string) => void said.push(text),
          };
          const request = { role: 'coder', attempt: 1, turn, messages, tools: [], outputTokensMax: 500 };
          const reply = await models.complete({ ...request, endpoints: [endpoint] }, context);
          assert.equal(said.join(''), reply.content);
          return reply.content;
        }),
      );
      for (const [at, content] of replies.entries())
        assert.match(content, new RegExp(`^Reply for ${at + 1}:`));
      assert.equal(server.requests.length, 32);
    },
  ));
