/** Who starts when: nobody whose files are taken, and nobody waits for files for ever while others take them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';
import { unitsOf } from '../../../../../src/core/run/plan/graph.ts';
import { schedule } from '../../../../../src/core/run/plan/scheduler.ts';

interface Task {
  readonly id: string;
  readonly files: readonly string[];
  readonly priority?: number;
}

/** The order in which units start, where each ends before the next but `long`, and whoever starved. */
async function order(tasks: readonly Task[], concurrency = 2) {
  const plan = PlanSpec.parse({
    summary: 'x',
    tasks: tasks.map((task) => ({ title: task.id, description: task.id, role: 'coder', ...task })),
  });
  const started: string[] = [];
  const starved: string[] = [];
  const running = new Map<string, () => void>();
  const ends = schedule(unitsOf(plan), {
    concurrency,
    scopeOf: (unit) => unit.tasks.flatMap((task) => task.files ?? ['**']),
    run: (unit) =>
      new Promise((resolve) => {
        started.push(unit.id);
        running.set(unit.id, () => {
          running.delete(unit.id);
          resolve('done');
        });
      }),
    passedOver: () => undefined,
    starved: (unit) => void starved.push(unit.id),
  });
  // Ends the one that began last, so that there is always another that holds its files.
  for (let left = tasks.length; left > 0; left--) {
    [...running.values()].at(-1)?.();
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  }
  await ends;
  return { started, starved };
}

const small = (n: number): Task => ({ id: `s${String(n)}`, files: [`src/${String(n % 2)}/**`], priority: 1 });

test('one that wants many files is passed over a few times, then its files are kept free for it', async () => {
  const tasks = [...Array.from({ length: 12 }, (_, n) => small(n)), { id: 'wide', files: ['src/**'] }];
  const { started, starved } = await order(tasks);
  assert.deepEqual(starved, ['wide']);
  const place = started.indexOf('wide');
  assert.ok(place > 4 && place < 9, started.join(' '));
  assert.equal(started.length, tasks.length);
});

test('one that waits behind others on other files is not starved', async () => {
  const tasks = [
    ...Array.from({ length: 12 }, (_, n): Task => ({
      id: `d${String(n)}`,
      files: [`docs/${String(n)}.md`],
      priority: 1,
    })),
    { id: 'last', files: ['src/**'] },
  ];
  const { started, starved } = await order(tasks);
  assert.deepEqual([starved, started.at(-1)], [[], 'last']);
});

test('two that both waited long do not keep each other out', async () => {
  const tasks = [
    ...Array.from({ length: 14 }, (_, n) => small(n)),
    { id: 'wide', files: ['src/**'] },
    { id: 'wider', files: ['**'] },
  ];
  const { started } = await order(tasks);
  assert.equal(started.length, tasks.length);
});

const shape = fc.record({
  parents: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
  when: fc.option(fc.record({ at: fc.nat({ max: 11 }), is: fc.constantFrom('done', 'failed', 'skipped') }), {
    nil: undefined,
  }),
  fails: fc.boolean(),
  priority: fc.integer({ min: -1, max: 1 }),
});

test('property: every unit ends as its dependencies and its condition have it, none begins before them or twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (shapes, concurrency) => {
        const plan = PlanSpec.parse({
          summary: 'x',
          tasks: [
            { id: 'first', title: 'x', description: 'x', role: 'researcher' },
            ...shapes.map(({ parents, when, priority }, at) => ({
              id: `t${String(at)}`,
              title: 'x',
              description: 'x',
              role: 'researcher',
              priority,
              depends_on: parents.filter((parent) => parent < at).map((parent) => `t${String(parent)}`),
              ...(when && when.at < at && { when: { task: `t${String(when.at)}`, is: when.is } }),
            })),
          ],
        });
        const fails = new Set(shapes.flatMap((each, at) => (each.fails ? [`t${String(at)}`] : [])));
        const began: string[] = [];
        const over = new Map<string, string>();
        let busy = 0;
        const ends = await schedule(unitsOf(plan), {
          concurrency,
          scopeOf: () => [],
          passedOver: (unit, end) => void over.set(unit.id, end),
          run: async (unit) => {
            busy += 1;
            assert.ok(busy <= concurrency);
            assert.ok(!began.includes(unit.id) && unit.dependsOn.every((id) => over.has(id)), unit.id);
            began.push(unit.id);
            await Promise.resolve();
            busy -= 1;
            const end = fails.has(unit.id) ? 'failed' : 'done';
            over.set(unit.id, end);
            return end;
          },
        });
        assert.equal(ends.size, plan.tasks.length);
        for (const { id, depends_on, when } of plan.tasks) {
          const end = ends.get(id) ?? '';
          assert.equal(over.get(id), end);
          const watched = when && ends.get(when.task);
          const isMet =
            watched === undefined ||
            watched === when?.is ||
            (watched === 'blocked' && when?.is === 'skipped');
          const isHeld = depends_on.some((on) => on !== when?.task && ends.get(on) !== 'done');
          if (isMet && !isHeld) assert.equal(end, fails.has(id) ? 'failed' : 'done', id);
          else assert.ok(end === 'skipped' || end === 'blocked', `${id} ${end}`);
        }
      },
    ),
    { numRuns: 300 },
  );
});
