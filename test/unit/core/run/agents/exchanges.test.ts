import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExchanges } from '../../../../../src/core/run/agents/exchanges.ts';

const [ONE, TWO] = ['coder of "one"', 'coder of "two"'] as const;

test('exchanges: questions of two to each other count together, whoever asks', () => {
  const { count } = createExchanges();
  assert.deepEqual(
    [count([ONE, TWO], 'a'), count([TWO, ONE], 'b'), count([ONE, TWO], 'a'), count([TWO, ONE], 'b')],
    [1, 2, 3, 4],
  );
  assert.equal(count([ONE, 'researcher'], 'a'), 1, 'another pair has a count of its own');
});

test('exchanges: a file that changed for whoever asks begins them anew', () => {
  const { count } = createExchanges();
  count([ONE, TWO], 'a');
  count([TWO, ONE], 'b');
  assert.equal(count([ONE, TWO], 'changed'), 1);
  assert.equal(count([TWO, ONE], 'b'), 2);
});
