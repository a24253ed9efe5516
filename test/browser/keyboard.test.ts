/** The main job in the real editor without a mouse: goal, plan, review by hunks, applying, undoing. The focus is never lost on the way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { part, until } from '../support/drive.mjs';
import { soon } from '../support/soon.ts';
import { byKeys } from './by-keys.ts';
import { openScripted, type Scripted } from './scripted.ts';
import { shouting, STORY } from './shouting.ts';

const SCRIPT = shouting({
  said: 'The words are to be seen from afar.',
  softer: { path: 'story.txt', old_text: 'NINE', new_text: 'nine!' },
});

let editor: Scripted;

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    files: { 'story.txt': STORY },
    settings: { 'files.autoSave': 'off' },
    size: { width: 1500, height: 1000 },
  });
});
after(async () => {
  await editor.close();
});

const { keys, focused, tabTo, run, toPanel } = byKeys(() => editor.page);

const status = async () =>
  (await part(editor.page, 'run-status', 10_000)).first().getAttribute('data-status');
const onDisk = (name: string) => editor.onDisk(name);

test('the panel opens by its keys, and the goal is typed and run', async () => {
  await toPanel();
  await tabTo('goal-input');
  await editor.page.keyboard.type('Greet everybody');
  await tabTo('run-button');
  await keys('Enter');
  await until(
    'the plan waits',
    async () => (await (await part(editor.page, 'plan-approve', 2000)).count()) > 0,
    120_000,
  );
});

test('the keys that find, find in the panel what the team said, and not in the editor that is open beside it', async () => {
  await keys('Control+p');
  await editor.page.locator('.quick-input-widget input').first().waitFor();
  await editor.page.keyboard.type('story.txt');
  await editor.page
    .locator('.quick-input-widget .monaco-list-row.focused', { hasText: 'story.txt' })
    .waitFor();
  await keys('Enter');
  await editor.page.locator('.editor-instance .view-line', { hasText: 'two' }).first().waitFor();
  const wrong = editor.page.locator('.find-widget.visible');
  // The editor learns a moment after the page that the page has the focus; a hand takes longer than that from key to key.
  await until('the search has the focus', async () => {
    await keys('Escape', 'Control+k', 'q');
    await soon.notEqual(focused, undefined, 'the panel has the focus');
    await keys('Control+f');
    const found = async () => (await focused()) === 'search-text';
    await soon.ok(async () => (await found()) || (await wrong.count()) > 0);
    return found();
  });
  assert.equal(await wrong.count(), 0);
  await keys('Escape');
  await soon.notEqual(focused, undefined, 'the focus stays in the panel');
});

test('the activity bar says that something waits, also for who does not see the panel', async () => {
  const icon = editor.page.locator('.part.activitybar .action-item', {
    has: editor.page.locator('[aria-label*="Quartet"]'),
  });
  await icon.locator('.badge-content', { hasText: /^1$/ }).waitFor({ timeout: 15_000 });
});

test('the plan is found by the keys for what needs the person, and approved', async () => {
  await keys('Control+k', 'j');
  await until('its card has the focus', async () => (await focused()) === 'need');
  await tabTo('plan-approve');
  await keys('Enter');
  await soon.notEqual(focused, undefined, 'the focus stays in the panel');
  await (await part(editor.page, 'accept-all', 180_000)).first().waitFor();
});

test('a hunk is found in the Changes view and rejected at its lines', async () => {
  await run('Focus on Changes View');
  const focusedRow = editor.page.locator(
    '.pane-body .monaco-list:focus-within .monaco-list-row.focused, .monaco-list.focused .monaco-list-row.focused',
  );
  const goTo = async (label: string): Promise<void> => {
    for (let presses = 0; presses < 12; presses++) {
      const now = await focusedRow
        .first()
        .getAttribute('aria-label', { timeout: 1500 })
        .catch(() => null);
      if (now?.includes(label) === true) return;
      await keys('ArrowDown');
      await editor.page.waitForTimeout(80);
    }
    assert.fail(`${label} is not reached by arrows`);
  };
  await keys('Home');
  await goTo('story.txt');
  await keys('ArrowRight');
  await editor.page
    .locator('.monaco-list-row[aria-label*="Change 1, line 2, undecided"]')
    .first()
    .waitFor({ timeout: 15_000 });
  await goTo('Change 1, line 2, undecided');
  await keys('Enter');
  const right = editor.page.locator('.monaco-diff-editor .editor.modified');
  await right.locator('.view-line', { hasText: 'TWO' }).first().waitFor({ timeout: 30_000 });
  await editor.picture('keyboard-hunk');
  await keys('Control+1', 'Control+k', 'n');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await keys('Enter');
  await editor.page
    .locator('.monaco-list-row[aria-label*="Change 1, line 2, rejected"]')
    .first()
    .waitFor({ timeout: 15_000 });
});

test('the cursor goes on to what is not decided yet, and the keys accept it there, from file to file', async () => {
  const cursorAt = (line: number) =>
    editor.page.locator('.part.statusbar', { hasText: `Ln ${line},` }).waitFor({ timeout: 15_000 });
  for (const line of [5, 9, 12]) {
    await cursorAt(line);
    await keys('Control+k', 'y');
  }
  const right = editor.page.locator('.monaco-diff-editor .editor.modified');
  await right.locator('.view-line', { hasText: 'everybody' }).first().waitFor({ timeout: 30_000 });
  await keys('Control+k', 'y');
  await editor.page
    .locator('.part.statusbar', { hasText: 'every change is decided' })
    .waitFor({ timeout: 15_000 });
});

test('what is decided is applied from the panel, then taken back, and the focus is somewhere all the while', async () => {
  await keys('Control+k', 'j');
  await until('its card has the focus', async () => (await focused()) === 'need');
  await tabTo('review-apply');
  await keys('Enter');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await until('it is applied', async () => (await status()) === 'finished', 90_000);
  await soon.match(() => onDisk('story.txt'), /^one\ntwo\n[\s\S]*FIVE[\s\S]*TWELVE/u);
  await editor.picture('keyboard-applied');
  await keys('Control+k', 'q');
  await until('the panel has the focus', async () => (await focused()) !== undefined);
  await tabTo('undo-button');
  await keys('Enter');
  await until('it asks', () => dialog.isVisible());
  await until(
    'it is taken back',
    async () => {
      if (await dialog.isVisible()) await keys('Enter');
      return (await onDisk('story.txt')) === STORY;
    },
    60_000,
  );
  await until('the panel has the focus again', async () => {
    if ((await focused()) !== undefined) return true;
    await keys('Control+k', 'q');
    return false;
  });
});
