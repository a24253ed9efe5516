/** The run view: a run along its time, looked at by mouse, by keyboard and by ear. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import axe from 'axe-core';
import { journalOf, shownOf, talkOf, wholeOf } from '../../support/panel-states/timelines.ts';
import { soon } from '../../support/soon.ts';
import { THEMES, type PanelPage, type PanelPageOptions } from './harness.ts';
import { pale } from './looks.ts';
import { id, usePanelPages } from './run-page.ts';

const { open } = usePanelPages();
const pictures = join(import.meta.dirname, '..', '..', '..', '.vscode-test', 'panel');

const LINES = journalOf(6);
const LAST = LINES.length;

/** A page that shows the run at its end. */
async function shown(options: PanelPageOptions = {}, lines = LINES): Promise<PanelPage> {
  const page = await open({ name: 'run-view', width: 1200, ...options }, wholeOf(lines, lines.length));
  await page.page.locator(id('chart')).waitFor();
  return page;
}

const last = async (panel: PanelPage) => (await panel.postedByRunView()).at(-1);

for (const theme of THEMES) {
  test(`in ${theme} nothing serious is in anybody's way`, async () => {
    mkdirSync(pictures, { recursive: true });
    const panel = await shown({ theme });
    await panel.page.locator('[data-kind="model"].bar').first().click();
    assert.ok((await panel.page.locator('.arrow-line').count()) > 0);
    assert.deepEqual(await pale(panel.page, '.arrow-line', 'stroke'), []);
    assert.deepEqual(await pale(panel.page, '.arrow-dot', 'fill'), []);
    await panel.send(wholeOf(LINES, 9));
    await panel.page.screenshot({ path: join(pictures, `run-view-${theme}.png`) });
    await panel.page.evaluate(axe.source);
    const { violations } = await panel.page.evaluate<axe.AxeResults>(
      `axe.run(document, { resultTypes: ['violations'] })`,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(
      serious.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join('; ')}`),
      [],
    );
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });
}

test('nothing of the head moves when the moment comes that it tells of', async () => {
  for (const width of [1200, 300]) {
    const panel = await open({ name: 'run-view', width }, wholeOf(LINES));
    const places = () =>
      Promise.all(['show-in-panel', 'line-back'].map((name) => panel.page.locator(id(name)).boundingBox()));
    const before = await places();
    assert.equal(await panel.page.locator(id('moment-status')).count(), 0);
    await panel.send(wholeOf(LINES, LAST));
    await panel.page.locator(id('moment-status')).waitFor();
    assert.deepEqual(await places(), before, `at ${String(width)} px`);
    await panel.close();
  }
});

test('the slider shows the run as it was then, one question at a time', async () => {
  const panel = await shown();
  await panel.forget();
  await panel.page.locator(id('line-back')).click();
  await panel.page.locator(id('line-back')).click();
  await soon.deepEqual(() => panel.postedByRunView(), [{ type: 'moment', seq: LAST - 1 }]);
  await panel.send(wholeOf(LINES, LAST - 1));
  await soon.deepEqual(() => last(panel), { type: 'moment', seq: LAST - 2 });
  await panel.send(wholeOf(LINES, LAST - 2));
  await soon.equal(() => panel.page.locator(id('moment')).getAttribute('data-seq'), String(LAST - 2));
  await panel.page.locator(id('fork-here')).click();
  await soon.deepEqual(() => last(panel), { type: 'fork', at: LAST - 2 });
  await panel.close();
});

test('in the past the future is dimmed, and what was spent is that of the moment', async () => {
  const panel = await shown();
  const spent = panel.page.locator('.chart-spent');
  await soon.equal(() => panel.page.locator(id('future')).count(), 0);
  const all = await spent.innerText();
  await panel.page.locator(id('scrubber')).fill(String(Math.round(LAST / 2)));
  await soon.equal(() => panel.page.locator(id('future')).count(), 2, 'of the rows, and of what was spent');
  await soon.ok(async () => (await spent.innerText()) !== all, 'it still shows all that was spent');
  await panel.page.locator(id('to-end')).click();
  await soon.equal(() => spent.innerText(), all);
  await soon.equal(() => panel.page.locator(id('future')).count(), 0);
  await panel.close();
});

test('a moment that cannot be read is said, and another can be asked for', async () => {
  const panel = await shown();
  await panel.page.locator(id('line-back')).click();
  await panel.send({ type: 'error', text: 'The journal is damaged at line 12.' });
  await soon.match(() => panel.page.locator(id('error')).innerText(), /damaged at line 12/);
  await panel.page.locator(id('line-back')).click();
  await soon.deepEqual(() => last(panel), { type: 'moment', seq: LAST - 2 });
  await panel.close();
});

test('a press on a bar tells what it is; its prompt, reply and line open', async () => {
  const panel = await shown();
  await panel.page.locator('[data-kind="model"].bar').first().click();
  const detail = panel.page.locator(id('detail'));
  await soon.match(() => detail.innerText(), /Coder is thinking[\s\S]+Coder,/);
  const seq = LINES.find(({ type, key }) => type === 'step.started' && key?.endsWith('/model') === true)?.seq;
  for (const part of ['prompt', 'output', 'line'] as const) {
    await panel.page.locator(id(`open-${part}`)).click();
    await soon.deepEqual(() => last(panel), { type: 'text', seq, part });
  }
  await panel.close();
});

test('by keyboard alone: from step to step, told by ear, opened by Enter', async () => {
  const panel = await shown();
  const { page } = panel;
  await page.locator(id('chart')).focus();
  await page.keyboard.press('Home');
  await soon.match(
    () => page.locator('[role="status"]').innerText(),
    /Look at the workspace, Quartet, 0\.9s, done/,
  );
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await soon.match(
    () => page.locator('[role="status"]').innerText(),
    /Waited 1m 00s for you: Approve the plan/,
  );
  await page.keyboard.press('Enter');
  await soon.deepEqual(() => last(panel), { type: 'text', seq: 5, part: 'output' });
  await panel.close();
});

test('a run that works grows; whoever looks at a moment of the past stays there', async () => {
  const [early, late] = [journalOf(2, false), journalOf(4, false)];
  let lines = early;
  const talk = talkOf(() => lines);
  await talk.ready();
  const panel = await open({ name: 'run-view', width: 1200 }, ...talk.taken());
  await panel.page.locator(id('line-back')).click();
  await talk.goTo(early.length);
  await talk.goTo(early.length - 1);
  lines = late;
  await talk.grown();
  const updates = talk.taken();
  assert.deepEqual(
    updates.map(({ type }) => type),
    ['delta', 'delta', 'delta'],
  );
  await panel.send(...updates);
  const scrubber = panel.page.locator(id('scrubber'));
  await soon.equal(() => scrubber.inputValue(), String(early.length - 1));
  await soon.equal(() => scrubber.getAttribute('max'), String(late.length));
  await soon.equal(() => panel.page.locator(id('moment')).getAttribute('data-seq'), String(early.length - 1));
  await panel.page.locator(id('to-end')).click();
  await soon.equal(() => scrubber.inputValue(), String(late.length));
  await soon.deepEqual(() => last(panel), { type: 'moment', seq: late.length });
  await panel.close();
});

test('what became of something that is not held asks for the whole, once, and what was asked for comes with it', async () => {
  const panel = await shown({}, journalOf(1, false));
  const late = journalOf(4, false);
  await panel.forget();
  const stray = { type: 'delta', from: 7, at: 8, by: { of: {} } } as const;
  await panel.send(stray, { ...stray, from: 8, at: 9 });
  await soon.deepEqual(() => panel.postedByRunView(), [{ type: 'ready' }]);
  await panel.send({ type: 'whole', at: 9, shown: shownOf(late, late.length) });
  await soon.equal(() => panel.page.locator(id('moment')).getAttribute('data-seq'), String(late.length));
  assert.deepEqual(await panel.postedByRunView(), [{ type: 'ready' }]);
  await panel.close();
});

test('what is no update of a run view changes nothing', async () => {
  const panel = await shown();
  for (const stray of [
    null,
    7,
    { type: 'whole' },
    { type: 'whole', at: 2, shown: { timeline: { spans: [] } } },
    { type: 'whole', at: 2, shown: { ...shownOf(LINES), moment: {} } },
    { type: 'delta', from: 1, at: 2, by: { of: 7 } },
  ])
    await panel.sendRaw(stray);
  await soon.equal(() => panel.page.locator(id('scrubber')).inputValue(), String(LAST));
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('ten thousand lines are drawn at once, and what stands on one pixel is drawn once', async () => {
  const lines = journalOf(1250);
  assert.ok(lines.length > 10_000);
  const panel = await shown({}, lines);
  await soon.ok(async () => (await panel.page.locator('.bar').count()) < 3000);
  await panel.close();
});

test('from 250 to 1600 pixels and at three times the size nothing sticks out', async () => {
  const panel = await shown({ height: 700 });
  for (const width of [250, 400, 720, 721, 1600]) {
    await panel.page.setViewportSize({ width, height: 700 });
    const over = () =>
      panel.page.evaluate(() =>
        [...document.querySelectorAll('#root, .rv, .rv-side, .rv-scrubber, .rv-head')]
          .filter((part) => part.scrollWidth > part.clientWidth + 1)
          .map((part) => part.className),
      );
    await soon.deepEqual(over, [], `${width} pixels`);
    if (width === 400) await panel.page.screenshot({ path: join(pictures, 'run-view-400.png') });
  }
  await panel.close();
});
