import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Budget, type Grant } from '../../../../../src/core/run/budget/budget.ts';
import { createLedger, ledgerOf } from '../../../../../src/core/run/budget/ledger.ts';
import type { BudgetLimits } from '../../../../../src/protocol/settings.ts';
import { journalOf, started } from '../journals.ts';

const budgetOf = (limits: BudgetLimits, spent = createLedger(), minutes = 0): Budget =>
  new Budget(limits, spent, () => minutes);
const spent = (tokens: number, costUsd: number | null = 0) => ({
  inputTokens: tokens,
  outputTokens: 0,
  costUsd,
  calls: 1,
});
const worst = (tokens: number, costUsd: number | null = 0) => [{ tokens, costUsd }];
const caller = (key: string, role = 'coder') => ({ key, role, agent: `agent of ${key}` });
const quiet = { waits: (): void => undefined, starved: (): void => undefined };
const refusedOf = (grant: Grant): string => ('refused' in grant ? grant.refused : '');

/** What a call gets at once; undefined where it waits. */
async function now(promise: Promise<Grant>): Promise<Grant | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

test('a call that can never fit is refused, and says what is in the way', async () => {
  const budget = budgetOf({ tokensMax: 100 });
  assert.match(
    refusedOf(await budget.reserve(caller('a'), worst(101), quiet)),
    /token budget of 100 would be passed: 0 are/,
  );
});

test('a call that does not fit beside others waits until they ended, and is refused where it then does not', async () => {
  const budget = budgetOf({ tokensMax: 100 });
  let waited = 0;
  const waits = { ...quiet, waits: (): void => void (waited += 1) };
  assert.ok('held' in (await budget.reserve(caller('a'), worst(60), waits)));
  const second = budget.reserve(caller('b'), worst(60), waits);
  const third = budget.reserve(caller('c'), worst(90), waits);
  assert.equal(await now(second), undefined);
  assert.equal(waited, 2);
  budget.settle('a', spent(20));
  assert.deepEqual(await second, { way: 0, held: { tokens: 60, costUsd: 0 } });
  assert.match(refusedOf(await third), /20 are spent or held, and this call may take 90/);
});

test('twice the worst case is held where there is room, once where there is not', async () => {
  const budget = budgetOf({ tokensMax: 100 });
  assert.deepEqual(await budget.reserve(caller('a'), worst(30), quiet), {
    way: 0,
    held: { tokens: 60, costUsd: 0 },
  });
  assert.deepEqual(await budget.reserve(caller('b'), worst(30), quiet), {
    way: 0,
    held: { tokens: 30, costUsd: 0 },
  });
});

test('the first way that fits is taken: a cheaper one before waiting', async () => {
  const budget = budgetOf({ costUsdMax: 1 });
  const ways = [
    { tokens: 10, costUsd: 2 },
    { tokens: 10, costUsd: 0.1 },
  ];
  const grant = await budget.reserve(caller('a'), ways, quiet);
  assert.equal('way' in grant && grant.way, 1);
});

test('with a cost limit, a model without a price is refused; without one it runs', async () => {
  const priced = await budgetOf({ costUsdMax: 1 }).reserve(caller('a'), worst(1, null), quiet);
  assert.match(refusedOf(priced), /price of this model is not known/);
  const roles = { coder: { costUsdMax: 1 } };
  assert.match(
    refusedOf(await budgetOf({ roles }).reserve(caller('a'), worst(1, null), quiet)),
    /role coder has a cost limit/,
  );
  assert.ok('held' in (await budgetOf({ roles }).reserve(caller('a', 'qa'), worst(1, null), quiet)));
  assert.ok('held' in (await budgetOf({}).reserve(caller('a'), worst(1, null), quiet)));
});

const LIMITS: readonly { name: string; limits: BudgetLimits; minutes?: number; says: RegExp }[] = [
  { name: 'turns', limits: { turnsMax: 1 }, says: /The run has used all 1 turns/ },
  {
    name: 'turns of a role',
    limits: { roles: { coder: { turnsMax: 1 } } },
    says: /The role coder has used all 1 turns/,
  },
  { name: 'agents', limits: { agentsMax: 1 }, says: /The run has used all 1 agents/ },
  {
    name: 'agents of a role',
    limits: { roles: { coder: { agentsMax: 1 } } },
    says: /The role coder has used all 1 agents/,
  },
  {
    name: 'minutes',
    limits: { minutesMax: 5 },
    minutes: 8,
    says: /The run has been active for 8.0 of 5 minutes/,
  },
  {
    name: 'minutes of a role',
    limits: { roles: { coder: { minutesMax: 5 } } },
    minutes: 8,
    says: /role coder has been active for 8.0/,
  },
  {
    name: 'tokens of a role',
    limits: { roles: { coder: { tokensMax: 15 } } },
    says: /The coder's token budget of 15/,
  },
];
for (const { name, limits, minutes, says } of LIMITS) {
  test(`limit: ${name}`, async () => {
    const budget = budgetOf(limits, createLedger(), minutes);
    if (minutes === undefined) {
      await budget.reserve(caller('a'), worst(10), quiet);
      budget.settle('a', spent(10));
    }
    assert.match(refusedOf(await budget.reserve(caller('b'), worst(10), quiet)), says);
    const other = await budget.reserve(caller('c', 'reviewer'), worst(1), quiet);
    assert.equal('held' in other, limits.roles !== undefined, 'a limit of a role is not that of others');
  });
}

test('an agent that is there already is no new one', async () => {
  const budget = budgetOf({ agentsMax: 1 });
  await budget.reserve({ key: '1', role: 'coder', agent: 'a' }, worst(1), quiet);
  assert.ok('held' in (await budget.reserve({ key: '2', role: 'coder', agent: 'a' }, worst(1), quiet)));
});

test('from 80 % on a limit warns, by a name of its own', async () => {
  const budget = budgetOf({ tokensMax: 100, roles: { coder: { costUsdMax: 1 } } });
  await budget.reserve(caller('a'), worst(90, 0.1), quiet);
  budget.settle('a', spent(79, 0.1));
  assert.deepEqual(budget.warnings('coder'), []);
  await budget.reserve(caller('b'), worst(5, 0.9), quiet);
  budget.settle('b', spent(1, 0.85));
  assert.deepEqual(
    budget.warnings('coder').map(({ id }) => id),
    ['run/token/100', 'coder/cost/1'],
  );
  assert.match(
    budget.warnings('coder')[0]?.message ?? '',
    /^80 % of the run's token budget are used: 80 of 100\.$/,
  );
  assert.deepEqual(
    budget.warnings('qa').map(({ id }) => id),
    ['run/token/100'],
  );
});

test('what former lives left counts: spent, failed, and cut off with all that was held', async () => {
  const who = { role: 'coder', agent: 'x' };
  const model = { kind: 'model' as const, title: 't', who, digest: '', reserved: { tokens: 40, costUsd: 1 } };
  const { lines } = journalOf([
    started(),
    { type: 'step.started', key: 'a', data: model },
    { type: 'step.finished', key: 'a', data: { spent: spent(10, 0.1) } },
    { type: 'step.started', key: 'b', data: model },
    {
      type: 'step.failed',
      key: 'b',
      data: { code: 'c', message: 'm', retryable: true, spent: spent(5, 0.2) },
    },
    { type: 'step.started', key: 'c', data: model },
    { type: 'run.resumed', data: { engine: '1' } },
  ]);
  const ledger = ledgerOf(lines);
  assert.deepEqual(
    ledger
      .rows()
      .map(({ endpoint, inputTokens, costUsd, calls, cutOff }) => [
        endpoint,
        inputTokens,
        costUsd,
        calls,
        cutOff,
      ]),
    [
      ['', 15, 0.1 + 0.2, 2, false],
      ['', 40, 1, 1, true],
    ],
  );
  const budget = budgetOf({ tokensMax: 100 }, ledger);
  assert.match(refusedOf(await budget.reserve(caller('d'), worst(46), quiet)), /55 are spent or held/);
  assert.match(
    refusedOf(await budgetOf({ turnsMax: 3 }, ledger).reserve(caller('d'), worst(1), quiet)),
    /all 3 turns/,
  );
});

test('32 agents at once, whatever each call really takes: none starts that does not fit, and nothing is overshot', async () => {
  const limits = { tokensMax: 5000, costUsdMax: 3 };
  const call = fc.record({
    tokens: fc.integer({ min: 1, max: 400 }),
    costUsd: fc.double({ min: 0, max: 0.3, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    turns: fc.integer({ min: 1, max: 4 }),
  });
  const agents = fc.array(fc.array(call, { minLength: 1, maxLength: 6 }), { minLength: 32, maxLength: 32 });
  await fc.assert(
    fc.asyncProperty(agents, async (all) => {
      const budget = budgetOf(limits);
      const total = { tokens: 0, costUsd: 0, held: 0, heldUsd: 0 };
      const work = async (calls: (typeof all)[number], agent: number): Promise<void> => {
        for (const [index, { tokens, costUsd, share, turns }] of calls.entries()) {
          const key = `${agent}/${index}`;
          const grant = await budget.reserve(caller(key), worst(tokens, costUsd), quiet);
          if ('refused' in grant) return;
          total.held += grant.held.tokens;
          total.heldUsd += grant.held.costUsd ?? 0;
          assert.ok(
            total.tokens + total.held <= limits.tokensMax,
            'spent and held together never pass the limit',
          );
          assert.ok(total.costUsd + total.heldUsd <= limits.costUsdMax + 1e-9);
          for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          const used = Math.floor(grant.held.tokens * share);
          total.held -= grant.held.tokens;
          total.heldUsd -= grant.held.costUsd ?? 0;
          total.tokens += used;
          total.costUsd += (grant.held.costUsd ?? 0) * share;
          budget.settle(key, spent(used, (grant.held.costUsd ?? 0) * share));
        }
      };
      await Promise.all(all.map(work));
      assert.ok(total.tokens <= limits.tokensMax && total.held === 0, 'every call that waited has ended');
    }),
    { numRuns: 40 },
  );
});

test('a large call that waits is passed by small ones so many times, is told once, and then nobody is before it', async () => {
  const budget = budgetOf({ tokensMax: 100 });
  const starved: number[] = [];
  const told = { ...quiet, starved: (times: number): void => void starved.push(times) };
  await budget.reserve(caller('first'), worst(60), quiet);
  const large = budget.reserve(caller('large'), worst(90), told);
  assert.deepEqual(budget.waits(), [{ who: 'agent of large', on: 'agent of first' }]);
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    assert.ok('held' in (await budget.reserve(caller(name), worst(20), quiet)), name);
    budget.settle(name, spent(0));
  }
  assert.deepEqual(starved, [5]);
  const behind = budget.reserve(caller('behind'), worst(10), quiet);
  assert.equal(await now(behind), undefined, 'there is room, but not before the large one');
  budget.settle('first', spent(0));
  assert.ok('held' in (await large));
  budget.settle('large', spent(0));
  assert.ok('held' in (await behind));
  assert.deepEqual(budget.waits(), []);
});

test('what another role has for itself is passed by nobody of this one', async () => {
  const budget = budgetOf({ roles: { coder: { tokensMax: 100 } } });
  const starved: number[] = [];
  await budget.reserve(caller('first'), worst(60), quiet);
  void budget.reserve(caller('large'), worst(90), { ...quiet, starved: (times) => void starved.push(times) });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    assert.ok('held' in (await budget.reserve(caller(name, 'qa'), worst(50), quiet)));
  assert.deepEqual(starved, []);
});
