/** What is in the way of a run, and how the panel and the commands say so. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, notifications, openContainer, part, until, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor({ trust: false });
});
after(async () => {
  await editor.close();
});

/** Without a toast the notification centre is where a person reads what was said. */
const told = async (pattern: RegExp) =>
  until(`a notification like ${pattern}`, async () =>
    (await notifications(editor.page)).some((text) => pattern.test(text)),
  );

/** Folders of runs below the server's data. */
function runFolders(): readonly string[] {
  const storage = join(editor.server.data, 'User', 'workspaceStorage');
  if (!existsSync(storage)) return [];
  return readdirSync(storage, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /runs[/\\]run-/.test(path),
  );
}

test('in a folder that is not trusted the panel says why nothing runs, with the way out', async () => {
  await openContainer(editor.page, 'Quartet');
  const obstacle = await part(editor.page, 'obstacle', 60_000);
  await soon.match(() => obstacle.innerText(), /not trusted/);
  await obstacle.getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await editor.page.locator('.workspace-trust-editor').waitFor({ timeout: 15_000 });
});

test('in a folder that is not trusted a command says why, and nothing runs', async () => {
  await command(editor.page, 'Quartet: Run Tests with QA');
  await told(/not trusted/);
  assert.deepEqual(runFolders(), []);
});

test('trusting the folder takes the obstacle away', async () => {
  await command(editor.page, 'Workspaces: Manage Workspace Trust');
  await editor.page
    .locator('.workspace-trust-editor')
    .getByRole('button', { name: 'Trust', exact: true })
    .click();
  // The trust editor stands before the rest of the window.
  await editor.page.keyboard.press('Escape');
  await command(editor.page, 'Quartet: Show Team Panel');
  await part(editor.page, 'goal-input', 60_000);
  await until('the obstacle is gone', async () => {
    const shown = await Promise.all(
      editor.page.frames().map((frame) => frame.locator('[data-testid="obstacle"]').count()),
    );
    return shown.every((count) => count === 0);
  });
});

test('without a folder the panel says so and offers to open one', async () => {
  await editor.page.goto(editor.server.url({}));
  await workbenchReady(editor.page);
  await openContainer(editor.page, 'Quartet');
  const obstacle = await part(editor.page, 'obstacle', 60_000);
  await soon.match(() => obstacle.innerText(), /No folder is open/);
  await soon.equal(() => obstacle.getByRole('button', { name: 'Open Folder' }).count(), 1);
  await command(editor.page, 'Quartet: Start Run…');
  await told(/No folder is open/);
});
