/** A window that opens again: what was left goes on and is told, whether or not anything of Quartet is in sight. */
import { after, before, test } from 'node:test';
import { command, openContainer, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
});
after(async () => {
  await editor.close();
});

const entry = () => editor.page.locator('.statusbar-item', { hasText: 'Quartet' }).first();

test('after a reload what waits for the person is told before anything of Quartet is opened', async () => {
  const { page } = editor;
  await entry().waitFor({ timeout: 60_000 });
  await soon.match(() => entry().innerText(), /Quartet$/);
  await command(page, 'Quartet: Run Demo');
  await (await part(page, 'plan-approve', 60_000)).first().waitFor();
  await openContainer(page, 'Explorer');
  await reloadWindow(page);
  await until('it is told', async () => /1 for you/.test(await entry().innerText({ timeout: 1000 })), 60_000);
  await openContainer(page, 'Quartet');
  await (await part(page, 'plan-approve', 60_000)).first().waitFor();
});
