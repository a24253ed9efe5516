/** The person in the middle of a run: a role of their own is added and used, a coder is steered, a question answered an hour later, a task done by hand. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Script } from '../../src/core/models/script.ts';
import { command, part, until, webview, workbenchReady } from '../support/drive.mjs';
import { soon } from '../support/soon.ts';
import { ageJournal, journals, readJournal } from '../support/story.mjs';
import { heard, openScripted, startGoal, type Scripted } from './scripted.ts';

const PAINTER = `---
name: painter
description: Paints things
tools: [read_file, write_file]
---

You paint.
`;
const HOUR_MS = 3_600_000;
const call = (tool: string, args: object) => ({ tool, args });
const says = (role: string, task: string | undefined, ...replies: readonly object[][]) => ({
  role,
  ...(task !== undefined && { task }),
  replies: replies.map((calls) => ({ content: '', calls })),
});
const asks = (question: string) => [call('ask_user', { question })];
const SCRIPT = Script.parse({
  title: 'People',
  agents: [
    says('planner', undefined, [
      call('submit_plan', {
        summary: 'Two tasks.',
        tasks: [
          { id: 'greet', title: 'Greet', description: 'Greet all.', role: 'coder', files: ['greet.js'] },
          { id: 'story', title: 'Tell', description: 'Tell it.', role: 'coder', files: ['story.txt'] },
        ],
      }),
    ]),
    says('coder', 'greet', asks('Greet whom?'), [
      call('edit_file', {
        path: 'greet.js',
        edits: [{ old_text: '${name}!', new_text: "${name || 'everybody'}!" }],
      }),
      call('submit_result', { summary: 'Greets.' }),
    ]),
    says('coder', 'story', asks('Which story?')),
    says('painter', undefined, [
      call('write_file', { path: 'painting.txt', content: 'blue\n' }),
      call('submit_result', { summary: 'Painted.' }),
    ]),
    says('reviewer', undefined, [call('submit_review', { verdict: 'approve' })]),
    says('synthesizer', undefined, [call('submit_summary', { title: 'All', body: 'All is done.' })]),
  ],
});

let editor: Scripted;

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    files: { 'story.txt': 'once\n' },
    settings: {
      'quartet.approve.plan': false,
      // One at a time: whoever asks lets the other work, and nobody's waiting counts as work.
      'quartet.limits.concurrency': 1,
      'quartet.budget.minutesMax': 30,
    },
    size: { width: 1400, height: 1100 },
  });
  await startGoal(editor.page, 'Greet and tell');
  await until('both coders ask', async () => (await questions()).length === 2, 180_000);
});
after(async () => {
  await editor.close();
});

const lines = () => readJournal(journals(editor.server.data).at(-1)!);
const panel = () => webview(editor.page, '[data-testid="run-status"]', 60_000);
const id = (name: string) => `[data-testid="${name}"]`;
/** Questions that are open, as the person reads them. */
async function questions(): Promise<readonly string[]> {
  const texts = await (await panel()).locator(id('needs-you')).allInnerTexts();
  return ['Greet whom?', 'Which story?'].filter((each) => texts.join('\n').includes(each));
}
/** The dialog in which one of those that wait is answered from the palette. */
async function answering(title: string): Promise<Locator> {
  await command(editor.page, 'Quartet: Answer What Waits…');
  await editor.page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first().click();
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  return dialog;
}
const stateOf = async (task: string) =>
  (await panel())
    .locator(`${id('plan-task')}[data-task="${task}"]`)
    .first()
    .getAttribute('data-state');

test('a role that is added while the run works is offered in the plan and asked about once', async () => {
  await mkdir(join(editor.folder, '.quartet/agents'), { recursive: true });
  await writeFile(join(editor.folder, '.quartet/agents/painter.md'), PAINTER);
  const page = await panel();
  await page.locator(id('plan-edit-live')).first().click();
  await page.locator(id('plan-add-task')).click();
  const form = page.locator(`${id('plan-edit-task')}[data-task="task-3"]`);
  await form.locator(id('task-title')).fill('Paint it');
  await form.locator(id('task-description')).fill('Paint it blue.');
  await form
    .locator(`${id('task-role')} option[value="painter"]`)
    .waitFor({ state: 'attached', timeout: 30_000 });
  await form.locator(id('task-role')).selectOption('painter');
  // What nothing provides is told while one types, with who lacks what; and no longer once it is something else.
  const required = form.locator(`${id('requirement')}[data-served="false"]`);
  await form.locator(id('task-requires')).fill('vision');
  await required.filter({ hasText: 'endpoint here: it provides no vision' }).waitFor({ timeout: 30_000 });
  await page.locator(`${id('plan-change')}:disabled`).waitFor({ timeout: 30_000 });
  await form.locator(id('task-requires')).fill('uses-read_file');
  await form
    .locator(`${id('requirement')}[data-served="true"]`)
    .filter({ hasText: 'role painter' })
    .waitFor({ timeout: 30_000 });
  await editor.picture('people-plan');
  await form.locator(id('task-requires')).fill('');
  await page.locator(`${id('plan-change')}:enabled`).click();
  await page.locator(id('allow-button')).first().waitFor({ timeout: 60_000 });
  const dialog = await answering('painter');
  await soon.match(() => dialog.innerText(), /You paint\./);
  await editor.picture('people-answering');
  await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
  // It may write anywhere, so it waits for those who work on files.
  await until('it is in the plan', async () => (await stateOf('task-3')) === 'waiting', 60_000);
});

test('a coder is told something, and a question is answered an hour and another window later', async () => {
  const steer = (await panel()).locator(id('steer-input'));
  await steer.fill('@coder Keep it short');
  await steer.press('Enter');
  await until('it is recorded', () =>
    lines().some((line) => JSON.stringify(line.data).includes('Keep it short')),
  );
  await editor.page.goto('about:blank');
  await until('the window has let go of the run', () => lines().at(-1)?.type === 'run.paused', 60_000);
  ageJournal(journals(editor.server.data).at(-1)!, HOUR_MS);
  await editor.page.goto(editor.server.url({ folder: editor.folder }));
  await workbenchReady(editor.page);
  await command(editor.page, 'Quartet: Show Team Panel');
  await until('the questions stand again', async () => (await questions()).length === 2, 120_000);
  await (await answering('Greet whom?')).getByRole('button', { name: 'Answer in Your Own Words…' }).click();
  const words = editor.page.locator('.quick-input-widget input[type="text"]');
  await words.fill('Everybody');
  await words.press('Enter');
  await until('the coder is done', async () => (await stateOf('greet')) === 'done', 120_000);
  const told = heard(editor);
  assert.match(told, /Keep it short/);
  assert.match(told, /Everybody/);
  const [asked = 0, answered = 0] = ['signal.opened', 'signal.received'].map(
    (type) =>
      lines().find((line) => line.type === type && line.key?.startsWith('question/task/greet/') === true)?.at,
  );
  assert.ok(answered - asked >= HOUR_MS, `${String(answered - asked)} ms`);
});

test('a task is done by hand in its working copy and given back; then the role of the person’s own works', async () => {
  const page = await panel();
  const row = page.locator(`${id('plan-task')}[data-task="story"]`).first();
  await row.locator('summary').first().click();
  await row.locator(id('task-take')).click();
  await page.locator(id('hand-give')).waitFor({ timeout: 60_000 });
  await soon.deepEqual(() => questions(), [], 'whoever was taken off the task asks no more');
  const copy = await page.locator(id('needs-you')).locator('code').first().innerText();
  await writeFile(join(copy.trim(), 'story.txt'), 'twice\n');
  await page.locator(id('hand-summary')).fill('Told it twice.');
  await editor.picture('people-by-hand');
  await page.locator(id('hand-give')).click();
  await (await part(editor.page, 'accept-all', 180_000)).first().click();
  await until('it is applied', async () => (await editor.onDisk('story.txt')) === 'twice\n', 90_000);
  await soon.equal(() => editor.onDisk('painting.txt'), 'blue\n');
  assert.ok(lines().some(({ key }) => key?.startsWith('task/task-3/attempt/1/painter/') === true));
  await soon.match(() => editor.onDisk('greet.js'), /everybody/);
});
