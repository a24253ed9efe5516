/** Who does what right now: in sight wherever the conversation is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentView, FeedItem } from '../../../src/protocol/view.ts';
import { busy } from '../../support/panel-states/busy.ts';
import { asked, working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { delta, id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const plain = (text: string): string => text.replace(/\s+/gu, ' ');

test('each agent at work tells what it does, whom it waits for, how long, what it took and how full its conversation is', async () => {
  const panel = await openRun(busy);
  const { page } = panel;
  const rows = await page.locator(id('agent-now')).allInnerTexts();
  for (const [place, told] of [
    /^Coder Fold accents .* waits for Reviewer \(accents\) 22k tokens \$0\.12 context 24%$/u,
    /^Coder Cut long slugs .* 28s Run npm test -- truncate 48k tokens \$0\.31 context 50%$/u,
    /^Reviewer Fold accents .* 9s thinking 13k tokens cost unknown context 10%$/u,
    /^Documenter Describe both .* 42s waits for you 144k tokens \$0\.84 context 86%$/u,
  ].entries())
    assert.match(plain(rows[place] ?? ''), told);
  assert.equal(rows.length, 4, 'the planner is done');
  assert.match(
    plain(await page.locator(id('active-step')).innerText()),
    /^Run the tests Cut long slugs .* 1m 08s$/u,
  );
  assert.match(
    plain(await page.locator(`${id('now')} > summary`).innerText()),
    /^Now 3 at work, 2 waiting$/u,
  );
  const wait = page.locator(id('wait'));
  assert.equal(await wait.getAttribute('title'), 'it asked and waits for the answer');
  const full = page.locator(`${id('context-use')}[data-tone="warn"]`);
  assert.equal(await full.count(), 1, 'whose conversation is nearly too long stands out');
  assert.match((await full.getAttribute('title')) ?? '', /110000 of 128000 tokens/u);
  await panel.close();
});

test('where all wait, nobody is counted as at work', async () => {
  const { agents } = busy;
  const panel = await openRun({
    ...busy,
    agents: agents.filter(({ state }) => state === 'waiting' || state === 'blocked'),
    active: [],
  });
  await soon.match(
    async () => plain(await panel.page.locator(`${id('now')} > summary`).innerText()),
    /^Now 2 waiting$/u,
  );
  await panel.close();
});

test('a reply that comes makes of thinking writing; what ends leaves; a run that rests shows nobody at work', async () => {
  const panel = await openRun(busy);
  const { page } = panel;
  const reviewer = page.locator(`${id('agent-now')}[data-agent$="reviewer"]`);
  const { key } = busy.active.find(({ kind }) => kind === 'model') ?? assert.fail('somebody thinks');
  await panel.send({
    ...{ type: 'stream', run: busy.id, key, role: 'reviewer', task: 'accents' },
    text: 'The pattern is',
  });
  await soon.match(async () => plain(await reviewer.innerText()), /9s writing/u);
  const [planner, author, coder] = busy.agents;
  assert.ok(planner && author && coder);
  const fewer = { ...busy, lastSeq: busy.lastSeq + 1, agents: [planner, author, coder], active: [] };
  await panel.send(delta(busy, fewer));
  await soon.equal(() => page.locator(id('agent-now')).count(), 2);
  const rests = {
    ...fewer,
    lastSeq: fewer.lastSeq + 1,
    paused: { reason: 'stopped' as const, message: 'Stopped.' },
  };
  await panel.send(delta(fewer, rests));
  await soon.equal(() => page.locator(id('now')).count(), 0);
  await panel.close();
});

test('it is in sight at the beginning of a long conversation, takes a part of the page at most, and stays folded as one left it', async () => {
  for (const width of [250, 400, 900]) {
    const panel = await openRun(busy, { width, height: 800 });
    const { page } = panel;
    await page.locator('.scroller').evaluate((element) => (element.scrollTop = 0));
    const now = page.locator('.now');
    await now.locator('.now-row').first().waitFor();
    const box = (await now.boundingBox()) ?? assert.fail('it is on the page');
    assert.ok(box.height <= 0.31 * 800 && box.y + box.height <= 800, `${width}: ${JSON.stringify(box)}`);
    assert.equal(await now.evaluate((element) => element.scrollWidth > element.clientWidth), false);
    await page.locator(`${id('now')} > summary`).click();
    await panel.send(delta(busy, { ...busy, lastSeq: busy.lastSeq + 1, updatedAt: busy.updatedAt + 1 }));
    await soon.equal(() => page.locator(id('agent-now')).first().isVisible(), false);
    await panel.close();
  }
});

test('a row leads to what its agent said and did', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  const row = page.locator(`${id('agent-now')}[data-agent="coder-2"]`);
  await row.getByRole('button').click();
  await soon.equal(() => page.locator(id('search')).isVisible(), true);
  assert.equal(await page.locator(id('search-agent')).count(), 0, 'it was tried once');
  const turns = await page.locator('.talk-rows .turn-task').allInnerTexts();
  assert.ok(
    turns.length > 0 && turns.every((task) => task === 'Cut long slugs at a word boundary'),
    turns.join(', '),
  );
  await panel.close();
});

test('of a task that was tried again the row leads to its own attempt, and the others are one pick away', async () => {
  const again = { role: 'coder', agent: 'coder-3', task: 'truncate', attempt: 2 };
  const said: FeedItem = { kind: 'said', id: 990, at: working.updatedAt, who: again, text: 'Once more.' };
  const agent: AgentView = { ...again, id: again.agent, state: 'thinking', endpoint: 'main', turns: 1 };
  const panel = await openRun({
    ...working,
    feed: [...working.feed, said],
    agents: [...working.agents, agent],
  });
  const { page } = panel;
  await page
    .locator(`${id('agent-now')}[data-agent="coder-3"]`)
    .getByRole('button')
    .click();
  const pick = page.locator(id('search-agent'));
  await soon.equal(() => pick.inputValue(), 'coder-3');
  assert.deepEqual(await pick.locator('option').allInnerTexts(), ['Every attempt', 'attempt 1', 'attempt 2']);
  const talk = page.locator('.talk-rows');
  await soon.match(() => talk.innerText(), /Once more\./u);
  const first = 'Write src/truncate.js';
  assert.equal((await talk.innerText()).includes(first), false);
  await pick.selectOption('coder-2');
  await soon.equal(async () => (await talk.innerText()).includes(first), true);
  assert.equal((await talk.innerText()).includes('Once more.'), false);
  await panel.close();
});

test('however much waits and whoever is at work, there is room for the conversation, and every answer can be reached', async () => {
  for (const size of [
    { width: 250, height: 800 },
    { width: 300, height: 560 },
    { width: 300, height: 430 },
  ]) {
    const panel = await openRun(asked, size);
    const heights = await panel.page.evaluate(() =>
      ['.scroller', '.needs', '.now'].map((name) => document.querySelector(name)?.clientHeight ?? 0),
    );
    for (const height of heights)
      assert.ok(height >= size.height * 0.1, `${JSON.stringify(size)}: ${heights.join()}`);
    await panel.page.locator(id('question-input')).focus();
    const box = await panel.page.locator(id('question-input')).boundingBox();
    assert.ok(box && box.y > 0 && box.y + box.height <= size.height, 'what has the focus is in sight');
    await panel.close();
  }
});

test('where the page scrolls as a whole, the way to stop stays in reach', async () => {
  for (const size of [
    { width: 250, height: 300 },
    { width: 400, height: 410 },
  ]) {
    const panel = await openRun(busy, size);
    const { page } = panel;
    const scrolled = await page
      .locator('.run')
      .evaluate((run) => ((run.scrollTop = run.scrollHeight), run.scrollTop));
    assert.ok(scrolled > 300, `it scrolls: ${scrolled}`);
    const stop = page.locator(id('stop-button'));
    const box = (await stop.boundingBox()) ?? assert.fail('it is on the page');
    assert.ok(box.y >= 0 && box.y < 40, JSON.stringify(box));
    await stop.click();
    await soon.equal(() => stop.isDisabled(), true);
    await panel.close();
  }
});
