/** How many agents there is room for, and what bounds them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeOf } from '../../../../src/core/team/sizing.ts';
import { Endpoint, Limits } from '../../../../src/protocol/settings.ts';

const endpoint = (more: object) => Endpoint.parse({ id: 'a', kind: 'openai', model: 'm', ...more });

const SIZES: readonly {
  readonly name: string;
  readonly settings: object;
  readonly work?: object;
  readonly agents: number;
  readonly why: RegExp;
}[] = [
  { name: 'the limit', settings: {}, agents: 8, why: /limit/u },
  { name: 'the work there is', settings: {}, work: { width: 2 }, agents: 2, why: /same time/u },
  { name: 'processors', settings: { processors: 2 }, agents: 4, why: /2 processors/u },
  {
    name: 'never none',
    settings: {},
    work: { crews: [{ units: 20, endpoints: [endpoint({ requestsPerMinute: 1 })] }] },
    agents: 1,
    why: /1 requests/u,
  },
  {
    name: 'rates of all endpoints together',
    settings: {},
    work: {
      crews: [
        { units: 20, endpoints: [endpoint({ requestsPerMinute: 10 }), endpoint({ requestsPerMinute: 10 })] },
      ],
    },
    agents: 5,
    why: /20 requests/u,
  },
  {
    name: 'rates of the endpoints that are well',
    settings: {},
    work: {
      crews: [
        {
          units: 20,
          endpoints: [endpoint({ requestsPerMinute: 10 }), endpoint({ id: 'b', requestsPerMinute: 20 })],
        },
      ],
      standing: (id: string) => ({ health: id === 'a' ? 'open' : 'fine' }),
    },
    agents: 5,
    why: /^20 requests/u,
  },
  {
    name: 'endpoints that ask to be left alone',
    settings: {},
    work: { crews: [{ units: 20, endpoints: [endpoint({})] }], standing: () => ({ health: 'resting' }) },
    agents: 4,
    why: /^a: too many requests/u,
  },
  {
    name: 'endpoints that do not answer',
    settings: {},
    work: { crews: [{ units: 20, endpoints: [endpoint({})] }], standing: () => ({ health: 'open' }) },
    agents: 1,
    why: /does not answer/u,
  },
  {
    name: 'one endpoint of two that answers',
    settings: {},
    work: {
      crews: [{ units: 20, endpoints: [endpoint({}), endpoint({ id: 'b' })] }],
      standing: (id: string) => ({ health: id === 'a' ? 'resting' : 'fine' }),
    },
    agents: 8,
    why: /limit/u,
  },
  {
    name: 'the budget',
    settings: {},
    work: { budget: { atWork: 1, more: 1 } },
    agents: 2,
    why: /^budget for 1 more task$/u,
  },
  {
    name: 'a budget that is used up',
    settings: {},
    work: { budget: { atWork: 0, more: 0 } },
    agents: 1,
    why: /no more tasks/u,
  },
  {
    name: 'tokens a minute, over what a call takes on average',
    settings: {},
    work: { crews: [{ units: 20, callTokens: 5000, endpoints: [endpoint({ tokensPerMinute: 60_000 })] }] },
    agents: 3,
    why: /^60000 tokens a minute$/u,
  },
  {
    name: 'the scarcer of requests and tokens',
    settings: {},
    work: {
      crews: [{ units: 20, endpoints: [endpoint({ requestsPerMinute: 8, tokensPerMinute: 1_000_000 })] }],
    },
    agents: 2,
    why: /^8 requests/u,
  },
  {
    name: 'endpoints of one role, beside others whose endpoints take all',
    settings: {},
    work: {
      crews: [
        { units: 4, endpoints: [endpoint({ requestsPerMinute: 4 })] },
        { units: 3, endpoints: [endpoint({ id: 'b' })] },
      ],
    },
    agents: 4,
    why: /^4 requests/u,
  },
  {
    name: 'endpoints that take all there is to ask them',
    settings: {},
    work: { width: 3, crews: [{ units: 1, endpoints: [endpoint({ requestsPerMinute: 4 })] }] },
    agents: 3,
    why: /same time/u,
  },
  {
    name: 'no rate where one endpoint has none',
    settings: {},
    work: { crews: [{ units: 20, endpoints: [endpoint({ requestsPerMinute: 4 }), endpoint({})] }] },
    agents: 8,
    why: /limit/u,
  },
];

for (const { name, settings, work, agents, why } of SIZES)
  test(`as many agents as ${name} allows`, () => {
    const size = sizeOf(
      { limits: Limits.parse({ concurrency: 8 }), ...settings },
      { width: 20, crews: [], ...work },
    );
    assert.equal(size.agents, agents);
    assert.match(size.why, why);
  });
