import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { SHORT, failureOf, serve } from './serve.ts';

interface Expected {
  readonly code: string;
  readonly retryable: boolean;
  readonly says: RegExp;
  readonly advice?: RegExp;
}

const says: Partial<ScriptReply> = {
  content: 'Grüße aus dem Modell, und mehr als ein Wort.',
  calls: [{ tool: 'edit_file', args: { path: 'a.js', edits: [{ old_text: 'x', new_text: 'y' }] } }],
};
const status = (code: number, more: object = {}): Fault => ({ kind: 'status', status: code, ...more });
const told = (message: string, more: object = {}) => ({ body: { error: { message, ...more } } });

const faults: readonly [string, Fault, Expected][] = [
  [
    '401',
    status(401),
    {
      code: 'endpoint.auth',
      retryable: false,
      says: /wants a key, and none is set/,
      advice: /OPENAI_API_KEY/,
    },
  ],
  ['402', status(402), { code: 'endpoint.auth', retryable: false, says: /paid/, advice: /credit/ }],
  ['403', status(403), { code: 'endpoint.auth', retryable: false, says: /refuses this key or region/ }],
  [
    '404',
    status(404, told('The model `scripted` does not exist.')),
    {
      code: 'endpoint.missing',
      retryable: false,
      says: /no such model as scripted/,
      advice: /It has: scripted/,
    },
  ],
  ['408', status(408), { code: 'endpoint.timeout', retryable: true, says: /408/ }],
  ['413', status(413), { code: 'endpoint.context', retryable: false, says: /too? ?long|so long/ }],
  [
    'a window that is too small',
    status(400, told('Too long.', { code: 'context_length_exceeded' })),
    { code: 'endpoint.context', retryable: false, says: /so long a request/, advice: /larger context/ },
  ],
  [
    'a window that is too small, told as 500',
    status(500, told('the request exceeds the available context size')),
    { code: 'endpoint.context', retryable: false, says: /so long a request/ },
  ],
  [
    '400',
    status(400),
    { code: 'endpoint.failed', retryable: false, says: /refused the request \(400\): status 400, as told/ },
  ],
  [
    'a body of another shape',
    status(422, { body: { detail: [{ msg: 'bad temperature' }] } }),
    { code: 'endpoint.failed', retryable: false, says: /bad temperature/ },
  ],
  ['429', status(429), { code: 'endpoint.rateLimited', retryable: true, says: /fewer requests/ }],
  [
    '429 with a long Retry-After',
    status(429, { headers: { 'retry-after': '900' } }),
    { code: 'endpoint.rateLimited', retryable: true, says: /fewer requests/ },
  ],
  [
    'a quota that is used up',
    status(429, told('You exceeded your current quota.', { code: 'insufficient_quota' })),
    { code: 'endpoint.rateLimited', retryable: false, says: /no quota left/, advice: /billing/ },
  ],
  ['500', status(500), { code: 'endpoint.failed', retryable: true, says: /failed \(500\)/ }],
  [
    '503 with a page',
    { kind: 'html', status: 503 },
    { code: 'endpoint.failed', retryable: true, says: /failed \(503\)\.$/ },
  ],
  ['529', status(529), { code: 'endpoint.failed', retryable: true, says: /529/ }],
  [
    'a web page',
    { kind: 'html', status: 200 },
    { code: 'endpoint.badReply', retryable: false, says: /web page/, advice: /v1/ },
  ],
  ['a reset', { kind: 'reset' }, { code: 'endpoint.unreachable', retryable: true, says: /connection broke/ }],
  [
    'silence',
    { kind: 'silence' },
    { code: 'endpoint.timeout', retryable: true, says: /sent nothing within 0.4 s/ },
  ],
  [
    'a stall',
    { kind: 'stall' },
    { code: 'endpoint.timeout', retryable: true, says: /fell silent .* for 0.3 s/ },
  ],
  [
    'comments without an end',
    { kind: 'comments' },
    { code: 'endpoint.timeout', retryable: true, says: /fell silent|sent nothing/ },
  ],
  [
    'a drip',
    { kind: 'drip', ms: 20, bytes: 5 },
    {
      code: 'endpoint.timeout',
      retryable: true,
      says: /did not end its reply within 1.5 s|fell silent|sent nothing/,
    },
  ],
  [
    'a cut at the start',
    { kind: 'cut', at: 'start', reset: false },
    { code: 'endpoint.badReply', retryable: true, says: /./ },
  ],
  [
    'a cut in a chunk',
    { kind: 'cut', at: 'chunk', reset: false },
    { code: 'endpoint.badReply', retryable: true, says: /./ },
  ],
  [
    'a cut in a character',
    { kind: 'cut', at: 'utf8', reset: false },
    { code: 'endpoint.badReply', retryable: true, says: /./ },
  ],
  [
    'a cut in a tool call',
    { kind: 'cut', at: 'toolCall', reset: false },
    { code: 'endpoint.badReply', retryable: true, says: /middle/ },
  ],
  [
    'a cut before the end',
    { kind: 'cut', at: 'end', reset: false },
    { code: 'endpoint.badReply', retryable: true, says: /./ },
  ],
  [
    'a reset in a tool call',
    { kind: 'cut', at: 'toolCall', reset: true },
    { code: 'endpoint.unreachable', retryable: true, says: /connection broke/ },
  ],
  [
    'a wrong length',
    { kind: 'wrongLength' },
    { code: 'endpoint.unreachable', retryable: true, says: /connection broke/ },
  ],
  [
    'no choices',
    { kind: 'emptyChoices' },
    { code: 'endpoint.badReply', retryable: true, says: /no choice|no output/ },
  ],
  ['broken JSON', { kind: 'badJson' }, { code: 'endpoint.badReply', retryable: true, says: /no JSON/ }],
  [
    'an error in the stream',
    { kind: 'errorInStream', error: { message: 'upstream is gone', code: 502 } },
    { code: 'endpoint.failed', retryable: true, says: /failed \(502\): upstream is gone/ },
  ],
  [
    'a full window told in the stream',
    { kind: 'errorInStream', error: { message: 'tokens exceed the context length of the model' } },
    { code: 'endpoint.context', retryable: false, says: /so long a request/ },
  ],
  [
    'text without an end',
    { kind: 'endless', of: 'text', ms: 0 },
    { code: 'endpoint.breach', retryable: false, says: /does not keep to its output limit of 1000/ },
  ],
  [
    'slow text without an end',
    { kind: 'endless', of: 'text', ms: 100 },
    { code: 'endpoint.timeout', retryable: true, says: /within 1.5 s/ },
  ],
  [
    'nothing without an end',
    { kind: 'endless', of: 'nothing', ms: 5 },
    { code: 'endpoint.timeout', retryable: true, says: /fell silent|sent nothing/ },
  ],
  [
    'a line of 20 MB',
    { kind: 'huge', bytes: 20_000_000 },
    { code: 'endpoint.badReply', retryable: false, says: /longer than 8 MB/ },
  ],
];

/** Faults that only a time limit ends. */
const isSlow = (fault: Fault): boolean =>
  ['silence', 'stall', 'comments', 'drip'].includes(fault.kind) || (fault.kind === 'endless' && fault.ms > 0);

const cases = (['chat', 'responses'] as const).flatMap((api) =>
  faults.map(([name, fault, expected]) => ({ api, name, fault, expected })),
);
for (const { api, name, fault, expected } of cases) {
  test(`${api}: ${name} ends as ${expected.code}`, () =>
    serve(
      { says, faults: () => fault, endpoint: { api }, ...(isSlow(fault) && { limits: SHORT }) },
      async ({ ask, server, context }) => {
        const began = performance.now();
        const failure = await failureOf<CallFailure>(ask());
        assert.equal(failure.code, expected.code, failure.message);
        assert.equal(failure.retryable, expected.retryable);
        assert.match(failure.message, expected.says);
        assert.match(failure.message, /The server|reply is not whole|longer than/);
        if (expected.advice) assert.match(failure.advice ?? '', expected.advice);
        assert.ok(performance.now() - began < 5000, 'in time');
        assert.equal(failure.tries.length, 1);
        assert.equal(failure.tries[0]?.code, expected.code);
        const spoken = context.said.length;
        await closed(server);
        assert.equal(context.said.length, spoken, 'nothing is said after the end');
      },
    ));
}

/** Waits until the server holds no connection of an answer: whatever happened, ours is closed. */
async function closed(server: { readonly active: number }): Promise<void> {
  for (let waited = 0; server.active > 0; waited += 5) {
    assert.ok(waited < 1000, 'the connection stays open');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('openai: a slow first byte and a drip within the limits are fine', async () => {
  await serve({ says, faults: () => ({ kind: 'slowFirst', ms: 150 }) }, async ({ ask }) => {
    assert.equal((await ask()).content, says.content);
  });
  const drip: Fault = { kind: 'drip', ms: 1, bytes: 11 };
  await serve({ says, faults: () => drip, limits: { wholeMs: 20_000, betweenMs: 5000 } }, async ({ ask }) => {
    const reply = await ask();
    assert.equal(reply.content, says.content);
    assert.deepEqual(JSON.parse(reply.toolCalls[0]?.arguments ?? ''), says.calls?.[0]?.args);
  });
});

test('openai: what a broken try used is owed; one that was refused owes nothing', async () => {
  await serve({ says, faults: () => ({ kind: 'cut', at: 'toolCall', reset: false }) }, async ({ ask }) => {
    const [broken] = (await failureOf<CallFailure>(ask())).tries;
    assert.ok(broken?.usage?.estimated);
    assert.ok(broken.usage.inputTokens > 10 && broken.usage.outputTokens > 5);
  });
  await serve({ says, faults: () => ({ kind: 'silence' }), limits: SHORT }, async ({ ask }) => {
    const [silent] = (await failureOf<CallFailure>(ask())).tries;
    assert.ok((silent?.usage?.inputTokens ?? 0) > 10);
  });
  await serve({ says, faults: () => status(500) }, async ({ ask }) => {
    assert.equal((await failureOf<CallFailure>(ask())).tries[0]?.usage, undefined);
  });
});

test('openai: nobody listens', () =>
  serve({}, async ({ ask, server }) => {
    await server.close();
    const failure = await failureOf<CallFailure>(ask());
    assert.equal(failure.code, 'endpoint.unreachable');
    assert.match(failure.message, /http:\/\/127\.0\.0\.1:\d+\/v1\) cannot be reached: nothing listens there/);
    assert.match(failure.advice ?? '', /Is the server running/);
  }));

test('openai: a host that does not exist', () =>
  serve(
    { endpoint: { baseUrl: 'http://nowhere.invalid/v1' }, limits: { firstMs: 8000 } },
    async ({ ask }) => {
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, 'endpoint.unreachable');
      assert.match(failure.message, /name of the host/);
    },
  ));

test('openai: a port that no client may use', () =>
  serve({ endpoint: { baseUrl: 'http://127.0.0.1:9/v1' } }, async ({ ask }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.equal(failure.code, 'endpoint.unreachable');
    assert.match(failure.message, /cannot be reached: bad port/);
  }));

for (const baseUrl of ['not a url', 'ftp://127.0.0.1/v1', '']) {
  test(`openai: the base URL "${baseUrl}" is told`, () =>
    serve({ endpoint: { baseUrl } }, async ({ ask }) => {
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, 'endpoint.failed');
      assert.match(failure.message, /base URL of The server is no http address/);
    }));
}

test("openai: a model without tools is told where the setting wants the API's way", () =>
  serve({ manners: { tools: 'refused' }, endpoint: { tools: 'native' } }, async ({ ask }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.match(failure.message, /does not support tools/);
    assert.match(failure.advice ?? '', /can call tools/);
  }));

test('openai: a base URL without /v1 is told, not blamed on the model alone', () =>
  serve({}, async ({ ask, endpoint }) => {
    const wrong = { ...endpoint, baseUrl: endpoint.baseUrl?.replace('/v1', '') ?? '' };
    const failure = await failureOf<CallFailure>(ask({ endpoints: [wrong] }));
    assert.equal(failure.code, 'endpoint.missing');
    assert.match(failure.advice ?? '', /usually ends in \/v1/);
  }));
