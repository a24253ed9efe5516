/** The cards of a review that has begun and of a conflict: what they tell, and what they ask of the editor. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PanelUpdate, ReviewTally } from '../../../src/protocol/panel.ts';
import { conflicted, review } from '../../support/panel-states/ended.ts';
import { soon } from '../../support/soon.ts';
import { id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const run = review.id;
const pictures = join(import.meta.dirname, '../../../.vscode-test/panel');
mkdirSync(pictures, { recursive: true });

const tally = (decided: number, more: Partial<ReviewTally> = {}): PanelUpdate => ({
  type: 'reviewed',
  run,
  tally: { decided, all: 5, differs: false, forTeam: 0, ...more },
});

test('before anything is decided there is all or nothing', async () => {
  const panel = await openRun(review);
  await panel.send(tally(0));
  await soon.equal(() => panel.page.locator(id('review-tally')).innerText(), '0 of 5 changes decided');
  for (const part of ['review-apply', 'review-send-back', 'review-differs'])
    await soon.equal(() => panel.page.locator(id(part)).count(), 0, part);
  await panel.close();
});

test('what was decided is counted, and can be applied or sent back', async () => {
  const panel = await openRun(review);
  await panel.send(tally(2, { differs: true, forTeam: 1 }));
  const { page } = panel;
  await soon.equal(() => page.locator(id('review-tally')).innerText(), '2 of 5 changes decided');
  await soon.match(() => page.locator(id('review-differs')).innerText(), /tested again before it is applied/);
  await panel.forget();
  await page.locator(id('review-apply')).click();
  await page.locator(id('review-send-back')).click();
  await soon.deepEqual(
    () => panel.posted(),
    [
      { type: 'review.apply', run },
      { type: 'review.sendBack', run },
    ],
  );
  await soon.match(
    async () => (await page.locator(id('review-open')).getAttribute('class')) ?? '',
    /button-primary/,
  );
  await panel.send(tally(5));
  await soon.match(
    async () => (await page.locator(id('review-apply')).getAttribute('class')) ?? '',
    /button-primary/,
  );
  await soon.equal(() => page.locator(id('review-differs')).count(), 0, 'all of it is what was tested');
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('what is told of another run, or in another shape, counts for nothing', async () => {
  const panel = await openRun(review);
  await panel.send({
    type: 'reviewed',
    run: 'another',
    tally: { decided: 3, all: 3, differs: true, forTeam: 1 },
  });
  await panel.sendRaw({ type: 'reviewed', run, tally: { decided: 'all' } });
  await soon.equal(() => panel.page.locator(id('review-tally')).count(), 0);
  await panel.close();
});

test('a conflict is resolved in the editor and applied, or nothing of it is', async () => {
  const panel = await openRun(conflicted);
  await panel.forget();
  await panel.page.locator(id('conflict-open')).click();
  await panel.page.locator(id('conflict-apply')).click();
  await soon.deepEqual(
    () => panel.posted(),
    [
      { type: 'conflict.open', run },
      { type: 'conflict.apply', run },
    ],
  );
  await panel.forget();
  await panel.page.locator(id('apply-not')).click();
  await soon.deepEqual(
    () => panel.posted(),
    [{ type: 'answer', run, signal: 'apply/1', value: { apply: false } }],
  );
  await panel.close();
});

for (const theme of ['dark', 'high-contrast'] as const) {
  test(`a review that has begun fits a narrow panel, ${theme}`, async () => {
    const panel = await openRun(review, { theme, width: 240, height: 900 });
    await panel.send(tally(2, { differs: true, forTeam: 1 }));
    const wide = await panel.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await panel.page.screenshot({ path: join(pictures, `review-narrow-${theme}.png`) });
    await panel.close();
  });
}
