/** Streams as the servers that people use send them, in the shapes that their documentation and recordings show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage, ModelReply, Usage } from '../../../../src/core/models/contract.ts';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import { failureOf, serve } from './serve.ts';

const delta = (value: object, more: object = {}) => ({ choices: [{ index: 0, delta: value, ...more }] });
const end = (finish: string, more: object = {}) => ({
  choices: [{ index: 0, delta: {}, finish_reason: finish }],
  ...more,
});
const call = (index: number, id: string, args: string, more: object = {}) => ({
  tool_calls: [{ index, id, type: 'function', function: { name: 'read_file', arguments: args }, ...more }],
});
const usage = (input: number, output: number, more: object = {}) => ({
  usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, ...more },
});

interface Expected {
  readonly content?: string;
  readonly reasoning?: string;
  readonly calls?: readonly string[];
  readonly finish?: ModelReply['finish'];
  readonly usage?: Partial<Usage>;
}

const recorded: readonly [string, readonly unknown[], Expected][] = [
  [
    'DeepSeek: reasoning_content, cache hits and reasoning tokens',
    [
      delta({ role: 'assistant', content: null, reasoning_content: 'Let me' }),
      delta({ content: null, reasoning_content: ' see.' }),
      delta({ content: 'Looking.' }),
      delta(call(0, 'call_00_a', '')),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"path":"a"}' } }] }),
      end('tool_calls', {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          total_tokens: 120,
          prompt_tokens_details: { cached_tokens: 64 },
          completion_tokens_details: { reasoning_tokens: 9 },
          prompt_cache_hit_tokens: 64,
          prompt_cache_miss_tokens: 36,
        },
      }),
    ],
    {
      content: 'Looking.',
      reasoning: 'Let me see.',
      calls: ['read_file {"path":"a"}'],
      finish: 'tool_calls',
      usage: { inputTokens: 100, outputTokens: 20, cachedTokens: 64, reasoningTokens: 9 },
    },
  ],
  [
    'Ollama: reasoning, a whole call in one piece, stop for a finish',
    [
      delta({ role: 'assistant', content: '', reasoning: 'Hm' }),
      delta({ role: 'assistant', content: '', reasoning: '.' }),
      delta({ role: 'assistant', content: '', ...call(0, 'call_x1', '{"path":"a"}') }),
      end('stop'),
      { choices: [], ...usage(30, 8) },
    ],
    { reasoning: 'Hm.', calls: ['read_file {"path":"a"}'], finish: 'tool_calls', usage: { inputTokens: 30 } },
  ],
  [
    'a proxy of Ollama: thinking',
    [delta({ role: 'assistant', thinking: 'Hm.' }), delta({ content: 'Yes.' }), end('stop')],
    { content: 'Yes.', reasoning: 'Hm.', finish: 'stop' },
  ],
  [
    'vLLM, newer: reasoning, and usage in a last piece without choices',
    [
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning: 'One. ' }),
      delta({ reasoning: 'Two.' }),
      delta({ content: 'Done.' }),
      end('stop', { stop_reason: null }),
      { choices: [], ...usage(12, 7, { prompt_tokens_details: null }) },
    ],
    { content: 'Done.', reasoning: 'One. Two.', usage: { inputTokens: 12, outputTokens: 7 } },
  ],
  [
    'LM Studio without reasoning apart: think tags, cut into pieces',
    [
      delta({ role: 'assistant', content: '<th' }),
      delta({ content: 'ink>\nFirst ' }),
      delta({ content: 'this.\n</th' }),
      delta({ content: 'ink>\n\nThe ans' }),
      delta({ content: 'wer.' }),
      end('stop'),
    ],
    { content: 'The answer.', reasoning: '\nFirst this.\n' },
  ],
  [
    'a template that opens the thinking itself: only the closing tag comes',
    [delta({ content: 'I think so.</think>\nYes.' }), end('stop')],
    { content: 'Yes.', reasoning: 'I think so.' },
  ],
  [
    'text that only looks like a tag at first',
    [delta({ content: '<' }), delta({ content: 'div> is HTML' }), end('stop')],
    { content: '<div> is HTML' },
  ],
  [
    'llama.cpp: arguments a few characters at a time, timings beside the usage',
    [
      delta({ role: 'assistant', content: null }),
      delta({ reasoning_content: 'Ok.' }),
      delta(call(0, 'KqZ', '{"pa')),
      delta({ tool_calls: [{ index: 0, function: { arguments: 'th":"a"}' } }] }),
      end('tool_calls'),
      {
        choices: [],
        ...usage(50, 5, { prompt_tokens_details: { cached_tokens: 40 } }),
        timings: { cache_n: 40 },
      },
    ],
    { reasoning: 'Ok.', calls: ['read_file {"path":"a"}'], usage: { cachedTokens: 40 } },
  ],
  [
    'OpenRouter: comments, one reasoning told in two fields, parallel calls',
    [
      ': OPENROUTER PROCESSING',
      delta({
        role: 'assistant',
        content: '',
        reasoning: 'Both',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Both', format: 'anthropic-claude-v1', index: 0 },
        ],
      }),
      delta(call(0, 'toolu_1', '{"path":"a"}')),
      delta(call(1, 'toolu_2', '{"path":"b"}')),
      { ...end('tool_calls'), provider: 'Anthropic' },
      { choices: [delta({ content: '' }).choices[0]], ...usage(9, 4, { cost: 0.01 }) },
    ],
    {
      reasoning: 'Both',
      calls: ['read_file {"path":"a"}', 'read_file {"path":"b"}'],
      usage: { inputTokens: 9 },
    },
  ],
  [
    'Azure: filter results of the prompt first, offsets without a delta, a reply that was filtered',
    [
      { choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
      delta({ role: 'assistant', content: 'Well' }, { content_filter_results: {} }),
      { choices: [{ index: 0, finish_reason: null, content_filter_offsets: { check_offset: 4 } }] },
      end('content_filter'),
    ],
    { content: 'Well', finish: 'content_filter' },
  ],
  [
    'Gemini: every call is number 0, and a filter with its reason behind it',
    [
      delta({ role: 'assistant', ...call(0, 'function-call-1', '{"path":"a"}') }),
      delta(call(0, 'function-call-2', '{"path":"b"}')),
      end('stop', usage(7, 3)),
    ],
    { calls: ['read_file {"path":"a"}', 'read_file {"path":"b"}'], finish: 'tool_calls' },
  ],
  [
    'Gemini: a filter that tells its reason',
    [delta({ content: '' }), end('content_filter: RECITATION')],
    { finish: 'content_filter' },
  ],
  [
    'Anthropic: text, then calls, an empty refusal',
    [
      delta({ role: 'assistant', content: 'I will look.', refusal: '' }),
      delta(call(0, 'toolu_01', '')),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"path": "a"}' } }] }),
      end('tool_calls'),
      { choices: [], ...usage(400, 30) },
    ],
    { content: 'I will look.', calls: ['read_file {"path": "a"}'], finish: 'tool_calls' },
  ],
  [
    'Mistral: thinking in parts of the content',
    [
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }),
      delta({ content: [{ type: 'text', text: 'Yes.' }] }),
      end('stop'),
    ],
    { content: 'Yes.', reasoning: 'Hm.' },
  ],
];

for (const [name, events, expected] of recorded) {
  test(`dialects: ${name}`, () =>
    serve({ faults: () => ({ kind: 'recorded', events: [...events] }) }, async ({ ask, context }) => {
      const reply = await ask();
      assert.equal(reply.content, expected.content ?? '');
      assert.equal(reply.reasoning, expected.reasoning);
      assert.deepEqual(
        reply.toolCalls.map(({ name: tool, arguments: text }) => `${tool} ${text}`),
        expected.calls ?? [],
      );
      assert.equal(reply.finish, expected.finish ?? (expected.calls ? 'tool_calls' : 'stop'));
      for (const [field, value] of Object.entries(expected.usage ?? {}))
        assert.equal(reply.usage[field as keyof Usage], value, field);
      if (!name.includes('only the closing')) assert.equal(context.said.join(''), reply.content);
    }));
}

const OPENING: readonly ChatMessage[] = [
  { role: 'system', content: "You are Quartet's coder." },
  { role: 'user', content: 'Go.' },
];

/** What is sent with a turn that a recorded reply became. */
async function sentBack(events: readonly unknown[]): Promise<Record<string, unknown>> {
  return serve(
    { faults: ({ number }) => (number === 1 ? { kind: 'recorded', events: [...events] } : undefined) },
    async ({ ask, server }) => {
      const { content, toolCalls, kept } = await ask();
      const turn: ChatMessage = { role: 'assistant', content, toolCalls, ...(kept && { kept }) };
      await ask({ messages: [...OPENING, turn], turn: 2 });
      const messages = server.requests[1]?.body['messages'] as Record<string, unknown>[];
      return messages[2] ?? {};
    },
  );
}

test('dialects: OpenRouter gets its reasoning back whole, pieces put together, sealed parts apart', async () => {
  const text = (value: string, more: object = {}) => ({
    reasoning_details: [{ type: 'reasoning.text', text: value, format: 'f', index: 0, ...more }],
  });
  const sealed = { type: 'reasoning.encrypted', data: 'abc', id: 'rs_1', format: 'f', index: 1 };
  const sent = await sentBack([
    delta(text('Let ')),
    delta(text('me see.')),
    delta(text('', { signature: 'sig' })),
    delta({ reasoning_details: [sealed] }),
    delta(call(0, 'a', '{}')),
    end('tool_calls'),
  ]);
  assert.deepEqual(sent['reasoning_details'], [
    { type: 'reasoning.text', text: 'Let me see.', format: 'f', index: 0, signature: 'sig' },
    sealed,
  ]);
});

test('dialects: Gemini gets the signatures of its thoughts back, each with its call', async () => {
  const extra_content = { google: { thought_signature: 'CrICA' } };
  const sent = await sentBack([
    delta(call(0, 'f1', '{"path":"a"}', { extra_content })),
    delta(call(0, 'f2', '{"path":"b"}')),
    end('stop'),
  ]);
  const calls = sent['tool_calls'] as Record<string, unknown>[];
  assert.deepEqual(
    calls.map((each) => each['extra_content']),
    [extra_content, undefined],
  );
  const words = await sentBack([delta({ content: 'Well.', extra_content }), end('stop')]);
  assert.deepEqual(words['extra_content'], extra_content);
});

test('dialects: Gemini refuses calls of another model without a signature, and then gets the one that skips the check', () => {
  const body = [
    { error: { code: 400, message: 'Function call is missing a thought_signature in functionCall parts.' } },
  ];
  return serve(
    { faults: ({ number }) => (number === 1 ? { kind: 'status', status: 400, body } : undefined) },
    async ({ ask, server }) => {
      const toolCalls = [{ id: 'a', name: 'read_file', arguments: '{}' }];
      await ask({ messages: [...OPENING, { role: 'assistant', content: '', toolCalls }], turn: 2 });
      assert.equal(server.requests.length, 2);
      assert.match(JSON.stringify(server.requests[1]?.body), /skip_thought_signature_validator/);
    },
  );
});

const AZURE = 'https://mine.openai.azure.com';
const azure = (path: string) => ({ host: AZURE, endpoint: { baseUrl: `${AZURE}${path}`, model: 'gpt' } });

test('dialects: Azure gets its key in its own header, the version in the query, the deployment in the path', async () => {
  await serve(
    { ...azure('/openai/deployments/gpt?api-version=2024-10-21'), secret: 'azure-key-1' },
    async ({ ask, server }) => {
      await ask();
      const [request] = server.requests;
      assert.equal(request?.url, '/openai/deployments/gpt/chat/completions?api-version=2024-10-21');
      assert.equal(request.headers['api-key'], 'azure-key-1');
      assert.equal(request.headers.authorization, undefined);
    },
  );
  await serve({ ...azure('/openai/v1'), secret: 'eyJhbGci.eyJzdWI.c2ln' }, async ({ ask, server }) => {
    await ask();
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer eyJhbGci.eyJzdWI.c2ln');
  });
  await serve({ ...azure(''), secret: 'azure-key-1' }, async ({ ask, server }) => {
    await ask();
    assert.equal(server.requests[0]?.url, '/openai/v1/responses');
  });
});

test('dialects: a prompt that a filter of Azure refuses is told with the filters', () => {
  const body = {
    error: {
      code: 'content_filter',
      message:
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      innererror: {
        code: 'ResponsibleAIPolicyViolation',
        content_filter_result: {
          hate: { filtered: false, severity: 'safe' },
          violence: { filtered: true, severity: 'medium' },
        },
      },
    },
  };
  return serve({ faults: () => ({ kind: 'status', status: 400, body }) }, async ({ ask }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.match(failure.message, /content filter that refuses.*Filtered for: violence\./);
    assert.match(failure.advice ?? '', /other words/);
    assert.equal(failure.retryable, false);
  });
});
