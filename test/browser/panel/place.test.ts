/** A page that comes back, as after it was hidden, moved or reloaded: one reads where one was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { RunView } from '../../../src/protocol/view.ts';
import { ready } from '../../support/panel-states/contexts.ts';
import { long, working } from '../../support/panel-states/runs.ts';
import { nested } from '../../support/panel-states/nested.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage, PanelPageOptions } from './harness.ts';
import { delta, id, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();
const many = long(2000);

/** The same run in a page of its own that has what the former one kept. */
async function again(former: PanelPage, run: RunView, options: PanelPageOptions = {}): Promise<PanelPage> {
  await former.page.waitForTimeout(300);
  const saved = await former.kept();
  await former.close();
  return openRun(run, { ...options, saved });
}

const scroller = (page: Page) => page.locator('.scroller');

/** Scrolls as a person does, to the part of the page that is `share` of it below its top. */
async function readAt(page: Page, share: number): Promise<void> {
  await scroller(page).hover();
  await page.mouse.wheel(0, -900);
  await page.getByText('Latest').waitFor();
  await scroller(page).evaluate((element, part) => {
    element.scrollTop = element.scrollHeight * part;
  }, share);
  await page.waitForTimeout(400);
}

/** The call in the middle of what is in sight, and where it begins on the screen. */
const read = (page: Page) =>
  page.evaluate(() => {
    const box = document.querySelector('.scroller')?.getBoundingClientRect();
    const middle = ((box?.top ?? 0) + (box?.bottom ?? 0)) / 2;
    const parts = [...document.querySelectorAll<HTMLElement>('.talk-row [data-entry]')];
    const part = parts.find((each) => each.getBoundingClientRect().bottom > middle);
    return { part: part?.dataset['entry'], top: Math.round(part?.getBoundingClientRect().top ?? NaN) };
  });

type Read = Awaited<ReturnType<typeof read>>;

/** Whether the same is read at the same place; browsers round. */
const isReadAgain = async (page: Page, before: Read): Promise<boolean> => {
  const { part, top } = await read(page);
  return part === before.part && Math.abs(top - before.top) <= 1;
};

/** Where the named part of the talk begins on the screen in each frame in which it is there, from now on. */
const watchFrames = (page: Page, name: string): Promise<void> =>
  page.evaluate((part) => {
    const tops: number[] = [];
    Object.assign(window, { tops });
    const look = (): void => {
      if (document.querySelector('.run')) {
        const there = document.querySelector(`.talk-row [data-entry="${part}"]`);
        tops.push(Math.round(there?.getBoundingClientRect().top ?? -1));
      }
      // After the frame's own work, as what is painted then.
      if (tops.length < 20) requestAnimationFrame(() => setTimeout(look));
    };
    look();
  }, name);

test('in a run of two thousand entries one is back at what one read, at once, also while agents go on', async () => {
  const first = await openRun(many, { height: 700 });
  await readAt(first.page, 0.4);
  const before = await read(first.page);
  const panel = await again(first, many, { height: 700 });
  const { page } = panel;
  await soon.ok(() => isReadAgain(page, before), 'it is read elsewhere');
  await page.getByText('Latest').waitFor();
  const note = { kind: 'note' as const, id: 100_000, at: 1, level: 'info' as const, text: 'one more' };
  await panel.send(delta(many, { ...many, lastSeq: many.lastSeq + 10, feed: [...many.feed, note] }));
  await page.waitForTimeout(300);
  assert.ok(await isReadAgain(page, before), 'what comes at the end moved it');
  await page.mouse.move(150, 300);
  await page.mouse.wheel(0, 150);
  await soon.ok(async () => (await read(page)).part !== before.part, 'it is held no longer');
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('it is there from the first frame on: nothing flickers', async () => {
  const first = await openRun(many, { height: 700 });
  await readAt(first.page, 0.4);
  const { part, top } = await read(first.page);
  const saved = await first.kept();
  await first.close();
  const panel = await open({ height: 700, saved }, { type: 'context', context: ready });
  await watchFrames(panel.page, part ?? '');
  await panel.send(shown(many));
  const tops = () => panel.page.evaluate(() => (window as typeof window & { tops: number[] }).tops);
  await soon.equal(async () => (await tops()).length, 20);
  assert.deepEqual(
    (await tops()).filter((each) => Math.abs(each - top) > 1),
    [],
  );
  await panel.close();
});

test('who followed the end follows it again', async () => {
  const first = await openRun(many, { height: 700 });
  await readAt(first.page, 0.4);
  await first.page.getByText('Latest').click();
  const panel = await again(first, many, { height: 700 });
  await panel.page.getByText('part-1999.js').waitFor();
  await soon.equal(() => panel.page.getByText('Latest').count(), 0);
  await panel.close();
});

test('what was open is open, what was folded is folded, and the graph is still the graph', async () => {
  // So high that all of the conversation is drawn.
  const high = { height: 2400 };
  const first = await openRun(nested, high);
  const { page } = first;
  await page.locator(`${id('plan-task')}[data-task="api.write"] summary`).click();
  await page.locator(`${id('task-parts')}[data-task="api"] > summary`).click();
  await page
    .locator(`${id('tool-call')} summary`)
    .first()
    .click();
  await page.locator(`${id('costs')} > summary`).click();
  const isOpen = (name: string, there: Page) =>
    there
      .locator(name)
      .first()
      .evaluate((fold: HTMLDetailsElement) => fold.open);
  const folds = (there: Page) =>
    Promise.all(
      [
        `${id('plan-task')}[data-task="api.write"] > details`,
        `${id('task-parts')}[data-task="api"]`,
        id('tool-call'),
        id('costs'),
        id('plan'),
      ].map((name) => isOpen(name, there)),
    );
  const before = await folds(page);
  const second = await again(first, nested, high);
  await soon.deepEqual(() => folds(second.page), before);
  await second.page.locator(id('plan-as-graph')).click();
  await second.page.locator(id('plan-graph')).waitFor();
  const third = await again(second, nested);
  await third.page.locator(id('plan-graph')).waitFor();
  assert.deepEqual(third.complaints, []);
  await third.close();
});

test('the search is open as it was, moves nothing and takes no focus', async () => {
  const first = await openRun(many, { height: 700 });
  await first.page.locator(id('search-button')).click();
  await first.page.locator(id('search-text')).fill('part-43');
  await soon.match(() => first.page.locator(id('search-count')).innerText(), /^\d+ of \d+$/u);
  const count = await first.page.locator(id('search-count')).innerText();
  await first.page.waitForTimeout(600);
  const before = await read(first.page);
  const panel = await again(first, many, { height: 700 });
  const { page } = panel;
  await soon.equal(() => page.locator(id('search-text')).inputValue(), 'part-43');
  await soon.equal(() => page.locator(id('search-count')).innerText(), count);
  await soon.ok(() => isReadAgain(page, before), 'it is read elsewhere');
  assert.equal(await page.locator(`${id('search-text')}:focus`).count(), 0);
  await page.locator(id('search-text')).press('Enter');
  await soon.equal(() => page.locator('[data-found]').count(), 1, 'it leads on from there');
  await panel.close();
});

/** The part of the column beside the talk that its upper edge cuts through, and where that begins on the screen. */
const readBeside = (page: Page) =>
  page.locator('.side').evaluate((column) => {
    const edge = column.getBoundingClientRect().top;
    const parts = [...column.querySelectorAll<HTMLElement>('[data-fold]')];
    const part = parts.findLast((each) => each.getBoundingClientRect().top <= edge);
    return { part: part?.dataset['fold'], top: Math.round(part?.getBoundingClientRect().top ?? NaN) };
  });

const WIDE = { width: 900, height: 450 };

for (const asGraph of [false, true])
  test(`the column beside the talk is where it was, with the plan as a ${asGraph ? 'graph' : 'list'}`, async () => {
    const first = await openRun(nested, WIDE);
    if (asGraph) await first.page.locator(id('plan-as-graph')).click();
    await first.page
      .locator(asGraph ? id('plan-graph') : id('plan-task'))
      .first()
      .waitFor();
    const top = await readBeside(first.page);
    await first.page.locator('.side').hover();
    await first.page.mouse.wheel(0, 170);
    await soon.notEqual(async () => (await readBeside(first.page)).top, top.top);
    await first.page.waitForTimeout(400);
    const before = await readBeside(first.page);
    assert.notDeepEqual(before, top);
    const panel = await again(first, nested, WIDE);
    const { page } = panel;
    await soon.deepEqual(() => readBeside(page), before);
    await page.setViewportSize({ width: 360, height: 450 });
    await page.locator('.side').waitFor({ state: 'detached' });
    await page.setViewportSize(WIDE);
    await soon.deepEqual(() => readBeside(page), before, 'also after it had no room');
    await page.locator('.side').hover();
    await page.mouse.wheel(0, -900);
    await soon.deepEqual(() => readBeside(page), top, 'it is held no longer');
    assert.deepEqual(panel.complaints, []);
    const other = await again(panel, { ...nested, id: 'another' }, WIDE);
    assert.deepEqual(await readBeside(other.page), top);
    await other.close();
  });

test('another run is read from its end, as a list, with nothing searched', async () => {
  const first = await openRun(working);
  const { page } = first;
  await page.locator(id('plan-as-graph')).click();
  await page.locator(id('search-button')).click();
  await page.locator(id('search-role')).selectOption('reviewer');
  await page
    .locator(`${id('plan')} > summary`)
    .first()
    .click();
  const panel = await again(first, { ...working, id: 'another' });
  await soon.equal(
    () => panel.page.locator(id('plan')).evaluate((fold: HTMLDetailsElement) => fold.open),
    true,
  );
  assert.equal(await panel.page.locator(id('plan-as-graph')).locator('input').isChecked(), false);
  assert.equal(await panel.page.locator(id('search')).count(), 0);
  assert.equal(await panel.page.getByText('Latest').count(), 0);
  await panel.send(shown(working));
  await soon.equal(() => panel.page.locator(id('search')).count(), 0, 'it was left behind');
  await panel.close();
});
