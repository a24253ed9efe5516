/** The diff of all files that "Review" opens, with the editor's own settings: by keys and by the palette, to a change that is applied in part. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answer, command, offers, part, until } from '../support/drive.mjs';
import { reach } from '../support/main-job.mjs';
import { soon } from '../support/soon.ts';
import { openScripted, startGoal, type Scripted } from './scripted.ts';
import { shouting, STORY } from './shouting.ts';

const PROJECT = join(import.meta.dirname, '../fixtures/small/project');
const SCRIPT = shouting({
  said: 'The words are to be seen from afar.',
  softer: { path: 'story.txt', old_text: 'NINE', new_text: 'nine!' },
});

/** The line that the change is about, as the person changes it meanwhile. */
const MINE = readFileSync(join(PROJECT, 'greet.js'), 'utf8').replace(/.*\$\{name\}.*/u, '$& // mine');

let editor: Scripted;

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    files: { 'story.txt': STORY },
    settings: { 'quartet.approve.plan': false },
    size: { width: 1500, height: 1400 },
  });
  await startGoal(editor.page, 'Greet everybody');
  await (await part(editor.page, 'accept-all', 180_000)).first().waitFor();
});
after(async () => {
  await editor.close();
});

const row = (label: string) => editor.page.locator(`.monaco-list-row[aria-label*="${label}"]`).first();
const fileRow = (name: string, decision: string) =>
  row(name).and(editor.page.locator(`[aria-label*="${decision}"]`));
const message = (text: string) => editor.page.locator('.pane-body', { hasText: text }).first();
const press = async (key: string) => {
  await editor.page.keyboard.press('Control+k');
  await editor.page.keyboard.press(key);
};

test('it opens without the Comments panel', async () => {
  await command(editor.page, 'Quartet: Review Changes');
  const texts = editor.page.locator('.multiDiffEditor .editor.modified');
  await texts.locator('.view-line', { hasText: 'TWO' }).first().waitFor({ timeout: 30_000 });
  await editor.page.locator('.review-widget:visible').first().waitFor({ timeout: 15_000 });
  await editor.picture('all-files');
  assert.equal(await editor.page.locator('.part.panel .comments-panel').isVisible(), false);
});

test('the key accepts the change at the cursor, goes to the next, and accepts that', async () => {
  await row('story.txt').locator('.monaco-tl-twistie').click();
  await editor.page
    .locator('.multiDiffEditor .editor.modified .view-line', { hasText: 'TWO' })
    .first()
    .click();
  await press('y');
  await row('Change 1, line 2, accepted').waitFor({ timeout: 15_000 });
  await press('y');
  await row('Change 2, line 5, accepted').waitFor({ timeout: 15_000 });
});

test('the keys tell why the next is there, and reject it', async () => {
  await press('h');
  const told = editor.page.locator('.review-widget:visible .comment-body', { hasText: 'Task greet:' });
  await soon.match(() => told.first().innerText({ timeout: 1000 }), /to be seen from afar/);
  await editor.picture('all-files-why');
  await press('n');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await answer(editor.page, 'nine is enough');
  await row('Change 3, line 9, rejected').waitFor({ timeout: 15_000 });
});

test('the palette offers what the keys do, for the change at the cursor; who backs out has decided nothing', async () => {
  await until('it is offered', () => offers(editor.page, 'Quartet: Reject Change…'));
  await command(editor.page, 'Quartet: Reject Change…');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await editor.page.keyboard.press('Escape');
  await row('Change 4, line 12, undecided').waitFor({ timeout: 15_000 });
  await message('3 of 5 changes decided.').waitFor({ timeout: 10_000 });
});

test('to accept all is asked about where something was rejected', async () => {
  await command(editor.page, 'Quartet: Accept All');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await soon.match(() => dialog.innerText(), /also what you rejected\?\s+They are in: story\.txt/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden', timeout: 10_000 });
  await message('3 of 5 changes decided.').waitFor({ timeout: 10_000 });
});

/** A button in the title of the editor that is active. */
const inTitle = (action: string) =>
  editor.page.locator(`.editor-actions .action-label[aria-label^="${action}"]`).first();

test('the buttons in the title decide on the file with the cursor', async () => {
  await editor.page
    .locator('.multiDiffEditor .editor.modified .view-line', { hasText: 'everybody' })
    .first()
    .click();
  await inTitle('Reject File').click({ timeout: 10_000 });
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await answer(editor.page, 'not yet');
  await fileRow('greet.js', 'rejected').waitFor({ timeout: 15_000 });
  await editor.picture('all-files-title');
  await inTitle('Accept File').click({ timeout: 10_000 });
  await fileRow('greet.js', 'accepted').waitFor({ timeout: 15_000 });
  await message('4 of 5 changes decided.').waitFor({ timeout: 10_000 });
});

test('applied, what nobody decided on is left out unless the person says otherwise', async () => {
  await writeFile(join(editor.folder, 'greet.js'), MINE);
  await command(editor.page, 'Quartet: Apply Reviewed Changes');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await soon.match(() => dialog.innerText({ timeout: 1000 }), /1 of 5 changes are not decided yet/);
  await editor.picture('all-files-undecided');
  await editor.page.keyboard.press('Enter');
  // A change was rejected with a reason, which the team could act on.
  await soon.match(() => dialog.innerText({ timeout: 1000 }), /or send back first what you want changed\?/);
  await dialog.getByRole('button', { name: 'Apply What Is Accepted' }).click({ timeout: 10_000 });
});

test('where the workspace changed meanwhile, it is asked once more before the rest is applied', async () => {
  const apply = async () => (await part(editor.page, 'conflict-apply', 120_000)).first().click();
  const dialog = editor.page.locator('.monaco-dialog-box');
  await apply();
  await soon.match(() => dialog.innerText({ timeout: 1000 }), /Apply the Rest/);
  await soon.match(() => dialog.innerText({ timeout: 1000 }), /greet\.js/);
  await editor.picture('all-files-rest');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden', timeout: 10_000 });
  assert.equal(await editor.onDisk('story.txt'), STORY, 'nothing is written before');
  await apply();
  await dialog.getByRole('button', { name: 'Apply the Rest' }).click({ timeout: 10_000 });
  // Part of the goal is open.
  await reach(editor.page, ['failed'], 120_000);
  const told = (await part(editor.page, 'run-status')).first().locator('xpath=ancestor::body');
  await soon.match(() => told.innerText({ timeout: 1000 }), /Applied without greet\.js/);
  const wanted = STORY.replace('two', 'TWO').replace('five', 'FIVE');
  await soon.equal(() => editor.onDisk('story.txt'), wanted);
  assert.equal(await editor.onDisk('greet.js'), MINE);
});
