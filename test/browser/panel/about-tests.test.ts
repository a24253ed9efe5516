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
