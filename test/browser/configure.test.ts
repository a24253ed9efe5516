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
import { status } from '../support/main-job.mjs';
import { buildLanguageModels } from '../support/language-models.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { soon } from '../support/soon.ts';

const KEY = 'sk-only-for-this-server';
let server: ModelServer;
let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  server = await startModelServer({
    // All but gamma can call tools.
    answers: ({ body, model }) =>
      JSON.stringify(body['tools'] ?? '').includes('report_ready') && model !== 'gamma'
        ? { calls: [{ tool: 'report_ready', args: { word: 'ready' } }] }
        : { content: 'ready' },
    key: KEY,
    faults: ({ model }) => (model === 'mute' ? { kind: 'silence' } : undefined),
    models: ['alpha', 'beta', 'gamma', 'mute'],
  });
  editor = await openEditor({
    extensions: [await buildLanguageModels()],
    env: { QUARTET_TEST_MODELS: 'delta' },
  });
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
  await soon.match(() => dialog.innerText(), /beta did not answer/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(savedSettings().includes('quartet.endpoints'), false);
});

const row = (label: string) =>
  editor.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: label }).first();

/** Ticks and unticks roles, then goes on. */
async function roles(...labels: readonly string[]) {
  await asked('Every role without its own');
  for (const label of labels) await row(label).click();
  await editor.page.locator('.quick-input-widget .quick-input-box input').press('Enter');
}

const told = (pattern: RegExp) =>
  until(`it is told: ${String(pattern)}`, async () =>
    (await notifications(editor.page)).some((text) => pattern.test(text)),
  );

interface Saved {
  readonly 'quartet.endpoints'?: readonly {
    readonly id: string;
    readonly kind?: string;
    readonly model: string;
  }[];
  readonly 'quartet.routes'?: Readonly<Record<string, readonly string[]>>;
}
const saved = (): Saved =>
  Object.assign(
    {},
    ...['User', 'Machine'].map(
      (scope) => JSON.parse(readFileSync(join(editor.server.data, scope, 'settings.json'), 'utf8')) as Saved,
    ),
  ) as Saved;
const idOf = (model: string) => saved()['quartet.endpoints']?.find((each) => each.model === model)?.id;

test('a model that calls no tools is said so, and the way back leads to the list of models', async () => {
  await configure(KEY);
  await pick(editor.page, 'gamma');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 30_000 });
  await soon.match(() => dialog.innerText(), /gamma answers, but calls no tool/);
  await dialog.getByRole('button', { name: 'Go Back' }).click();
  await asked('gamma');
  // Back once more: to the key, then to the address, which still stands there.
  await editor.page.locator('.quick-input-widget .quick-input-titlebar .action-label').first().click();
  await asked('Key for');
  await editor.page.locator('.quick-input-widget .quick-input-titlebar .action-label').first().click();
  await asked('Base URL');
  const box = editor.page.locator('.quick-input-widget .quick-input-box input');
  await soon.equal(() => box.inputValue(), server.url);
  await editor.page.keyboard.press('Escape');
  assert.equal(savedSettings().includes('quartet.endpoints'), false);
});

/** What VS Code shows of work that lasts, by its title. */
const progress = (title: string) =>
  editor.page.locator('.notifications-center.visible .notification-list-item', { hasText: title }).first();

test('the test of a model that says nothing is cancelled, and what is saved anyway is not praised', async () => {
  await configure(KEY);
  await pick(editor.page, 'mute');
  await until('the model is asked', () => server.requests.at(-1)?.model === 'mute');
  await command(editor.page, 'Notifications: Show Notifications');
  await progress('Testing mute').getByRole('button', { name: 'Cancel' }).click();
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 10_000 });
  await soon.match(() => dialog.innerText(), /mute did not answer as it should\.[\s\S]*You stopped it\./);
  await until('the server is left alone', () => server.active === 0);
  await dialog.getByRole('button', { name: 'Save Anyway' }).click();
  await roles();
  await told(/mute .* is configured, though its test failed/);
});

test('what was saved by mistake is removed; its test can be cancelled, too', async () => {
  const asked = server.requests.length;
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'mute');
  await pick(editor.page, 'Test it');
  await until('the model is asked', () => server.requests.length > asked);
  await command(editor.page, 'Notifications: Show Notifications');
  await progress('Testing mute').getByRole('button', { name: 'Cancel' }).click();
  await until('the server is left alone', () => server.active === 0);
  await told(/The test of mute .* was stopped\. Nothing was changed\./);
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'mute');
  await pick(editor.page, 'Remove it');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 10_000 });
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await until('it is gone', () => idOf('mute') === undefined);
});

test('place, key, model, test, roles: then the panel names the model', async () => {
  await configure(KEY);
  await until('the models are listed', () =>
    editor.page.locator('.quick-input-list', { hasText: 'alpha' }).count(),
  );
  await pick(editor.page, 'beta');
  await roles();
  await until('the endpoint is saved', () => savedSettings().includes('quartet.endpoints'), 30_000);
  await until('it is told', async () =>
    (await notifications(editor.page)).some((text) => /beta .* answers/.test(text)),
  );
  assert.equal(server.requests.at(-1)?.model, 'beta');
  assert.equal(server.requests.at(-1)?.headers['authorization'], `Bearer ${KEY}`);
  await openContainer(editor.page, 'Quartet');
  await part(editor.page, 'goal-input', 60_000);
  await until('the panel names the model', async () => {
    const texts = await Promise.all(
      editor.page.frames().map((frame) => frame.locator('body').innerText({ timeout: 1000 })),
    );
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
  await pick(editor.page, 'beta');
  await pick(editor.page, 'Enter its key again');
  await asked('Key for');
  await answer(editor.page, KEY);
  await until('it is told', async () =>
    (await notifications(editor.page)).some((text) => /beta .* answers/.test(text)),
  );
  const request = await ask('And now?');
  assert.equal(request.headers['authorization'], `Bearer ${KEY}`);
  assert.equal(savedSettings().split('"beta"').length, 2, 'the endpoint stands there once');
});

test('a model of the editor needs neither address nor key, and may be the fallback of one role', async () => {
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'Scripted delta');
  await roles('Every role without its own', 'reviewer');
  await asked('when those that answer now cannot');
  await pick(editor.page, 'As a fallback');
  await told(/Scripted delta .* is configured/);
  const [beta, delta] = [idOf('beta'), idOf('quartet-test/delta')];
  assert.deepEqual(saved()['quartet.routes'], { default: [beta], reviewer: [beta, delta] });
  assert.equal(saved()['quartet.endpoints']?.find(({ id }) => id === delta)?.kind, 'editor');
});

test('what is configured can be tested, and removed with its routes', async () => {
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'Scripted delta');
  await pick(editor.page, 'Test it');
  await told(/Scripted delta .* answers, and calls tools/);
  await command(editor.page, 'Quartet: Configure Models');
  await pick(editor.page, 'Scripted delta');
  await pick(editor.page, 'Remove it');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 10_000 });
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await until('it is gone', () => idOf('quartet-test/delta') === undefined);
  assert.deepEqual(saved()['quartet.routes'], { default: [idOf('beta')], reviewer: [idOf('beta')] });
});

test('another model for new runs: picked by keyboard, remembered over a reload, asked alone, and shown', async () => {
  await command(editor.page, 'Quartet: Choose Model for New Runs');
  await asked('As the roles say');
  await pick(editor.page, 'Scripted delta');
  await openContainer(editor.page, 'Quartet');
  const picker = async () => {
    await part(editor.page, 'goal-input', 60_000);
    return (await part(editor.page, 'choose-model')).first();
  };
  await command(editor.page, 'Quartet: New Goal');
  await soon.match(async () => (await picker()).innerText(), /Scripted delta/);
  await editor.page.reload();
  await workbenchReady(editor.page);
  await openContainer(editor.page, 'Quartet');
  await soon.match(async () => (await picker()).innerText(), /Scripted delta/);

  const before = server.requests.length;
  await (await part(editor.page, 'mode-ask')).first().click();
  await (await part(editor.page, 'goal-input')).first().fill('And what does delta say?');
  await (await part(editor.page, 'run-button')).first().click();
  const shown = (await part(editor.page, 'picked-model', 60_000)).first();
  await soon.match(() => shown.innerText(), /Scripted delta/);
  const isOver = async () => ['finished', 'failed', 'paused'].includes((await status(editor.page)) ?? '');
  await until('the run is over', isOver, 60_000);
  assert.equal(server.requests.length, before, 'beta is not asked');
  await editor.picture('picked-model', 'browser');

  // The panel leads to the same list.
  await command(editor.page, 'Quartet: New Goal');
  await (await picker()).click();
  await asked('As the roles say');
  await editor.picture('choose-model', 'browser');
  await pick(editor.page, 'As the roles say');
  await soon.match(async () => (await picker()).innerText(), /By role|beta/);
  await (await part(editor.page, 'goal-input')).first().fill('And now without a pick?');
  await (await part(editor.page, 'run-button')).first().click();
  // The reload took the key with it, and whoever needs it says so.
  const run = (await part(editor.page, 'goal', 60_000)).first();
  await soon.match(() => run.locator('xpath=ancestor::body').innerText(), /beta .* wants a key/);
  assert.equal(await run.locator('xpath=ancestor::body').getByTestId('picked-model').count(), 0);
});
