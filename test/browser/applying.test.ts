/**
 * By mouse, in a folder without git: remarks are settled, made and sent to the coder; a change is applied beside an unsaved editor and
 * onto a file that changed meanwhile; then, in the gutter, one change is taken back and one is kept.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answer, command, part, reloadWindow, until } from '../support/drive.mjs';
import { reach } from '../support/main-job.mjs';
import { soon } from '../support/soon.ts';
import { heard, openScripted, startGoal, type Scripted } from './scripted.ts';
import { shouting, STORY } from './shouting.ts';

const upper = (text: string, ...words: readonly string[]) =>
  words.reduce((all, word) => all.replace(`${word}\n`, `${word.toUpperCase()}\n`), text);
const MINE = STORY.replace('five', 'fünf');
const SCRIPT = shouting({
  said: 'The words are to be seen from afar.',
  other: 'poem.txt',
  softer: { path: 'poem.txt', old_text: 'TWO', new_text: 'Two' },
  because: 'So that the back row can read it.',
});

let editor: Scripted;
const onDisk = (path: string) => editor.onDisk(path);

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    files: { 'story.txt': STORY, 'poem.txt': STORY },
    settings: { 'quartet.approve.plan': false, 'git.enabled': false, 'files.autoSave': 'off' },
    size: { width: 1600, height: 1200 },
    hasGit: false,
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
  thread(title).locator(`.review-actions .action-label[aria-label^="${action}"]`).first().click();
const modified = () => editor.page.locator('.monaco-diff-editor .editor.modified');
const pressPanel = async (id: string) => (await part(editor.page, id)).first().click();

/** The middle of the row of a line that is in sight, at the left edge of what stands in the gutter there. */
async function inGutter(scope: ReturnType<typeof modified>, sign: string, text: string) {
  const line = await scope.locator('.view-line', { hasText: text }).first().boundingBox();
  assert.ok(line, `"${text}" is in sight`);
  const signs = await scope.locator(`.margin-view-overlays ${sign}`).all();
  const boxes = await Promise.all(signs.map((each) => each.boundingBox()));
  const box = boxes.find(
    (each) =>
      each !== null && each.y < line.y + line.height / 2 && each.y + each.height > line.y + line.height / 2,
  );
  assert.ok(box, `${sign} stands beside "${text}"`);
  return { x: box.x, y: line.y + line.height / 2, width: box.width };
}

test('a remark is resolved, folds away, and is opened again', async () => {
  await row('story.txt').click();
  await thread('Greet and shout')
    .locator('.comment-body', { hasText: 'too loud' })
    .waitFor({ timeout: 20_000 });
  await press('Greet and shout', 'Resolve');
  await thread('Greet and shout').first().waitFor({ state: 'hidden', timeout: 10_000 });
  const folded = await inGutter(modified(), '.comment-thread', 'NINE');
  await editor.page.mouse.click(folded.x + folded.width / 2, folded.y);
  await thread('Greet and shout: resolved').waitFor({ timeout: 10_000 });
  await press('Greet and shout', 'Reopen');
  await thread('Greet and shout')
    .locator('.comment-body', { hasText: 'too loud' })
    .waitFor({ timeout: 10_000 });
  await thread('Greet and shout: resolved').waitFor({ state: 'hidden', timeout: 10_000 });
});

test('where the record does not say enough, the team is asked, and answers at the change', async () => {
  await row('story.txt').click();
  const change = thread('Change 1 of 4').first();
  await change.waitFor({ timeout: 20_000 });
  await soon.equal(() => change.locator('.action-label[aria-label^="Ask the Team"]').count(), 0);
  await press('Change 1 of 4', 'Ask Why');
  await change.locator('.action-label[aria-label^="Ask the Team"]').click({ timeout: 10_000 });
  await editor.page.locator('.quick-input-title', { hasText: 'Ask the Team' }).waitFor({ timeout: 10_000 });
  await answer(editor.page, 'Who is to read TWO?');
  await thread('Change 1 of 4')
    .locator('.comment-body', { hasText: 'the back row can read it' })
    .waitFor({ timeout: 60_000 });
  await editor.picture('applying-ask-team');
  const told = heard(editor);
  for (const part of ['Who is to read TWO?', '+ TWO', 'to be seen from afar'])
    assert.ok(told.includes(part), part);
});

test('a remark of the person is made at a line, with the plus in the gutter, and goes to the coder', async () => {
  await row('poem.txt').click();
  await modified().locator('.view-line', { hasText: 'seven' }).first().hover();
  const plus = await inGutter(modified(), '.comment-range-glyph', 'seven');
  await editor.page.mouse.move(plus.x + plus.width / 2, plus.y);
  await editor.page.mouse.click(plus.x + plus.width / 2, plus.y);
  const box = editor.page
    .locator('.review-widget:visible', { has: editor.page.locator('.comment-form') })
    .first();
  await box.locator('.monaco-editor').first().click();
  await editor.page.keyboard.type('Say two softly here.');
  await box.locator('.monaco-button', { hasText: 'Fix This' }).click();
  await thread('Remark: goes to the coder')
    .locator('.comment-body', { hasText: 'softly here' })
    .waitFor({ timeout: 10_000 });
  await editor.picture('applying-own-remark');
  await pressPanel('review-send-back');
  await until(
    'the second offer',
    async () =>
      /Reworked as you asked/.test(
        await (await part(editor.page, 'need', 2000)).first().innerText({ timeout: 1000 }),
      ),
    120_000,
  );
  const told = heard(editor);
  assert.ok(told.includes('Say two softly here.'));
});

test('a file changed meanwhile and an editor is unsaved: what conflicts is asked about, and resolved by hand', async () => {
  await writeFile(join(editor.folder, 'story.txt'), MINE);
  await command(editor.page, 'Explorer: Focus on Folders View');
  await row('poem.txt').dblclick();
  const text = editor.page.locator('.editor-instance .monaco-editor:visible', { hasText: 'twelve' }).first();
  await text.locator('.view-line', { hasText: 'twelve' }).first().click();
  await editor.page.keyboard.press('Control+End');
  await editor.page.keyboard.type('thirteen, typed');
  await command(editor.page, 'Quartet: Show Team Panel');
  await pressPanel('accept-all');
  await (await part(editor.page, 'conflict-open', 120_000)).first().click();
  await modified().locator('.view-line', { hasText: '<<<<<<<' }).first().waitFor({ timeout: 20_000 });
  await soon.equal(() => onDisk('story.txt'), MINE, 'nothing is written before it is resolved');
  await soon.equal(() => onDisk('poem.txt'), STORY, 'what is typed is not saved');
  await editor.picture('applying-conflict');
  await modified().locator('.view-line', { hasText: '<<<<<<<' }).first().click();
  await editor.page.keyboard.press('Control+a');
  await editor.page.keyboard.insertText(upper(MINE, 'two', 'nine', 'twelve'));
  await editor.page.keyboard.press('Control+s');
  await pressPanel('conflict-apply');
  await reach(editor.page, ['finished'], 120_000);
  await soon.equal(() => onDisk('story.txt'), upper(MINE, 'two', 'nine', 'twelve'));
  await soon.equal(() => onDisk('poem.txt'), `${STORY.replace('two', 'Two')}thirteen, typed`);
});

/** Presses one of the actions on the change at a line, found by its mark in the gutter; `seen` looks at it before. */
async function onChange(line: string, action: string, seen?: () => Promise<unknown>) {
  const text = editor.page.locator('.editor-instance .monaco-editor:visible', { hasText: 'eleven' }).first();
  const shown = editor.page.locator('.peekview-widget').first();
  await until(
    `"${action}" for ${line}`,
    async () => {
      // What was open before may still be closing: a mark opens only what is not open.
      await editor.page.keyboard.press('Escape');
      await shown.waitFor({ state: 'hidden', timeout: 2_000 });
      const mark = await inGutter(text, '.dirty-diff-glyph', line);
      await editor.page.mouse.click(mark.x + 1, mark.y);
      const button = shown.locator(`.action-label[aria-label^="${action}"]`);
      await button.waitFor({ timeout: 5_000 });
      await seen?.();
      await button.click({ timeout: 3_000 });
      return true;
    },
    60_000,
  );
}
const marks = () => editor.page.locator('.editor-instance .margin-view-overlays .dirty-diff-glyph').count();

async function openStory() {
  await command(editor.page, 'Explorer: Focus on Folders View');
  await row('story.txt').dblclick();
}

test('in the gutter, one change is taken back and one is kept', async () => {
  await openStory();
  await onChange('TWO', 'Undo This Change', () => editor.picture('applying-keep'));
  await until('it is taken back', async () => (await onDisk('story.txt')) === upper(MINE, 'nine', 'twelve'));
  await onChange('NINE', 'Keep This Change');
  await until('one mark is left', async () => (await marks()) === 1);
  await soon.equal(() => onDisk('story.txt'), upper(MINE, 'nine', 'twelve'));
});

test('what was kept stays so after a reload, and the rest can still be taken back', async () => {
  await reloadWindow(editor.page);
  await command(editor.page, 'Quartet: Show Team Panel');
  await soon.equal(() => marks(), 1);
  await onChange('TWELVE', 'Undo This Change');
  await until('it is taken back', async () => (await onDisk('story.txt')) === upper(MINE, 'nine'));
  await until('no mark is left', async () => (await marks()) === 0);
});
