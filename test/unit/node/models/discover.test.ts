import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { discoverModels } from '../../../../src/node/models/discover.ts';
import { startModelServer } from '../../../support/model-server/server.ts';

async function listening<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const model = { answers: () => ({ content: 'x' }) };

test('discover: the environment and the servers that run, each with its models', async () => {
  const local = await startModelServer({ ...model, models: ['llama', 'qwen'] });
  const own = await startModelServer({ ...model, key: 'sk-own', models: ['big'] });
  try {
    const found = await discoverModels({
      env: { OPENAI_API_KEY: ' sk-own ', OPENAI_BASE_URL: own.url },
      local: [
        { label: 'Local', baseUrl: local.url },
        { label: 'The same again', baseUrl: own.url },
        { label: 'Nobody', baseUrl: 'http://127.0.0.1:9/v1' },
      ],
    });
    assert.deepEqual(found, [
      {
        source: 'environment',
        label: new URL(own.url).host,
        baseUrl: own.url,
        hasKey: true,
        models: ['big'],
      },
      { source: 'local', label: 'Local', baseUrl: local.url, hasKey: false, models: ['llama', 'qwen'] },
    ]);
    assert.ok(!JSON.stringify(found).includes('sk-own'));
  } finally {
    await Promise.all([local.close(), own.close()]);
  }
});

test('discover: the key of the environment is told to no local server', async () => {
  const keys: unknown[] = [];
  await listening(
    (request, response) => {
      keys.push(request.headers.authorization);
      response.end('{"data":[{"id":"x"}]}');
    },
    async (baseUrl) => {
      const own = { OPENAI_API_KEY: 'sk-own', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
      const found = await discoverModels({ env: own, local: [{ label: 'Local', baseUrl }] });
      assert.deepEqual(keys, [undefined]);
      assert.equal(found[0]?.problem, 'bad port');
      assert.equal(found[1]?.label, 'Local');
    },
  );
});

const others: readonly [string, RequestListener][] = [
  ['answers with a page', (_request, response) => response.end('<html>')],
  ['has no such list', (_request, response) => response.writeHead(404).end('{}')],
  ['answers with other JSON', (_request, response) => response.end('{"data":"none"}')],
  ['has no models', (_request, response) => response.end('{"data":[]}')],
  ['never answers', () => undefined],
  [
    'redirects elsewhere',
    (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
  ],
];
for (const [name, listener] of others) {
  test(`discover: a server that ${name} is none`, () =>
    listening(listener, async (baseUrl) => {
      const began = performance.now();
      assert.deepEqual(await discoverModels({ env: {}, local: [{ label: 'Other', baseUrl }] }), []);
      assert.ok(performance.now() - began < 1500);
    }));
}

test("discover: a key alone is OpenAI's, and is sent nowhere else", async () => {
  const asked: [string, string | null][] = [];
  const found = await discoverModels({
    env: { OPENAI_API_KEY: 'sk-own', OPENAI_BASE_URL: '' },
    local: [{ label: 'Local', baseUrl: 'http://127.0.0.1:1/v1' }],
    fetch: async (url, init) => {
      asked.push([url, new Headers(init.headers).get('authorization')]);
      return Response.json({ data: [{ id: 'gpt' }] });
    },
  });
  assert.deepEqual(asked, [
    ['https://api.openai.com/v1/models', 'Bearer sk-own'],
    ['http://127.0.0.1:1/v1/models', null],
  ]);
  assert.equal(found[0]?.label, 'OpenAI');
});

test('discover: nothing there, a wrong address, and a person who does not wait', async () => {
  assert.deepEqual(await discoverModels({ env: {}, local: [] }), []);
  const [wrong] = await discoverModels({ env: { OPENAI_BASE_URL: 'nonsense' }, local: [] });
  assert.match(wrong?.problem ?? '', /no address/);
  await listening(
    () => undefined,
    async (baseUrl) => {
      const signal = AbortSignal.abort(new Error('closed'));
      await assert.rejects(discoverModels({ env: {}, local: [{ label: 'x', baseUrl }], signal }), /closed/);
    },
  );
});

for (const [key, says] of [
  ['sk-wrong', 'It does not accept the key (401).'],
  [undefined, 'It wants a key, and none is set (401).'],
] as const) {
  test(`discover: a server that wants a key says so, asked with ${key ?? 'none'}`, async () => {
    const strict = await startModelServer({ ...model, key: 'sk-right' });
    try {
      const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: strict.url };
      assert.equal((await discoverModels({ env, local: [] }))[0]?.problem, says);
    } finally {
      await strict.close();
    }
  });
}
