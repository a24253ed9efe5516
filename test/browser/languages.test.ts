/** The editor in German: commands, views and the panel speak it, from the tables that ship. */
import { after, before, test } from 'node:test';
import { command, part, speak, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
  await speak(editor.page, 'de');
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
