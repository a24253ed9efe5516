/** A run that its budget stopped, in the real extension host: the limit is raised by command, and the run goes on to its end. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { limitsOf, notHigher, withLimit } from '../../src/editor/commands/budget.ts';
import { sumOf, tokensOf } from '../../src/protocol/ledger.ts';
import { api, asks, execute, goesOn, reach, root, RUN_MS } from './driving.ts';

const setting = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(name, value, vscode.ConfigurationTarget.Global);

suite('raising a limit', () => {
  const budget = {
    costUsdMax: 1,
    turnsMax: 5,
    roles: { coder: { tokensMax: 100 } },
    degradeTo: ['cheap'],
  };

  test('the limits that are set are offered, and one is raised without touching the others', () => {
    const limits = limitsOf(budget);
    assert.deepEqual(
      limits.map(({ role, cap, max }) => [role, cap, max]),
      [
        [undefined, 'costUsdMax', 1],
        [undefined, 'turnsMax', 5],
        ['coder', 'tokensMax', 100],
      ],
    );
    const [cost, turns, coder] = limits;
    assert.ok(cost && turns && coder);
    assert.deepEqual(withLimit(budget, cost, 2), { ...budget, costUsdMax: 2 });
    assert.deepEqual(withLimit(budget, coder, 200), { ...budget, roles: { coder: { tokensMax: 200 } } });
    assert.equal(notHigher(cost, '1.5'), undefined);
    assert.match(notHigher(cost, '1') ?? '', /above 1/);
    assert.match(notHigher(cost, 'much') ?? '', /number/);
    assert.match(notHigher(turns, '6.5') ?? '', /whole/);
  });

  test('by command: paused at its budget, raised, finished; other limits stay', async function () {
    this.timeout(2 * RUN_MS);
    const kept = await Promise.all(
      ['src/discounts.js'].map(async (path) => [path, await readFile(join(root(), path), 'utf8')] as const),
    );
    await setting('budget.turnsMax', 2);
    await setting('budget.minutesMax', 500);
    let run = '';
    try {
      run = await execute<string>('runDemo');
      await reach(run, 'a plan is offered', asks('plan'));
      assert.equal(await execute('approvePlan'), true);
      const { view } = await api();
      const stopped = await reach(run, 'its budget stops it', ({ paused }) => paused?.reason === 'budget');
      assert.match(stopped.paused?.message ?? '', /all 2 turns/);
      assert.equal(await execute('raiseLimit', run, { turnsMax: 400 }), run);
      await goesOn(run);
      const review = await reach(run, 'changes are offered', asks('review'));
      assert.equal(review.budget.turnsMax, 400);
      assert.equal(review.budget.minutesMax, 500, 'what was not raised stays');
      const { inputTokens, outputTokens } = review.spent;
      assert.equal(tokensOf(sumOf(review.ledger)), inputTokens + outputTokens);
      assert.equal(await execute('setRun', run, { autonomy: 'ask', budget: { turnsMax: 500 } }), run);
      const set = await reach(run, 'what was changed holds', ({ budget }) => budget.turnsMax === 500);
      assert.equal(set.autonomy, 'ask');
      assert.equal(set.budget.minutesMax, 500, 'what was not named stays');
      assert.equal(await execute('setRun', run, { autonomy: 'wild' }), undefined, 'it is refused in words');
      assert.equal(await execute('rejectAll', true), true);
      await reach(run, 'it is over', ({ finished }) => finished !== undefined);
      assert.equal(await execute('raiseLimit', run, { turnsMax: -1 }), undefined);
      assert.equal((await view(run)).budget.turnsMax, 500);
    } finally {
      await setting('budget.turnsMax', undefined);
      await setting('budget.minutesMax', undefined);
      for (const [path, text] of kept) await writeFile(join(root(), path), text);
    }
  });
});
