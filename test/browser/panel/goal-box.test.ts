/** The goal box: mentions by keyboard, and goals of before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noModel, ready } from '../../support/panel-states/contexts.ts';
import { finished } from '../../support/panel-states/ended.ts';
import { planning } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { awaited, id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

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

const NAMED: readonly (readonly [name: string, world: object, says: RegExp, title: RegExp])[] = [
  ['the one that is configured', {}, /gpt-4\.1/, /as settings and roles say/],
  ['those of the roles', { isByRole: true }, /By role/, /gpt-4\.1 · api\.openai\.com answers for the others/],
  ['the picked one', { picked: { label: 'qwen (Ollama)', isThere: true } }, /qwen/, /for every role/],
  ['one that is gone', { picked: { label: 'qwen (Ollama)' } }, /qwen/, /not there now/],
];
for (const [name, world, says, title] of NAMED) {
  test(`the box names who answers: ${name}`, async () => {
    const context = { ...ready, autonomy: 'guided' as const, ...world };
    const panel = await open({}, { type: 'context', context }, shown(null));
    const picker = panel.page.locator(id('choose-model'));
    await soon.match(() => picker.innerText(), says);
    await soon.match(() => picker.getAttribute('title').then(String), title);
    await panel.page.locator(id('mode-team')).click();
    // By keyboard: after the modes and the button that runs it.
    await panel.page.locator(id('goal-input')).fill('Go');
    await panel.page.locator(id('run-button')).focus();
    await panel.page.keyboard.press('Tab');
    await soon.equal(() => picker.evaluate((each) => each === document.activeElement), true);
    await panel.page.keyboard.press('Enter');
    await awaited(panel, 'model.choose');
    await panel.close();
  });
}

test('without a model there is none to choose; the line says so', async () => {
  const panel = await open({}, { type: 'context', context: noModel }, shown(null));
  await soon.match(() => panel.page.locator('main').innerText(), /No model yet/);
  await soon.equal(() => panel.page.locator(id('choose-model')).count(), 0);
  await panel.close();
});

test('a run says which model was picked for it; whoever goes on from it can choose another', async () => {
  const panel = await openRun({ ...finished, picked: 'qwen (Ollama)' });
  await soon.equal(() => panel.page.locator(id('picked-model')).innerText(), 'qwen (Ollama)');
  await panel.page.locator(id('follow-input')).fill('And then?');
  assert.deepEqual(await press(panel, 'choose-model'), [{ type: 'model.choose' }]);
  await panel.close();
  const other = await openRun(finished);
  await soon.equal(() => other.page.locator(id('picked-model')).count(), 0);
  await other.close();
});

test('long names of models stay in a box of 250 px', async () => {
  const label = 'a-model-with-a-very-long-name:70b-instruct (a server of this machine)';
  const context = { ...ready, autonomy: 'guided' as const, picked: { label, isThere: true as const } };
  const panel = await open({ width: 250 }, { type: 'context', context }, shown(null));
  await panel.page.locator(id('choose-model')).waitFor();
  await soon.equal(
    () => panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    true,
  );
  const [box, around] = await Promise.all(
    ['choose-model', 'goal-input'].map((name) => panel.page.locator(id(name)).boundingBox()),
  );
  assert.ok(box && around && box.x + box.width <= around.x + around.width, 'it ends where the box does');
  await panel.close();
});
