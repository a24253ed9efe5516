/** Slots of units that wait: given to others, taken again in order and before anything new, and never more than there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';
import { unitsOf, type Unit } from '../../../../../src/core/run/plan/graph.ts';
import { schedule, startSchedule } from '../../../../../src/core/run/plan/scheduler.ts';
import type { Seat } from '../../../../../src/core/run/plan/slots.ts';

const units = (ids: readonly string[], files: (id: string) => readonly string[] = (id) => [id]) =>
  unitsOf(
    PlanSpec.parse({
      summary: 'x',
      tasks: ids.map((id) => ({ id, title: id, description: id, role: 'coder', files: files(id) })),
    }),
  );
const scopeOf = (unit: Unit): readonly string[] => unit.tasks.flatMap(({ files }) => files ?? []);
const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
};

interface Table {
  readonly began: string[];
  readonly seats: Map<string, Seat>;
  readonly end: (id: string) => Promise<void>;
}

/** Units at work that end when told. */
function table(
  all: readonly Unit[],
  more: { readonly concurrency: number; readonly parked?: number; readonly away?: readonly string[] },
): Table & { readonly schedule: ReturnType<typeof startSchedule> } {
  const began: string[] = [];
  const seats = new Map<string, Seat>();
  const ending = new Map<string, () => void>();
  const { away = [], ...options } = more;
  const begun = startSchedule(all, {
    ...options,
    scopeOf,
    away: new Set(away),
    passedOver: () => undefined,
    run: ({ id }, seat) => {
      began.push(id);
      seats.set(id, seat);
      return new Promise((resolve) => {
        ending.set(id, () => {
          resolve('done');
        });
      });
    },
  });
  const end = async (id: string): Promise<void> => {
    ending.get(id)?.();
    await settled();
  };
  return { began, seats, end, schedule: begun };
}

test('one slot: who waits lets the next begin, comes back before a third, and in the order of coming back', async () => {
  const { began, seats, end } = table(units(['a', 'b', 'c', 'd']), { concurrency: 1, parked: 8 });
  const a = seats.get('a')?.leave(1);
  assert.deepEqual(began, ['a', 'b']);
  const b = seats.get('b')?.leave(1);
  assert.deepEqual(began, ['a', 'b', 'c']);
  const order: string[] = [];
  void b?.back()?.then(() => order.push('b'));
  void a?.back()?.then(() => order.push('a'));
  await settled();
  assert.deepEqual([order, began.length], [[], 3]);
  await end('c');
  assert.deepEqual([order, began.length], [['b'], 3]);
  await end('b');
  assert.deepEqual([order, began.length], [['b', 'a'], 3]);
  await end('a');
  assert.deepEqual(began, ['a', 'b', 'c', 'd']);
});

test('files stay with whoever waits', () => {
  const { began, seats } = table(
    units(['a', 'b', 'c'], (id) => [id === 'c' ? 'c' : 'same']),
    {
      concurrency: 1,
      parked: 8,
    },
  );
  seats.get('a')?.leave(1);
  assert.deepEqual(began, ['a', 'c']);
});

test('so many may be away: one more waits all the same and comes back, but nothing begins in its place', async () => {
  const { began, seats, end } = table(units(['a', 'b', 'c']), { concurrency: 1, parked: 1 });
  assert.equal(seats.get('a')?.leave(1).isCrowded, false);
  const b = seats.get('b')?.leave(1);
  assert.deepEqual([b?.isCrowded, began], [true, ['a', 'b']]);
  assert.equal(b?.back(), undefined, 'its slot is there at once');
  await end('b');
  assert.deepEqual(began, ['a', 'b', 'c']);
});

test('where none may be away, who waits keeps its slot', () => {
  const { began, seats } = table(units(['a', 'b']), { concurrency: 1 });
  const a = seats.get('a')?.leave(1);
  assert.deepEqual([began, a?.back()], [['a'], undefined]);
});

test('a unit that begins with a wait needs no slot before that is over', async () => {
  const { began, seats, end } = table(units(['a', 'b']), { concurrency: 1, parked: 8, away: ['b'] });
  assert.deepEqual(began, ['a', 'b']);
  let isBack = false;
  void seats
    .get('b')
    ?.begun?.back()
    ?.then(() => (isBack = true));
  await settled();
  assert.equal(isBack, false);
  await end('a');
  assert.equal(isBack, true);
});

test('what was given up comes back no more, and its slot is free', async () => {
  const all = units(['a', 'b', 'c']);
  const { began, seats, end, schedule: running } = table(all, { concurrency: 1, parked: 8 });
  const left = seats.get('a')?.leave(1);
  let isBack = false;
  void left?.back()?.then(() => (isBack = true));
  running.revise(all, new Set(['a']));
  assert.equal(seats.get('a')?.leave(1).back(), undefined);
  await end('b');
  assert.deepEqual([isBack, began], [false, ['a', 'b', 'a']]);
});

const way = fc.record({
  waits: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
  weight: fc.integer({ min: 1, max: 3 }),
});

test('property: however units wait, no more are at work than may, so many are begun, and all end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(way, { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      async (ways, concurrency, parked) => {
        const at = ({ id }: Unit) => ways[Number(id.slice(1))] ?? { waits: [], weight: 1 };
        const all = units(ways.map((_, n) => `u${String(n)}`));
        const [atWork, begun] = [new Map<string, number>(), new Set<string>()];
        const isHeld = (): void => {
          const busy = [...atWork].filter(([, slots]) => slots > 0);
          const sum = busy.reduce((slots, [, more]) => slots + more, 0);
          assert.ok(sum <= concurrency || busy.length === 1, `${String(sum)} of ${String(concurrency)}`);
          assert.ok(begun.size <= concurrency + parked || begun.size === 1);
        };
        const ends = await schedule(all, {
          concurrency,
          parked,
          scopeOf: () => [],
          weight: (unit) => at(unit).weight,
          passedOver: () => undefined,
          run: async (unit, seat) => {
            const { waits, weight } = at(unit);
            begun.add(unit.id);
            atWork.set(unit.id, weight);
            for (const turns of waits) {
              isHeld();
              atWork.set(unit.id, 0);
              const left = seat.leave(weight);
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              await left.back();
              atWork.set(unit.id, weight);
            }
            isHeld();
            await Promise.resolve();
            atWork.delete(unit.id);
            begun.delete(unit.id);
            return 'done';
          },
        });
        assert.equal(ends.size, ways.length);
      },
    ),
    { numRuns: 400 },
  );
});
