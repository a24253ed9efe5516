/** Who starts when: nobody whose files are taken, and nobody waits for files for ever while others take them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlanSpec } from '../../../../src/protocol/plan.ts';
import { unitsOf } from '../../../../src/core/run/graph.ts';
import { schedule } from '../../../../src/core/run/scheduler.ts';

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
