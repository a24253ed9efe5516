/** Run Demo where the open folder is not the sample project. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, part, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-other-'));
  await writeFile(join(folder, 'package.json'), '{"name": "another"}');
  editor = await openEditor({ folder });
});
after(async () => {
  await editor.close();
  await rm(folder, { recursive: true, force: true });
});

test('the demo asks before it opens a copy of the sample, and leaves this folder alone', async () => {
  await command(editor.page, 'Quartet: Run Demo');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 20_000 });
  await soon.match(() => dialog.innerText(), /fresh copy/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await readdir(folder), ['package.json']);
});

test('in the copy the demo starts by itself', async () => {
  await command(editor.page, 'Quartet: Run Demo');
  const loaded = editor.page.waitForEvent('domcontentloaded', { timeout: 60_000 });
  await editor.page
    .locator('.monaco-dialog-box')
    .getByRole('button', { name: 'Open Sample Project' })
    .click();
  await loaded;
  await workbenchReady(editor.page);
  await (await part(editor.page, 'plan-approve', 60_000)).first().waitFor();
  await soon.match(() => editor.page.title(), /quartet-sample/);
  assert.deepEqual(await readdir(folder), ['package.json']);
});
