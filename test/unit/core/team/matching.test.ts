/** Which endpoints an agent is matched to: never one that does not serve, never fewer than serve, the well before the ill, and why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchEndpoints } from '../../../../src/core/team/matching.ts';
import { createStandings, type Standing } from '../../../../src/core/team/standing.ts';
import { Endpoint } from '../../../../src/protocol/settings.ts';

const endpoint = (id: string, more: object = {}) =>
  Endpoint.parse({ id, kind: 'openai', model: 'm', ...more });
const ABC = ['a', 'b', 'c'].map((id) => endpoint(id));

const at =
  (standings: Readonly<Record<string, Partial<Standing>>>) =>
  (id: string): Standing => ({
    health: 'fine',
    load: 0,
    ...standings[id],
  });

const match = (
  standings: Readonly<Record<string, Partial<Standing>>>,
  more: Partial<Parameters<typeof matchEndpoints>[0]> = {},
) => {
  const { endpoints, why, passed } = matchEndpoints(
    { endpoints: ABC, requires: [], equals: [], ...more },
    at(standings),
  );
  return { order: endpoints.map(({ id }) => id).join(''), why, passed: passed.map((each) => each.endpoint) };
};

const CASES: readonly {
  readonly name: string;
  readonly standings: Readonly<Record<string, Partial<Standing>>>;
  readonly more?: Partial<Parameters<typeof matchEndpoints>[0]>;
  readonly order: string;
  readonly why?: RegExp;
}[] = [
  { name: 'all well: the route as it is, and nothing to say', standings: {}, order: 'abc' },
  {
    name: 'the first is ill',
    standings: { a: { health: 'doubtful', why: 'its last call failed' } },
    order: 'bca',
    why: /^a is doubtful: its last call failed$/u,
  },
  {
    name: 'one left alone comes after one that failed once',
    standings: { a: { health: 'open' }, b: { health: 'doubtful' } },
    order: 'cba',
    why: /a is left alone.*; b is doubtful/u,
  },
  { name: 'one behind is ill: nothing to say', standings: { b: { health: 'open' } }, order: 'acb' },
  {
    name: 'all ill: all stay, in their order',
    standings: { a: { health: 'open' }, b: { health: 'resting' }, c: { health: 'open' } },
    order: 'abc',
  },
  {
    name: 'load counts among equals only',
    standings: { a: { load: 5 }, b: { load: 2 }, c: { load: 1 } },
    more: { equals: [['b', 'c']] },
    order: 'acb',
  },
  {
    name: 'the least loaded of equals',
    standings: { a: { load: 2 }, b: { load: 1 } },
    more: { equals: [['a', 'b']] },
    order: 'bac',
    why: /^a has 2 agents at work, this one 1 agent$/u,
  },
  {
    name: 'an ill one is not chosen for its idleness',
    standings: { a: { load: 2 }, b: { health: 'resting' } },
    more: { equals: [['a', 'b']] },
    order: 'acb',
  },
  {
    name: 'what does not serve is not asked, however well it is',
    standings: { b: { health: 'doubtful', why: 'x' } },
    more: {
      endpoints: [endpoint('a'), endpoint('b', { vision: true }), endpoint('c', { vision: true })],
      requires: ['vision'],
    },
    order: 'cb',
    why: /^for vision \(a not: it provides no vision\); b is doubtful: x$/u,
  },
];

for (const { name, standings, more, order, why } of CASES)
  test(`matched: ${name}`, () => {
    const matched = match(standings, more);
    assert.equal(matched.order, order);
    if (why) assert.match(matched.why ?? '', why);
    else assert.equal(matched.why, undefined);
  });

test('whatever health and load: those that serve are all there once, and none that is well comes after an ill one', () => {
  const healths = ['fine', 'doubtful', 'resting', 'open'] as const;
  for (let n = 0; n < 64; n++) {
    const of = (place: number) => healths[Math.floor(n / 4 ** place) % 4] ?? 'fine';
    const standings = Object.fromEntries(
      ABC.map(({ id }, place) => [id, { health: of(place), load: (n * (place + 3)) % 5 }]),
    );
    const { order, why } = match(standings, { equals: [['a', 'c']] });
    assert.equal(Array.from(order).sort().join(''), 'abc');
    const isWell = Array.from(order).map((id) => standings[id]?.health === 'fine');
    assert.deepEqual(
      isWell,
      isWell.toSorted((one, other) => Number(other) - Number(one)),
      order,
    );
    assert.equal(why !== undefined, order !== 'abc' && order[0] !== 'a', `${order}: ${why ?? ''}`);
  }
});

test('what the story has seen: health as it was told last, load as agents begin, move and end', () => {
  const standings = createStandings();
  let changes = 0;
  standings.onChange(() => (changes += 1));
  standings.begin('one', 'a');
  standings.begin('two', 'a');
  assert.equal(standings.of('a').load, 2);
  standings.heard('one', {
    endpoint: 'b',
    seen: [
      { id: 'a', health: 'open', inFlight: 0, why: 'it failed' },
      { id: 'b', health: 'fine', inFlight: 0 },
    ],
  });
  assert.deepEqual(standings.of('a'), { health: 'open', why: 'it failed', load: 1 });
  assert.equal(standings.of('b').load, 1);
  assert.equal(changes, 1);
  standings.heard('nobody', {
    endpoint: 'b',
    seen: [{ id: 'a', health: 'open', inFlight: 0, why: 'again' }],
  });
  assert.deepEqual([changes, standings.of('b').load], [1, 1], 'who is not at work is no load');
  standings.heard('two', { endpoint: 'a', seen: [{ id: 'a', health: 'fine', inFlight: 0 }] });
  assert.deepEqual([changes, standings.of('a').why], [2, undefined]);
  standings.rest('one');
  standings.retire('tw');
  assert.deepEqual([standings.of('a').load, standings.of('b').load], [0, 0]);
});
