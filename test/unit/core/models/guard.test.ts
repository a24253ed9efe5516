/** What a guarded wire does about rates, allowances, limits that are not kept, and connections. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breachOf } from '../../../../src/core/models/breach.ts';
import { createEndpoints } from '../../../../src/core/models/endpoints.ts';
import { CallFailure, TryFailure } from '../../../../src/core/models/failure.ts';
import { CALL_LIMITS, guarded, type Wire, type WireReply } from '../../../../src/core/models/guard.ts';
import { hasRoom, reservation } from '../../../../src/core/models/prices.ts';
import { createRouter } from '../../../../src/core/models/routing.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';
import { InMemoryLog } from '../../../support/in-memory/small.ts';
import { contextOf, endpointOf, replyOf, requestOf } from './make.ts';

const wireReply: WireReply = replyOf();
const priced = endpointOf({ id: 'one', inputUsdPerMillion: 1, outputUsdPerMillion: 1 });

function guardedBy(wire: Wire, clock = new ManualClock(0, { auto: true })) {
  const endpoints = createEndpoints(clock);
  const models = guarded(wire, { clock, log: new InMemoryLog(), limits: CALL_LIMITS, endpoints });
  return {
    clock,
    endpoints,
    models,
    router: createRouter({ openai: models, editor: undefined, scripted: undefined }, endpoints),
  };
}

const failureOf = async (work: Promise<unknown>): Promise<CallFailure> => {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof CallFailure, String(error));
  return error;
};

test('guard: a rate limit makes calls wait, and does not count as a retry', async () => {
  const { clock, models } = guardedBy(async () => wireReply);
  const request = requestOf({ endpoints: [endpointOf({ requestsPerMinute: 1 })] });
  for (let call = 0; call < 6; call += 1) await models.complete(request, contextOf());
  assert.equal(clock.now(), 5 * 60_000);
});

test('guard: with another endpoint behind it, a call does not wait long for room', async () => {
  const asked: string[] = [];
  const { clock, router } = guardedBy(async ({ endpoint }) => (asked.push(endpoint.id), wireReply));
  const endpoints = [endpointOf({ id: 'a', requestsPerMinute: 1 }), endpointOf({ id: 'b' })];
  for (let call = 0; call < 3; call += 1) await router.complete(requestOf({ endpoints }), contextOf());
  assert.deepEqual([asked.join(''), clock.now()], ['abb', 0]);
});

test('guard: Retry-After is honoured by every caller of that endpoint', async () => {
  const at: number[] = [];
  const clock = new ManualClock(0, { auto: true });
  const { models } = guardedBy(async () => {
    at.push(clock.now());
    if (at.length === 1)
      throw new TryFailure('endpoint.rateLimited', 'slow down', { retryable: true, retryAfterMs: 20_000 });
    return wireReply;
  }, clock);
  const first = models.complete(requestOf(), contextOf());
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, models.complete(requestOf(), contextOf())]);
  assert.equal(at[0], 0);
  assert.ok(
    at.slice(1).every((when) => when >= 20_000),
    at.join(),
  );
});

test('guard: a broken try is asked again only while what was held for the call has room for it', async () => {
  let tries = 0;
  const { models } = guardedBy(async ({ alive }) => {
    tries += 1;
    alive(2000);
    throw new TryFailure('endpoint.badReply', 'cut', { retryable: true });
  });
  const request = requestOf({ endpoints: [priced] });
  const worst = reservation(request);
  const once = await failureOf(models.complete({ ...request, allowance: worst }, contextOf()));
  assert.equal(tries, 1);
  assert.match(once.message, /used up by tries that broke/);
  tries = 0;
  const twice = { tokens: worst.tokens * 2, costUsd: (worst.costUsd ?? 0) * 2 };
  const failure = await failureOf(models.complete({ ...request, allowance: twice }, contextOf()));
  const owed = failure.tries.reduce(
    (sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
    0,
  );
  assert.ok(tries > 1 && owed <= twice.tokens, `${tries} tries owe ${owed} of ${twice.tokens}`);
  tries = 0;
  await failureOf(models.complete(request, contextOf()));
  assert.equal(tries, 1 + CALL_LIMITS.retriesMax, 'without a budget all tries are made');
});

test('router: a fallback that what was held has no room for is not asked', async () => {
  const asked: string[] = [];
  const { router } = guardedBy(async ({ endpoint, alive }) => {
    asked.push(endpoint.id);
    alive(3000);
    throw new TryFailure('endpoint.badReply', 'cut', { retryable: true });
  });
  const endpoints = [priced, endpointOf({ ...priced, id: 'dear', inputUsdPerMillion: 1000 })];
  const request = requestOf({ endpoints });
  const held = { tokens: 1e9, costUsd: reservation(request).costUsd };
  await failureOf(router.complete({ ...request, allowance: held }, contextOf()));
  assert.ok(asked.includes('one') && !asked.includes('dear'), asked.join());
  assert.ok(hasRoom({ ...request, allowance: held }, endpoints[1] ?? priced, []), 'a first try always fits');
});

test('guard: a reply that goes on far beyond its output limit is cut off, and nobody is asked instead', async () => {
  let chars = 0;
  const cut: string[] = [];
  const { router } = guardedBy(async ({ alive, signal }) => {
    signal.addEventListener('abort', () => cut.push('abort'));
    while (!signal.aborted) {
      alive(100);
      chars += 100;
      if (chars % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error('cut');
  }, new ManualClock(0));
  const endpoints = [endpointOf({ id: 'a' }), endpointOf({ id: 'b' })];
  const failure = await failureOf(
    router.complete(requestOf({ endpoints, outputTokensMax: 300 }), contextOf()),
  );
  assert.equal(failure.code, 'endpoint.breach');
  assert.ok(cut.length > 0 && chars < 300 * 8 + 6000, String(chars));
  assert.equal(failure.tries.length, 1);
  assert.ok((failure.tries[0]?.usage?.outputTokens ?? 0) > 600, 'what came is owed');
});

for (const [name, usage, isBreach] of [
  ['as sent', { outputTokens: 100, estimated: false }, false],
  ['one more', { outputTokens: 101, estimated: false }, true],
  ['an estimate somewhat above', { outputTokens: 200, estimated: true }, false],
  ['an estimate far above', { outputTokens: 201, estimated: true }, true],
] as const) {
  test(`breach: ${name}: ${isBreach}`, () => {
    const told = breachOf(replyOf({ usage: { inputTokens: 1, ...usage } }), 100);
    assert.equal(told !== undefined, isBreach);
    if (isBreach) assert.match(told ?? '', /one \(scripted\) wrote .* although its output limit was 100/);
  });
}

test('guard: a connection that is not made in time is a timeout that owes nothing; one that is made may take its time', async () => {
  const late = guardedBy(async ({ connecting }) => {
    connecting();
    return new Promise<never>(() => undefined);
  });
  const request = requestOf();
  const failure = await failureOf(late.models.complete(request, contextOf()));
  assert.match(failure.message, /could not be reached within 10 s/);
  assert.ok(failure.tries.every(({ usage }) => usage === undefined));
  const slow = guardedBy(async ({ connecting, connected }) => {
    connecting();
    connected();
    await slow.clock.sleep(60_000);
    return wireReply;
  });
  assert.equal((await slow.models.complete(request, contextOf())).content, 'Done.');
});
