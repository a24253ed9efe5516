/** The goal box: mentions by keyboard, and goals of before. */
import { test } from 'node:test';
import { ready } from '../../support/panel-states/contexts.ts';
import { planning } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { awaited, id, shown, usePanelPages } from './run-page.ts';

const { open } = usePanelPages();

const start = () => open({}, { type: 'context', context: ready }, shown(null));

test('a mention is completed by keyboard, with files that the editor finds', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  await box.focus();
  await page.keyboard.type('Fix #dis');
  // Whoever types slowly is answered in between: only what fits the last sign is offered.
  const asked = await awaited(panel, 'mention.find', ({ query }) => query === 'dis');
  await panel.send({
    type: 'mention.found',
    token: asked.token,
    found: [
      { kind: 'file', path: 'src/discounts.js' },
      { kind: 'folder', path: 'src/dis' },
    ],
  });
  const options = page.locator('[role="option"]');
  await soon.deepEqual(
    () => options.locator('.offer-label').allInnerTexts(),
    ['src/discounts.js', 'src/dis'],
  );
  await soon.equal(() => box.getAttribute('aria-activedescendant'), 'goal-mentions-0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.type('and #pro');
  await soon.match(() => options.first().innerText(), /problems/);
  await page.keyboard.press('Tab');
  await soon.equal(() => box.inputValue(), 'Fix #file:src/discounts.js and #problems ');
  await soon.equal(() => options.count(), 0);
  await panel.close();
});

test('an answer that comes too late is not offered; Escape closes the list', async () => {
  const panel = await start();
  const { page } = panel;
  await page.locator(id('goal-input')).focus();
  await page.keyboard.type('#');
  await soon.equal(() => page.locator('[role="option"]').count(), 3);
  await panel.send({ type: 'mention.found', token: -1, found: [{ kind: 'file', path: 'late.js' }] });
  await soon.equal(() => page.locator('[role="option"]').count(), 3);
  await page.keyboard.press('Escape');
  await soon.equal(() => page.locator('[role="option"]').count(), 0);
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
  for (const [key, goal] of [
    ['ArrowUp', 'Second goal'],
    ['ArrowUp', 'First goal'],
    ['ArrowUp', 'First goal'],
    ['ArrowDown', 'Second goal'],
    ['ArrowDown', 'A draft'],
  ] as const) {
    await page.keyboard.press(key);
    await soon.equal(() => box.inputValue(), goal);
  }
  await panel.close();
});
