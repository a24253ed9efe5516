/** The goal box in the real editor: what is dropped, chosen and completed, and what of it outlives a hidden view. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { answer, command, openContainer, part, pick, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { buildLanguageModels } from '../support/language-models.mjs';
import { PNG } from '../support/pictures.ts';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;
before(async () => {
  editor = await openEditor({
    extensions: [await buildLanguageModels()],
    env: { QUARTET_TEST_MODELS: 'delta' },
  });
  writeFileSync(join(editor.folder, 'my notes.md'), 'notes\n');
  await openContainer(editor.page, 'Quartet');
});
after(() => editor.close());

const box = async () => (await part(editor.page, 'goal-input', 60_000)).first();
const shown = async (name: string) => (await part(editor.page, name, 30_000)).first();

interface Dropped {
  readonly uris?: string;
  readonly file?: readonly [name: string, text: string];
  /** Bytes as base64. */
  readonly image?: readonly [name: string, base64: string];
}

/** Drops addresses as the explorer names them, or a file as the system does. */
async function drop(what: Dropped) {
  await (
    await box()
  ).evaluate((each, { uris, file, image }) => {
    const dataTransfer = new DataTransfer();
    if (uris !== undefined) dataTransfer.setData('application/vnd.code.uri-list', uris);
    if (file) dataTransfer.items.add(new File([file[1]], file[0]));
    if (image) {
      const bytes = Uint8Array.from(atob(image[1]), (sign) => sign.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], image[0], { type: 'image/png' }));
    }
    each.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  }, what);
}

test('files and folders of the explorer become mentions; what lies elsewhere is said', async () => {
  const at = (path: string) => `vscode-remote://${new URL(editor.server.url()).host}${editor.folder}/${path}`;
  await drop({ uris: [at('package.json'), at('src'), at('my%20notes.md')].join('\r\n') });
  await soon.equal(
    async () => (await box()).inputValue(),
    '#file:package.json #folder:src #file:"my notes.md" ',
  );
  await drop({ uris: 'file:///etc/hostname' });
  await soon.match(async () => (await shown('goal-image-problem')).innerText(), /hostname lies outside/);
});

test('a file from elsewhere goes with the goal, and is there after the view was hidden; so is the draft', async () => {
  await drop({ file: ['error.log', 'TypeError: name is undefined\n'] });
  await soon.match(async () => (await shown('goal-file')).innerText(), /error\.log/);
  await openContainer(editor.page, 'Explorer');
  await openContainer(editor.page, 'Quartet');
  await soon.match(async () => (await shown('goal-file')).innerText(), /error\.log/);
  await soon.match(async () => (await box()).inputValue(), /^#file:package\.json /);
});

test('images and files are there after the window was loaded anew, but for what keys are kept in', async () => {
  await drop({ image: ['screen.png', PNG] });
  await drop({ file: ['.env', 'MODE=test\n'] });
  const page = (await box()).locator('xpath=ancestor::body');
  await soon.equal(() => page.getByTestId('goal-file').count(), 2);
  await until('it is written', () => kept().some((text) => text.includes('"left":[".env"]')));
  assert.ok(!kept().some((text) => text.includes('MODE=test')));
  await reloadWindow(editor.page);
  await openContainer(editor.page, 'Quartet');
  await soon.match(async () => (await shown('goal-image')).innerText(), /screen\.png/);
  await soon.deepEqual(
    async () => (await part(editor.page, 'goal-file')).allInnerTexts(),
    ['error.log\n29 B'],
  );
  await soon.equal(
    async () =>
      (await part(editor.page, 'goal-image')).locator('img').evaluate((each) => each.clientWidth > 0),
    true,
  );
  await soon.match(async () => (await shown('goal-image-problem')).innerText(), /^\.env is not kept/);
  await soon.match(async () => (await box()).inputValue(), /^#file:package\.json /);
  await editor.picture('goal-files-again', 'browser');
  await (await shown('goal-image-remove')).click();
});

test('files are chosen in the editor’s own dialog', async () => {
  const elsewhere = join(editor.server.data, 'spec.md');
  writeFileSync(elsewhere, '# Spec\n');
  await command(editor.page, 'Quartet: Add Files to the Goal');
  const asked = editor.page.locator('.quick-input-widget .quick-input-box input');
  // The dialog begins in a folder, once it has read that; what is typed before is lost.
  await soon.match(() => asked.inputValue(), /\/$/u);
  await answer(editor.page, elsewhere);
  await until('both are there', async () => {
    if ((await (await part(editor.page, 'goal-file', 2000)).count()) === 2) return true;
    if (await asked.isVisible()) await answer(editor.page, elsewhere);
    return false;
  });
});

test('roles, files and what the editor knows are completed by keyboard', async () => {
  await (await box()).fill('');
  await (await box()).focus();
  await editor.page.keyboard.type('Ask @res');
  await shown('offer-list');
  await editor.page.keyboard.press('Tab');
  await editor.page.keyboard.type('about #pack');
  await soon.match(async () => (await shown('offer-list')).innerText(), /package\.json/);
  await editor.page.keyboard.press('Enter');
  await editor.page.keyboard.type('and #sel');
  await soon.match(async () => (await shown('offer-list')).innerText(), /#selection/);
  await editor.page.keyboard.press('Enter');
  await soon.match(
    async () => (await box()).inputValue(),
    /^Ask @researcher about #file:package\.json and #selection $/,
  );
  await editor.picture('goal-box', 'browser');
});

/** What the window keeps of the goal that is being written. */
const kept = (): readonly string[] =>
  readdirSync(editor.server.data, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === 'goal.json')
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

const journals = (): readonly string[] =>
  readdirSync(editor.server.data, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === 'journal.jsonl')
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

test('the run has the files, shows their names, and the next goal begins without; the former comes back by key', async () => {
  await (await shown('mode-ask')).click();
  await (await shown('run-button')).click();
  await soon.match(
    async () => (await shown('goal-given')).innerText(),
    /error\.log \(29 B\), spec\.md \(7 B\)/,
  );
  await until('it is recorded', () =>
    journals().some((text) => text.includes('"attached":[{"name":"error.log"')),
  );
  await until('what was given is no longer kept for the next window', () => kept().length === 0);
  await command(editor.page, 'Quartet: New Goal');
  await soon.equal(async () => (await box()).inputValue(), '');
  const page = (await box()).locator('xpath=ancestor::body');
  assert.equal(await page.getByTestId('goal-file').count(), 0);
  await (await box()).focus();
  await editor.page.keyboard.press('ArrowUp');
  await soon.match(async () => (await box()).inputValue(), /^Ask @researcher about/);
});

test('a file where keys are kept is told only where the person says so', async () => {
  await drop({ file: ['.env', 'MODE=test\n'] });
  await soon.match(async () => (await shown('goal-file')).innerText(), /\.env/);
  await (await shown('run-button')).click();
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 20_000 });
  await soon.match(() => dialog.innerText(), /Tell \.env to the models of this run\?/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await soon.match(async () => (await shown('error')).innerText(), /\.env is not told/);
  await (await shown('run-button')).click();
  await dialog.getByRole('button', { name: 'Tell It to the Models' }).click();
  await until('it is recorded', () =>
    journals().some((text) => /"name":"\.env".*"class":"secret"/.test(text)),
  );
});

/** The middle of what `box` names, which is on the screen. */
async function middleOf(box: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const at = await box.boundingBox();
  assert.ok(at, 'it is on the screen');
  return { x: at.x + at.width / 2, y: at.y + at.height / 2 };
}

/** Drags a row of the explorer onto the goal box with the mouse; the editor lets a page take what is dropped while Shift is held. */
async function dragFromExplorer(name: string): Promise<void> {
  const { mouse, keyboard } = editor.page;
  const from = await middleOf(
    editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first(),
  );
  const to = await middleOf(await box());
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 20, from.y + 10, { steps: 5 });
  await keyboard.down('Shift');
  await mouse.move(to.x, to.y, { steps: 20 });
  await soon.equal(async () => (await composer()).getAttribute('data-over'), 'true');
  await editor.picture('goal-dragged', 'browser');
  await mouse.up();
  await keyboard.up('Shift');
}

const composer = async () => (await box()).locator('xpath=ancestor::*[contains(@class, "composer")]');

test('files and folders are dragged from the explorer with the mouse, Shift held', async () => {
  await command(editor.page, 'Quartet: New Goal');
  await command(editor.page, 'View: Move View');
  await pick(editor.page, 'Team');
  await pick(editor.page, 'New Secondary Side Bar Entry');
  await openContainer(editor.page, 'Explorer');
  await (await box()).fill('');
  await dragFromExplorer('package.json');
  await soon.equal(async () => (await box()).inputValue(), '#file:package.json ');
  await dragFromExplorer('src');
  await soon.equal(async () => (await box()).inputValue(), '#file:package.json #folder:src ');
  await soon.equal(async () => (await composer()).getAttribute('data-over'), null);
});
