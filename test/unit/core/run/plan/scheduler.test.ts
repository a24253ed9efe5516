/** Units that several work on at once count as many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Unit } from '../../../../../src/core/run/plan/graph.ts';
import { schedule } from '../../../../../src/core/run/plan/scheduler.ts';

const unit = (id: string, dependsOn: readonly string[]): Unit => ({
  id,
  tasks: [
    {
      id,
      title: id,
      description: id,
      role: 'coder',
      depends_on: [...dependsOn],
      acceptance: [],
      priority: 0,
      gate: 'own',
    },
  ],
  dependsOn,
  priority: 0,
});

test('no more work at once than may, but for a unit that alone is more; and every unit has its turn', async () => {
  const weights = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 6 }), async (given, concurrency) => {
      const units = given.map(([, waits], at) => unit(`u${at}`, waits && at > 0 ? [`u${at - 1}`] : []));
      const weightOf = ({ id }: Unit): number => given[Number(id.slice(1))]?.[0] ?? 1;
      const running = new Set<Unit>();
      let most = 0;
      const ends = await schedule(units, {
        concurrency,
        weight: weightOf,
        scopeOf: ({ id }) => [id],
        run: async (each) => {
          running.add(each);
          const load = [...running].reduce((sum, one) => sum + weightOf(one), 0);
          if (running.size > 1) most = Math.max(most, load);
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          running.delete(each);
          return 'done';
        },
        passedOver: () => assert.fail('none is passed over'),
      });
      assert.ok(most <= concurrency, `${most} of ${concurrency}`);
      assert.equal(ends.size, units.length);
    }),
    { numRuns: 200 },
  );
});
