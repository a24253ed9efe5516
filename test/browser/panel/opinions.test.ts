/** What several said of the same question or change: shown with who said what, whether they agree, and what it comes to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opinions } from '../../support/panel-states/opinions.ts';
import { id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const plain = (text: string): string => text.replace(/\s+/gu, ' ');

test('a question on which they differ shows each answer, the silence, and what was decided by weight', async () => {
  const panel = await openRun(opinions);
  const card = panel.page.locator(`${id('consensus-card')}[data-about="question"]`);
  await card.waitFor();
  const words = plain(await card.innerText());
  assert.match(words, /Coder asked several They disagree 1 silent/u);
  assert.match(words, /Keep the old limit\? - Keep it - Drop it/u);
  assert.match(words, /by weight · the change that it is about is risky: it deletes src\/truncate\.js/u);
  assert.match(words, /local, weight 2 Keep it Tests need it\./u);
  assert.match(words, /cloud Drop it Nobody reads it\./u);
  assert.match(words, /other no answer It used all 8 turns/u);
  assert.match(words, /Decided: Keep it$/u);
  assert.equal(await card.locator(`${id('consensus-vote')}[data-silent="true"]`).count(), 1);
  await panel.close();
});

test('a review in which they agree says so, with the words of whoever judged', async () => {
  const panel = await openRun(opinions);
  const card = panel.page.locator(`${id('consensus-card')}[data-about="review"]`);
  await card.waitFor();
  const words = plain(await card.innerText());
  assert.match(words, /Several reviewed They agree/u);
  assert.match(words, /local Changes requested src\/truncate\.js:6 Empty\./u);
  assert.match(words, /Decided: Changes requested All of them looked at the empty word\./u);
  await panel.close();
});

test('a question of the plan, which begins with its task’s title, says it once', async () => {
  const title = opinions.tasks.find(({ spec }) => spec.id === 'truncate')?.spec.title ?? '';
  const feed = opinions.feed.map((item) =>
    item.kind === 'consensus' && item.about === 'question'
      ? { ...item, question: `${title}\nLook at src/truncate.js.` }
      : item,
  );
  const panel = await openRun({ ...opinions, feed });
  const card = panel.page.locator(`${id('consensus-card')}[data-about="question"]`);
  await card.waitFor();
  assert.equal(plain(await card.innerText()).split(title).length, 2);
  await panel.close();
});
