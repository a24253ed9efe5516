/** Plans within plans: rows that fold, groups in the graph, sub-tasks that are approved, the form of a plan by keyboard. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PlanAnswer } from '../../../src/protocol/answers.ts';
import type { PanelRequest } from '../../../src/protocol/panel.ts';
import { nested, suggested } from '../../support/panel-states/nested.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { announced, awaited, delta, id, press, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const pictures = join(import.meta.dirname, '..', '..', '..', '.vscode-test', 'panel');

async function picture(panel: PanelPage, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await panel.page.screenshot({ path: join(pictures, `nested-${name}.png`), fullPage: true });
}

const rowOf = (panel: PanelPage, task: string) =>
  panel.page.locator(`${id('plan-task')}[data-task="${task}"]`);
const formOf = (panel: PanelPage, task: string) =>
  panel.page.locator(`${id('plan-edit-task')}[data-task="${task}"]`);

test('sub-tasks stand in their task and fold; it tells what all of them take, and what takes longest', async () => {
  const panel = await openRun(nested);
  const { page } = panel;
  const parts = page.locator(`${id('task-parts')}[data-task="api"]`);
  await soon.equal(() => parts.locator(id('plan-task')).count(), 2);
  await soon.match(() => parts.locator('> summary').innerText(), /1 of 2 sub-tasks done/u);
  const line = rowOf(panel, 'api').locator('> details:not(.task-parts) > summary');
  await soon.match(() => line.innerText(), /12k of about 16k tokens/u);
  await soon.match(() => line.innerText(), /\$0\.08/u);
  await soon.match(() => rowOf(panel, 'pages').innerText(), /is broken down later/u);
  for (const task of ['api', 'api.read', 'api.write', 'pages'])
    await soon.equal(() => rowOf(panel, task).getAttribute('data-critical'), 'true', task);
  await picture(panel, 'list');
  await parts.locator('> summary').focus();
  await page.keyboard.press('Enter');
  await soon.equal(() => rowOf(panel, 'api.read').isVisible(), false, 'folded by the keyboard');
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('a task opens to what it changed, once something of it is tested or merged', async () => {
  const merges = [{ unit: 'api.read', tree: 'abc', verdict: 'green' as const }];
  const change = { from: 'abc', to: 'def' };
  const tasks = nested.tasks.map((each) => (each.spec.id === 'api.write' ? { ...each, change } : each));
  const panel = await openRun({ ...nested, tasks, merges });
  for (const [task, count] of [
    ['api.write', 1],
    ['pages', 0],
  ] as const) {
    await rowOf(panel, task).locator('summary').first().click();
    await soon.equal(() => rowOf(panel, task).locator(id('task-diff')).count(), count, task);
    await rowOf(panel, task).locator('summary').first().click();
  }
  await rowOf(panel, 'api.read').locator('summary').first().click();
  assert.deepEqual(await press(panel, 'task-diff'), [
    { type: 'task.diff', run: nested.id, task: 'api.read' },
  ]);
  await panel.close();
});

test('the graph has a group around a task and its sub-tasks; a box opens its row', async () => {
  const panel = await openRun(nested, { width: 520 });
  const { page } = panel;
  await page.locator(id('plan-as-graph')).click();
  await soon.equal(() => page.locator(id('graph-task')).count(), 4);
  await soon.equal(() => page.locator('.graph-group').count(), 1);
  const box = page.locator(`${id('graph-task')}[data-task="api.write"]`);
  await soon.match(() => box.innerText(), /src\/api\/write\.ts/u);
  await soon.match(() => box.innerText(), /2\.5k of about 7k tokens\s+\$0\.02 · src/u);
  await picture(panel, 'graph');
  await box.focus();
  await page.keyboard.press('Enter');
  await soon.equal(
    () => page.locator(`${id('plan-task')}[data-task="api.write"] > details[open]`).count(),
    1,
  );
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

const answersIn = (posted: readonly PanelRequest[]): readonly PlanAnswer[] =>
  posted.flatMap((request) => (request.type === 'answer' ? [PlanAnswer.parse(request.value)] : []));

test('sub-tasks that a planner wants are shown, and approved, edited, or the task is done in one go', async () => {
  const panel = await openRun(suggested);
  const { page } = panel;
  const different = page.locator(`${id('plan-difference')} li`);
  await soon.equal(() => different.count(), 2);
  await soon.match(() => different.first().innerText(), /pages\.list The list.*new/su);
  await picture(panel, 'suggested');
  assert.deepEqual(answersIn(await press(panel, 'plan-approve')), [{ decision: 'approve' }]);
  await panel.close();

  const other = await openRun(suggested);
  assert.deepEqual(answersIn(await press(other, 'plan-leave')), [{ decision: 'end' }]);
  await other.close();

  const edited = await openRun(suggested);
  await press(edited, 'plan-edit');
  const first = await awaited(edited, 'plan.check');
  assert.deepEqual(
    first.plan.tasks.map((task) => task.id),
    ['api', 'api.read', 'api.write', 'pages', 'pages.list', 'pages.form'],
    'it is checked as part of the plan',
  );
  await formOf(edited, 'pages.form').locator(id('task-remove')).click();
  await soon.equal(() => formOf(edited, 'pages.form').count(), 0);
  await press(edited, 'plan-add-task');
  const added = formOf(edited, 'pages.task-2');
  await added.locator(id('task-title')).fill('A menu');
  await added.locator(id('task-description')).fill('Make the menu.');
  const check = await awaited(edited, 'plan.check', ({ plan }) =>
    JSON.stringify(plan).includes('Make the menu.'),
  );
  await edited.send({ type: 'plan.checked', token: check.token, problems: [] });
  await soon.equal(() => edited.page.locator(id('plan-save')).isDisabled(), false);
  const [answer] = answersIn(await press(edited, 'plan-save'));
  assert.ok(answer?.decision === 'approve');
  assert.deepEqual(
    answer.plan?.tasks.map((task) => [task.id, task.title, task.files]),
    [
      ['pages.list', 'The list', ['src/pages/list.ts']],
      ['pages.task-2', 'A menu', ['src/pages/**']],
    ],
    'it may write what its task may',
  );
  await edited.close();
});

test('every part of a task is edited: what it may write, when it runs, what it requires, by mouse and keyboard', async () => {
  const panel = await openRun(nested);
  const { page } = panel;
  await press(panel, 'plan-edit-live');
  const pages = formOf(panel, 'pages');
  const write = formOf(panel, 'api.write');
  await pages.locator(id('task-files')).fill('src/pages/**\n../secret');
  await soon.match(
    () => page.locator('.problems').first().innerText(),
    /Build the pages: \.\.\/secret leads out of the workspace/u,
  );
  await soon.equal(() => page.locator(id('plan-change')).isDisabled(), true);
  await pages.locator(id('task-files')).fill('src/pages/**\n\nsrc/menu.ts');
  await panel.send(delta(nested, { ...nested, lastSeq: nested.lastSeq + 1 }));
  await soon.equal(
    () => pages.locator(id('task-files')).inputValue(),
    'src/pages/**\n\nsrc/menu.ts',
    'it stays',
  );
  await pages.locator(id('task-when')).selectOption('api');
  await pages.locator(id('task-when-is')).selectOption('failed');
  await pages.locator(id('task-requires')).fill('vision\ncontext>=64000');
  await pages.locator(id('task-topics')).fill('#Menu');
  await soon.match(() => page.locator('.problems').first().innerText(), /at most 10 topics such as #api/u);
  await pages.locator(id('task-topics')).fill('#menu\napi');
  await pages.locator(id('task-acceptance')).fill('All pages open.');
  await pages.locator(id('task-expand')).focus();
  await page.keyboard.press('Space');
  await write.locator(id('task-up')).focus();
  await page.keyboard.press('Enter');
  await soon.equal(() => write.locator(id('task-up')).isDisabled(), true, 'it is the first of its task now');
  await soon.equal(
    () => write.locator(id('task-depends')).count(),
    1,
    'it waits only for what stands beside it',
  );
  await formOf(panel, 'api').locator(id('task-add-part')).focus();
  await page.keyboard.press('Enter');
  await formOf(panel, 'api.task-3').locator(id('task-title')).fill('A third');
  await formOf(panel, 'api.task-3').locator(id('task-description')).fill('Make a third.');
  const check = await awaited(panel, 'plan.check', ({ plan }) =>
    JSON.stringify(plan).includes('Make a third.'),
  );
  assert.equal(check.run, nested.id);
  const note = 'api.read and api.task-3 may write the same files: they never work at the same time.';
  await panel.send({ type: 'plan.checked', token: check.token, problems: [], notes: [note] });
  await soon.match(() => page.locator(id('plan-notes')).innerText(), /never work at the same time/u);
  await soon.match(() => announced(panel), /never work at the same time/u);
  const requirement = { task: 'pages', requires: 'vision', by: ['endpoint big'], lacks: [] };
  const lacks = ['endpoint big: its context is 32000, less than 64000'];
  const problems = ['Task "pages" requires what nothing provides.'];
  const requirements = [requirement, { task: 'pages', requires: 'context>=64000', by: [], lacks }];
  await panel.send({ type: 'plan.checked', token: check.token, problems, notes: [note], requirements });
  const lines = pages.locator(id('requirement'));
  await soon.equal(() => lines.count(), 2);
  await soon.match(() => lines.first().innerText(), /vision: endpoint big/u);
  await soon.equal(
    () => announced(panel),
    'vision: endpoint big. context>=64000: nothing provides it',
    'only what is new',
  );
  await soon.match(() => lines.last().innerText(), /nothing provides it.*its context is 32000/su);
  await soon.equal(() => page.locator(id('plan-change')).isDisabled(), true, 'it cannot be taken');
  await picture(panel, 'form');
  await panel.send({ type: 'plan.checked', token: check.token, problems: [], notes: [note] });
  await soon.equal(() => page.locator(id('plan-change')).isDisabled(), false);
  const [changed] = await press(panel, 'plan-change');
  assert.ok(changed?.type === 'run.change' && changed.change.do === 'plan');
  const { tasks } = changed.change.plan;
  assert.deepEqual(
    tasks.map((task) => task.id),
    ['api', 'api.write', 'api.read', 'api.task-3', 'pages'],
  );
  const of = tasks.at(-1);
  assert.deepEqual(of?.files, ['src/pages/**', 'src/menu.ts']);
  assert.deepEqual(of.when, { task: 'api', is: 'failed' });
  assert.deepEqual(of.requires, ['vision', 'context>=64000']);
  assert.deepEqual(of.topics, ['#menu', 'api']);
  assert.deepEqual(of.acceptance, ['All pages open.']);
  assert.equal(of.expand, undefined);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});
