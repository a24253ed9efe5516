/** Runs of ten thousand entries: the page holds what is near, keeps what is read in its place, and all of it is within reach. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { long, working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { delta, id, shown, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();

const MANY = 10_000;
const many = long(MANY);

const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
const scroller = (page: Page) => page.locator('.scroller');
const scrollTo = (page: Page, top: number) =>
  scroller(page).evaluate((element, wanted) => element.scrollTo({ top: wanted }), top);

/** The row in the middle of what is in sight: its name, and where it begins on the screen. */
const middle = (page: Page) =>
  page.evaluate(() => {
    const view = document.querySelector('.scroller')?.getBoundingClientRect();
    const y = ((view?.top ?? 0) + (view?.bottom ?? 0)) / 2;
    const row = document.elementFromPoint((view?.left ?? 0) + 60, y)?.closest<HTMLElement>('.talk-row');
    return row && { row: row.dataset['row'], top: row.getBoundingClientRect().top };
  });
const topOf = (page: Page, row: string | undefined) =>
  page.evaluate(
    (name) => document.querySelector(`[data-row="${name ?? ''}"]`)?.getBoundingClientRect().top,
    row,
  );

/** Scrolls to the middle of the run by a gesture, so that the page follows its end no more. */
async function toTheMiddle(page: Page): Promise<NonNullable<Awaited<ReturnType<typeof middle>>>> {
  await scroller(page).hover();
  await page.mouse.wheel(0, -900);
  await page.getByText('Latest').waitFor();
  const { scrollHeight } = await scroller(page).evaluate(({ scrollHeight }) => ({ scrollHeight }));
  await scrollTo(page, scrollHeight / 2);
  let last = await middle(page);
  // Rows that are drawn for the first time are measured: then all is at rest.
  await soon.ok(async () => {
    const before = last;
    last = await middle(page);
    return last && before && last.row === before.row && Math.abs(last.top - before.top) < 1;
  });
  return last ?? assert.fail('nothing is drawn in the middle');
}

test('ten thousand entries take no more of the page than a thousand, and it opens at the end', async () => {
  const small = await openRun(long(1000), { height: 700 });
  await small.page.locator(id('tool-call')).last().waitFor();
  const few = await elements(small.page);
  await small.close();
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  await soon.ok(async () => (await elements(page)) <= few * 1.15, 'the page grows with the run');
  await page.getByText(`part-${MANY - 1}.js`).waitFor();
  await soon.equal(() => page.locator(id('rows')).getAttribute('role'), 'list');
  await soon.match(
    async () => (await page.locator('.talk-row').last().getAttribute('aria-setsize')) ?? '',
    /^\d{4,}$/,
  );
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('it grows at its end while agents write, and the page stays as small', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  const few = await elements(page);
  let view: RunView = many;
  for (let seq = 0; seq < 40; seq += 1) {
    const note: FeedItem = { kind: 'note', id: 100_000 + seq, at: seq, level: 'info', text: `note ${seq}` };
    const next = {
      ...view,
      lastSeq: view.lastSeq + 10,
      feed: [...view.feed, note],
      updatedAt: view.updatedAt + 40,
    };
    await panel.sendRaw(delta(view, next));
    const piece: PanelUpdate = {
      ...{ type: 'stream', run: many.id, key: many.active.at(-1)?.key ?? '', role: 'coder' },
      ...{ task: 'truncate', text: `word ${seq} ` },
    };
    await panel.sendRaw(piece);
    view = next;
  }
  await page.getByText('word 39').waitFor();
  await page.getByText('note 39').waitFor();
  await soon.ok(async () => (await elements(page)) <= few * 1.5, 'the page grows without bound');
  await panel.close();
});

test('its beginning, its middle and its end are drawn as soon as they are scrolled to', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  await toTheMiddle(page);
  await scrollTo(page, 0);
  await page
    .getByText('part-1.js', { exact: true })
    .or(page.getByText('Read src/part-1.js'))
    .first()
    .waitFor();
  await soon.equal(() => page.locator('.talk-row').first().getAttribute('aria-posinset'), '1');
  await page.getByText('Latest').click();
  await page.getByText(`part-${MANY - 1}.js`).waitFor();
  await panel.close();
});

test('what is read stays in its place when something above it opens, and when rows above are drawn', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  const { row, top } = await toTheMiddle(page);
  await page.evaluate(() => {
    const edge = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
    const above = [...document.querySelectorAll<HTMLDetailsElement>('.talk-row details.tool')].filter(
      (fold) => fold.getBoundingClientRect().bottom < edge,
    );
    for (const fold of above) fold.open = true;
  });
  await page.locator('.tool[open] .tool-body').first().waitFor({ state: 'attached' });
  await soon.ok(async () => Math.abs(((await topOf(page, row)) ?? NaN) - top) < 2, 'it moved');

  for (let turns = 0; turns < 6; turns += 1) {
    const before = await middle(page);
    await page.mouse.wheel(0, -120);
    await soon.ok(
      async () => Math.abs(((await topOf(page, before?.row)) ?? NaN) - (before?.top ?? NaN) - 120) < 3,
      'it jumped',
    );
  }
  await panel.close();
});

test('what was opened is still open when one comes back to it', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  const { row } = await toTheMiddle(page);
  const call = page.locator(`[data-row="${row ?? ''}"] ${id('tool-call')}`).first();
  await call.locator('summary').click();
  await call.locator('.tool-body').waitFor();
  const { scrollTop } = await scroller(page).evaluate(({ scrollTop }) => ({ scrollTop }));
  await page.locator(id('steer-input')).focus();
  await scrollTo(page, 0);
  await call.waitFor({ state: 'detached' });
  await scrollTo(page, scrollTop);
  await call.locator('.tool-body').waitFor();
  await panel.close();
});

test('the focus stays where it is, however far one scrolls', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  const { row } = await toTheMiddle(page);
  const line = page.locator(`[data-row="${row ?? ''}"] ${id('tool-call')} summary`).first();
  await line.evaluate((element: HTMLElement) => element.focus({ preventScroll: true }));
  await scrollTo(page, 0);
  await soon.equal(() => page.locator('.talk-row').first().getAttribute('aria-posinset'), '1');
  await soon.ok(() => line.evaluate((element) => element === document.activeElement));
  await page.keyboard.press('Enter');
  await page.locator(`[data-row="${row ?? ''}"] .tool-body`).waitFor({ state: 'attached' });
  await panel.close();
});

/** Whether the middle of what has these words lies within what scrolls. */
const isInSight = (page: Page, words: string): Promise<boolean> =>
  page.evaluate((text) => {
    const view = document.querySelector('.scroller')?.getBoundingClientRect();
    const part = [...document.querySelectorAll('[data-entry]')].find(({ textContent }) =>
      textContent.includes(text),
    );
    const box = part?.getBoundingClientRect();
    const middle = ((box?.top ?? NaN) + (box?.bottom ?? NaN)) / 2;
    return middle > (view?.top ?? NaN) && middle < (view?.bottom ?? NaN);
  }, words);

test('the search leads to what is far out of the page, and on, and back', async () => {
  const panel = await openRun(many, { height: 700 });
  const { page } = panel;
  const count = page.locator(id('search-count'));
  await page.locator(id('search-button')).click();
  await page.locator(id('search-text')).fill('part-4321.js');
  await soon.equal(() => count.innerText(), '1 of 1');
  await soon.ok(() => isInSight(page, 'part-4321.js'), 'the match is not in sight');
  // What is around it is still there, and the page does not run back to its end.
  await page.locator(id('rows')).getByText('part-4323.js').waitFor();
  await panel.send(delta(many, { ...many, lastSeq: many.lastSeq + 1, updatedAt: many.updatedAt + 40 }));
  await soon.ok(() => isInSight(page, 'part-4321.js'), 'the page went away from the match');

  await page.locator(id('search-text')).fill('part-43');
  await soon.match(() => count.innerText(), /^\d+ of \d{2,}$/);
  const [at = 0, all = 0] = (await count.innerText()).split(' of ').map(Number);
  await page.keyboard.press('Enter');
  await soon.equal(() => count.innerText(), `${at + 1} of ${all}`);
  await page.locator('.scroller').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('F3');
  await soon.equal(() => count.innerText(), `${at + 2} of ${all}`);
  await page.keyboard.press('Shift+F3');
  await page.locator(id('search-text')).press('Shift+Enter');
  await soon.equal(() => count.innerText(), `${at} of ${all}`);
  await page.locator(id('search-text')).fill('part-9');
  await page.locator(id('search-previous')).click();
  await page.locator(id('search-next')).click();
  await soon.equal(() => page.locator('[data-found]').count(), 1);
  await page.locator(id('search-close')).click();
  await soon.equal(() => page.locator('[data-found]').count(), 0);
  await panel.send(shown({ ...long(50), id: 'another' }));
  await page.getByText('part-48.js').waitFor();
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('the search goes round, opens what hides the words, marks them, and gives the focus back', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  const count = page.locator(id('search-count'));
  const marked = (name: string) =>
    page.evaluate(
      (mark) => [...(CSS.highlights.get(mark) ?? [])].map((range) => (range as Range).toString()),
      name,
    );
  await page.locator(id('steer-input')).focus();
  // By a script: the focus stays where it is, as with a key of the editor.
  await page.locator(id('search-button')).evaluate((button: HTMLElement) => button.click());
  await page.locator(`${id('search-text')}:focus`).waitFor();
  await page.keyboard.type('SLUG');
  await soon.match(() => count.innerText(), /^\d+ of [2-9]/);
  const [first = 0, all = 0] = (await count.innerText()).split(' of ').map(Number);
  for (let turn = 0; turn < all; turn += 1) {
    const at = ((first - 1 + turn) % all) + 1;
    await soon.equal(() => count.innerText(), `${at} of ${all}`);
    await soon.ok(async () => (await marked('found-now')).length > 0, `match ${at} is not to be seen`);
    await page.keyboard.press('Enter');
  }
  await soon.equal(() => count.innerText(), `${first} of ${all}`);
  await page.keyboard.press('Escape');
  await soon.equal(() => page.locator(id('search')).count(), 0);
  await soon.equal(() => page.locator(`${id('steer-input')}:focus`).count(), 1);
  await soon.deepEqual(() => marked('found'), []);
  await soon.equal(() => page.locator('.tool[open]').count(), 0);
  await panel.close();
});
