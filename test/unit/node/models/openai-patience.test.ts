/** Retries, breaker, keys, redirects and abort, against the real server. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import { PortError } from '../../../../src/core/ports.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { failureOf, serve } from './serve.ts';

const KEY = 'sk-secret-0123456789abcdef';
const status = (code: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: code,
  headers,
});

test('openai: passing failures are asked again until it answers, and every try is told', () =>
  serve(
    {
      faults: [
        { at: 1, fault: status(503) },
        { at: 2, fault: { kind: 'reset' } },
        { at: 3, fault: { kind: 'cut', at: 'end', reset: false } },
      ],
      limits: { retriesMax: 3 },
    },
    async ({ ask, log, context }) => {
      const reply = await ask();
      assert.deepEqual(
        reply.tries.map(({ ok, code }) => [ok, code]),
        [
          [false, 'endpoint.failed'],
          [false, 'endpoint.unreachable'],
          [false, 'endpoint.badReply'],
          [true, undefined],
        ],
      );
      assert.equal(reply.tries[2]?.usage?.estimated, true);
      assert.equal(log.lines.filter((line) => line.includes('Asking again')).length, 3);
      assert.equal(context.said.join(''), 'Hello there.\n[the reply broke off; asking again]\nHello there.');
    },
  ));

for (const [name, after, waitMs] of [
  ['in seconds', { 'retry-after': '0.3' }, 300],
  ['in milliseconds', { 'retry-after-ms': '250' }, 250],
  [
    'as a date',
    { date: 'Wed, 21 Oct 2026 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2026 07:28:01 GMT' },
    1000,
  ],
] as const) {
  test(`openai: Retry-After ${name} is honoured`, () =>
    serve({ faults: [{ at: 1, fault: status(429, after) }], limits: { retriesMax: 1 } }, async ({ ask }) => {
      const began = performance.now();
      await ask();
      const tookMs = performance.now() - began;
      assert.ok(tookMs >= waitMs - 5 && tookMs < waitMs + 5000, `${tookMs}`);
    }));
}

test('openai: a Retry-After beyond all patience is told, not waited for', () =>
  serve(
    { faults: () => status(429, { 'retry-after': '3600' }), limits: { retriesMax: 3 } },
    async ({ ask, server }) => {
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, 'endpoint.rateLimited');
      assert.equal(failure.retryable, true);
      assert.match(failure.message, /asks to be left alone for 60 min/);
      assert.equal(server.requests.length, 1);
    },
  ));

test('openai: with another endpoint behind it, patience is short', () =>
  serve(
    {
      faults: () => status(429, { 'retry-after': '1' }),
      limits: { retriesMax: 3, waitMsMaxWithFallback: 100 },
    },
    async ({ ask, server, endpoint }) => {
      await failureOf(ask({ endpoints: [endpoint, { ...endpoint, id: 'two' }] }));
      assert.equal(server.requests.length, 1);
    },
  ));

test('openai: an endpoint that fails again and again is left alone, then asked again', () =>
  serve(
    {
      faults: ({ number }) => (number <= 3 ? status(500) : undefined),
      limits: { failuresMax: 3, pauseMs: 1000 },
    },
    async ({ ask, server }) => {
      for (let count = 0; count < 3; count += 1) await failureOf(ask());
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, 'endpoint.unreachable');
      assert.match(failure.message, /failed several times in a row .* Last: The server .* failed \(500\)/);
      assert.deepEqual(failure.tries, []);
      assert.equal(server.requests.length, 3);
      await new Promise((resolve) => setTimeout(resolve, 1020));
      assert.equal((await ask()).content, 'Hello there.');
    },
  ));

test('openai: a refused key does not open the circuit', () =>
  serve({ key: KEY, secret: 'sk-wrong-0123456789', limits: { failuresMax: 2 } }, async ({ ask }) => {
    for (let count = 0; count < 4; count += 1) {
      assert.equal((await failureOf<PortError>(ask())).code, 'endpoint.auth');
    }
  }));

test('openai: the key is sent, and nothing of the environment is', async () => {
  const names = [
    'OPENAI_API_KEY',
    'OPENAI_ORG_ID',
    'OPENAI_PROJECT_ID',
    'OPENAI_CUSTOM_HEADERS',
    'OPENAI_LOG',
  ];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === 'OPENAI_CUSTOM_HEADERS' ? 'x-own: other' : 'debug';
  try {
    await serve({ key: KEY, secret: ` ${KEY}\n` }, async ({ ask, server }) => {
      await ask();
      const headers = server.requests[0]?.headers ?? {};
      assert.equal(headers.authorization, `Bearer ${KEY}`);
      assert.deepEqual(
        Object.keys(headers).filter((name) => /^x-|openai/.test(name)),
        [],
      );
    });
    await serve({}, async ({ ask, server }) => {
      await ask();
      assert.equal(server.requests[0]?.headers.authorization, undefined);
    });
  } finally {
    for (const [at, name] of names.entries()) {
      if (before[at] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[at];
    }
  }
});

test('openai: no message, log or cause tells the key', async () => {
  const echo: Fault = {
    kind: 'status',
    status: 400,
    body: { error: { message: `You sent ${KEY} and sk-other-key-123456.` } },
  };
  for (const fault of [echo, status(503), { kind: 'reset' } as const]) {
    await serve({ secret: KEY, faults: () => fault, limits: { retriesMax: 1 } }, async ({ ask, log }) => {
      const failure = await failureOf<CallFailure>(ask());
      const { inspect } = await import('node:util');
      const all = inspect(failure, { depth: 20 }) + log.lines.join('\n') + (failure.advice ?? '');
      assert.ok(!all.includes('secret-0123456789') && !all.includes('other-key'), all);
    });
  }
  await serve({ key: 'sk-right', secret: KEY }, async ({ ask }) => {
    const failure = await failureOf<CallFailure>(ask());
    assert.match(failure.message, /does not accept the key \(401\)\.$/);
    assert.match(failure.advice ?? '', /Configure Models.*OPENAI_API_KEY/);
  });
});

test('openai: a redirect to another host is refused, and the key does not go there', async () => {
  let visits = 0;
  const other = createServer((_request, response) => {
    visits += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const to = `http://127.0.0.1:${port}/v1/chat/completions`;
  try {
    await serve({ secret: KEY, faults: () => ({ kind: 'redirect', to, status: 307 }) }, async ({ ask }) => {
      const failure = await failureOf<CallFailure>(ask());
      assert.equal(failure.code, 'endpoint.failed');
      assert.match(failure.message, new RegExp(`redirects to another host \\(http://127.0.0.1:${port}\\)`));
      assert.match(failure.advice ?? '', /make it the base URL/);
    });
    assert.equal(visits, 0);
  } finally {
    other.close();
  }
});

test('openai: a redirect within the host is followed, a circle is not', async () => {
  const here = { kind: 'redirect', to: '/v1/chat/completions', status: 308 } as const;
  await serve({ faults: [{ at: 1, fault: here }] }, async ({ ask }) => {
    assert.equal((await ask()).content, 'Hello there.');
  });
  await serve({ faults: () => here }, async ({ ask }) => {
    assert.match((await failureOf(ask())).message, /redirects in a circle/);
  });
});

const moments: readonly [string, Fault, number][] = [
  ['before the first byte', { kind: 'silence' }, 60],
  ['in the middle of the reply', { kind: 'endless', of: 'text', ms: 5 }, 60],
  ['while it waits to ask again', status(503, { 'retry-after': '1.5' }), 60],
];
const aborts = (['chat', 'responses'] as const).flatMap((api) =>
  moments.map(([name, fault, afterMs]) => ({ api, name, fault, afterMs })),
);
for (const { api, name, fault, afterMs } of aborts) {
  test(`${api}: an abort ${name} closes the socket at once, with its reason`, () =>
    serve(
      { faults: () => fault, endpoint: { api }, limits: { retriesMax: 3, firstMs: 5000, wholeMs: 5000 } },
      async ({ ask, server, context }) => {
        const stop = new AbortController();
        const asking = ask({}, stop.signal);
        asking.catch(() => undefined);
        while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        setTimeout(() => stop.abort(new Error('stopped by the person')), afterMs);
        const failure = await failureOf(asking);
        const began = performance.now();
        assert.equal(failure.message, 'stopped by the person');
        const spoken = context.said.length;
        while (server.active > 0 && performance.now() - began < 2000) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        assert.equal(server.active, 0);
        assert.ok(performance.now() - began < 1000, `${performance.now() - began} ms`);
        assert.equal(server.requests.length, 1);
        assert.equal(context.said.length, spoken);
      },
    ));
}

test('openai: an abort before it starts asks nobody', () =>
  serve({}, async ({ ask, server }) => {
    await assert.rejects(ask({}, AbortSignal.abort(new Error('too late'))), /too late/);
    assert.equal(server.requests.length, 0);
  }));
