/** Two windows on one folder: the second sees the first one's run as it goes, and its answers count. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { command, notifications, openContainer, part, until, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { status } from '../support/main-job.mjs';
import { soon } from '../support/soon.ts';
import { journals } from '../support/story.mjs';

let editor: Awaited<ReturnType<typeof openEditor>>;
let second: Page;

before(async () => {
  editor = await openEditor();
  await command(editor.page, 'Quartet: Run Demo');
  await (await part(editor.page, 'plan-approve', 60_000)).first().waitFor();
  second = await editor.page.context().newPage();
  await second.goto(editor.server.url({ folder: editor.folder }));
  await workbenchReady(second);
});
after(async () => {
  await editor.close();
});

test('the second window shows the run as another window’s', async () => {
  await openContainer(second, 'Quartet');
  await until('the run is shown', async () => (await status(second)) === 'waiting', 60_000);
  const page = await part(second, 'run-status');
  const body = page.first().locator('xpath=ancestor::body');
  await soon.match(() => body.innerText(), /Another window or the terminal works on this run/);
  await second.screenshot({ path: '.vscode-test/browser/second-window.png' });
});

/** The process that works on the run. */
function owner(): number {
  const lock = readFileSync(join(dirname(journals(editor.server.data)[0] ?? ''), 'lock'), 'utf8');
  return (JSON.parse(lock) as { readonly pid: number }).pid;
}

/** Asks for the run in the second window, up to the question whether the person is sure. */
async function askToTakeOver() {
  await (await part(second, 'take-over', 30_000)).first().click();
  const dialog = second.locator('.monaco-dialog-box');
  await soon.match(() => dialog.innerText({ timeout: 1000 }), /works on this run: process \d+ on/);
  return dialog;
}

test('who backs out of taking the run over has changed nothing; who cancels the wait is told what became of it', async () => {
  await (await askToTakeOver()).getByRole('button', { name: 'Cancel' }).click();
  await soon.equal(() => status(second), 'waiting');
  const pid = owner();
  // It cannot stop, as whoever is in the middle of something long.
  process.kill(pid, 'SIGSTOP');
  try {
    await (await askToTakeOver()).getByRole('button', { name: 'Take Over' }).click();
    await command(second, 'Notifications: Show Notifications');
    const waits = second.locator('.notifications-center.visible .notification-list-item', {
      hasText: 'waiting until the run has stopped',
    });
    await waits.first().getByRole('button', { name: 'Cancel' }).click();
    await until('it is told', async () =>
      (await notifications(second)).some((text) =>
        text.includes('The run was not taken over. It was asked to stop'),
      ),
    );
    await second.screenshot({ path: '.vscode-test/browser/second-window-cancelled.png' });
    assert.equal(owner(), pid);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('it stops where it works', async () => (await status(editor.page)) === 'paused', 60_000);
  await (await part(editor.page, 'resume-button')).first().click();
  await until('it goes on there', async () => (await status(editor.page)) === 'waiting', 60_000);
  await until('the second window sees it', async () => (await status(second)) === 'waiting', 60_000);
  assert.equal(owner(), pid);
});

test('a plan approved in the second window is approved, and nothing is started twice', async () => {
  await (await part(second, 'plan-approve', 30_000)).first().click();
  await until('the first window works', async () => (await status(editor.page)) === 'working', 60_000);
  await until('the second window sees it', async () => (await status(second)) === 'working', 60_000);
  assert.equal(journals(editor.server.data).length, 1);
});

test('the second window takes the run over, after a question; the first one stops, sees it go on there, and can still stop it', async () => {
  await (await askToTakeOver()).getByRole('button', { name: 'Take Over' }).click();
  await (await part(editor.page, 'foreign', 60_000)).first().waitFor();
  await (await part(editor.page, 'stop-button', 60_000)).first().click();
  await until('the run is paused', async () => (await status(second)) === 'paused', 60_000);
  assert.equal(journals(editor.server.data).length, 1);
});

test('Clean Up Runs lists the run with its size, and what is ticked goes once the person is sure', async () => {
  await command(second, 'Quartet: Clean Up Runs…');
  const quick = second.locator('.quick-input-widget');
  const row = quick.locator('.quick-input-list-entry', { hasText: 'It has not finished' });
  await row.first().waitFor({ timeout: 30_000 });
  await soon.match(() => row.first().innerText(), /[kM]B · paused/);
  await soon.match(() => quick.innerText(), /In use: runs .*, trees/);
  await row.first().click();
  await quick.getByRole('button', { name: 'OK' }).click();
  const dialog = second.locator('.monaco-dialog-box');
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await until('the run is gone', () => journals(editor.server.data).length === 0, 30_000);
});
