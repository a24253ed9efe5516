import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addTask,
  changeTask,
  draftProblems,
  estimatedTokens,
  findCycle,
  moveTask,
  removeTask,
  toggleDependency,
} from '../../../../media/panel/state/plan-draft.ts';
import { ROLES } from '../../../../media/panel/state/names.ts';
import { PlanSpec, TASK_ROLES } from '../../../../src/protocol/plan.ts';
import { PLAN, task } from '../../../support/panel-states/parts.ts';

const ids = (plan: PlanSpec): string[] => plan.tasks.map(({ id }) => id);
const texts = (plan: PlanSpec): string =>
  draftProblems(plan)
    .map(({ text }) => text)
    .join('\n');

test('the roles on offer are those of the protocol', () => {
  assert.deepEqual([...ROLES], [...TASK_ROLES]);
});

test('a good plan has no problems', () => {
  assert.deepEqual(draftProblems(PLAN), []);
});

test('tasks move, stop at the ends, and can be added with a free id', () => {
  assert.deepEqual(ids(moveTask(PLAN, 'docs', -1)), ['accents', 'docs', 'truncate']);
  assert.deepEqual(ids(moveTask(PLAN, 'accents', 5)), ['truncate', 'docs', 'accents']);
  assert.equal(moveTask(PLAN, 'accents', -1), PLAN);
  assert.equal(moveTask(PLAN, 'nobody', 1), PLAN);
  const two = addTask({ ...PLAN, tasks: [...PLAN.tasks, task('task-5', 'Taken')] });
  assert.equal(ids(two).at(-1), 'task-6');
});

test('a removed task is forgotten by those that named it', () => {
  const plan: PlanSpec = {
    ...PLAN,
    tasks: [
      ...PLAN.tasks,
      task('joined', 'Gated with it', { gate: { with: 'accents' }, when: { task: 'accents', is: 'failed' } }),
    ],
  };
  const after = removeTask(plan, 'accents');
  assert.deepEqual(ids(after), ['truncate', 'docs', 'joined']);
  assert.deepEqual(after.tasks[1]?.depends_on, ['truncate']);
  assert.equal(after.tasks[2]?.gate, 'own');
  assert.equal(after.tasks[2].when, undefined);
});

test('a dependency turns on and off', () => {
  const on = toggleDependency(PLAN, 'truncate', 'accents');
  assert.deepEqual(on.tasks[1]?.depends_on, ['accents']);
  assert.deepEqual(toggleDependency(on, 'truncate', 'accents').tasks[1]?.depends_on, []);
});

test('a circle is named with all of its tasks', () => {
  const plan = toggleDependency(PLAN, 'accents', 'docs');
  assert.deepEqual(findCycle(plan), ['accents', 'docs', 'accents']);
  assert.match(texts(plan), /accents → docs → accents/);
  assert.equal(findCycle(PLAN), undefined);
});

test('each thing that is wrong is said with the task it is about', () => {
  assert.match(texts(changeTask(PLAN, 'docs', { title: '  ' })), /docs needs a title/);
  assert.match(texts(changeTask(PLAN, 'docs', { description: '' })), /README needs a description/);
  assert.match(texts(changeTask(PLAN, 'docs', { role: '' })), /README needs a role/);
  assert.match(texts(changeTask(PLAN, 'docs', { depends_on: ['gone'] })), /waits for gone/);
  assert.match(texts({ ...PLAN, tasks: [] }), /at least one task/);
});

test('a plan that has no problems can be sent: the protocol takes it', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'Not Plain', '');
  const tasks = fc.array(
    fc.record({
      id: name,
      title: fc.string({ maxLength: 130 }),
      description: fc.string({ maxLength: 20 }),
      role: fc.constantFrom('coder', '', 'own'),
      depends_on: fc.array(name, { maxLength: 3 }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(tasks, (specs) => {
      const plan = { summary: 'x', tasks: specs.map((spec) => ({ ...task(spec.id, 'x'), ...spec })) };
      if (draftProblems(plan).length === 0) assert.ok(PlanSpec.safeParse(plan).success);
    }),
    { numRuns: 500 },
  );
});

test('an estimate is the sum of what is known', () => {
  assert.equal(estimatedTokens(PLAN.tasks), 18_500);
  assert.equal(estimatedTokens([task('a', 'A')]), undefined);
});

test('sub-tasks move among themselves, go with their task, and take over what it may write', () => {
  const plan: PlanSpec = {
    ...PLAN,
    tasks: [
      task('a', 'A', { files: ['src/**'] }),
      task('a.x', 'X'),
      task('a.x.y', 'Y'),
      task('a.z', 'Z', { depends_on: ['a.x'], when: { task: 'a.x', is: 'done' } }),
      task('b', 'B'),
    ],
  };
  assert.deepEqual(ids(moveTask(plan, 'a.x', 1)), ['a', 'a.z', 'a.x', 'a.x.y', 'b']);
  assert.deepEqual(ids(moveTask(plan, 'b', -1)), ['b', 'a', 'a.x', 'a.x.y', 'a.z']);
  const without = removeTask(plan, 'a.x');
  assert.deepEqual(ids(without), ['a', 'a.z', 'b']);
  assert.deepEqual([without.tasks[1]?.depends_on, without.tasks[1]?.when], [[], undefined]);
  const more = addTask(plan, 'a');
  assert.deepEqual(ids(more), ['a', 'a.x', 'a.x.y', 'a.z', 'a.task-3', 'b']);
  assert.deepEqual(more.tasks[4]?.files, ['src/**']);
});

const WRONG: readonly (readonly [patch: Parameters<typeof changeTask>[2], why: RegExp])[] = [
  [{ files: ['/etc/passwd'] }, /no path of the workspace/],
  [{ files: ['a/../b'] }, /leads out of the workspace/],
  [{ files: ['src\\a.ts'] }, /part folders by/],
  [{ files: ['!src/**'] }, /leaves something out/],
  [{ files: ['src/{a,b.ts'] }, /bracket that is not closed/],
  [{ when: { task: 'nobody', is: 'done' } }, /runs only after nobody, which is not in the plan/],
  [{ when: { task: 'docs', is: 'done' } }, /waits for itself/],
  [{ requires: ['x'.repeat(101)] }, /requires too much/],
  [{ topics: ['two words'] }, /at most 10 topics such as #api/],
];
for (const [patch, why] of WRONG)
  test(`an edit is held back: ${JSON.stringify(patch).slice(0, 60)}`, () => {
    assert.match(texts(changeTask(PLAN, 'docs', patch)), why);
  });

test('a condition closes a circle, too', () => {
  const plan = changeTask(PLAN, 'accents', { when: { task: 'docs', is: 'done' } });
  assert.ok(findCycle(plan));
});
