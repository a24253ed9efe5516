/** What a team shares, as the panel shows it: facts, letters that nobody read, a pause, and the way to what needs the person. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, planOpen, working } from '../../support/panel-states/runs.ts';
import { sharing, sharingOver } from '../../support/panel-states/people.ts';
import { journalOf, wholeOf } from '../../support/panel-states/timelines.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { announced, awaited, id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

/** The open question whose card has the focus. */
const focused = (panel: PanelPage): Promise<string | undefined> =>
  panel.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['signal']);
const [permission, question] = asked.needs.map(({ signal }) => signal);

test('facts are shown with their version, who says so, what they replaced and whom to doubt; each opens', async () => {
  const panel = await openRun(sharing);
  const { page } = panel;
  await page.locator(`${id('facts')} summary`).click();
  const fact = page.locator(`${id('fact')}[data-key="normal form"]`);
  await soon.match(() => fact.innerText(), /NFKD folds ligatures, too:\n"ﬁn" becomes "fin"\./u);
  assert.match(await fact.innerText(), /Researcher[\s\S]*version 2/u);
  assert.match(await fact.locator(id('fact-former')).innerText(), /Before \(Coder\): NFD is enough\./u);
  assert.match(await fact.locator(id('fact-tainted')).innerText(), /has read Open https:\/\/unicode\.org/u);
  await panel.forget();
  await fact.locator(id('open-output')).click();
  const opened = await awaited(panel, 'record.open');
  assert.deepEqual([opened.seq, opened.part], [58, 'output']);
  await panel.close();
});

test('a letter that nobody read is sent again, or to somebody else; what may still be read only elsewhere', async () => {
  const panel = await openRun(sharing);
  const dead = panel.page.locator(`${id('letter')}[data-state="dead"]`);
  const waiting = panel.page.locator(`${id('letter')}[data-state="waiting"]`);
  await soon.match(() => dead.innerText(), /Coder to Documenter[\s\S]*ended without reading it/u);
  assert.equal(await waiting.locator(id('letter-again')).count(), 0);
  await panel.forget();
  await waiting.locator(id('letter-elsewhere')).click();
  assert.equal((await awaited(panel, 'message.resend')).elsewhere, true);
  await panel.forget();
  await dead.locator(id('letter-again')).click();
  const { message, elsewhere } = await awaited(panel, 'message.resend');
  assert.deepEqual([message, elsewhere], [61, undefined]);
  await soon.match(() => dead.innerText(), /Sent again\./u);
  await soon.match(() => announced(panel), /^Sent again\./u);
  await soon.equal(() => dead.locator(id('letter-again')).count(), 0);
  await panel.close();
});

test('a run that is over shows what nobody read, and offers nothing that cannot be', async () => {
  const panel = await openRun(sharingOver);
  await soon.equal(() => panel.page.locator(id('letter')).count(), 2);
  assert.equal(await panel.page.locator(`${id('letter')} button`).count(), 0);
  assert.equal(await panel.page.locator(id('pause-button')).count(), 0);
  await panel.close();
});

test('a pause is asked for once; until it has come the run says so and can be stopped at once', async () => {
  const panel = await openRun(working);
  assert.deepEqual(await press(panel, 'pause-button'), [{ type: 'run.pause', run: working.id }]);
  await panel.send(shown({ ...working, draining: true, lastSeq: 500 }));
  await soon.equal(() => panel.page.locator(id('run-status')).innerText(), 'Pausing…');
  assert.equal(await panel.page.locator(id('pause-button')).count(), 0);
  assert.deepEqual(await press(panel, 'stop-button'), [{ type: 'run.stop', run: working.id }]);
  await panel.close();
  const foreign = await open({}, shown(working, false));
  assert.deepEqual(await press(foreign, 'pause-button'), [{ type: 'run.pause', run: working.id }]);
  await foreign.close();
});

test('the head stays as high as it is when the plan comes', async () => {
  const panel = await openRun({ ...working, tasks: [] });
  const height = () =>
    panel.page.locator('.run-head').evaluate((head) => head.getBoundingClientRect().height);
  const before = await height();
  await panel.send(shown({ ...working, lastSeq: 500 }));
  await panel.page.locator('.progress-task').first().waitFor();
  assert.equal(await height(), before);
  await panel.close();
});

test('one press after the other leads from one question to the next, and round', async () => {
  const panel = await openRun(asked);
  const jump = panel.page.locator(id('to-needs'));
  for (const wanted of [permission, question, permission]) {
    await jump.click();
    await soon.equal(() => focused(panel), wanted);
  }
  await panel.page.locator(id('question-input')).focus();
  await jump.focus();
  await panel.page.keyboard.press('Enter');
  await soon.equal(() => focused(panel), question);
  await panel.send(shown({ ...asked, needs: [], lastSeq: 500 }));
  await soon.equal(() => jump.count(), 0);
  await panel.close();
});

test('a command leads to a question, also to one that the page does not show yet', async () => {
  const panel = await openRun({ ...asked, needs: asked.needs.slice(0, 1) });
  const { id: run } = asked;
  await panel.send({ type: 'show', run, place: { need: question ?? '' } });
  assert.notEqual(await focused(panel), question);
  await panel.send(shown({ ...asked, lastSeq: 500 }));
  await soon.equal(() => focused(panel), question);
  await panel.send({ type: 'show', run: 'another', place: { need: permission ?? '' } });
  await panel.send({ type: 'show', run, place: { need: 'gone' } });
  assert.equal(await focused(panel), question, 'what is not there moves nothing');
  await panel.close();
});

test('a command opens the plan to be changed: the one that waits, and the one that is carried out', async () => {
  for (const view of [planOpen, working]) {
    const panel = await openRun(view);
    await panel.send({ type: 'show', run: view.id, place: 'plan' });
    await panel.page.locator(id('plan-editor')).waitFor();
    await panel.page.locator(id('task-title')).first().fill('Mine');
    await panel.send({ type: 'show', run: view.id, place: 'plan' });
    assert.equal(await panel.page.locator(id('task-title')).first().inputValue(), 'Mine', 'an edit stays');
    await panel.close();
  }
  const over = await openRun(sharingOver);
  await over.send({ type: 'show', run: sharingOver.id, place: 'plan' });
  assert.equal(await over.page.locator(id('plan-editor')).count(), 0);
  await over.close();
});

test('a command opens the search of the conversation, and calls back to it whoever left it', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  const text = page.locator(`${id('search-text')}:focus`);
  const call = () => panel.send({ type: 'show', run: working.id, place: 'search' });
  await page.locator(id('steer-input')).focus();
  await call();
  await text.waitFor();
  await page.keyboard.type('accents');
  await page.locator(id('search-next')).focus();
  await call();
  await text.waitFor();
  await page.keyboard.type('slug');
  assert.equal(await text.inputValue(), 'slug', 'what was looked for is there to be typed over');
  await page.keyboard.press('Escape');
  await soon.equal(() => page.locator(id('search')).count(), 0);
  await page.locator(`${id('steer-input')}:focus`).waitFor();
  await panel.close();
});

test('the run view tells what the team knew at that moment', async () => {
  const lines = journalOf(6);
  const noted = lines.find(({ type }) => type === 'fact.noted')?.seq ?? 0;
  const panel = await open({ name: 'run-view', width: 1200 }, wholeOf(lines, lines.length));
  const fact = panel.page.locator(id('moment-fact'));
  await soon.match(() => fact.innerText(), /normal form[\s\S]*NFKD folds ligatures[\s\S]*version 1/u);
  await fact.locator('button').click();
  await soon.deepEqual(async () => (await panel.postedByRunView()).at(-1), { type: 'moment', seq: noted });
  await panel.send(wholeOf(lines, noted - 1));
  await soon.equal(() => fact.count(), 0);
  await panel.close();
});
