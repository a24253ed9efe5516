import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEndpoints } from '../../../../src/core/models/endpoints.ts';
import { createRouter } from '../../../../src/core/models/routing.ts';
import { PortError } from '../../../../src/core/ports.ts';
import { endpointsFor, equalsFor } from '../../../../src/core/team/routes.ts';
import { RunSettings, type Route } from '../../../../src/protocol/settings.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';
import { contextOf, endpointOf, modelsOf, replyOf, requestOf } from './make.ts';

const all = ['a', 'b', 'c', 'd'].map((id) => endpointOf({ id }));

/** What is known after some calls; `order` names the endpoints of a route as they would be asked. */
function known() {
  const clock = new ManualClock(0);
  const endpoints = createEndpoints(clock);
  const order = (equals: readonly (readonly string[])[]) =>
    endpoints
      .order(all, equals)
      .map(({ id }) => id)
      .join('');
  const call = async (id: string, ms: number, how: 'ok' | 'failed' = 'ok'): Promise<void> => {
    const ticket = endpoints.begin(id);
    await clock.advance(ms);
    ticket.first();
    ticket.end(how);
  };
  return { clock, endpoints, order, call };
}

const ABC = [['a', 'b', 'c']];

test('endpoints: those that are not equal stay in their order, whatever happens to them', async () => {
  const { order, call } = known();
  await call('a', 10, 'failed');
  assert.equal(order([]), 'abcd');
});

test('endpoints: the least loaded of a group first, and the group keeps its place', () => {
  const { endpoints, order } = known();
  endpoints.begin('b');
  assert.equal(order([['b', 'c']]), 'acbd');
  endpoints.begin('c');
  endpoints.begin('c');
  assert.equal(order([['b', 'c']]), 'abcd');
});

test('endpoints: equally loaded ones by their speed of late, one that was never asked before them', async () => {
  const { order, call } = known();
  await call('a', 500);
  await call('b', 100);
  assert.equal(order(ABC), 'cbad');
  await call('c', 300);
  assert.equal(order(ABC), 'bcad');
  for (let times = 0; times < 6; times += 1) await call('a', 10);
  assert.equal(order(ABC), 'abcd', 'what was slow once is forgotten');
});

test('endpoints: unwell ones come last, and are tried again after a while', async () => {
  const { clock, endpoints, order, call } = known();
  endpoints.begin('b');
  await call('a', 1, 'failed');
  assert.equal(order(ABC), 'cbad');
  assert.equal(endpoints.state('a').health, 'doubtful');
  endpoints.rates.rest('c', 5000);
  assert.equal(order(ABC), 'bacd');
  endpoints.open('b', 15_000);
  assert.deepEqual([endpoints.state('b').health, endpoints.state('c').health], ['open', 'resting']);
  assert.equal(order(ABC), 'acbd');
  await clock.advance(5000);
  assert.equal(order(ABC), 'cabd');
  await clock.advance(30_000);
  assert.equal(endpoints.state('a').health, 'fine');
});

test('endpoints: load, latency and failures are counted', async () => {
  const { endpoints, call } = known();
  const open = endpoints.begin('a');
  await call('a', 200);
  await call('a', 100, 'failed');
  assert.deepEqual(endpoints.state('a'), {
    id: 'a',
    health: 'doubtful',
    why: 'its last call failed',
    inFlight: 1,
    failuresInARow: 1,
    firstMs: 200 + (100 - 200) * 0.3,
    wholeMs: 200,
  });
  open.end('neither');
  assert.equal(endpoints.state('a').inFlight, 0);
});

const ROUTES: readonly { name: string; route: Route; order: string; groups: readonly string[] }[] = [
  { name: 'one', route: ['b'], order: 'b', groups: [] },
  { name: 'a fallback order', route: ['b', 'a'], order: 'ba', groups: [] },
  { name: 'a group with a fallback', route: [['a', 'b'], 'd'], order: 'abd', groups: ['ab'] },
  {
    name: 'two groups',
    route: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    order: 'abcd',
    groups: ['ab', 'cd'],
  },
  { name: 'a stranger is passed over', route: ['x', ['y', 'c']], order: 'c', groups: ['yc'] },
];
for (const { name, route, order, groups } of ROUTES) {
  test(`routes: ${name}`, () => {
    const settings = RunSettings.parse({ endpoints: all, routes: { default: ['d'], coder: route } });
    assert.equal(
      endpointsFor({ name: 'coder' }, settings)
        .map(({ id }) => id)
        .join(''),
      order,
    );
    assert.deepEqual(
      equalsFor({ name: 'coder' }, settings).map((ids) => ids.join('')),
      groups,
    );
    assert.equal(
      endpointsFor({ name: 'planner' }, settings)[0]?.id,
      'd',
      'the rest is served by the default',
    );
  });
}

test('router: 30 calls at once are spread over equal endpoints, and those behind them are not asked', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const openai = {
    complete: async ({ endpoints: [endpoint] }: Parameters<ReturnType<typeof modelsOf>['complete']>[0]) => {
      asked.push(endpoint?.id ?? '');
      await new Promise<void>((resolve) => answers.push(resolve));
      return replyOf();
    },
  };
  const router = createRouter(
    { openai, editor: undefined, scripted: undefined },
    createEndpoints(new ManualClock(0)),
  );
  const request = requestOf({ endpoints: all, equals: ABC });
  const calls = Array.from({ length: 30 }, () => router.complete(request, contextOf()));
  await new Promise((resolve) => setImmediate(resolve));
  for (const answer of answers) answer();
  await Promise.all(calls);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((id) => asked.filter((each) => each === id).length),
    [10, 10, 10, 0],
  );
});

test('router: of equal endpoints the one that failed is passed over by the next calls', async () => {
  const asked: string[] = [];
  const openai = modelsOf(({ endpoints: [endpoint] }) => {
    asked.push(endpoint?.id ?? '');
    if (endpoint?.id === 'a') throw new PortError('endpoint.timeout', 'late', { retryable: true });
    return replyOf({ endpoint: endpoint?.id ?? '' });
  });
  const router = createRouter(
    { openai, editor: undefined, scripted: undefined },
    createEndpoints(new ManualClock(0)),
  );
  const request = requestOf({ endpoints: all.slice(0, 2), equals: [['a', 'b']] });
  await router.complete(request, contextOf());
  await router.complete(request, contextOf());
  assert.equal(asked.join(''), 'abb');
});
