/** The score board of several coders: what it shows, and how the person overrules the rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuestionAnswer, ReviewAnswer } from '../../../src/protocol/answers.ts';
import { boardAsked, boardReview } from '../../support/panel-states/boards.ts';
import { soon } from '../../support/soon.ts';
import { id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const row = (candidate: number): string => `${id('candidate')}[data-candidate="${candidate}"]`;

test('each candidate shows its tests, size, review, model and cost, and which one was chosen why', async () => {
  const panel = await openRun(boardReview);
  const { page } = panel;
  const words = async (candidate: number) =>
    (await page.locator(row(candidate)).innerText()).replace(/\s+/gu, ' ');
  await soon.match(
    () => words(1),
    /Candidate 1 Green Take this one.*14 passed.*\+44 −3.*approved.*local.*9.1k tokens/u,
  );
  await soon.match(() => words(2), /Candidate 2 Green Chosen.*\+18 −3.*cloud.*temperature 0\.9/u);
  await soon.match(() => words(3), /Candidate 3 Failed.*cuts at a dash/u);
  await soon.match(() => words(4), /Candidate 4 Left out.*no room/u);
  await soon.match(
    () => page.locator(id('candidate-why')).innerText(),
    /The rule chose 2\. 21 changed lines/u,
  );
  await soon.equal(() => page.locator(id('candidate-take')).count(), 1, 'only what can be taken and is not');
  await panel.close();
});

test('at the review another’s work is taken by mouse, and by keyboard', async () => {
  for (const how of ['mouse', 'keyboard'] as const) {
    const panel = await openRun(boardReview);
    await panel.forget();
    const take = panel.page.locator(`${row(1)} ${id('candidate-take')}`);
    if (how === 'mouse') await take.click();
    else await take.press('Enter');
    const [message, ...more] = await panel.posted();
    assert.deepEqual(more, []);
    assert.ok(message?.type === 'answer');
    assert.equal(message.signal, boardReview.needs.find(({ ask }) => ask.kind === 'review')?.signal);
    const { decision, choice } = ReviewAnswer.parse(message.value);
    assert.deepEqual([decision, choice], ['choose', { task: 'truncate', candidate: 1 }]);
    await soon.equal(() => take.isDisabled(), true, 'not twice');
    await panel.close();
  }
});

test('where the person is asked who goes on, the board answers as the question does', async () => {
  const panel = await openRun(boardAsked);
  await panel.forget();
  await panel.page.locator(`${row(2)} ${id('candidate-take')}`).click();
  const [message] = await panel.posted();
  assert.ok(message?.type === 'answer');
  assert.equal(message.signal, 'choose/truncate/1');
  assert.deepEqual(QuestionAnswer.parse(message.value), { text: 'Candidate 2' });
  await panel.close();
});

test('a task that did not stand beside another says which, which tests and which lines', async () => {
  const panel = await openRun(boardReview);
  const task = panel.page.locator(`${id('plan-task')}[data-task="truncate"]`);
  await task.locator('summary').click();
  await task.getByText('Failing together', { exact: false }).waitFor();
  const words = await task.innerText();
  for (const part of [
    'truncate and accents are green alone and red together.',
    'Failing together: slugs > cuts at a dash.',
    'Both touch src/slugify.js: truncate lines 3-5; accents lines 4.',
  ])
    assert.ok(words.includes(part), `${part} in ${words}`);
  await panel.close();
});
