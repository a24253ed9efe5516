/** The goal box: mentions by keyboard, and goals of before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ready } from '../../support/panel-states/contexts.ts';
import { planning } from '../../support/panel-states/runs.ts';
import { id, shown, usePanelPages } from './run-page.ts';

const { open } = usePanelPages();

const start = () => open({}, { type: 'context', context: ready }, shown(null));

test('a mention is completed by keyboard, with files that the editor finds', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  await box.focus();
  await page.keyboard.type('Fix #dis');
  await page.waitForFunction(() =>
    (window as unknown as { fakeHost: { posted: { type: string }[] } }).fakeHost.posted.some(
      ({ type }) => type === 'mention.find',
    ),
  );
  const asked = (await panel.posted()).findLast(({ type }) => type === 'mention.find');
  assert.ok(asked?.type === 'mention.find');
  assert.equal(asked.query, 'dis');
  await panel.send({
    type: 'mention.found',
    token: asked.token,
    found: [
      { kind: 'file', path: 'src/discounts.js' },
      { kind: 'folder', path: 'src/dis' },
    ],
  });
  const options = page.locator('[role="option"]');
  assert.deepEqual(await options.locator('.offer-label').allInnerTexts(), ['src/discounts.js', 'src/dis']);
  assert.equal(await box.getAttribute('aria-activedescendant'), 'goal-mentions-0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.type('and #pro');
  await page.keyboard.press('Tab');
  assert.equal(await box.inputValue(), 'Fix #file:src/discounts.js and #problems ');
  assert.equal(await options.count(), 0);
  await panel.close();
});

test('an answer that comes too late is not offered; Escape closes the list', async () => {
  const panel = await start();
  const { page } = panel;
  await page.locator(id('goal-input')).focus();
  await page.keyboard.type('#');
  assert.equal(await page.locator('[role="option"]').count(), 3);
  await panel.send({ type: 'mention.found', token: -1, found: [{ kind: 'file', path: 'late.js' }] });
  assert.equal(await page.locator('[role="option"]').count(), 3);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('[role="option"]').count(), 0);
  await panel.close();
});

test('goals that were run are called back with the arrow keys; a draft is not lost', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  for (const goal of ['First goal', 'Second goal']) {
    await box.fill(goal);
    await page.locator(id('run-button')).click();
    await panel.send(shown({ ...planning, id: `run-${goal}` }));
    await panel.send(shown(null));
  }
  await box.fill('A draft');
  await box.focus();
  const seen: string[] = [];
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(30);
    seen.push(await box.inputValue());
  }
  assert.deepEqual(seen, ['Second goal', 'First goal', 'First goal', 'Second goal', 'A draft']);
  await panel.close();
});
