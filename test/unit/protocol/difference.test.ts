/** What crosses in place of plain data: it leads from what was to what is, whatever came between, and names what stayed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changed, difference, isDifference } from '../../../src/protocol/difference.ts';

const crossed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What somebody holds who held `former` and was told what became of it. */
function told(former: unknown, next: unknown): unknown {
  const by = difference(former, next);
  if (by === undefined) return former;
  const arrived = crossed(by);
  assert.ok(isDifference(arrived));
  return changed(former, arrived);
}

/** Rows with names that come again, in another order and with other words. */
const rows = fc.array(
  fc.record(
    { id: fc.nat(6), text: fc.constantFrom('a', 'b'), more: fc.array(fc.nat(3), { maxLength: 3 }) },
    { requiredKeys: ['id'], noNullPrototype: true },
  ),
  { maxLength: 8 },
);

test('difference: it leads from any data to any other', () => {
  const any = fc.jsonValue({ maxDepth: 3 }).map(crossed);
  fc.assert(fc.property(any, any, (former, next) => assert.deepEqual(told(former, next), next)));
  fc.assert(fc.property(rows, rows, (former, next) => assert.deepEqual(told(former, next), next)));
});

test('difference: it leads from a list to one that begins with the same rows', () => {
  fc.assert(
    fc.property(rows, rows, fc.nat(8), (former, others, kept) => {
      const next = [...former.slice(0, kept), ...others, ...former.slice(kept + 1)];
      assert.deepEqual(told(former, next), next);
    }),
  );
  assert.deepEqual(difference([3, 3, 4], [3, 3, 4, 4]), { rows: [{ from: 0, count: 3 }, { put: [4] }] });
});

test('difference: of equal data there is none', () => {
  const any = fc.jsonValue({ maxDepth: 3 }).map(crossed);
  fc.assert(fc.property(any, (value) => assert.equal(difference(value, crossed(value)), undefined)));
  assert.equal(difference({ a: 1, b: undefined }, { a: 1 }), undefined);
});

test('difference: what stayed is not said again and keeps its identity', () => {
  const former = { tasks: [{ id: 'a', tokens: 1, text: 'long' }, { id: 'b' }, { id: 'c' }], plan: { p: 1 } };
  const next = { ...former, tasks: [{ id: 'c' }, { id: 'a', tokens: 2, text: 'long' }, { id: 'd' }] };
  const by = difference(former, next);
  assert.deepEqual(by, {
    of: {
      tasks: {
        rows: [{ from: 2, count: 1 }, { from: 0, by: { of: { tokens: { to: 2 } } } }, { put: [{ id: 'd' }] }],
      },
    },
  });
  const after = changed(former, by) as typeof former;
  assert.deepEqual(after, next);
  assert.equal(after.plan, former.plan);
  assert.equal(after.tasks[0], former.tasks[2]);
});

test('difference: rows that only have the name of what they hold are found again too', () => {
  const task = (id: string, tokens: number) => ({ spec: { id }, tokens });
  assert.deepEqual(difference([task('a', 1), task('b', 1)], [task('b', 2)]), {
    rows: [{ from: 1, by: { of: { tokens: { to: 2 } } } }],
  });
});

test('difference: one of something else, or of another shape, changes nothing', () => {
  const misfits = [
    { of: { list: { rows: [{ from: 1, count: 2 }] } } },
    { of: { list: { of: {} } } },
    { of: { list: { rows: [{ from: 7, by: { of: {} } }] } } },
    { of: { missing: { rows: [] } } },
    { rows: [] },
  ];
  for (const misfit of misfits) {
    assert.ok(isDifference(misfit));
    assert.equal(changed({ list: [1, 2] }, misfit), undefined, JSON.stringify(misfit));
  }
  const others = [null, 1, [], {}, { of: [] }, { of: { a: 1 } }, { rows: [{}] }, { of: {}, gone: 1 }];
  for (const other of [...others, { rows: [{ from: -1, count: 1 }] }, { rows: [{ from: 0, by: {} }] }])
    assert.equal(isDifference(other), false, JSON.stringify(other));
});
