/** Configure Models by keyboard, against a real server. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  answer,
  command,
  notifications,
  openContainer,
  part,
  pick,
  until,
  workbenchReady,
} from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';

const KEY = 'sk-only-for-this-server';
let server: ModelServer;
let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  server = await startModelServer({
    answers: () => ({ content: 'ready' }),
    key: KEY,
    models: ['alpha', 'beta'],
  });
  editor = await openEditor();
});
after(async () => {
  await editor.close();
  await server.close();
});

/** Every text file of the profile but secrets, which the editor keeps encrypted elsewhere. */
function profileTexts(): string {
  const { data } = editor.server;
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

const savedSettings = () =>
  ['User', 'Machine']
    .map((scope) => readFileSync(join(editor.server.data, scope, 'settings.json'), 'utf8'))
    .join('\n');

/** The next question stands there: a person reads before typing. */
const asked = (text: string) =>
  editor.page.locator('.quick-input-widget').getByText(text).first().waitFor({ timeout: 20_000 });

async function configure(key: string) {
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'Another server');
  await asked('Base URL');
  await answer(editor.page, server.url);
  await asked('Key for');
  await answer(editor.page, key);
}

test('a key that the server refuses is said before anything is saved', async () => {
  await configure('sk-wrong');
  // A server that lists nothing to strangers is asked for its model by name.
  await asked('Model id');
  await answer(editor.page, 'beta');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 30_000 });
  assert.match(await dialog.innerText(), /beta did not answer/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(savedSettings().includes('quartet.endpoints'), false);
});

test('place, key, model, test: then the panel names the model', async () => {
  await configure(KEY);
  await until('the models are listed', () =>
    editor.page.locator('.quick-input-list', { hasText: 'alpha' }).count(),
  );
  await pick(editor.page, 'beta');
  await until('the endpoint is saved', () => savedSettings().includes('quartet.endpoints'), 30_000);
  await until('it is told', async () =>
    (await notifications(editor.page)).some((text) => /beta .* answers/.test(text)),
  );
  assert.equal(server.requests.at(-1)?.model, 'beta');
  assert.equal(server.requests.at(-1)?.headers['authorization'], `Bearer ${KEY}`);
  await openContainer(editor.page, 'Quartet');
  await part(editor.page, 'goal-input', 60_000);
  await until('the panel names the model', async () => {
    const texts = await Promise.all(editor.page.frames().map((frame) => frame.locator('body').innerText()));
    return texts.some((text) => text.includes('beta ('));
  });
});

test('the key is in no file of the profile', () => {
  assert.equal(profileTexts().includes(KEY), false);
});

async function ask(question: string) {
  const before = server.requests.length;
  await command(editor.page, 'Quartet: Ask the Team');
  await editor.page.getByPlaceholder('A question about').waitFor({ timeout: 20_000 });
  await answer(editor.page, question);
  return await until('the run asks the model', () => server.requests[before], 30_000);
}

test('a run asks that model with that key', async () => {
  const request = await ask('What is this project?');
  assert.equal(request.headers['authorization'], `Bearer ${KEY}`);
  assert.equal(request.model, 'beta');
});

test('after a reload the model is known, and a key that the editor lost can be entered again', async () => {
  await editor.page.reload();
  await workbenchReady(editor.page);
  await part(editor.page, 'run-status', 60_000);
  await command(editor.page, 'Quartet: Configure Models');
  // Served in a browser, the editor keeps secrets as long as its page.
  await pick(editor.page, 'enter its key again', { type: 'beta' });
  await asked('Key for');
  await answer(editor.page, KEY);
  await until('it is told', async () =>
    (await notifications(editor.page)).some((text) => /beta .* answers/.test(text)),
  );
  const request = await ask('And now?');
  assert.equal(request.headers['authorization'], `Bearer ${KEY}`);
  assert.equal(savedSettings().split('"beta"').length, 2, 'the endpoint stands there once');
});
