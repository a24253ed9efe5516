import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../../../src/core/models/contract.ts';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import { IMAGE_TOKENS_MAX } from '../../../../src/core/models/images.ts';
import { reservation, worstCase } from '../../../../src/core/models/prices.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { PNG } from '../../../support/pictures.ts';
import { endpointOf, requestOf } from '../../core/models/make.ts';
import { failureOf, serve } from './serve.ts';

const shown: readonly ChatMessage[] = [
  { role: 'system', content: "You are Quartet's planner." },
  {
    role: 'user',
    content: 'Goal: as in the picture.',
    images: [{ name: 'screen.png', mime: 'image/png', bytes: 70, blob: 'x', base64: PNG }],
  },
];
const ADDRESS = `data:image/png;base64,${PNG}`;

for (const api of ['chat', 'responses'] as const) {
  test(`images: ${api} shows them as parts of the message; text alone stays a text`, () =>
    serve({ endpoint: { api } }, async ({ ask, server }) => {
      const reply = await ask({ messages: shown });
      assert.deepEqual(server.requests[0]?.images, [ADDRESS]);
      assert.equal(reply.unseen, undefined);
      await ask({ messages: [{ role: 'user', content: 'Go.' }] });
      assert.match(JSON.stringify(server.requests[1]?.body), /"content":"Go\."/);
    }));

  test(`images: a model that ${api} refuses to show them to goes on without, says why, and is remembered`, () =>
    serve({ endpoint: { api }, manners: { images: 'refused' } }, async ({ ask, server }) => {
      const reply = await ask({ messages: shown });
      assert.equal(reply.content, 'Hello there.');
      assert.match(reply.unseen ?? '', /The server: the endpoint refuses them \(Invalid content type/);
      assert.equal(server.requests.length, 2);
      assert.match(JSON.stringify(server.requests[1]?.body), /Images that you cannot see: \\"screen\.png\\"/);
      const again = await ask({ messages: shown });
      assert.equal(server.requests.length, 3);
      assert.match(again.unseen ?? '', /refuses them/);
      assert.equal((await ask()).unseen, undefined, 'nothing was to be shown');
    }));
}

test('images: settings decide before anything is tried', async () => {
  await serve({ endpoint: { vision: false } }, async ({ ask, server }) => {
    assert.match((await ask({ messages: shown })).unseen ?? '', /settings say that it does not see/);
    assert.deepEqual(
      server.requests.map(({ images }) => images.length),
      [0],
    );
  });
  await serve({ endpoint: { vision: true }, manners: { images: 'refused' } }, async ({ ask, server }) => {
    const failure = await failureOf<CallFailure>(ask({ messages: shown }));
    assert.match(failure.message, /only supported by certain models/);
    assert.equal(server.requests.length, 1);
  });
});

test('images: with tools as text they stay where they are', () =>
  serve({ endpoint: { tools: 'text' } }, async ({ ask, server }) => {
    await ask({ messages: [...shown, { role: 'user', content: 'And be quick.' }] });
    assert.deepEqual(server.requests[0]?.images, [ADDRESS]);
    assert.match(JSON.stringify(server.requests[0].body), /as in the picture\.\\n\\nAnd be quick/);
  }));

const refusals: readonly [string, number, unknown][] = [
  ['OpenRouter', 404, { error: { message: 'No endpoints found that support image input', code: 404 } }],
  [
    'DeepSeek',
    400,
    {
      error: {
        message:
          'Failed to deserialize the JSON body: messages[1]: unknown variant `image_url`, expected `text`',
      },
    },
  ],
  [
    'llama.cpp',
    500,
    {
      error: {
        code: 500,
        message:
          'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
      },
    },
  ],
  ['vLLM', 400, { message: 'At most 0 image(s) may be provided in one prompt.', code: 400 }],
  ['LM Studio', 400, { error: 'Model does not support images. Please use a model that does.' }],
  [
    'Groq',
    400,
    {
      error: {
        message:
          "'messages.1' : for 'role:user' the following must be satisfied[('messages.1.content' : value must be a string)]",
      },
    },
  ],
];
for (const [name, status, body] of refusals) {
  test(`images: ${name} says in its words that it does not see`, () => {
    const fault: Fault = { kind: 'status', status, body };
    return serve({ faults: ({ number }) => (number === 1 ? fault : undefined) }, async ({ ask, server }) => {
      assert.notEqual((await ask({ messages: shown })).unseen, undefined);
      assert.deepEqual(
        server.requests.map(({ images }) => images.length),
        [1, 0],
      );
    });
  });
}

test('images: the worst case counts them, and so does what a budget holds', () => {
  const plain = requestOf();
  const request = requestOf({ messages: shown });
  const bare = requestOf({
    messages: shown.map((message) => (message.role === 'user' ? { ...message, images: [] } : message)),
  });
  const more = worstCase(request).inputTokens - worstCase(bare).inputTokens;
  assert.ok(more >= IMAGE_TOKENS_MAX);
  assert.ok(reservation(request).tokens - reservation(plain).tokens >= IMAGE_TOKENS_MAX - 1000);
  const priced = endpointOf({ inputUsdPerMillion: 1, outputUsdPerMillion: 1 });
  assert.ok((reservation({ ...request, endpoints: [priced] }).costUsd ?? 0) > IMAGE_TOKENS_MAX / 1_000_000);
});
