/** Who is matched to which model and why, how models do, and what the run has: in the panel's present and in its registry. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matched } from '../../support/panel-states/registry.ts';
import { working } from '../../support/panel-states/runs.ts';
import { delta, id, usePanelPages } from './run-page.ts';

const { openRun } = usePanelPages();
const plain = (text: string): string => text.replace(/\s+/gu, ' ');

test('what is going on says who asks another model and why, and which model is not well', async () => {
  const panel = await openRun(matched);
  const { page } = panel;
  assert.match(
    plain(await page.locator(id('match')).innerText()),
    /Coder asks Local.*Cloud is doubtful: its last call failed: Cloud cannot be reached: nothing listens there/u,
  );
  const cloud = page.locator(`${id('endpoint-now')}[data-endpoint="cloud"]`);
  assert.match(plain(await cloud.innerText()), /Cloud failed lately 0 under way its last call failed/u);
  assert.equal(
    await page.locator(id('endpoint-now')).count(),
    1,
    'one that is well and alone at work is no news',
  );
  const { registry } = matched;
  assert.ok(registry);
  const [, local] = registry.endpoints;
  assert.ok(local);
  const well = { ...matched, lastSeq: matched.lastSeq + 1, registry: { ...registry, endpoints: [local] } };
  await panel.send(delta(matched, well));
  await cloud.waitFor({ state: 'detached' });
  await panel.close();
});

test('where something holds others back, what is going on says how many work at once and why, until it no longer does', async () => {
  const panel = await openRun(matched);
  const size = panel.page.locator(id('team-size'));
  assert.match(
    plain(await size.innerText()),
    /Team of 2, though 3 could work at once budget for 1 more task/u,
  );
  const { team } = matched;
  assert.ok(team);
  const { size: _size, ...free } = team;
  await panel.send(delta(matched, { ...matched, lastSeq: matched.lastSeq + 1, team: free }));
  await size.waitFor({ state: 'detached' });
  await panel.close();
});

test('the registry tells models, living agents, roles and tools with their versions, and says when one is not well', async () => {
  const panel = await openRun(matched);
  const section = panel.page.locator(id('registry'));
  assert.match(plain(await section.locator('summary').innerText()), /Registry 1 not well/u);
  await section.locator('summary').click();
  const row = section.locator(`${id('registry-endpoint')}[data-name="cloud"]`);
  await row.waitFor({ state: 'visible' });
  assert.match(plain(await row.innerText()), /Cloud failed lately .* 0 4 3/u);
  for (const [name, told] of [
    ['task/truncate/attempt/1/coder', /Coder .*thinking Local/u],
    ['painter', /Painter 1\.2 1/u],
    ['read_file', /read_file 1\+f1ab2a5c/u],
    ['edit_file', /edit_file unknown/u],
  ] as const)
    assert.match(plain(await section.locator(`tr[data-name="${name}"]`).innerText()), told);
  await panel.close();
});

test('a run that recorded nothing of it shows none of it', async () => {
  const panel = await openRun(working);
  assert.equal(await panel.page.locator(id('registry')).count(), 0);
  assert.equal(await panel.page.locator(`${id('match')}, ${id('endpoint-now')}`).count(), 0);
  await panel.close();
});
