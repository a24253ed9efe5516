import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBudget } from '../../../../src/core/run/budget.ts';

const NONE = { tokens: 0, costUsd: 0 };
const spent = (tokens: number, costUsd: number | null = 0) => ({
  inputTokens: tokens,
  outputTokens: 0,
  costUsd,
  calls: 1,
});

test('a call that may not fit is refused, and says what is in the way', () => {
  const budget = createBudget({ tokensMax: 100 }, NONE);
  assert.equal(budget.reserve('a', { tokens: 60, costUsd: 0 }), undefined);
  assert.match(
    budget.reserve('b', { tokens: 60, costUsd: 0 }) ?? '',
    /token budget of 100 would be passed: 60 are spent or held/,
  );
  budget.settle('a', spent(10));
  assert.equal(budget.reserve('b', { tokens: 60, costUsd: 0 }), undefined);
});

test('with a cost limit, a model without a price is refused; without one it runs', () => {
  assert.match(
    createBudget({ costUsdMax: 1 }, NONE).reserve('a', { tokens: 1, costUsd: null }) ?? '',
    /price of this model is not known/,
  );
  assert.equal(createBudget({}, NONE).reserve('a', { tokens: 1, costUsd: null }), undefined);
});

test('what calls that were cut off may have cost counts', () => {
  assert.ok(
    createBudget({ tokensMax: 100 }, { tokens: 90, costUsd: 0 }).reserve('a', { tokens: 20, costUsd: 0 }),
  );
});

test('whatever calls come in whatever order, what is spent never passes the limit', () => {
  const call = fc.record({
    worst: fc.integer({ min: 1, max: 50 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    endNow: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const budget = createBudget({ tokensMax: 200 }, NONE);
      let total = 0;
      const open: (() => void)[] = [];
      for (const [index, { worst, share, endNow }] of calls.entries()) {
        if (budget.reserve(String(index), { tokens: worst, costUsd: 0 }) !== undefined) continue;
        open.push(() => {
          const used = Math.floor(worst * share);
          total += used;
          budget.settle(String(index), spent(used));
        });
        if (endNow) open.shift()?.();
      }
      for (const end of open) end();
      assert.ok(total <= 200);
    }),
  );
});
