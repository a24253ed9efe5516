/** An end is looked up among those that wait for it; the order must be as if all were looked at after each end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { remainingPath, unitsOf, type Unit } from '../../../../../src/core/run/plan/graph.ts';
import { schedule, type UnitEnd } from '../../../../../src/core/run/plan/scheduler.ts';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';

interface Shape {
  readonly on: readonly number[];
  readonly priority: number;
  readonly when: 'done' | 'failed' | 'skipped' | undefined;
  readonly fails: boolean;
}

const shapes = fc.array(
  fc.record({
    on: fc.array(fc.nat(20), { maxLength: 3 }),
    priority: fc.integer({ min: 0, max: 2 }),
    when: fc.constantFrom(undefined, undefined, 'done', 'failed', 'skipped'),
    fails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 16 },
);

/** Each comes after earlier ones only; the order in which they stand in the plan is turned round. */
function unitsIn(given: readonly Shape[]): readonly Unit[] {
  const tasks = given.map(({ on, priority, when }, at) => {
    const [first, ...others] = [...new Set(at === 0 ? [] : on.map((n) => `t${String(n % at)}`))];
    const id = `t${String(at)}`;
    const condition = when !== undefined && first !== undefined;
    return {
      ...{ id, title: id, description: id, role: 'researcher', priority },
      depends_on: first === undefined || condition ? others : [first, ...others],
      ...(condition && { when: { task: first, is: when } }),
    };
  });
  return unitsOf(PlanSpec.parse({ summary: 'x', tasks: tasks.reverse() }));
}

/** Looks at all units after each end, one after the other: slow, and plainly right. The oldest that works ends first. */
function plainly(units: readonly Unit[], concurrency: number, endOf: (id: string) => 'done' | 'failed') {
  const path = remainingPath(units);
  const ranked = [...units].sort(
    (a, b) => b.priority - a.priority || (path.get(b.id) ?? 0) - (path.get(a.id) ?? 0),
  );
  const ends = new Map<string, UnitEnd>();
  const running: string[] = [];
  const told: string[] = [];
  const verdict = ({ tasks: [task] }: Unit): 'skipped' | 'blocked' | undefined => {
    const watched = task?.when && ends.get(task.when.task);
    const meets = watched === task?.when?.is || (watched === 'blocked' && task?.when?.is === 'skipped');
    if (watched && !meets) return 'skipped';
    const others = task?.depends_on.filter((id) => id !== task.when?.task) ?? [];
    return others.some((id) => ends.has(id) && ends.get(id) !== 'done') ? 'blocked' : undefined;
  };
  const passAll = (): boolean =>
    ranked.reduce((found, unit) => {
      const end = ends.has(unit.id) || running.includes(unit.id) ? undefined : verdict(unit);
      if (!end) return found;
      ends.set(unit.id, end);
      told.push(`${unit.id} ${end}`);
      return true;
    }, false);
  do {
    while (passAll());
    for (const { id, dependsOn } of ranked) {
      if (ends.has(id) || running.includes(id) || running.length >= concurrency) continue;
      if (!dependsOn.every((on) => ends.has(on))) continue;
      running.push(id);
      told.push(`${id} starts`);
    }
    const first = running.shift();
    if (first !== undefined) ends.set(first, endOf(first));
  } while (ends.size < units.length);
  return told;
}

test('whatever depends on what and fails, units start and are passed over as if all were looked at', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.integer({ min: 1, max: 4 }), async (given, concurrency) => {
      const units = unitsIn(given);
      const endOf = (id: string): 'done' | 'failed' =>
        given[Number(id.slice(1))]?.fails === true ? 'failed' : 'done';
      const told: string[] = [];
      let last: Promise<unknown> = Promise.resolve();
      await schedule(units, {
        concurrency,
        scopeOf: () => [],
        run: ({ id }) => {
          told.push(`${id} starts`);
          const turn = last.then(() => new Promise((resolve) => void setImmediate(resolve)));
          last = turn;
          return turn.then(() => endOf(id));
        },
        passedOver: ({ id }, end) => void told.push(`${id} ${end}`),
      });
      assert.deepEqual(told, plainly(units, concurrency, endOf));
    }),
    { numRuns: 300 },
  );
});

test('an end costs as much as what waits for it: the rest of a large plan is not looked at', async () => {
  const count = 2000;
  const [pattern] = unitsIn([{ on: [], priority: 0, when: undefined, fails: false }]);
  assert.ok(pattern);
  let asked = 0;
  const units = Array.from({ length: count }, (_, at): Unit => {
    const dependsOn = at < 100 ? [] : [`t${String(at - 100)}`];
    const id = `t${String(at)}`;
    const tasks = pattern.tasks.map((task) => ({ ...task, id, depends_on: dependsOn }));
    return {
      ...{ id, dependsOn, priority: 0 },
      get tasks() {
        asked += 1;
        return tasks;
      },
    };
  });
  await schedule(units, {
    concurrency: 16,
    scopeOf: () => [],
    run: () => Promise.resolve('done'),
    passedOver: () => assert.fail('none is passed over'),
  });
  assert.ok(asked < 10 * count, String(asked));
});
