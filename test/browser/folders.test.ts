/** A window of several folders: the person chooses the team's, and each has runs of its own. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  command,
  notifications,
  openContainer,
  part,
  pick,
  until,
  workbenchReady,
} from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { makeSample } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';
import { readJournal } from '../support/story.mjs';

let editor: Awaited<ReturnType<typeof openEditor>>;
let second = '';

before(async () => {
  editor = await openEditor();
  second = join(dirname(editor.folder), 'second');
  await makeSample(second);
  const file = join(dirname(editor.folder), 'both.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'sample' }, { path: 'second' }] }));
  const opened = async () => {
    await editor.page.goto(editor.server.url({ workspace: file }));
    await workbenchReady(editor.page);
    // Now and then the page opens the file of the workspace without having read it.
    const folder = editor.page.locator('.explorer-folders-view').getByText('second').first();
    return folder.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
  };
  await until('the window of several folders is open', opened, 120_000);
});
after(async () => {
  await editor.close();
});

/** Journals below the server's data: by the folder that the run belongs to, and where it lies. */
function runs() {
  const storage = join(editor.server.data, 'User', 'workspaceStorage');
  return readdirSync(storage, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('journal.jsonl'))
    .map((path) => ({
      place: dirname(dirname(path)),
      lines: readJournal(join(storage, path)),
    }));
}

const isOver = ({ lines }: ReturnType<typeof runs>[number]): boolean =>
  lines.some(({ type }) => type === 'run.finished');

test('nothing runs before the person has chosen, and every way says so', async () => {
  await openContainer(editor.page, 'Quartet');
  const obstacle = await part(editor.page, 'obstacle', 60_000);
  await soon.match(() => obstacle.innerText(), /Several folders are open/);
  await command(editor.page, 'Quartet: Start Run…');
  await until('the command says it too', async () =>
    (await notifications(editor.page)).some((text) => /Several folders are open/.test(text)),
  );
  assert.deepEqual(runs(), []);
});

test('what is chosen is shown, and its tests run in it', async () => {
  await openContainer(editor.page, 'Quartet');
  const obstacle = await part(editor.page, 'obstacle', 60_000);
  await obstacle.getByRole('button', { name: 'Choose Folder…' }).click();
  await pick(editor.page, 'second');
  const which = await part(editor.page, 'which-folder', 60_000);
  await soon.match(() => which.innerText(), /“second”/);
  await which.getByTestId('choose-folder').click();
  await editor.page.locator('.quick-input-widget').getByText('the team works on it').waitFor();
  await editor.page.keyboard.press('Escape');
  await command(editor.page, 'Quartet: Run Tests with QA');
  const [run] = await until('its tests ran', () => {
    const all = runs();
    return all.some(isOver) ? all : undefined;
  });
  assert.match(run?.place ?? '', /folders/);
  const { workspace } = run?.lines[0]?.data as { readonly workspace: string };
  assert.equal(workspace, 'second');
});

test('another folder means another window of it, whose runs are its own', async () => {
  await command(editor.page, 'Quartet: Choose Folder…');
  await pick(editor.page, 'sample');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await soon.match(() => dialog.innerText(), /Work on "sample" from now on/);
  await dialog.getByRole('button', { name: 'Reload Window' }).click();
  await dialog.waitFor({ state: 'hidden', timeout: 20_000 });
  await workbenchReady(editor.page);
  await openContainer(editor.page, 'Quartet');
  await until(
    'the other folder is shown',
    async () => {
      const which = await part(editor.page, 'which-folder', 20_000);
      return /“sample”/.test(await which.innerText({ timeout: 1000 }));
    },
    60_000,
  );
  await command(editor.page, 'Quartet: Run Tests with QA');
  const all = await until(
    'its tests ran too',
    () => {
      const found = runs();
      return found.length === 2 && found.every(isOver) ? found : undefined;
    },
    60_000,
  );
  assert.equal(new Set(all.map(({ place }) => place)).size, 2);
});
