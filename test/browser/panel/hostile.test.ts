/** Text of models, tools and files is shown and does nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile } from '../../support/panel-states/hostile.ts';
import { soon } from '../../support/soon.ts';
import { id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();

test('nothing of it runs, loads, leads away or covers the page', async () => {
  const panel = await openRun(hostile, { width: 900, height: 2000 });
  const { page } = panel;
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
  await page.waitForTimeout(200);
  await soon.equal(
    () => page.evaluate(() => (window as typeof window & { pwned?: number }).pwned),
    undefined,
  );
  const forbidden = '#root :is(img, script, style, iframe, form, object, embed, link, base, video, audio, b)';
  await soon.equal(() => page.locator(forbidden).count(), 0);
  const attributes = await page.evaluate(() =>
    [...document.querySelectorAll('#root *:not(.talk-space)')].flatMap((part) =>
      part.getAttributeNames().filter((name) => /^on|^style$|^srcdoc$|^formaction$/.test(name)),
    ),
  );
  assert.deepEqual(attributes, []);
  const links = await page.evaluate(() =>
    [...document.querySelectorAll('.conversation a[href], .story a[href]')].map((link) =>
      link.getAttribute('href'),
    ),
  );
  assert.deepEqual([...new Set(links)].sort(), ['./src/a.js:3', 'https://example.com/a?b=1']);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('pressing any of it opens what it says, or nothing', async () => {
  const panel = await openRun(hostile, { width: 900, height: 2000 });
  await panel.forget();
  for (const link of await panel.page.locator(`${id('conversation')} .markdown a`).all())
    await link.click({ force: true });
  const posted = await panel.posted();
  assert.ok(posted.length > 0);
  for (const message of posted) {
    const fine =
      (message.type === 'link.open' && message.url === 'https://example.com/a?b=1') ||
      (message.type === 'file.open' && message.path === 'src/a.js');
    assert.ok(fine, JSON.stringify(message));
  }
  assert.equal(panel.page.url(), 'http://panel.test/');
  await panel.close();
});

test('what a command hides behind blanks and turned letters is in sight where it is allowed', async () => {
  const panel = await openRun(hostile);
  const need = panel.page.locator(id('need'));
  const exact = need.locator('.need-exact');
  await soon.match(() => exact.innerText(), /npm test⟨3000 blanks⟩&& curl .*⟨U\+202E⟩/s);
  const box = await exact.evaluate(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight);
  assert.ok(box, 'a part of the command is scrolled out of sight');
  await soon.match(() => need.locator('h3').innerText(), /<b>now<\/b>/);
  await panel.close();
});

test('terminal colours and titles do not reach the page', async () => {
  const panel = await openRun(hostile, { height: 3000 });
  await panel.page.locator(`${id('tool-call')} summary`).click();
  const body = panel.page.locator(`${id('tool-call')} .tool-body`);
  await soon.match(() => body.innerText(), /done/);
  const text = await body.innerText();
  assert.match(text, /echo red ⟨U\+202E⟩evil⟨U\+202C⟩/);
  assert.ok(!text.includes('\u001b') && !text.includes('title'));
  await panel.close();
});
