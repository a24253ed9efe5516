/** The review hunk by hunk, by mouse: accept, reject with a reason, edit by hand, ask why, answer and resolve remarks, send back, apply. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answer, command, part, reloadWindow, setTheme, until } from '../support/drive.mjs';
import { reach } from '../support/main-job.mjs';
import { soon } from '../support/soon.ts';
import { openScripted, startGoal, type Scripted } from './scripted.ts';
import { shouting, STORY } from './shouting.ts';

const SCRIPT = shouting({
  said: 'The fallback is for a missing name; the words are to be seen from afar.',
  softer: { path: 'story.txt', old_text: 'NINE', new_text: 'nine!' },
});

let editor: Scripted;

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    files: { 'story.txt': STORY },
    settings: { 'quartet.approve.plan': false, 'files.autoSave': 'off' },
    size: { width: 1600, height: 1200 },
  });
  await startGoal(editor.page, 'Greet everybody');
  await (await part(editor.page, 'accept-all', 180_000)).first().waitFor();
});
after(async () => {
  await editor.close();
});

const row = (name: string) => editor.page.locator(`.monaco-list-row[aria-label*="${name}"]`).first();
const thread = (title: string) =>
  editor.page.locator('.review-widget:visible', {
    has: editor.page.locator('.review-title .filename', { hasText: title }),
  });
const press = (title: string, action: string) =>
  thread(title).locator(`.review-actions .action-label[aria-label^="${action}"]`).click();
const gone = (title: string) => thread(title).first().waitFor({ state: 'hidden', timeout: 10_000 });

/** A row has its hunks a moment after the change set is there. */
async function unfold(name: string) {
  await until(`the hunks of ${name}`, async () => {
    if ((await row(name).getAttribute('aria-expanded', { timeout: 1000 })) === 'true') return true;
    await row(name).locator('.monaco-tl-twistie').click({ timeout: 1000 });
    return false;
  });
}

async function onRow(name: string, action: string) {
  await row(name).hover();
  await row(name).locator(`.action-label[aria-label^="${action}"]`).click();
}

async function decide(title: string, action: string) {
  await thread(title).first().waitFor({ timeout: 15_000 });
  await press(title, action);
}

test('a hunk is accepted by the button at its lines, and its thread folds away', async () => {
  await row('story.txt').click();
  await decide('Change 1 of 4: undecided', 'Accept Change');
  await gone('Change 1 of 4');
});

test('why it is there is told from the record', async () => {
  await decide('Change 2 of 4: undecided', 'Ask Why');
  const told = thread('Change 2 of 4').locator('.comment-body', { hasText: 'Task greet: Greet and shout' });
  await told.waitFor({ timeout: 10_000 });
  const words = await told.innerText();
  for (const part of [
    'to be seen from afar',
    'handing over: Greets, and shouts.',
    'Tests: green',
    'Review: approved',
  ])
    assert.ok(words.includes(part), `${part}: ${words}`);
  await editor.picture('hunks-why');
});

test('another is rejected with a reason', async () => {
  await press('Change 2 of 4: undecided', 'Reject Change');
  await editor.page.getByPlaceholder('Why?').waitFor({ timeout: 10_000 });
  await answer(editor.page, 'five is enough');
  await gone('Change 2 of 4');
  await unfold('story.txt');
  await soon.match(() => row('Change 2, line 5, rejected').innerText(), /five is enough/);
});

test('a third is edited by hand, which accepts it and nothing else', async () => {
  await unfold('story.txt');
  await row('Change 4, line 12, undecided').click();
  const right = editor.page.locator('.monaco-diff-editor .editor.modified');
  await right.locator('.view-line', { hasText: 'TWELVE' }).first().click();
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.type(', a dozen');
  await editor.page.keyboard.press('Control+s');
  await until(
    'the row says so',
    async () => /edited by you/.test(await row('story.txt').innerText({ timeout: 1000 })),
    10_000,
  );
  await thread('Change 3 of 4: undecided').first().waitFor({ timeout: 10_000 });
});

test('a remark is answered, and goes to the coder', async () => {
  await row('Change 3, line 9, undecided').click();
  const remark = thread('Greet and shout');
  await remark.locator('.comment-body', { hasText: 'too loud' }).waitFor({ timeout: 10_000 });
  await remark.getByRole('button', { name: 'Reply...' }).click();
  await editor.page.keyboard.type('Yes, say it softly.');
  await remark.locator('.monaco-button', { hasText: 'Answer' }).click();
  await thread('Greet and shout')
    .locator('.comment-body', { hasText: 'softly' })
    .waitFor({ timeout: 10_000 });
  await editor.picture('hunks-remark');
  await press('Greet and shout', 'Fix This');
  await thread('Greet and shout: goes to the coder').waitFor({ timeout: 10_000 });
});

test('all of it survives a reload of the window', async () => {
  await reloadWindow(editor.page);
  await row('story.txt').waitFor({ timeout: 60_000 });
  await until(
    'the row says so',
    async () => /edited by you/.test(await row('story.txt').innerText({ timeout: 1000 })),
    10_000,
  );
  await unfold('story.txt');
  await row('Change 3, line 9, undecided').click();
  await thread('Greet and shout: goes to the coder').waitFor({ timeout: 15_000 });
  await thread('Change 3 of 4: undecided').first().waitFor({ timeout: 10_000 });
  await soon.equal(() => thread('Change 1 of 4').count(), 0, 'what is decided stays folded');
});

test('sent back, the coder works without what was rejected; what was accepted stays so', async () => {
  await editor.page.locator('.pane-header', { hasText: 'Changes' }).hover();
  await editor.page.locator('.action-label[aria-label^="Send Back to the Team"]').first().click();
  await until(
    'the second offer',
    async () =>
      (await part(editor.page, 'need', 2000))
        .first()
        .innerText({ timeout: 1000 })
        .then((text) => /Reworked as you asked/.test(text)),
    120_000,
  );
  const told = JSON.stringify(
    editor.models.requests
      .map(({ body }) => body)
      .filter((body) => JSON.stringify(body).includes('revision-1')),
  );
  for (const words of ['five is enough', '+ FIVE', 'too loud', 'softly'])
    assert.ok(told.includes(words), words);
  await unfold('story.txt');
  await row('Change 2, line 9, undecided').click();
  await thread('Change 2 of 3: undecided').first().waitFor({ timeout: 15_000 });
  await soon.equal(() => thread('Change 1 of 3').count(), 0);
  await soon.equal(() => thread('Change 3 of 3').count(), 0);
  await soon.equal(() => editor.onDisk('story.txt'), STORY, 'nothing is in the workspace yet');
});

test('it can be looked at in every theme', async () => {
  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light']) {
    await setTheme(editor.page, theme);
    await thread('Change 2 of 3: undecided').first().waitFor({ timeout: 10_000 });
    await editor.picture(`hunks-${theme}`);
  }
  await setTheme(editor.page, 'light');
});

test('the last is accepted by its key, and the tree holds exactly what was decided', async () => {
  const right = editor.page.locator('.monaco-diff-editor .editor.modified');
  await right.locator('.view-line', { hasText: 'nine!' }).first().click();
  await editor.page.keyboard.press('Control+k');
  await editor.page.keyboard.press('y');
  await gone('Change 2 of 3');
  await onRow('greet.js', 'Accept File');
  await command(editor.page, 'Quartet: Apply Reviewed Changes');
  await reach(editor.page, ['finished'], 120_000);
  const wanted = STORY.replace('two', 'TWO').replace('nine', 'nine!').replace('twelve', 'TWELVE, a dozen');
  await soon.equal(() => editor.onDisk('story.txt'), wanted);
});
