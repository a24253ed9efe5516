/** The bus under faults and lies: nothing is lost, nothing changes its order, nothing grows without bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBus, type Bus, type BusLimits, type DeadLetter } from '../../../../src/core/team/bus.ts';
import { heartbeat, isHeartbeat, stepOf, type Message } from '../../../../src/core/team/message.ts';

const LIMITS: BusLimits = { queue: 5, kept: 4, tries: 3, ids: 8 };

interface Setting {
  readonly bus: Bus;
  readonly dead: DeadLetter[];
  readonly ids: (agent: string) => readonly string[];
}

function setting(limits?: BusLimits): Setting {
  const dead: DeadLetter[] = [];
  const bus = createBus({ dead: (letter) => void dead.push(letter), ...(limits && { limits }) });
  return { bus, dead, ids: (agent) => bus.waiting(agent).map(({ id }) => id) };
}

const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  from: 'qa',
  to: 'coder',
  text: id,
  ...more,
});
const coder = (agent: string, task = 'fix') => ({ agent, role: 'coder', task });

test('whom a message reaches: agent, role, task, team, topic; never its author', () => {
  const { bus, ids } = setting();
  bus.join(coder('a', 'one'));
  bus.join(coder('b', 'two'));
  bus.join({ agent: 'r', role: 'reviewer', task: 'one', topics: new Set(['#api']) });
  const cases: readonly [to: string, reached: readonly string[]][] = [
    ['a', ['a']],
    ['coder', ['a', 'b']],
    ['one', ['a', 'r']],
    ['team', ['a', 'b', 'r']],
    ['#api', ['r']],
    ['#other', []],
  ];
  for (const [to] of cases) bus.post(message(`to ${to}`, { to }));
  for (const agent of ['a', 'b', 'r'])
    assert.deepEqual(
      ids(agent),
      cases.flatMap(([to, reached]) => (reached.includes(agent) ? [`to ${to}`] : [])),
      agent,
    );
  bus.post(message('own', { from: 'coder', by: 'a', task: 'one', to: 'team' }));
  assert.deepEqual([ids('a').includes('own'), ids('b').includes('own')], [false, true]);
});

test('whoever follows a topic finds what was kept of it once, and hears what comes; what nobody ever followed is dead', () => {
  const { bus, dead, ids } = setting();
  bus.join(coder('a', 'one'));
  bus.post(message('first', { to: '#api', from: 'coder', by: 'a', task: 'one' }));
  bus.post(message('lost', { to: '#other' }));
  bus.join(coder('b', 'two'));
  bus.join({ ...coder('c', 'three'), topics: new Set(['#api']) });
  assert.deepEqual([ids('b'), ids('c')], [[], ['first']]);
  for (let n = 0; n < 2; n++) for (const agent of ['a', 'b', 'nobody']) bus.follow(agent, '#api');
  bus.post(message('second', { to: '#api', from: 'coder', by: 'c', task: 'three' }));
  assert.deepEqual([ids('a'), ids('b'), ids('c')], [['second'], ['first', 'second'], ['first']]);
  for (const agent of ['a', 'b', 'c']) bus.acknowledge(agent, ids(agent));
  bus.close();
  assert.deepEqual(
    dead.map((each) => each.message.id),
    ['lost'],
  );
});

test('somebody nobody knows is not written to', () => {
  const { bus } = setting();
  bus.name(['coder']);
  const posting = bus.post(message('m', { to: 'wizard' }));
  assert.match(posting.taken ? '' : posting.why, /Nobody is called "wizard"\. There are: team, coder/u);
});

test('a full queue refuses, urgent or not; what answers somebody who waits is let in', () => {
  const { bus, ids, dead } = setting(LIMITS);
  bus.join(coder('a'));
  const postings = [1, 2, 3, 4, 5, 6].map((n) => bus.post(message(String(n), { to: 'a' })));
  assert.deepEqual(
    postings.map(({ taken }) => taken),
    [true, true, true, true, true, false],
  );
  assert.deepEqual(postings[3]?.taken === true && postings[3].crowded, ['a']);
  assert.equal(bus.post(message('urgent', { to: 'a', priority: 'high' })).taken, false);
  assert.equal(bus.post(message('answer', { to: 'a', kind: 'response', answers: 'q' })).taken, true);
  bus.say(message('person', { from: 'person', to: 'team' }));
  assert.equal(ids('a').length, 7);
  assert.equal(dead.length, 0);
  bus.acknowledge('a', ids('a'));
  assert.equal(bus.post(message('7', { to: 'a' })).taken, true);
});

test('told to several of whom one cannot take more: the others get it, for that one it is dead', () => {
  const { bus, ids, dead } = setting(LIMITS);
  bus.join(coder('a'));
  bus.join(coder('b', 'other'));
  for (let n = 0; n < LIMITS.queue; n++) bus.post(message(`a${n}`, { to: 'a' }));
  assert.equal(bus.post(message('both')).taken, true);
  assert.deepEqual(ids('b'), ['both']);
  assert.deepEqual(
    dead.map((each) => [each.message.id, each.agent, each.why]),
    [['both', 'a', 'The coder of "fix" had too much to read already.']],
  );
});

test('urgent first, else as posted; the person before all', () => {
  const { bus, ids } = setting();
  bus.join(coder('a'));
  bus.post(message('low', { priority: 'low' }));
  bus.post(message('one'));
  bus.post(message('high', { priority: 'high' }));
  bus.post(message('two'));
  bus.say(message('said', { from: 'person', to: 'team' }));
  assert.deepEqual(ids('a'), ['said', 'high', 'one', 'two', 'low']);
});

test('posted twice, read twice, read late, read by a stranger: each changes nothing', () => {
  const { bus, ids, dead } = setting();
  bus.join(coder('a'));
  bus.post(message('m'));
  bus.post(message('m'));
  assert.deepEqual(ids('a'), ['m']);
  bus.acknowledge('nobody', ['m']);
  bus.acknowledge('a', ['m']);
  bus.acknowledge('a', ['m']);
  assert.deepEqual(ids('a'), []);
  bus.leave('a');
  bus.acknowledge('a', ['m']);
  bus.close();
  assert.deepEqual(dead, []);
});

test('ids are remembered up to a limit, and it is told when the first is not any more', () => {
  let forgotten = 0;
  const bus = createBus({ dead: () => undefined, forgot: () => (forgotten += 1), limits: LIMITS });
  bus.join(coder('a'));
  for (let n = 0; n <= LIMITS.ids; n++) {
    bus.post(message(String(n), { to: 'a' }));
    bus.acknowledge('a', [String(n)]);
    assert.equal(forgotten, n === LIMITS.ids ? 1 : 0);
  }
  bus.post(message(String(LIMITS.ids), { to: 'a' }));
  assert.deepEqual(bus.waiting('a'), []);
});

test('who ends without reading: the next of its role and task gets it, a bounded number of times, then it is dead', () => {
  const { bus, ids, dead } = setting(LIMITS);
  bus.join(coder('1'));
  bus.post(message('m', { to: '1' }));
  bus.leave('1');
  bus.join(coder('x', 'other'));
  assert.deepEqual(ids('x'), []);
  for (const agent of ['2', '3']) {
    bus.join(coder(agent));
    assert.deepEqual(ids(agent), ['m'], agent);
    bus.leave(agent);
  }
  bus.join(coder('4'));
  assert.deepEqual(ids('4'), []);
  assert.deepEqual(
    dead.map((each) => [each.message.id, each.tries, each.why]),
    [['m', 3, 'The coder of "fix" ended without reading it.']],
  );
});

test('what is for a role or topic waits for whoever comes later, and is missed; what is for all who are there is not', () => {
  const { bus, ids, dead } = setting();
  bus.name(['reviewer', 'documenter']);
  bus.post(message('review', { to: 'reviewer' }));
  bus.post(message('document', { to: 'documenter' }));
  bus.post(message('all', { to: 'team' }));
  bus.post(message('topic', { to: '#api' }));
  bus.join({ agent: 'r', role: 'reviewer' });
  assert.deepEqual(ids('r'), ['review', 'all']);
  bus.acknowledge('r', ids('r'));
  bus.close();
  assert.deepEqual(
    dead.map((each) => each.message.id),
    ['document', 'topic'],
  );
});

test('what is kept for those to come is bounded; the oldest that nobody read is dead, not lost', () => {
  const { bus, dead } = setting(LIMITS);
  bus.name(['reviewer']);
  for (let n = 0; n < 10; n++) bus.post(message(String(n), { to: 'reviewer' }));
  assert.deepEqual(
    dead.map((each) => each.message.id),
    ['0', '1', '2', '3', '4', '5'],
  );
});

test('what is no longer kept, and lay unread with whoever was the last to have it, is dead, not lost', () => {
  const { bus, dead } = setting(LIMITS);
  bus.name(['reviewer']);
  bus.join(coder('a'));
  bus.join(coder('b', 'other'));
  bus.post(message('for coders'));
  for (let n = 0; n < LIMITS.kept; n++) bus.post(message(String(n), { to: 'reviewer' }));
  bus.leave('a');
  assert.equal(dead.length, 0);
  bus.leave('b');
  assert.deepEqual(
    dead.map((each) => [each.message.id, each.why]),
    [['for coders', 'The coder of "other" ended without reading it.']],
  );
});

test('what nobody misses goes before what somebody has yet to read', () => {
  const { bus, dead, ids } = setting(LIMITS);
  bus.name(['reviewer']);
  bus.post(message('review', { to: 'reviewer' }));
  for (let n = 0; n < 10; n++) bus.post(message(String(n), { to: 'team' }));
  bus.join({ agent: 'r', role: 'reviewer' });
  assert.deepEqual(ids('r'), ['review', '7', '8', '9']);
  assert.deepEqual(dead, []);
});

test('what always comes: dead for whoever has too much to read, kept for those to come', () => {
  const { bus, dead, ids } = setting(LIMITS);
  bus.join(coder('a'));
  for (let n = 0; n < LIMITS.queue; n++) bus.post(message(String(n), { to: 'a' }));
  const findings = message('findings', { to: 'team' });
  assert.equal(bus.post(findings).taken, false);
  assert.equal(bus.post(findings, { always: true }).taken, true);
  assert.deepEqual(
    dead.map((each) => [each.message.id, each.agent]),
    [['findings', 'a']],
  );
  bus.join(coder('b', 'other'));
  assert.deepEqual(ids('b'), ['findings']);
});

test('what agents that ended left unread is bounded too', () => {
  const { bus, dead } = setting(LIMITS);
  const count = 100;
  for (let n = 0; n < count; n++) {
    bus.join(coder(`a${n}`));
    bus.post(message(String(n), { to: `a${n}` }));
    bus.leave(`a${n}`);
    // Another task's: it gets nothing of the former's.
    bus.join(coder(`b${n}`, `other${n}`));
  }
  bus.close();
  assert.equal(dead.length, count);
});

test('observers hear what they want by its content, until they do not', () => {
  const { bus } = setting();
  bus.name(['coder']);
  const heard: string[] = [];
  const observing = bus.observe(
    ({ text, kind }) => kind === 'request' && text.includes('schema'),
    ({ id }) => void heard.push(id),
  );
  bus.post(message('1', { kind: 'request', text: 'which schema?' }));
  bus.post(message('2', { text: 'the schema is done' }));
  observing.dispose();
  bus.post(message('3', { kind: 'request', text: 'which schema?' }));
  assert.deepEqual(heard, ['1']);
});

test('a sign of life is heard by observers, read by nobody, and each counts', () => {
  const { bus } = setting();
  bus.join({ agent: 'a', role: 'coder' });
  const steps: string[] = [];
  bus.observe(isHeartbeat, (message) => void steps.push(stepOf(message)));
  for (let n = 0; n < 2; n++) bus.pass(heartbeat({ role: 'coder', agent: 'b' }, 'turn/1'));
  bus.post(message('turn/1', { to: 'a' }));
  assert.deepEqual(steps, ['turn/1', 'turn/1']);
  assert.deepEqual(
    bus.waiting('a').map(({ id, kind }) => [id, kind]),
    [['turn/1', undefined]],
  );
});

type Deed =
  | { readonly do: 'post'; readonly to: number; readonly role: boolean; readonly urgent: boolean }
  | { readonly do: 'read'; readonly agent: number; readonly most: number }
  | { readonly do: 'leave' | 'join'; readonly agent: number };

const agents = fc.nat({ max: 3 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant('post' as const),
    to: agents,
    role: fc.boolean(),
    urgent: fc.boolean(),
  }),
  fc.record({ do: fc.constant('read' as const), agent: agents, most: fc.nat({ max: 4 }) }),
  fc.record({ do: fc.constantFrom('leave' as const, 'join' as const), agent: agents }),
);

test('property: whatever comes and goes, what was taken is read or dead, in order for each reader, and twice the same', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 120 }), fc.constantFrom(2, 1000), (deeds, kept) => {
      const first = lived(deeds, kept);
      assert.deepEqual(lived(deeds, kept), first);
      for (const id of first.taken)
        assert.ok(first.read.some((each) => each.id === id) || first.dead.includes(id), `${id} is lost`);
      for (let agent = 0; agent <= 3; agent++)
        for (const urgent of [true, false]) {
          const own = first.read.filter((each) => each.agent === agent && each.urgent === urgent);
          // A reader that came anew may read again what is kept for its role.
          for (const life of new Set(own.map((each) => each.life))) {
            const order = own.filter((each) => each.life === life && !each.left).map(({ id }) => Number(id));
            assert.deepEqual(
              order,
              [...order].sort((a, b) => a - b),
            );
          }
        }
    }),
    { numRuns: 300 },
  );
});

function lived(deeds: readonly Deed[], kept: number) {
  const { bus, dead } = setting({ queue: 6, kept, tries: 3, ids: 1000 });
  const lives = [1, 1, 1, 1];
  const taken: string[] = [];
  const urgents = new Set<string>();
  const read: { agent: number; id: string; urgent: boolean; life: number; left: boolean }[] = [];
  const idOf = (agent: number): string => `agent/${agent}/${lives[agent] ?? 0}`;
  const join = (agent: number): void => {
    bus.join({ agent: idOf(agent), role: `role${agent}` });
  };
  for (let agent = 0; agent <= 3; agent++) join(agent);
  const readUp = (agent: number, most: number): void => {
    const got = bus.waiting(idOf(agent)).slice(0, most);
    for (const { id, to } of got)
      read.push({ agent, id, urgent: urgents.has(id), life: lives[agent] ?? 0, left: to !== idOf(agent) });
    bus.acknowledge(
      idOf(agent),
      got.map(({ id }) => id),
    );
  };
  for (const [n, each] of deeds.entries()) {
    const id = String(n);
    if (each.do === 'post') {
      const to = each.role ? `role${each.to}` : idOf(each.to);
      if (each.urgent) urgents.add(id);
      const priority = each.urgent ? 'high' : 'normal';
      if (bus.post(message(id, { to, priority })).taken) taken.push(id);
    } else if (each.do === 'read') readUp(each.agent, each.most);
    else if (each.do === 'leave') bus.leave(idOf(each.agent));
    else {
      lives[each.agent] = (lives[each.agent] ?? 0) + 1;
      join(each.agent);
    }
  }
  bus.close();
  return { taken, read, dead: dead.map((letter) => letter.message.id) };
}
