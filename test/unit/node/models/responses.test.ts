import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage, ModelReply } from '../../../../src/core/models/contract.ts';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { sealed } from '../../../support/model-server/responses-wire.ts';
import type { Manners } from '../../../support/model-server/wire.ts';
import { failureOf, serve, type Served } from './serve.ts';

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
const endpoint = { api: 'responses' } as const;

const opening: readonly ChatMessage[] = [
  { role: 'system', content: "You are Quartet's coder.\nWork well." },
  { role: 'user', content: 'Task: totals\nAttempt: 1\nFix it.' },
];

/** The conversation after a reply whose calls were answered. */
const after = (reply: ModelReply): readonly ChatMessage[] => [
  ...opening,
  {
    role: 'assistant',
    content: reply.content,
    toolCalls: reply.toolCalls,
    ...(reply.reasoning !== undefined && { reasoning: reply.reasoning }),
    ...(reply.kept !== undefined && { kept: reply.kept }),
  },
  ...reply.toolCalls.map(({ id }): ChatMessage => ({ role: 'tool', callId: id, content: `text for ${id}` })),
];

const sentItems = ({ server }: Served): readonly Record<string, unknown>[] =>
  server.requests.at(-1)?.body['input'] as Record<string, unknown>[];

const dialects: readonly [string, Partial<Manners>, Fault?][] = [
  ['as OpenAI does', {}],
  ['without usage', { usage: 'never' }],
  ['in one body though a stream was asked for', { streaming: 'ignored' }],
  ['refusing to stream', { streaming: 'refused' }],
  ['refusing to be asked for encrypted reasoning', { encrypted: 'refused' }],
  ['numbering every item 0', {}, { kind: 'indices', style: 'same' }],
  ['numbering nothing', {}, { kind: 'indices', style: 'none' }],
];
for (const [name, manners, fault] of dialects) {
  test(`responses: a server that answers ${name}`, () =>
    serve(
      { says: looks, manners, endpoint, ...(fault && { faults: () => fault }) },
      async ({ ask, context, server }) => {
        const reply = await ask();
        assert.equal(reply.content, looks.content);
        assert.equal(reply.reasoning, looks.reasoning);
        assert.deepEqual(reply.toolCalls, calls);
        assert.equal(reply.finish, 'tool_calls');
        assert.equal(context.said.join(''), looks.content);
        assert.equal(reply.usage.estimated, manners.usage === 'never');
        assert.equal(reply.kept?.api, manners.encrypted === 'refused' ? undefined : 'responses');
        assert.equal(reply.tries.length, server.requests.length);
        const before = server.requests.length;
        await ask();
        assert.equal(server.requests.length, before + 1, 'what was learnt is remembered');
        assert.ok(server.requests.every(({ api }) => api === 'responses'));
      },
    ));
}

test('responses: calls without ids get ids of their own', () =>
  serve({ says: looks, endpoint, faults: () => ({ kind: 'indices', style: 'noIds' }) }, async ({ ask }) => {
    const { toolCalls } = await ask({ turn: 4 });
    assert.deepEqual(
      toolCalls.map(({ id, arguments: text }) => [id, text]),
      calls.map(({ arguments: text }, at) => [`call_4_${at + 1}`, text]),
    );
  }));

test('responses: the server keeps nothing; reasoning goes back sealed, in its place, and to its endpoint alone', () =>
  serve({ says: looks, endpoint, manners: { cachedTokens: 7 } }, async (served) => {
    const reply = await served.ask({ messages: opening });
    assert.equal(reply.usage.cachedTokens, 7);
    assert.equal(reply.usage.reasoningTokens, looks.reasoning?.length);
    const body = served.server.requests[0]?.body ?? {};
    assert.equal(body['store'], false);
    assert.deepEqual(body['include'], ['reasoning.encrypted_content']);
    assert.equal(body['instructions'], opening[0]?.role === 'system' ? opening[0].content : '');
    assert.equal(body['max_output_tokens'], 1000);
    // Through JSON, as the journal keeps it.
    await served.ask({ messages: JSON.parse(JSON.stringify(after(reply))) as ChatMessage[], turn: 2 });
    const items = sentItems(served);
    assert.deepEqual(
      items.map((item) => item['type'] ?? item['role']),
      [
        'user',
        'reasoning',
        'message',
        ...calls.map(() => 'function_call'),
        ...calls.map(() => 'function_call_output'),
      ],
    );
    assert.equal(items[1]?.['encrypted_content'], sealed(1, looks.reasoning ?? ''));
    assert.deepEqual(
      items.slice(3, 6).map((item) => [item['call_id'], item['arguments']]),
      calls.map((call) => [call.id, call.arguments]),
    );
    assert.equal(items[6]?.['output'], 'text for call_1_1');
    assert.deepEqual([served.server.requests[1]?.role, served.server.requests[1]?.turn], ['coder', 2]);

    const elsewhere = { ...served.endpoint, id: 'two' };
    await served.ask({ messages: after(reply), turn: 2, endpoints: [elsewhere] });
    assert.deepEqual(
      sentItems(served).map((item) => item['type'] ?? item['role']),
      ['user', 'assistant', ...calls.map(() => 'function_call'), ...calls.map(() => 'function_call_output')],
    );
    const asChat = { ...served.endpoint, api: 'chat' } as const;
    await served.ask({ messages: after(reply), turn: 2, endpoints: [asChat] });
    assert.doesNotMatch(JSON.stringify(served.server.requests.at(-1)?.body), /encrypted_content/);
  }));

test('responses: sealed reasoning that the server cannot read any more is left out, at once', () =>
  serve({ says: looks, endpoint, manners: { encrypted: 'stale' } }, async (served) => {
    const reply = await served.ask({ messages: opening });
    await served.ask({ messages: after(reply), turn: 2 });
    assert.equal(served.server.requests.length, 3);
    assert.doesNotMatch(JSON.stringify(sentItems(served)), /encrypted_content/);
  }));

test('responses: what a chat endpoint said, and arguments that are no JSON, are told in its words', () =>
  serve({ endpoint }, async (served) => {
    const said: ChatMessage = {
      role: 'assistant',
      content: 'Well.',
      reasoning: 'Hm.',
      toolCalls: [{ id: 'b', name: 'read_file', arguments: 'I would like x' }],
    };
    await served.ask({ messages: [...opening, said, { role: 'tool', callId: 'b', content: 'no' }], turn: 2 });
    assert.deepEqual(sentItems(served).slice(1), [
      { role: 'assistant', content: 'Well.' },
      {
        type: 'function_call',
        call_id: 'b',
        name: 'read_file',
        arguments: '{"unreadable":"I would like x"}',
      },
      { type: 'function_call_output', call_id: 'b', output: 'no' },
    ]);
    assert.deepEqual(served.server.requests[0]?.body['tools'], [
      {
        type: 'function',
        name: 'read_file',
        description: 'Reads.',
        parameters: { type: 'object' },
        strict: false,
      },
    ]);
  }));

test('responses: refusal, content filter and output limit are told as such; a cut reply keeps whole calls only', async () => {
  await serve(
    { says: { content: '', finish: 'stop' }, endpoint, manners: { refusal: 'I cannot help.' } },
    async ({ ask }) => {
      const reply = await ask();
      assert.deepEqual([reply.finish, reply.content], ['content_filter', 'I cannot help.']);
    },
  );
  await serve({ says: { content: 'Well', finish: 'content_filter' }, endpoint }, async ({ ask }) => {
    assert.equal((await ask()).finish, 'content_filter');
  });
  const cut: Partial<ScriptReply> = {
    finish: 'length',
    reasoning: 'Long.',
    calls: [
      { tool: 'read_file', args: { path: 'a' } },
      { tool: 'write_file', args: '{"path":"b.js","content":"half of' },
    ],
  };
  await serve({ says: cut, endpoint }, async ({ ask }) => {
    const reply = await ask();
    assert.equal(reply.finish, 'length');
    assert.deepEqual(
      reply.toolCalls.map(({ name }) => name),
      ['read_file'],
    );
  });
  await serve({ says: { ...cut, calls: [] }, endpoint }, async ({ ask }) => {
    const reply = await ask();
    assert.equal(reply.kept, undefined, 'reasoning that nothing follows does not go back');
  });
});

const failures: readonly [
  string,
  Record<string, unknown>,
  { readonly code: string; readonly says: RegExp },
][] = [
  [
    'rate limit',
    { code: 'rate_limit_exceeded', message: 'Slow down.' },
    { code: 'endpoint.rateLimited', says: /Slow down/ },
  ],
  [
    'server error',
    { code: 'server_error', message: 'Sorry.' },
    { code: 'endpoint.failed', says: /failed \(500\): Sorry/ },
  ],
  [
    'full window',
    { code: 'context_length_exceeded', message: 'Too long.' },
    { code: 'endpoint.context', says: /so long a request/ },
  ],
  ['policy', { code: 'bio_policy', message: 'No.' }, { code: 'endpoint.failed', says: /content filter/ }],
];
for (const [name, error, expected] of failures) {
  test(`responses: an error event in the stream (${name}) means what its code says`, () =>
    serve({ says: looks, endpoint, faults: () => ({ kind: 'errorInStream', error }) }, async ({ ask }) => {
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, expected.code);
      assert.match(failure.message, expected.says);
    }));
}

const HOST = 'https://api.openai.com';
const openai = { baseUrl: `${HOST}/v1` };

for (const responses of ['missing', 'notAllowed', 'refused'] as const) {
  test(`responses: where the API is ${responses}, chat answers at once, without a retry, and is remembered`, () =>
    serve(
      { says: looks, host: HOST, endpoint: openai, manners: { responses } },
      async ({ ask, server, log }) => {
        assert.deepEqual((await ask()).toolCalls, calls);
        assert.deepEqual(
          server.requests.map(({ api }) => api),
          ['responses', 'chat'],
        );
        await ask();
        assert.deepEqual(
          server.requests.map(({ api }) => api),
          ['responses', 'chat', 'chat'],
        );
        assert.equal(log.lines.length, 0, 'nobody waited');
      },
    ));
}

test('responses: OpenAI and a new Azure address are asked by it, others by chat, and a setting decides before', async () => {
  const spoken = (host: string, more: object): Promise<string | undefined> =>
    serve({ host, endpoint: more }, async ({ ask, server }) => {
      await ask();
      return server.requests[0]?.api;
    });
  const azure = 'https://mine.openai.azure.com';
  assert.equal(await spoken(HOST, openai), 'responses');
  assert.equal(await spoken(HOST, { ...openai, api: 'chat' }), 'chat');
  assert.equal(await spoken(azure, { baseUrl: `${azure}/openai/v1/` }), 'responses');
  assert.equal(
    await spoken(azure, { baseUrl: `${azure}/openai/deployments/gpt?api-version=2024-10-21` }),
    'chat',
  );
  assert.equal(await spoken('https://llm.example', { baseUrl: 'https://llm.example/v1' }), 'chat');
  assert.equal(
    await spoken('https://llm.example', { baseUrl: 'https://llm.example/v1', api: 'responses' }),
    'responses',
  );
});

test('responses: a model that chat refuses in favour of it is asked by it', () =>
  serve({ says: looks, manners: { chat: 'refused' } }, async ({ ask, server }) => {
    assert.deepEqual((await ask()).toolCalls, calls);
    assert.deepEqual(
      server.requests.map(({ api }) => api),
      ['chat', 'responses'],
    );
  }));

test('responses: a model that is not there is told, not asked for by another API', () =>
  serve({ host: HOST, endpoint: openai, models: ['another'] }, async ({ ask, server }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.equal(failure.code, 'endpoint.missing');
    assert.match(failure.advice ?? '', /It has: another/);
    assert.equal(server.requests.length, 1);
  }));

test('responses: chosen by setting where it is missing, it is told', () =>
  serve({ endpoint, manners: { responses: 'missing' } }, async ({ ask, server }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.match(failure.message, /no Responses API/);
    assert.match(failure.advice ?? '', /"api"/);
    assert.equal(server.requests.length, 1);
  }));
