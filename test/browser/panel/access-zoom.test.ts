/** Zoomed to 300 %, in colours that the system gives, and with whatever opens on top: nothing is lost and nothing is in the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { ready } from '../../support/panel-states/contexts.ts';
import * as ended from '../../support/panel-states/ended.ts';
import * as runs from '../../support/panel-states/runs.ts';
import { STATES } from '../../support/panel-states/states.ts';
import { journalOf, wholeOf } from '../../support/panel-states/timelines.ts';
import { soon } from '../../support/soon.ts';
import { THEMES, type PanelPage } from './harness.ts';
import { liveRegions, overflowing, unfold } from './looks.ts';
import { awaited, id, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

/** What is left of a window of 1440 by 900 for the panel where the editor is zoomed to 300 %: in a side bar, and as narrow as it goes. */
const ZOOMED = [
  { width: 300, height: 230 },
  { width: 250, height: 200 },
  { width: 900, height: 230 },
] as const;

/** Controls that do not come into sight when they get the focus, or that something covers. */
const outOfReach = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      'button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), summary, a[href]',
    );
    const isBehind = (part: HTMLElement): boolean => {
      part.focus();
      const { left, top, right, bottom } = part.getBoundingClientRect();
      const [x, y] = [
        (Math.max(0, left) + Math.min(innerWidth, right)) / 2,
        (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2,
      ];
      const there = document.elementFromPoint(x, y);
      const label = part.closest('label');
      return !(part.contains(there) || there?.contains(part) === true || label?.contains(there) === true);
    };
    return [...controls]
      .filter((part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter(isBehind)
      .map((part) => part.outerHTML.slice(0, 120));
  });

/** Texts that are cut off by a part that does not scroll, or that would have to be scrolled both ways. */
const lost = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('.run') ?? document.querySelector('.start');
    const boxes = [
      ...document.querySelectorAll<HTMLElement>('.run, .start, .scroller, .side, .dock, .needs'),
    ];
    const scrolls = (part: HTMLElement): boolean => /auto|scroll/u.test(getComputedStyle(part).overflowY);
    const cut = boxes.filter((part) => part.scrollHeight > part.clientHeight + 1 && !scrolls(part));
    const hidden = cut.filter((part) => getComputedStyle(part).overflowY !== 'visible');
    const reading = Math.max(...boxes.filter(scrolls).map(({ clientHeight }) => clientHeight));
    return [
      ...hidden.map(
        (part) => `${part.className} cuts off ${String(part.scrollHeight - part.clientHeight)} pixels`,
      ),
      ...(root !== null && reading < innerHeight / 2
        ? [`only ${String(reading)} pixels are left to read in`]
        : []),
    ];
  });

for (const size of ZOOMED)
  test(`zoomed to 300 %, ${String(size.width)} by ${String(size.height)}: all can be read and reached`, async () => {
    const problems: string[] = [];
    const panel = await open(size);
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      await unfold(panel.page);
      const told = async (): Promise<readonly string[]> => [
        ...(await lost(panel.page)),
        ...(await overflowing(panel.page)),
        ...(await outOfReach(panel.page)),
      ];
      let found = await told();
      // Sizes and drawings that come in parts settle a moment later.
      for (let tries = 0; found.length > 0 && tries < 20; tries++) {
        await panel.page.waitForTimeout(50);
        found = await told();
      }
      problems.push(...found.map((each) => `${name}: ${each}`));
    }
    assert.deepEqual(problems, []);
    await panel.close();
  });

test('zoomed, what comes last stays in sight as it grows, until the person looks elsewhere', async () => {
  const panel = await openRun(runs.working, { width: 300, height: 230 });
  const { page } = panel;
  const atEnd = (): Promise<boolean> =>
    page.evaluate(() => {
      const run = document.querySelector('.run');
      return (
        run !== null &&
        run.scrollHeight > run.clientHeight &&
        run.scrollTop + run.clientHeight > run.scrollHeight - 30
      );
    });
  await soon.ok(atEnd, 'it begins at the end');
  const [first] = runs.working.feed;
  assert.ok(first);
  const more = { kind: 'note' as const, level: 'info' as const, text: 'One more.\n'.repeat(9), at: first.at };
  await panel.send(
    shown({ ...runs.working, lastSeq: 500, feed: [...runs.working.feed, { ...more, id: 499 }] }),
  );
  await soon.ok(atEnd, 'and stays there');
  await page.mouse.move(150, 100);
  await page.mouse.wheel(0, -600);
  await soon.equal(atEnd, false);
  await panel.send(
    shown({
      ...runs.working,
      lastSeq: 510,
      feed: [...runs.working.feed, { ...more, id: 499 }, { ...more, id: 509 }],
    }),
  );
  await page.waitForTimeout(200);
  assert.equal(await atEnd(), false, 'who reads is left alone');
  await panel.close();
});

/** Parts that say something by a colour of their own and cannot be told from what is behind them. */
const invisible = (page: Page, parts: string): Promise<readonly string[]> =>
  page.evaluate((selector) => {
    const seen = (part: Element): boolean => {
      const { borderTopStyle, borderTopWidth, backgroundColor, textDecorationLine, outlineStyle } =
        getComputedStyle(part);
      const hasBorder = borderTopStyle !== 'none' && parseFloat(borderTopWidth) > 0;
      const behind = getComputedStyle(document.body).backgroundColor;
      const filled = backgroundColor !== behind && !/, 0\)$/u.test(backgroundColor);
      return hasBorder || filled || textDecorationLine === 'underline' || outlineStyle !== 'none';
    };
    return [...document.querySelectorAll(selector)]
      .filter((part) => !seen(part))
      .map((part) => part.outerHTML.slice(0, 100));
  }, parts);

test('where the system gives the colours, buttons, links, dots, progress and what is chosen still show', async () => {
  for (const theme of ['high-contrast', 'high-contrast-light', 'light'] as const) {
    const panel = await open({ theme });
    await panel.page.emulateMedia({ forcedColors: 'active' });
    const problems: string[] = [];
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      const found = await invisible(panel.page, '.button, .dot, .progress-task, .need, .card, .composer');
      problems.push(...found.map((part) => `${name}: ${part}`));
      const told = await panel.page.evaluate(() => {
        const looks = [...document.querySelectorAll('.segment')].map((part) => ({
          chosen: part.querySelector(':checked') !== null,
          look: getComputedStyle(part).backgroundColor,
        }));
        const [chosen, others] = [looks.filter((each) => each.chosen), looks.filter((each) => !each.chosen)];
        return chosen.some(({ look }) => others.some((each) => each.look === look));
      });
      if (told) problems.push(`${name}: what is chosen looks like what is not`);
    }
    assert.deepEqual(problems, []);
    await panel.close();
  }
});

/** What axe holds against the page, serious things only. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id: rule, nodes }) => nodes.map(({ html }) => `${rule}: ${html.slice(0, 160)}`));
}

/** Ways to what opens on top of a state. */
const OPENED: Readonly<Record<string, (panel: PanelPage) => Promise<void>>> = {
  'the list of mentions': async (panel) => {
    await panel.send({ type: 'context', context: ready }, shown(null));
    await panel.page.locator(id('goal-input')).click();
    await panel.page.keyboard.type('Look at #sl');
    const { token } = await awaited(panel, 'mention.find');
    const found = ['src/slugify.js', 'test/slugify.test.js'].map((path) => ({ kind: 'file' as const, path }));
    await panel.send({ type: 'mention.found', token, found });
    await panel.page.locator(id('offer-list')).waitFor();
  },
  'the roles that a message may go to': async (panel) => {
    await panel.send(shown(runs.working));
    await panel.page.locator(id('steer-input')).click();
    await panel.page.keyboard.type('@');
    await panel.page.locator(id('offer-list')).waitFor();
  },
  'the search': async (panel) => {
    await panel.send(shown(runs.working));
    await panel.page.locator(id('search-button')).click();
    await panel.page.locator(id('search-text')).fill('slug');
  },
  'a plan being changed': async (panel) => {
    await panel.send(shown(runs.planOpen));
    await panel.page.locator(id('plan-edit')).click();
    await panel.page.locator(id('plan-editor')).waitFor();
  },
  'the plan as a graph': async (panel) => {
    await panel.send(shown(runs.working));
    await unfold(panel.page);
    await panel.page.locator(id('plan-as-graph')).click();
  },
  'a reason for what is not allowed': async (panel) => {
    await panel.send(shown(runs.asked));
    await panel.page
      .locator(`${id('need')}[data-kind="permission"] .button-link`)
      .first()
      .click();
  },
  'a run that goes on as another goal': async (panel) => {
    await panel.send(shown(ended.finished));
    await panel.page.locator(id('follow-input')).fill('Now also the docs');
  },
};

for (const theme of THEMES)
  test(`in ${theme} nothing that opens is in anybody's way`, async () => {
    const problems: string[] = [];
    for (const [name, way] of Object.entries(OPENED)) {
      const panel = await open({ theme, height: 900 });
      await way(panel);
      assert.deepEqual(await liveRegions(panel.page), ['the one'], name);
      problems.push(...(await barriers(panel.page)).map((each) => `${name}: ${each}`), ...panel.complaints);
      await panel.close();
    }
    const lines = journalOf(6);
    const view = await open(
      { theme, name: 'run-view', width: 480, height: 300 },
      wholeOf(lines, lines.length),
    );
    await view.page.locator(id('chart')).waitFor();
    problems.push(...(await barriers(view.page)).map((each) => `the run view, zoomed: ${each}`));
    await view.close();
    assert.deepEqual(problems, []);
  });
