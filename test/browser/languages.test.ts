/** The editor in German: commands, views and the panel speak it, from the tables that ship. */
import { after, before, test } from 'node:test';
import { command, part, until, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
  // What a language pack sets in the page; the server and so the extension host are told by the page.
  await editor.page.addInitScript(() => {
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { value: 'de', writable: false });
  });
  await editor.page.reload();
  await workbenchReady(editor.page);
});
after(async () => {
  await editor.close();
});

test('a command is found by its German name, and the panel that it opens is German', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Team-Panel anzeigen');
  const goal = await part(page, 'goal-input');
  await soon.match(
    async () => (await goal.getAttribute('placeholder')) ?? '',
    /^Beschreibe die gewünschte Änderung/,
  );
  await soon.match(async () => (await part(page, 'run-button')).innerText(), /Ausführen/);
  await until('the view of runs has its German name', () =>
    page.locator('.pane-header', { hasText: 'Läufe' }).first().isVisible(),
  );
});
