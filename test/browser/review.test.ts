/** The review by mouse and keyboard: accept one file, reject one, edit a third by hand, reload, apply. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answer, command, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { reach } from '../support/main-job.mjs';
import { git } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
  await command(editor.page, 'Quartet: Run Demo');
  await (await part(editor.page, 'plan-approve', 60_000)).first().click();
  await (await part(editor.page, 'accept-all', 180_000)).first().waitFor();
});
after(async () => {
  await editor.close();
});

const row = (name: string, decision?: string) =>
  editor.page
    .locator(`.monaco-list-row[aria-label*="${name}"]`)
    .and(editor.page.locator(decision === undefined ? '*' : `[aria-label*="${decision}"]`))
    .first();

async function press(name: string, action: string) {
  await row(name).hover();
  await row(name).locator(`.action-label[aria-label^="${action}"]`).click();
}

test('a file is accepted with its icon in the Changes view', async () => {
  await press('src/money.js', 'Accept File');
  await row('src/money.js', 'accepted').waitFor({ timeout: 10_000 });
});

test('a link of the summary leads to the change, not to the first line of the file', async () => {
  const link = (await part(editor.page, 'summary')).locator('a', { hasText: 'src/money.js' });
  await link.first().click();
  await editor.page.locator('.tab.active', { hasText: 'money.js (proposed)' }).waitFor({ timeout: 15_000 });
  const status = editor.page.locator('.part.statusbar');
  await soon.match(() => status.innerText(), /Ln (?!1,)\d+, Col 1\b/);
});

test('a file is rejected, and the reason may be left out', async () => {
  await press('README.md', 'Reject File');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await answer(editor.page, '');
  await row('README.md', 'rejected').waitFor({ timeout: 10_000 });
});

test('the right side of the native diff is edited by hand; the rest of the file is accepted beside it', async () => {
  await row('src/discounts.js').click();
  // Until it is there, the diff of the file before takes what is typed.
  await editor.page.locator('.tab.active', { hasText: 'discounts.js (proposed)' }).waitFor();
  const right = editor.page.locator('.monaco-diff-editor .editor.modified');
  await right.locator('.view-line', { hasText: 'applyDiscounts' }).first().click();
  await editor.page.keyboard.press('Control+End');
  await editor.page.keyboard.type('// reviewed by hand');
  await right.locator('.view-line', { hasText: 'reviewed' }).waitFor();
  await editor.page.keyboard.press('Control+s');
  await until('the row says so', async () =>
    /edited by you/.test((await row('src/discounts.js').innerText({ timeout: 1000 })).replace(/\s+/g, ' ')),
  );
  await editor.picture('review-by-hand');
  await press('src/discounts.js', 'Accept File');
  await row('src/discounts.js', 'accepted').waitFor({ timeout: 10_000 });
});

test('a remark of the reviewer stands at its line and can be read whole', async () => {
  const remark = editor.page
    .locator('.review-comment .comment-body', { hasText: 'The limit stands' })
    .first();
  await remark.waitFor({ timeout: 10_000 });
  await soon.match(() => remark.innerText(), /The limit stands exactly where the voucher is taken/);
  const cut = await remark.evaluate((body) => body.scrollWidth - body.clientWidth);
  assert.ok(cut <= 0, `${cut} pixels of it are out of sight`);
});

test('the diff carries the decision in its title', async () => {
  await row('test/money.test.js').click();
  await editor.page.locator('.tab.active', { hasText: 'money.test.js' }).waitFor({ timeout: 10_000 });
  // The buttons beside the tabs follow a moment later.
  await editor.page
    .locator('.breadcrumbs-control', { hasText: 'money.test.js' })
    .waitFor({ timeout: 10_000 });
  await until('the file is accepted by the button', async () => {
    await editor.page
      .locator('.editor-actions .action-label[aria-label^="Accept File"]')
      .first()
      .click({ timeout: 2000 });
    return row('test/money.test.js', 'accepted')
      .waitFor({ timeout: 1000 })
      .then(() => true);
  });
});

test('nothing of it is in the workspace yet', async () => {
  assert.equal(await git(editor.folder, 'status', '--porcelain'), '');
});

test('the review survives a reload', async () => {
  await reloadWindow(editor.page);
  await row('src/money.js', 'accepted').waitFor({ timeout: 60_000 });
  await row('README.md', 'rejected').waitFor({ timeout: 10_000 });
  await soon.match(
    async () => (await row('src/discounts.js').innerText()).replace(/\s+/g, ' '),
    /edited by you/,
  );
});

test('applied, the tree holds exactly what was decided', async () => {
  await row('src/money.js').hover();
  await editor.page.locator('.pane-header', { hasText: 'Changes' }).hover();
  await editor.page.locator('.action-label[aria-label^="Apply Reviewed Changes"]').first().click();
  await reach(editor.page, ['finished'], 120_000);
  const changed = (await git(editor.folder, 'status', '--porcelain'))
    .trim()
    .split('\n')
    .map((line) => line.trim());
  assert.deepEqual(changed.sort(), ['M src/discounts.js', 'M src/money.js', 'M test/money.test.js']);
  await soon.match(() => readFile(join(editor.folder, 'src/discounts.js'), 'utf8'), /\/\/ reviewed by hand$/);
});

test('the summary says what was left out of the change that it tells of', async () => {
  await soon.match(
    async () => (await part(editor.page, 'summary')).first().innerText(),
    /Left out in the review.*README\.md/,
  );
  await editor.picture('review-left-out');
});
