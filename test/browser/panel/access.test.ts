/** Everybody can use it: by keyboard alone, by ear, in every theme, at every width. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import * as ended from '../../support/panel-states/ended.ts';
import * as runs from '../../support/panel-states/runs.ts';
import { STATES } from '../../support/panel-states/states.ts';
import { soon } from '../../support/soon.ts';
import { THEMES, type PanelPage } from './harness.ts';
import { faint, liveRegions, overflowing, unfold } from './looks.ts';
import { id, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

const pictures = join(import.meta.dirname, '..', '..', '..', '.vscode-test', 'panel');

/** What axe holds against the page, serious things only. */
async function barriers(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate<axe.AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id: rule, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${rule}: ${html.slice(0, 160)} ${failureSummary?.slice(0, 200) ?? ''}`,
      ),
    );
}

for (const theme of THEMES) {
  test(`every state in ${theme}: drawn, no barriers, nothing refused`, async () => {
    mkdirSync(pictures, { recursive: true });
    const problems: string[] = [];
    const panel = await open({ theme, height: 900 });
    await panel.page.evaluate(axe.source);
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      await panel.page.waitForTimeout(60);
      await panel.page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
      await unfold(panel.page);
      problems.push(...(await barriers(panel.page)).map((barrier) => `${name}: ${barrier}`));
      problems.push(...(await faint(panel.page, '#root')).map((text) => `${name}: ${text}`));
    }
    assert.deepEqual([...problems, ...panel.complaints], []);
    await panel.close();
  });
}

/** Two columns: the plan and the proof beside the talk. */
const WIDE = { width: 1000, height: 900 };

for (const theme of ['light', 'dark', 'high-contrast'] as const)
  test(`every state in two columns in ${theme}: no barriers`, async () => {
    const problems: string[] = [];
    const panel = await open({ theme, ...WIDE });
    await panel.page.evaluate(axe.source);
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      await unfold(panel.page);
      problems.push(...(await barriers(panel.page)).map((barrier) => `${name}: ${barrier}`));
      problems.push(...(await faint(panel.page, '#root')).map((text) => `${name}: ${text}`));
    }
    assert.deepEqual([...problems, ...panel.complaints], []);
    await panel.close();
  });

test('in every state one region alone says what happens', async () => {
  for (const size of [{}, WIDE]) {
    const panel = await open(size);
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      await unfold(panel.page);
      assert.deepEqual(await liveRegions(panel.page), ['the one'], name);
    }
    await panel.close();
  }
});

const WIDTHS = [250, 300, 420, 759, 760, 1100, 1600];

test('from 250 to 1600 pixels nothing sticks out', async () => {
  const problems: string[] = [];
  const panel = await open({ height: 700 });
  for (const [name, updates] of Object.entries(STATES)) {
    await panel.send(shown(null), ...updates);
    for (const width of WIDTHS) {
      await panel.page.setViewportSize({ width, height: 700 });
      let over = await overflowing(panel.page);
      // The page learns of its new width a moment later.
      for (let tries = 0; over.length > 0 && tries < 20; tries += 1) {
        await panel.page.waitForTimeout(25);
        over = await overflowing(panel.page);
      }
      problems.push(...over.map((part) => `${width} ${name}: ${part}`));
      if (width === 250 || width === 1100)
        await panel.page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
    }
  }
  assert.deepEqual(problems, []);
  await panel.close();
});

test('what went wrong has the width of a narrow side bar to itself, and stands in one line where there is room', async () => {
  const panel = await open({ width: 250 }, ...(STATES['error'] ?? []));
  const { page } = panel;
  const places = async () => ({
    text: await page.locator('.error-text').boundingBox(),
    link: await page.locator('.error-bar .button-link').boundingBox(),
  });
  const narrow = await places();
  assert.ok(narrow.text && narrow.link);
  assert.ok(narrow.text.width > 160, `The text has ${String(narrow.text.width)} pixels.`);
  assert.ok(narrow.link.y >= narrow.text.y + narrow.text.height);
  await page.setViewportSize({ width: 900, height: 700 });
  await soon.ok(async () => {
    const { text, link } = await places();
    return text && link && link.y < text.y + text.height && link.height < 24;
  });
  await panel.close();
});

/** Presses Tab until the focus is on `name`. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const there = await page.evaluate(
      (part) =>
        document.activeElement?.matches(`[data-testid="${part}"], [data-testid="${part}"] *`) === true,
      name,
    );
    if (there) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${name} is not reached by ${key}`);
}

test('the main job by keyboard alone', async () => {
  const panel = await open({}, ...(STATES['start'] ?? []));
  const { page } = panel;
  await tabTo(page, 'goal-input');
  await page.keyboard.type('Fix the total');
  await tabTo(page, 'mode-team');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await tabTo(page, 'run-button');
  await page.keyboard.press('Enter');
  await soon.deepEqual(async () => (await panel.posted()).at(-1), {
    type: 'run.start',
    goal: 'Fix the total',
    mode: 'team',
    demo: false,
  });

  await panel.send(shown(runs.planOpen));
  await tabTo(page, 'plan-task');
  await page.keyboard.press('Enter');
  await soon.equal(() => page.locator(`${id('plan-task')} details[open]`).count(), 1);
  await tabTo(page, 'plan-edit');
  await page.keyboard.press('Enter');
  await page.locator(id('plan-editor')).waitFor();
  await tabTo(page, 'task-down', 'Shift+Tab');
  await tabTo(page, 'plan-save');
  await page.keyboard.press('Enter');
  await soon.partialDeepStrictEqual(async () => (await panel.posted()).at(-1), {
    type: 'answer',
    value: { decision: 'approve' },
  });

  await panel.send(shown({ ...runs.asked, lastSeq: 500 }));
  await tabTo(page, 'allow-button');
  await page.keyboard.press('Space');
  await soon.partialDeepStrictEqual(async () => (await panel.posted()).at(-1), {
    type: 'answer',
    value: { allow: true },
  });

  await panel.send(shown({ ...ended.review, lastSeq: 600 }));
  await tabTo(page, 'review-open');
  await page.keyboard.press('Enter');
  await tabTo(page, 'accept-all');
  await page.keyboard.press('Enter');
  await soon.deepEqual(
    async () => (await panel.posted()).slice(-2).map(({ type }) => type),
    ['review.open', 'review.acceptAll'],
  );

  await panel.send(shown({ ...ended.finished, lastSeq: 700 }));
  await tabTo(page, 'new-goal');
  await page.keyboard.press('Enter');
  await soon.equal(async () => (await panel.posted()).at(-1)?.type, 'run.close');
  await tabTo(page, 'goal-input');
  await panel.close();
});

test('Tab leads first to the help, which is to be seen then and stands on top of the rest', async () => {
  for (const state of ['start', 'working'] as const) {
    const panel = await open({ width: 250 }, ...(STATES[state] ?? []));
    const { page } = panel;
    const button = page.locator(id('access-help'));
    const isSeen = () =>
      button.evaluate((part) => {
        const { left, top, width, height } = part.getBoundingClientRect();
        return part.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      });
    assert.equal(await isSeen(), false);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await tabTo(page, 'access-help', 'Shift+Tab');
    assert.equal(await isSeen(), true);
    assert.equal(
      await page.evaluate(
        () =>
          document.querySelector('button, summary, select, textarea, input, a[href], [tabindex="0"]') ===
          document.activeElement,
      ),
      true,
      'it is the first of all',
    );
    await panel.forget();
    await page.keyboard.press('Enter');
    await soon.deepEqual(() => panel.posted(), [{ type: 'help.show' }]);
    await panel.close();
  }
});

test('the focus is never lost: it moves on when its card or page goes', async () => {
  const panel = await openRun(runs.asked);
  const { page } = panel;
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const part = document.activeElement;
      return part?.getAttribute('data-testid') ?? part?.className ?? '';
    });
  await soon.equal(() => focused(), 'run-goal');
  await page.locator(id('allow-button')).focus();
  await page.keyboard.press('Enter');
  await panel.send(shown({ ...runs.asked, lastSeq: 500, needs: runs.asked.needs.slice(1) }));
  await soon.equal(() => focused(), 'needs-you');
  await page.locator(id('question-input')).focus();
  await panel.send(shown({ ...runs.asked, lastSeq: 510, needs: [] }));
  await soon.equal(() => focused(), 'steer-input');
  await panel.close();
});

test('what goes, or is disabled, by being pressed leaves the focus to what is around it', async () => {
  const focused = ({ page }: PanelPage): Promise<string> =>
    page.evaluate(() => {
      const part = document.activeElement;
      return part?.getAttribute('data-testid') ?? part?.className ?? '';
    });
  const cases = [
    { view: runs.asked, presses: ['reason-button'], wanted: 'reason-input' },
    { view: runs.planOpen, presses: ['plan-reject'], wanted: 'plan-reject-reason' },
    { view: runs.planOpen, presses: ['plan-reject', 'plan-reject-cancel'], wanted: 'need' },
    { view: runs.working, presses: ['stop-button'], wanted: 'run-head-top' },
  ];
  for (const { view, presses, wanted } of cases) {
    const panel = await openRun(view);
    for (const name of presses) await panel.page.locator(id(name)).first().press('Enter');
    await soon.equal(() => focused(panel), wanted, presses.join());
    await panel.page.keyboard.press('Tab');
    await soon.notEqual(() => focused(panel), wanted, 'Tab goes on from there');
    await panel.close();
  }
});

for (const [opener, closer, view] of [
  ['plan-edit', 'plan-discard', runs.planOpen],
  ['plan-edit-live', 'plan-change-cancel', runs.working],
] as const)
  test(`after ${opener} the focus is in the form, also where the plan was folded, and back once it is closed`, async () => {
    const panel = await openRun(view);
    const { page } = panel;
    const focused = (name: string): Promise<number> => page.locator(`${id(name)}:focus`).count();
    await page.locator(id(opener)).focus();
    await page
      .locator(id('plan'))
      .evaluate((fold: HTMLDetailsElement) => (fold.open = opener !== 'plan-edit'));
    await page.keyboard.press('Enter');
    await soon.equal(() => focused('task-title'), 1);
    await page.keyboard.type('!');
    await soon.match(() => page.locator(id('task-title')).first().inputValue(), /!/u);
    await page.locator(id(closer)).focus();
    await page.keyboard.press('Enter');
    await soon.equal(() => focused(opener), 1);
    await panel.close();
  });

test('the focus shows on everything that takes it', async () => {
  const panel = await openRun(runs.asked, { theme: 'light' });
  const bare = await panel.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, summary, select, textarea, input')]
      .filter((part) => {
        part.focus();
        const { outlineStyle, borderColor } = getComputedStyle(part);
        const frame = part.closest('.composer');
        const framed = frame !== null && getComputedStyle(frame).borderColor !== 'rgba(0, 0, 0, 0)';
        return part.matches(':focus-visible') && outlineStyle === 'none' && !framed && borderColor === '';
      })
      .map((part) => part.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(bare, []);
  await panel.close();
});

test('nothing moves for those who want less motion', async () => {
  for (const reduceMotion of [true, false]) {
    const panel = await openRun(runs.working, { reduceMotion });
    const moving = await panel.page.evaluate(() => document.getAnimations().length);
    assert.equal(moving > 0, !reduceMotion);
    await panel.close();
  }
});

test('every text can be translated: a pseudo-language leaves no English behind', async () => {
  const seen = new Set<string>();
  const ours = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /[A-Za-z]{3}/.test(line));
  const english = await open({}, ...(STATES['noModel'] ?? []));
  for (const line of ours(await english.page.locator('#root').innerText())) seen.add(line);
  await english.close();
  const texts = Object.fromEntries([...seen].map((line) => [line, `⟦${line}⟧`]));
  const pseudo = await open({ texts }, ...(STATES['noModel'] ?? []));
  const left = ours(await pseudo.page.locator('#root').innerText()).filter((line) => !line.startsWith('⟦'));
  assert.deepEqual(left, []);
  await pseudo.close();
});
