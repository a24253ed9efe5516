/** The wait-for graph: each kind of wait is an edge, each circle is found, and nothing else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TaskStateName } from '../../../../../src/protocol/events.ts';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';
import { circleIn, pathTo, taskWaits } from '../../../../../src/core/run/agents/waits.ts';
import { createRegistry } from '../../../../../src/core/team/registry.ts';

const edge = (who: string, on: string) => ({ who, on, why: 'test' });

function tasks(states: Readonly<Record<string, TaskStateName>>, more: Readonly<Record<string, object>>) {
  const specs = Object.keys(states).map((id) => ({
    id,
    title: id,
    description: id,
    role: 'coder',
    ...more[id],
  }));
  const plan = PlanSpec.parse({ summary: 'x', tasks: specs });
  return plan.tasks.map((spec) => ({ spec, state: states[spec.id] ?? 'waiting' }));
}

test('tasks wait for those before them and for whoever holds their files, and for nothing that is over', () => {
  const found = taskWaits(
    tasks(
      { a: 'working', b: 'waiting', c: 'waiting', d: 'done', e: 'waiting', f: 'waiting' },
      {
        a: { files: ['src/**'] },
        b: { files: ['src/x.ts'] },
        c: { files: ['docs/**'], depends_on: ['a'] },
        d: { files: ['src/**'] },
        e: { files: ['lib/**'], depends_on: ['d'] },
        f: { role: 'researcher', when: { task: 'a', is: 'failed' } },
      },
    ),
    createRegistry(),
  );
  assert.deepEqual(
    found.map(({ who, on }) => `${who} ${on}`),
    ['b a', 'c a', 'f a'],
  );
});

test('a way through agents, tasks and people is found, with its edges in order', () => {
  const waits = [edge('agent', 'two'), edge('two', 'one'), edge('one', 'person'), edge('other', 'agent')];
  assert.deepEqual(
    pathTo(waits, ['agent'], ['one'])?.map(({ who }) => who),
    ['agent', 'two'],
  );
  assert.equal(pathTo(waits, ['one'], ['agent']), undefined);
  assert.equal(circleIn(waits), undefined);
  assert.equal(circleIn([...waits, edge('one', 'other')])?.length, 4);
  assert.equal(circleIn([edge('self', 'self')])?.length, 1);
});

test('property: a circle is found exactly where there is one', () => {
  const node = fc.nat({ max: 7 }).map(String);
  fc.assert(
    fc.property(fc.array(fc.tuple(node, node), { maxLength: 14 }), (pairs) => {
      const waits = pairs.map(([who, on]) => edge(who, on));
      const circle = circleIn(waits);
      assert.equal(circle !== undefined, hasCircle(pairs));
      if (!circle) return;
      for (const [at, { on }] of circle.entries()) assert.equal(circle[(at + 1) % circle.length]?.who, on);
    }),
  );
});

/** Takes away what waits for nothing until that changes nothing: what is left goes round. */
function hasCircle(pairs: readonly (readonly [string, string])[]): boolean {
  let left = [...pairs];
  for (;;) {
    const waiting = new Set(left.map(([who]) => who));
    const next = left.filter(([, on]) => waiting.has(on));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}
