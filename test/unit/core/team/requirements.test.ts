/** What a task requires is held against whoever would do it, and what is lacking says who lacks what. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '../../../../src/core/team/registry.ts';
import { requirementsIn, unmetIn } from '../../../../src/core/team/requirements.ts';
import { PlanSpec } from '../../../../src/protocol/plan.ts';
import { RunSettings } from '../../../../src/protocol/settings.ts';

const endpoint = (id: string, more: object) => ({ id, kind: 'openai', model: 'gpt-4.1', ...more });
const SETTINGS = RunSettings.parse({
  endpoints: [
    endpoint('small', { vision: true, contextTokens: 32_000 }),
    endpoint('big', { contextTokens: 200_000 }),
    endpoint('far', { vision: true, contextTokens: 200_000 }),
  ],
  routes: { coder: ['small', 'big'], default: ['far'] },
});

function requirements(requires: readonly string[], more: object = {}) {
  const task = { id: 'a', title: 'a', description: 'a', role: 'coder', requires, ...more };
  const plan = PlanSpec.parse({ summary: 'x', tasks: [task] });
  return requirementsIn(plan, { settings: SETTINGS, roles: createRegistry() });
}

type Case = readonly [requires: string, by: readonly string[], lacks?: RegExp | undefined, more?: object];
const CASES: readonly Case[] = [
  ['vision', ['endpoint small']],
  ['context>=100000', ['endpoint big']],
  ['context>=100000', ['endpoint far'], undefined, { role: 'researcher' }],
  ['vision', ['endpoint far', 'endpoint small'], undefined, { model: 'far' }],
  ['context>=900000', [], /endpoint small: its context is 32000.*endpoint big: its context is 200000/u],
  ['big', ['endpoint big']],
  ['far', [], /endpoint far: the role coder does not ask it/u],
  ['endpoint:far', [], /endpoint far: the role coder does not ask it/u],
  ['tool:edit_file', ['tool edit_file']],
  ['tool:edit_file', [], /tool edit_file: the role researcher does not have it/u, { role: 'researcher' }],
  ['tool:fetch_url', [], /tool fetch_url: it is not enabled/u],
  ['uses-edit_file', ['role coder']],
  ['uses-edit_file', [], /role coder: the task is of the role researcher/u, { role: 'researcher' }],
  ['role:reviewer', ['role reviewer']],
  ['role:coder@9', [], /role coder: it is version 1, and 9 is required/u],
  ['flying', [], /endpoint small: it provides no flying/u],
  ['??', [], /reads like none of/u],
];

for (const [requires, by, lacks, more = {}] of CASES)
  test(`${requires} ${JSON.stringify(more)}: ${by.join(', ') || 'nothing'}`, () => {
    const [found] = requirements([requires], more);
    assert.deepEqual([...(found?.by ?? [])].sort(), by);
    if (lacks) assert.match(found?.lacks.join('; ') ?? '', lacks);
    else assert.deepEqual(found?.lacks, []);
  });

test('what one endpoint must have all of is not served by two that have a part each', () => {
  const found = requirements(['vision', 'context>=100000']);
  assert.deepEqual(
    found.map(({ by }) => by),
    [[], []],
  );
  assert.match(
    unmetIn(found)[0] ?? '',
    /Task "a" requires "vision", .*endpoint small: it lacks context>=100000; endpoint big: it lacks vision/u,
  );
  const named = requirements(['vision', 'big']);
  assert.match(unmetIn(named)[0] ?? '', /endpoint small: it lacks big; endpoint big: it lacks vision/u);
  const served = requirements(['vision', 'context>=100000'], { model: 'far' });
  assert.deepEqual(unmetIn(served), []);
});
