/** When a slot is given back: once all who are at work in it wait; and when it is taken again: once, by whoever goes on first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../../../src/protocol/events.ts';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';
import type { Steps } from '../../../../../src/core/ports.ts';
import { parked } from '../../../../../src/core/run/agents/parking.ts';
import { unitsOf, type Unit } from '../../../../../src/core/run/plan/graph.ts';
import type { Run } from '../../../../../src/core/run/run.ts';
import { createCrew } from '../../../../../src/core/team/crew.ts';

const [unit] = unitsOf(
  PlanSpec.parse({
    summary: 'x',
    tasks: [{ id: 'one', title: 'One', description: 'x', role: 'coder' }],
  }),
) as readonly [Unit];
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A unit with two reviewers at work in one slot, whose questions are answered when told. */
function reviewers() {
  const crew = createCrew();
  const events: string[] = [];
  const recorded: string[] = [];
  const answers = new Map<string, (value: unknown) => void>();
  let admit: (() => void) | undefined;
  const steps: Pick<Steps, 'signal' | 'record'> = {
    signal: (name) => new Promise((resolve) => answers.set(name, resolve)),
    record: (event: RunEvent & { readonly key: string }) => void recorded.push(event.type),
  };
  const seat = {
    begun: undefined,
    leave: (count: number) => {
      events.push(`leave ${String(count)}`);
      return {
        isCrowded: false,
        back: () => {
          events.push('back');
          return new Promise<void>((resolve) => (admit = resolve));
        },
      };
    },
  };
  const world = { team: { crew }, settings: { limits: { parked: 8 } }, steps } as unknown as Run;
  const run = parked(world, unit, { seat, weight: 1 });
  for (const agent of ['a', 'b']) crew.begin({ agent, role: 'reviewer', task: 'one' });
  const ask = async (agent: string, name: string): Promise<void> => {
    await run.steps.signal(name, {
      kind: 'question',
      title: name,
      who: { role: 'reviewer', agent, task: 'one' },
    });
    events.push(`${name} goes on`);
  };
  const answer = async (name: string): Promise<void> => {
    answers.get(name)?.('yes');
    await settled();
  };
  return { crew, events, recorded, ask, answer, admit: () => admit?.() };
}

test('two in one slot: it is given back when both wait, and taken once for both', async () => {
  const { crew, events, recorded, ask, answer, admit } = reviewers();
  void ask('a', 'first');
  assert.deepEqual(events, [], 'the other still works in it');
  void ask('b', 'second');
  assert.deepEqual(events, ['leave 1']);
  await answer('first');
  await answer('second');
  assert.deepEqual(events, ['leave 1', 'back'], 'neither goes on before there is one');
  assert.deepEqual(
    [...crew.holds.values()].map(({ on }) => on),
    ['slot', 'slot'],
  );
  assert.deepEqual(recorded, ['agent.changed', 'agent.changed']);
  admit();
  await settled();
  assert.deepEqual(events.slice(2).sort(), ['first goes on', 'second goes on']);
  assert.equal(crew.holds.size, 0);
});

test('one that asks twice in a reply goes on, and needs its slot, when the last is answered', async () => {
  const { crew, events, ask, answer, admit } = reviewers();
  crew.rest('b');
  void ask('a', 'first');
  void ask('a', 'second');
  await answer('second');
  assert.deepEqual(events, ['leave 1', 'second goes on']);
  assert.equal(crew.holds.get('a')?.on, 'person');
  await answer('first');
  admit();
  await settled();
  assert.deepEqual(events, ['leave 1', 'second goes on', 'back', 'first goes on']);
});
