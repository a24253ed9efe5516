/** What the team asks is answered by keyboard alone, in the panel and from the palette, and the focus is never lost on the way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { part, until } from '../support/drive.mjs';
import { soon } from '../support/soon.ts';
import { agent, call, plan, result, script, task } from '../scenarios/parts.ts';
import { byKeys } from './by-keys.ts';
import { heard, openScripted, type Scripted } from './scripted.ts';

const SCRIPT = script(
  agent('planner', [
    [plan(task({ id: 'greet', title: 'Greet' }), task({ id: 'tell', title: 'Tell', depends_on: ['greet'] }))],
  ]),
  agent('coder', [
    [call('run_command', { command: 'node first.js' })],
    [call('run_command', { command: 'node second.js' })],
    [call('run_command', { command: 'node third.js' })],
    [call('ask_user', { question: 'Greet whom?', options: ['Nobody', 'Everybody'] })],
    [call('ask_user', { question: 'Sure?' })],
    [result()],
  ]),
);

let editor: Scripted;

before(async () => {
  editor = await openScripted({
    script: SCRIPT,
    settings: { 'quartet.autonomy': 'ask' },
    size: { width: 1400, height: 1000 },
  });
});
after(async () => {
  await editor.close();
});

const { keys, focused, tabTo, run, toPanel } = byKeys(() => editor.page);
const shows = async (name: string, text = '') =>
  (await part(editor.page, name, 120_000)).filter({ hasText: text }).first().waitFor({ timeout: 60_000 });
const told = (words: RegExp) =>
  until(`the models are told ${words}`, () => words.test(heard(editor)), 60_000);

/** An answered card leaves the focus to the next one, or to what comes after the inbox. */
const staysInDock = () =>
  soon.match(async () => String(await focused()), /^(?:need|needs-you|steer-input)$/u);

test('the graph is chosen by arrows; Enter on a box opens its task in the list, which has the focus', async () => {
  await toPanel();
  await tabTo('goal-input');
  await editor.page.keyboard.type('Greet everybody');
  await tabTo('run-button');
  await keys('Enter');
  await shows('plan-approve');
  await tabTo('plan-as-list', 'Shift+Tab');
  await keys('ArrowRight');
  await shows('plan-graph');
  assert.equal(await focused(), 'plan-as-graph');
  await tabTo('graph-task');
  await editor.picture('keys-graph');
  await keys('Enter');
  await soon.equal(focused, 'plan-task');
  const open = (await part(editor.page, 'plan-task')).locator('details[open] > summary:focus');
  await soon.match(() => open.innerText(), /Greet/u);
  await tabTo('plan-approve');
  await keys('Enter');
  await soon.notEqual(focused, 'plan-approve');
  await staysInDock();
});

test('a command is allowed; the next is denied with a reason, which is typed where the focus goes by itself', async () => {
  await shows('need', 'node first.js');
  await tabTo('allow-button', 'Shift+Tab');
  await keys('Enter');
  await shows('need', 'node second.js');
  await staysInDock();
  await tabTo('reason-button', 'Shift+Tab');
  await keys('Enter');
  await soon.equal(focused, 'reason-input');
  await editor.page.keyboard.type('Not the second');
  await tabTo('deny-button');
  await keys('Enter');
  await shows('need', 'node third.js');
  await staysInDock();
  await told(/The person did not allow this: Not the second/u);
});

test('from the palette, too, a command is denied with a reason', async () => {
  await run('Quartet: Answer What Waits…');
  const dialog = editor.page.locator('.monaco-dialog-box');
  await soon.match(
    () => dialog.innerText({ timeout: 1000 }),
    /node third\.js[^]*Why this asks: node runs a program/u,
  );
  await editor.picture('keys-answering');
  const deny = dialog.getByRole('button', { name: 'Deny…' }).and(editor.page.locator(':focus'));
  await until('the button has the focus', async () => {
    if ((await deny.count()) > 0) return true;
    await keys('Tab');
    return false;
  });
  await keys('Enter');
  await editor.page.locator('.quick-input-widget input:focus').waitFor();
  await editor.page.keyboard.type('Nor the third');
  await keys('Enter');
  await told(/The person did not allow this: Nor the third/u);
});

test('a question is answered by one of its answers, the next in words', async () => {
  await shows('need', 'Greet whom?');
  await toPanel();
  await keys('Control+k', 'j');
  await soon.equal(focused, 'need');
  await tabTo('question-option');
  await keys('Tab', 'Enter');
  await shows('need', 'Sure?');
  await staysInDock();
  await told(/The person answers: Everybody/u);
  await tabTo('question-input', 'Shift+Tab');
  await editor.page.keyboard.type('Very');
  await keys('Enter');
  await told(/The person answers: Very/u);
  await staysInDock();
});
