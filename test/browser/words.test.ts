/** The editor's own surfaces in a pseudo-locale: what the host says in lists, trees, menus, threads, dialogs, status bar and messages is translated or data. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, openContainer, pick, until } from '../support/drive.mjs';
import { pseudo } from '../support/l10n/tables.mjs';
import { english, openPseudo, unmarked } from './pseudo.ts';

const root = join(import.meta.dirname, '..', '..');

let editor: Awaited<ReturnType<typeof openPseudo>>;

before(async () => {
  // A limit that is a text: what is said of it has to be translated, too.
  editor = await openPseudo({
    settings: { 'quartet.retention.days': 'ten', 'quartet.approve.commands': false },
  });
});
after(() => editor.close());

const run = (name: string): Promise<void> => editor.run(name);

/** Rows of the palette, which VS Code takes out late: the English titles of commands stand below those in another language. */
const PALETTE = /^(?:Quartet: .*|(?:similar|other|recently used) commands)$/u;
const LIST = '.quick-input-widget:not([style*="display: none"])';

/** What the open list or input of the editor shows. */
async function listed(): Promise<readonly string[]> {
  const { page } = editor;
  const input = page.locator(`${LIST} .quick-input-box input`).first();
  await until('the palette made way', async () => !(await input.inputValue()).startsWith('>'));
  const shown = page
    .locator(`${LIST} .monaco-list-row, ${LIST} .quick-input-message`)
    .filter({ visible: true });
  await shown.first().waitFor();
  await page.waitForTimeout(500);
  const parts = ['.quick-input-title', '.quick-input-message', '.label-description'];
  const texts = await page
    .locator(
      [...parts, '.label-name', '.quick-input-list-label-meta', '.quick-input-list-separator']
        .map((part) => `${LIST} ${part}`)
        .join(', '),
    )
    .allInnerTexts();
  const placeholder = await input.getAttribute('placeholder');
  return [...texts, placeholder ?? '']
    .map((text) => text.trim())
    .filter((text) => text !== '' && !PALETTE.test(text));
}

for (const name of ['configureModels', 'chooseModel', 'newRole', 'setAutonomy'].filter(
  (each) => `quartet.${each}.title` in english,
))
  test(`pseudo-locale: ${name} asks in the person's language`, async () => {
    await run(name);
    const texts = await listed();
    assert.ok(
      texts.some((text) => text.includes('⟦')),
      texts.join('\n'),
    );
    assert.deepEqual(unmarked(texts), []);
    await editor.page.keyboard.press('Escape');
  });

test('pseudo-locale: so do the views, their welcome and the status bar', async () => {
  const { page } = editor;
  await openContainer(page, 'Quartet');
  const view = page.locator('.part.sidebar');
  await until('the views have their names', async () => (await view.innerText()).includes('⟦'));
  const texts = await view
    .locator('.pane-header .title, .welcome-view-content, .monaco-list-row .label-name')
    .allInnerTexts();
  const status = page.locator('.part.statusbar [id^="quartet"]');
  const said = await status.evaluateAll((items) =>
    items.map((item) => item.getAttribute('aria-label') ?? ''),
  );
  assert.ok(said.length > 0);
  assert.deepEqual(unmarked([...texts, ...said.flatMap((text) => text.split('\n'))]), []);
});

test('pseudo-locale: a run that waits is told of in the person’s language, in the status bar and in lists', async () => {
  const { page } = editor;
  await run('runDemo');
  const status = page.locator('.part.statusbar [id^="quartet"]').first();
  const label = async (): Promise<string> => (await status.getAttribute('aria-label')) ?? '';
  await until('the plan waits', async () => (await label()).includes(pseudo('Approve the plan')), 60_000);
  await run('setRun');
  assert.deepEqual(unmarked(await listed()), []);
  await page.keyboard.press('Escape');
});

test('pseudo-locale: a tree says of a run how it stands', async () => {
  const { page } = editor;
  await openContainer(page, 'Quartet');
  const header = page.locator('.part.sidebar .pane-header', { hasText: pseudo('Runs') });
  if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
  const told = page.locator('.part.sidebar .monaco-list-row .label-description');
  await told.first().waitFor();
  const texts = await told.allInnerTexts();
  assert.ok(
    texts.some((text) => text.includes('⟦')),
    texts.join('\n'),
  );
  // When it began stands last, as the clock says it.
  assert.deepEqual(unmarked(texts.map((text) => text.replace(/ · \d[^·]*$/u, ''))), []);
});

test('pseudo-locale: the walkthrough', async () => {
  const { page } = editor;
  await command(page, 'Welcome: Open Walkthrough...');
  await pick(page, 'Quartet');
  const steps = page.locator('.getting-started-step');
  await until('all steps are there', async () => (await steps.count()) === 4);
  const texts = await steps.locator('.step-title, .step-description').allInnerTexts();
  assert.ok(texts.join('').includes('⟦'), texts.join('\n'));
  assert.deepEqual(unmarked(texts.flatMap((text) => text.split('\n'))), []);
  await command(page, 'View: Close All Editors');
});

test('pseudo-locale: the entry of the Test Explorer’s menu', async () => {
  const { page } = editor;
  await openContainer(page, 'Testing');
  await page
    .locator('.part.sidebar')
    .getByLabel(/More Actions/u)
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Quartet', exact: true }).hover();
  const entries = page.getByRole('menuitem', { name: '⟦' });
  await until('its entries are there', async () => (await entries.count()) === 7);
  assert.deepEqual(unmarked(await entries.allInnerTexts()), []);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
});

test('pseudo-locale: a review, by its threads and by the question before all is rejected', async () => {
  const { page } = editor;
  await run('approvePlan');
  const status = page.locator('.part.statusbar [id^="quartet"]').first();
  const offered = pseudo('Review {0} changed files').split('{0}')[0] ?? '';
  const label = async (): Promise<string> => (await status.getAttribute('aria-label')) ?? '';
  await until('the change waits', async () => (await label()).includes(offered), 120_000);
  await run('reviewChanges');
  const titles = page.locator('.review-widget:visible .review-title .filename');
  await titles.first().waitFor({ timeout: 30_000 });
  // What a reviewer remarks is called as the team called its task.
  const said = readFileSync(join(root, 'test', 'fixtures', 'demo', 'script.json'), 'utf8');
  assert.deepEqual(unmarked((await titles.allInnerTexts()).filter((text) => !said.includes(text))), []);
  await run('rejectAll');
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  const texts = await dialog.locator('.dialog-message-text, .dialog-message-detail').allInnerTexts();
  assert.ok(texts.join('').includes('⟦'), texts.join('\n'));
  assert.deepEqual(unmarked(texts), []);
  await page.keyboard.press('Escape');
});

test('pseudo-locale: what is wrong with a setting is said in the person’s language', async () => {
  const { page } = editor;
  await run('cleanUp');
  const message = page.locator('.notification-list-item-message', { hasText: 'quartet.retention' }).first();
  await message.waitFor({ timeout: 20_000 });
  assert.deepEqual(unmarked([await message.innerText()]), []);
});
