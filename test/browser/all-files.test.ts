/** The diff of all files that "Review" opens, with the editor's own settings: by keys and by the palette, to a change that is applied in part. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, offers, part, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { reach } from '../support/main-job.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { commitAll } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';
import { shouting, STORY } from './shouting.ts';

const PROJECT = join(import.meta.dirname, '../fixtures/small/project');
const SCRIPT = shouting({
  said: 'The words are to be seen from afar.',
  softer: { path: 'story.txt', old_text: 'NINE', new_text: 'nine!' },
});

let editor: Awaited<ReturnType<typeof openEditor>>;
let server: ModelServer;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-all-files-'));
  await cp(PROJECT, folder, { recursive: true });
  await writeFile(join(folder, 'story.txt'), STORY);
  await commitAll(folder);
  server = await startModelServer({ answers: SCRIPT });
  editor = await openEditor({
    folder,
    settings: {
      'quartet.endpoints': [{ id: 'here', baseUrl: server.url, model: 'scripted' }],
      'quartet.approve.plan': false,
    },
    size: { width: 1500, height: 1400 },
  });
  await command(editor.page, 'Quartet: Show Team Panel');
  await (await part(editor.page, 'goal-input')).fill('Greet everybody');
  await (await part(editor.page, 'run-button')).first().click();
  await (await part(editor.page, 'accept-all', 180_000)).first().waitFor();
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const row = (label: string) => editor.page.locator(`.monaco-list-row[aria-label*="${label}"]`).first();
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

test('the palette offers what the keys do, for the change at the cursor', async () => {
  await until('it is offered', () => offers(editor.page, 'Quartet: Reject Change…'));
  await command(editor.page, 'Quartet: Reject Change…');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await editor.page.keyboard.press('Enter');
  await row('Change 3, line 9, rejected').waitFor({ timeout: 15_000 });
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

test('applied, what nobody decided on is left out unless the person says otherwise', async () => {
  await command(editor.page, 'Quartet: Apply Reviewed Changes');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await soon.match(() => dialog.innerText(), /2 of 5 changes are not decided yet/);
  await editor.picture('all-files-undecided');
  await editor.page.keyboard.press('Enter');
  await reach(editor.page, ['finished'], 120_000);
  const wanted = STORY.replace('two', 'TWO').replace('five', 'FIVE');
  await soon.equal(() => readFile(join(folder, 'story.txt'), 'utf8'), wanted);
  assert.ok(!(await readFile(join(folder, 'greet.js'), 'utf8')).includes("|| 'everybody'"));
});
