/** Runs that their budget or a model stopped, who spent what, and what a plan will likely cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paused } from '../../support/panel-states/ended.ts';
import { PLAN } from '../../support/panel-states/parts.ts';
import { planOpen } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { id, shown, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();

test('a run that its budget stopped: the head warns, the limit is raised from here, and the costs add up', async () => {
  const panel = await openRun(paused);
  const { page } = panel;
  const cost = page.locator(id('cost'));
  await soon.equal(() => cost.getAttribute('data-tone'), 'warn');
  await soon.match(() => cost.innerText(), /\$1\.98 of \$2\.00/);
  await soon.match(async () => (await cost.getAttribute('title')) ?? '', /^99 % of the budget are used\./);
  await soon.equal(() => page.locator(id('tokens')).getAttribute('data-tone'), null, 'tokens have no limit');
  await panel.forget();
  await page.locator(id('raise-button')).click();
  await page.locator(id('resume-button')).click();
  await soon.deepEqual(
    () => panel.posted(),
    [
      { type: 'run.raise', run: paused.id },
      { type: 'run.resume', run: paused.id },
    ],
  );
  const costs = page.locator(id('costs'));
  await soon.match(() => costs.locator('.section-aside').innerText(), /\$1\.98/);
  await costs.locator('summary').click();
  const row = (name: string) => costs.locator(`tr[data-name="${name}"]`).innerText();
  await soon.match(() => row('coder'), /Coder\s+7\s+21k\s+\$0\.99/);
  await soon.match(() => row('small'), /small\s+4\s+13k\s+\$0\.59/);
  await soon.equal(() => costs.locator('tr[data-name="accents"]').count(), 1);
  await panel.close();
});

test('what was held for calls that were cut off reads as the most that it can be', async () => {
  const [row] = paused.ledger;
  assert.ok(row);
  const held = { ...row, endpoint: '', cutOff: true, inputTokens: 100_000, outputTokens: 0 };
  for (const [ledger, text, costs] of [
    [paused.ledger, /^43k of 400k tokens$/u, /^Costs\s+\$/u],
    [[...paused.ledger, held], /^up to 143k of 400k tokens$/u, /^Costs\s+up to \$/u],
  ] as const) {
    const panel = await openRun({ ...paused, ledger });
    await soon.match(() => panel.page.locator(id('tokens')).innerText(), text);
    await soon.match(() => panel.page.locator(`${id('costs')} > summary`).innerText(), costs);
    await panel.close();
  }
});

test('while the run is paused nobody works: no task says so or turns', async () => {
  const panel = await openRun(paused);
  const tasks = panel.page.locator(id('plan-task'));
  await soon.ok(async () => (await tasks.count()) > 0);
  const texts = (await tasks.allInnerTexts()).join('\n');
  assert.match(texts, /paused/u);
  assert.doesNotMatch(texts, /working|testing/u);
  assert.equal(await tasks.locator('.spinner').count(), 0);
  await panel.close();
});

test('a plan that waits shows at each task what it will likely take, and says where no price is known', async () => {
  const panel = await openRun(planOpen);
  const tasks = await panel.page.locator(id('plan-task')).allInnerTexts();
  assert.equal(tasks.length, PLAN.tasks.length);
  for (const text of tasks) assert.match(text, /about 24k tokens.*about \$0\.14/s);
  await panel.close();
  const estimates = planOpen.plan?.estimates?.map((each) => ({ ...each, costUsd: null }));
  assert.ok(planOpen.plan && estimates);
  const unknown = await openRun({ ...planOpen, plan: { ...planOpen.plan, estimates, costUsd: null } });
  await soon.match(() => unknown.page.locator(id('plan-task')).first().innerText(), /cost unknown/);
  await unknown.close();
});

test('a run that a model failed offers to configure models, another pause does not', async () => {
  const message = 'main does not accept the key (401).';
  const panel = await openRun({ ...paused, paused: { reason: 'endpoint', message } });
  await soon.match(() => panel.page.locator(id('run-status')).first().innerText(), /Model unavailable/);
  await panel.forget();
  await panel.page.locator(id('configure-models')).click();
  await soon.deepEqual(() => panel.posted(), [{ type: 'models.configure' }]);
  await panel.send(shown({ ...paused, id: 'run-other' }));
  await soon.equal(() => panel.page.locator(id('configure-models')).count(), 0);
  await panel.close();
});
