/** The plan as a graph, and the conversation searched. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { announced, id, usePanelPages } from './run-page.ts';
import { unfold } from './looks.ts';

const { openRun, pages } = usePanelPages();

test('the plan is a graph, too; a box opens its task in the list', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  await page.locator(id('plan-as-graph')).click();
  const boxes = page.locator(id('graph-task'));
  await boxes.first().waitFor();
  await soon.equal(() => boxes.count(), working.tasks.length);
  await soon.ok(async () => (await page.locator('.graph-arrow[data-critical="true"]').count()) > 0);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { resultTypes: ['violations'] })`,
  );
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id: rule, nodes }) => `${rule} ${nodes.map(({ html }) => html).join()}`),
    [],
  );
  await boxes.nth(1).focus();
  await page.keyboard.press('Enter');
  await soon.equal(() => page.locator(`${id('plan-task')}[data-task="truncate"] details[open]`).count(), 1);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('in a narrow panel the whole graph is in sight, or in its own size on demand', async () => {
  const panel = await openRun(working, { width: 250 });
  const { page } = panel;
  await unfold(page);
  await page.locator(id('plan-as-graph')).click();
  const graph = page.locator(id('plan-graph'));
  const isWhole = () => graph.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth + 1);
  await page.locator(id('graph-size')).waitFor();
  await soon.ok(isWhole, 'boxes are cut off');
  await page.locator(id('graph-size')).press('Enter');
  await soon.equal(isWhole, false);
  await soon.equal(() => page.locator(`${id('graph-size')}:focus`).count(), 1);
  await page.locator(id('graph-size')).press('Enter');
  await soon.ok(isWhole);
  await panel.close();
});

test('the graph is drawn in steps of size: by buttons, keys and the wheel', async () => {
  const panel = await openRun(working, { width: 600 });
  const { page } = panel;
  await unfold(page);
  await page.locator(id('plan-as-graph')).click();
  const graph = page.locator(id('plan-graph'));
  const percent = page.locator(id('graph-percent'));
  const widthOf = () =>
    page
      .locator(id('graph-task'))
      .first()
      .evaluate((box) => Math.round(box.getBoundingClientRect().width));
  await soon.equal(() => percent.innerText(), '100%');
  const own = await widthOf();
  await page.locator(id('graph-closer')).press('Enter');
  await soon.equal(() => percent.innerText(), '125%');
  assert.equal(await widthOf(), Math.round(own * 1.25));
  await graph.focus();
  for (const key of ['-', '-', '-']) await page.keyboard.press(key);
  await soon.equal(() => percent.innerText(), '70%');
  await page.keyboard.press('0');
  await soon.equal(() => percent.innerText(), '100%');
  await page.keyboard.press('Control+-');
  assert.equal(await percent.innerText(), '100%', 'those keys are the editor’s');
  await graph.hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await soon.equal(() => percent.innerText(), '125%');
  await page.mouse.wheel(0, 100);
  assert.equal(await percent.innerText(), '125%', 'without Ctrl the page is scrolled');
  for (let presses = 0; presses < 5; presses += 1) await graph.press('+');
  await soon.equal(() => percent.innerText(), '200%');
  await soon.equal(() => announced(panel), '200%');
  assert.ok(await page.locator(id('graph-closer')).isDisabled());
  await page.locator(id('graph-size')).press('Enter');
  await soon.equal(() => percent.innerText(), '100%');
  await panel.close();
});

test('the graph is loaded when it is first shown, not before', () => {
  const { files } = pages();
  assert.ok(!(files['panel.js'] ?? '').includes('ranksep'));
  assert.ok(
    Object.entries(files).some(([path, text]) => path.startsWith('chunks/') && text.includes('ranksep')),
  );
});

test('the conversation is searched, and shows one agent or task alone', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  const count = page.locator(id('search-count'));
  await page.locator(id('search-button')).click();
  await page.locator(`${id('search-text')}:focus`).waitFor();
  await page.keyboard.type('zzz nothing');
  await soon.equal(() => count.innerText(), 'No matches');
  await soon.equal(() => announced(panel), 'No matches');
  await page.locator(id('search-text')).fill('');
  await page.locator(id('search-role')).selectOption('reviewer');
  await soon.equal(
    async () => (await page.locator(`${id('conversation')} ${id('review-card')}`).count()) > 0,
    true,
  );
  await soon.equal(() => page.locator(`${id('conversation')} ${id('gate-card')}`).count(), 0);
  await page.keyboard.press('Escape');
  await soon.equal(() => page.locator(id('search')).count(), 0);
  await soon.ok(async () => (await page.locator(`${id('conversation')} ${id('gate-card')}`).count()) > 0);
  const task = page.locator(`${id('plan-task')}[data-task="accents"]`);
  await task.locator('summary').click();
  // What its tests came to.
  await soon.match(() => task.innerText(), /11 passed.*2 failed[\s\S]*npm test/u);
  await page.locator(id('task-talk')).click();
  await soon.equal(() => page.locator(id('search-task')).inputValue(), 'accents');
  await panel.close();
});
