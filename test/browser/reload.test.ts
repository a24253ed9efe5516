/** A window that goes away in the middle of a run, and comes back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { command, part, until, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { journals, readJournal } from '../support/story.mjs';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
});
after(async () => {
  await editor.close();
});

const status = async () =>
  (await part(editor.page, 'run-status', 60_000)).first().getAttribute('data-status');

function lines() {
  const file = journals(editor.server.data).at(-1);
  assert.ok(file);
  return readJournal(file);
}

test('the run is shown where it was and goes on by itself, asking no model twice', async () => {
  await command(editor.page, 'Quartet: Run Demo');
  await (await part(editor.page, 'plan-approve', 60_000)).first().click();
  await until('the team works', async () => (await status()) === 'working', 30_000);
  await (await part(editor.page, 'tool-call', 60_000)).first().waitFor();
  await editor.page.reload();
  await workbenchReady(editor.page);
  await until(
    'the run is there',
    async () => ['working', 'reviewing'].includes((await status()) ?? ''),
    60_000,
  );
  await (await part(editor.page, 'accept-all', 120_000)).first().waitFor();

  const all = lines();
  assert.ok(
    all.some(({ type }) => type === 'run.resumed'),
    'it was resumed',
  );
  const isPaid = (data: object) => 'spent' in data;
  const keys = all
    .filter(({ type, data }) => type === 'step.finished' && isPaid(data as object))
    .map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length, 'no finished model call was asked again');
});

test('a review in progress survives a reload', async () => {
  const row = editor.page.locator('.monaco-list-row[aria-label*="money.js"]').first();
  await row.hover();
  await row.locator('.action-label[aria-label*="Accept File"]').click();
  const accepted = () =>
    editor.page.locator('.monaco-list-row[aria-label*="money.js"][aria-label*="accepted"]').count();
  await until('the file is accepted', accepted);
  await editor.page.reload();
  await workbenchReady(editor.page);
  await until('the file is still accepted', accepted, 60_000);
});
