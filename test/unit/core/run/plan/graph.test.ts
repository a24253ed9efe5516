import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlan } from '../../../../../src/core/run/plan/check-plan.ts';
import { unitsOf } from '../../../../../src/core/run/plan/graph.ts';
import { covers, overlaps } from '../../../../../src/core/run/plan/scopes.ts';
import { PlanSpec } from '../../../../../src/protocol/plan.ts';

const ROLES = ['coder', 'qa'];

/** A plan of tasks named like `a`, `b<a` (b after a), `a~b` (a gated with b), `b?a` (b if a failed), in this order. */
function planOf(...words: readonly string[]): PlanSpec {
  const tasks = words.map((word) => {
    const [, id = '', after, mate, watched] =
      /^([a-z]+)(?:<([a-z,]+))?(?:~([a-z]+))?(?:\?([a-z]+))?$/.exec(word) ?? [];
    return {
      id,
      title: id,
      description: id,
      role: 'coder',
      depends_on: after === undefined ? [] : after.split(','),
      ...(mate !== undefined && { gate: { with: mate } }),
      ...(watched !== undefined && { when: { task: watched, is: 'failed' } }),
    };
  });
  return PlanSpec.parse({ summary: 'plan', tasks });
}

const PLANS: readonly { name: string; plan: PlanSpec; problem?: RegExp }[] = [
  { name: 'one task', plan: planOf('a') },
  { name: 'a diamond', plan: planOf('a', 'b<a', 'c<a', 'd<b,c') },
  { name: 'the same id twice', plan: planOf('a', 'a'), problem: /Two tasks have the id "a"/ },
  {
    name: 'a dependency that is not there',
    plan: planOf('a<z'),
    problem: /"a" refers to "z", which is not in the plan/,
  },
  { name: 'itself', plan: planOf('a<a'), problem: /depends on itself/ },
  { name: 'a circle of three', plan: planOf('a<c', 'b<a', 'c<b'), problem: /circle: a → c → b → a/ },
  { name: 'gated with a task that is not there', plan: planOf('a~z'), problem: /refers to "z"/ },
  {
    name: 'gated together around a third',
    plan: planOf('a~c', 'b<a', 'c<b'),
    problem: /gated together wait for a task between them/,
  },
  { name: 'a task that runs under a condition', plan: planOf('a', 'b?a') },
  { name: 'gated together under the same condition', plan: planOf('c', 'a?c', 'b~a?c') },
  {
    name: 'gated with one that has no condition, which would be left out with it',
    plan: planOf('c', 'a', 'b~a?c'),
    problem: /run or are left out together: a, b need the same "when", or none/,
  },
  {
    name: 'a condition on whom it is gated with, which ends as it does',
    plan: planOf('a', 'b~a?a'),
    problem: /Task "b" runs only if "a" is failed, but both are gated together and end as one/,
  },
  ...['team', 'coder', 'planner', 'person', 'host', 'everybody'].map((id) => ({
    name: `a task by a name that means somebody else: ${id}`,
    plan: planOf('a', id),
    problem: new RegExp(`A task cannot have the id "${id}": on the team that is somebody else`),
  })),
  { name: 'too many tasks', plan: planOf('a', 'b', 'c', 'd', 'e'), problem: /has 5 tasks; at most 4/ },
  { name: 'prototype keys are ids like others', plan: planOf('constructor', 'valueof<constructor') },
];

for (const { name, plan, problem } of PLANS) {
  test(`plan: ${name}`, () => {
    const problems = checkPlan(plan, ROLES, { tasks: 4 }).join(' ');
    if (problem) assert.match(problems, problem);
    else assert.equal(problems, '');
  });
}

test('plan: an unknown role is named with the roles there are', () => {
  const plan = planOf('a');
  const changed = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, role: 'wizard' })) };
  assert.match(
    checkPlan(changed, ROLES, { tasks: 4 }).join(),
    /"wizard", which does not exist. Roles: coder, qa/,
  );
});

test('tasks gated together are one unit, in an order that respects dependencies, named after its last', () => {
  const units = unitsOf(planOf('fix<test', 'test~fix', 'docs<fix'));
  assert.deepEqual(
    units.map((unit) => [unit.id, unit.tasks.map((task) => task.id), unit.dependsOn]),
    [
      ['fix', ['test', 'fix'], []],
      ['docs', ['docs'], ['fix']],
    ],
  );
});

const SCOPES: readonly [string, string, boolean][] = [
  ['src/a.ts', 'src/a.ts', true],
  ['src/a.ts', 'src/b.ts', false],
  ['src', 'src/a.ts', true],
  ['src/', 'src-other/a.ts', false],
  ['src/**', 'src/deep/a.ts', true],
  ['src/**', 'test/**', false],
  ['**', 'anything/at/all', true],
  ['**/*.md', 'src/a.ts', false],
  ['**/*.md', 'docs/**', true],
  ['src/*.ts', 'src/deep/*.ts', true],
  ['./src/a.ts', 'src/a.ts', true],
  ['src/{a,b}.ts', 'src/b.ts', true],
];

for (const [left, right, meet] of SCOPES) {
  test(`scopes: ${left} and ${right} ${meet ? 'may meet' : 'never meet'}`, () => {
    assert.equal(overlaps([left], [right]), meet);
    assert.equal(overlaps([right], [left]), meet);
  });
}

const WITHIN: readonly (readonly [allowed: string, glob: string, covered: boolean])[] = [
  ['src/**', 'src/a/b.ts', true],
  ['src/**', 'src/a/**', true],
  ['src', 'src/a/*.ts', true],
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/[ab].ts', true],
  ['src/{a,b}.ts', 'src/{a,b}.ts', true],
  ['**', 'anything/**', true],
  ['src/*', 'src/**', false],
  ['src/**', 'test/a.ts', false],
  ['src/**', '**/*.ts', false],
  ['src/*.ts', 'src/*', false],
  ['src/a.ts', 'src/ab.ts', false],
];
for (const [allowed, glob, covered] of WITHIN)
  test(`scope: ${allowed} ${covered ? 'holds' : 'does not hold'} ${glob}`, () => {
    assert.equal(covers([allowed], glob), covered);
  });

test('units: sub-tasks wait for what their task waits for, and it for them', () => {
  const of = (id: string, depends_on: readonly string[] = []): object => ({
    id,
    title: id,
    description: id,
    role: 'coder',
    depends_on,
  });
  const tasks = [of('x'), of('a', ['x']), of('a.one'), of('a.two', ['a.one']), of('z', ['a'])];
  const units = unitsOf(PlanSpec.parse({ summary: 'plan', tasks }));
  assert.deepEqual(
    units.map(({ id, dependsOn, parts = [] }) => [id, dependsOn, parts]),
    [
      ['x', [], []],
      ['a', ['x', 'a.one', 'a.two'], ['a.one', 'a.two']],
      ['a.one', ['x'], []],
      ['a.two', ['x', 'a.one'], []],
      ['z', ['a'], []],
    ],
  );
});
