/** The bus under load: nothing is lost, nothing changes its order, nothing grows without bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TEAM_LIMITS } from '../../../../src/core/limits.ts';
import { createBus, type DeadLetter } from '../../../../src/core/team/bus.ts';
import type { Message } from '../../../../src/core/team/message.ts';

function setting() {
  const dead: DeadLetter[] = [];
  const bus = createBus({
    dead: (letter) => void dead.push(letter),
    limits: { ...TEAM_LIMITS, ids: 1_000_000 },
  });
  return { bus, dead, ids: (agent: string) => bus.waiting(agent).map(({ id }) => id) };
}

const message = (id: string, to: string, text = id): Message => ({ id, from: 'qa', to, text });

/** How many of these are still held by anybody, after a collection. */
async function held(messages: readonly WeakRef<Message>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What was read in this turn of the loop is held until it ends.
  await setImmediate();
  collect();
  return messages.filter((each) => each.deref() !== undefined).length;
}

/** Where message `n` goes in a big team: most to one agent, some to a role, a topic or the team, some to a role that comes later. */
function addressOf(n: number, random: (below: number) => number): string {
  if (n % 2000 === 0) return 'team';
  if (n % 100 === 1) return `role${random(ROLES)}`;
  if (n % 100 === 2) return `#topic${random(ROLES)}`;
  return n % 50 === 3 ? 'late' : `a${random(AGENTS)}`;
}

const AGENTS = 1000;
/** Ten agents have the same one, and follow the same topic. */
const ROLES = 100;

test('1,000 agents and 100,000 messages to all kinds of addresses: none lost, none out of order, and none held once it is read', async () => {
  const { bus, dead, ids } = setting();
  for (let n = 0; n < AGENTS; n++)
    bus.join({ agent: `a${n}`, role: `role${n % ROLES}`, topics: new Set([`#topic${n % ROLES}`]) });
  bus.name(['late']);
  const last = new Array<number>(AGENTS).fill(-1);
  let [read, wanted, late, seed] = [0, 0, 0, 7];
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const drain = (agent: number): void => {
    const got = ids(`a${agent}`);
    for (const id of got) {
      assert.ok(Number(id) > (last[agent] ?? 0), `${id} at ${agent}`);
      last[agent] = Number(id);
    }
    read += got.length;
    bus.acknowledge(`a${agent}`, got);
  };
  const text = 'x'.repeat(2000);
  const all: WeakRef<Message>[] = [];
  for (let n = 0; n < 100_000; n++) {
    const to = addressOf(n, random);
    const sent = message(String(n + 1), to, `${text}${n}`);
    all.push(new WeakRef(sent));
    const reached = bus.reached(sent).map(({ agent }) => Number(agent.slice(1)));
    for (const agent of reached) if (ids(`a${agent}`).length >= TEAM_LIMITS.queue) drain(agent);
    assert.ok(bus.post(sent).taken);
    wanted += reached.length;
    if (to === 'late') late += 1;
    if (n % 3 === 0) drain(random(AGENTS));
  }
  for (let agent = 0; agent < AGENTS; agent++) drain(agent);
  assert.equal(read, wanted);
  assert.ok(wanted > 150_000);
  bus.join({ agent: 'l', role: 'late' });
  const found = bus.waiting('l').filter(({ to }) => to === 'late');
  assert.ok(dead.every((each) => each.message.to === 'late'));
  assert.deepEqual([late, dead.length + found.length], [2000, 2000]);
  dead.splice(0);
  // Only what is kept for those to come is still there.
  assert.ok((await held(all)) <= TEAM_LIMITS.kept);
});

test('what is kept of many roles that come later is found by each, in order; what fell out and was for somebody is dead', () => {
  const { bus, dead, ids } = setting();
  for (let n = 0; n < AGENTS; n++) bus.join({ agent: `a${n}`, role: 'coder', task: `t${n}` });
  bus.name(Array.from({ length: ROLES }, (_, n) => `late${n}`));
  const count = 20_000;
  for (let n = 0; n < count; n++) bus.post(message(String(n), n % 2 === 0 ? `late${n % ROLES}` : '#later'));
  assert.equal(dead.length, count - TEAM_LIMITS.kept);
  bus.join({ agent: 'l', role: 'late2', topics: new Set(['#later']) });
  const found = ids('l').map(Number);
  assert.deepEqual(
    found,
    Array.from({ length: TEAM_LIMITS.kept }, (_, n) => count - TEAM_LIMITS.kept + n).filter(
      (n) => n % 2 === 1 || n % ROLES === 2,
    ),
  );
});
