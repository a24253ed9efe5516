/** What a person presses about the tests of the workspace. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunView } from '../../../src/protocol/view.ts';
import { ready } from '../../support/panel-states/contexts.ts';
import { answered } from '../../support/panel-states/ended.ts';
import { RED } from '../../support/panel-states/talk.ts';
import { soon } from '../../support/soon.ts';
import { id, press, shown, usePanelPages } from './run-page.ts';

const { open } = usePanelPages();

test('tests run from the start page; how they run is asked until it was said; red ones are mended', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(null));
  assert.deepEqual(await press(panel, 'run-tests'), [{ type: 'tests.act', act: 'run' }]);
  const tests = { found: true, command: 'npm test', why: 'It is there.', said: 'found' as const, checks: [] };
  const red: RunView = { ...answered, mode: 'qa', agents: [], tests, evidence: { integrated: RED } };
  const { page } = panel;
  await panel.send({ type: 'context', context: { ...ready, testsKept: false } }, shown(red));
  await soon.match(() => page.locator(id('how-tests-run')).innerText(), /npm test/);
  assert.deepEqual(await press(panel, 'tests-confirm', 'tests-configure', 'tests-fix', 'tests-diagnose'), [
    { type: 'tests.act', act: 'confirm' },
    { type: 'tests.act', act: 'configure' },
    { type: 'tests.act', act: 'fix', run: red.id },
    { type: 'tests.act', act: 'diagnose' },
  ]);
  await panel.send({ type: 'context', context: { ...ready, testsKept: true } });
  await page.locator(id('how-tests-run')).waitFor({ state: 'detached' });
  const none = { ...tests, found: false, command: '', why: 'There is no package.json.' };
  await panel.send(
    { type: 'context', context: { ...ready, testsKept: false } },
    shown({ ...red, tests: none }),
  );
  await soon.match(() => page.locator(id('how-tests-run')).innerText(), /There is no package\.json/);
  await soon.equal(() => page.locator(id('tests-confirm')).count(), 0);
  await panel.close();
});

test('what was checked in which package, and the rules that a change loosens, are shown with their places', async () => {
  const check = { command: 'npm run lint', reason: '', findings: [], mended: 0, still: 0, blocks: true };
  const checks = [{ ...check, kind: 'lint' as const, folder: 'packages/a', verdict: 'clean' as const }];
  const rule = { kind: 'rule', path: 'tsconfig.json', line: 3, rule: 'strict' };
  const loosened = [{ ...rule, reason: '"strict" in tsconfig.json is turned off.', blocks: true }];
  const red: RunView = {
    ...answered,
    mode: 'qa',
    agents: [],
    evidence: { integrated: { ...RED, checks, loosened } },
  };
  const panel = await open({}, { type: 'context', context: ready }, shown(red));
  await soon.match(() => panel.page.locator(id('check')).first().innerText(), /packages\/a/);
  await soon.match(
    () => panel.page.locator(id('looser')).first().innerText(),
    /did not ask for[\s\S]*"strict"/,
  );
  const place = panel.page.locator(`${id('looser')} button, ${id('looser')} a`).first();
  await soon.match(() => place.innerText(), /tsconfig\.json/);
  await panel.close();
});
