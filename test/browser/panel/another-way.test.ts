/** Ways on from a run: taking over what works elsewhere, another plan, a task again, back to a line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ready } from '../../support/panel-states/contexts.ts';
import { finished } from '../../support/panel-states/ended.ts';
import { working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

test('a run of another window is shown as such, and can be asked to stop or taken over', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(working, false));
  const stop = panel.page.locator(id('stop-button'));
  await soon.match(async () => (await stop.getAttribute('title')) ?? '', /^Ask the window or terminal/);
  assert.deepEqual(await press(panel, 'stop-button'), [{ type: 'run.stop', run: working.id }]);
  await soon.equal(() => stop.innerText(), 'Asked to stop…');
  await soon.match(() => panel.page.locator(id('foreign')).innerText(), /Another window or the terminal/);
  assert.deepEqual(await press(panel, 'take-over'), [{ type: 'run.resume', run: working.id }]);
  await panel.send(shown({ ...working, lastSeq: 900 }, true));
  await soon.equal(() => panel.page.locator(id('foreign')).count(), 0);
  await panel.close();
});

test('a run that is over goes another way: with another plan, from a task, from a line, from its end', async () => {
  const panel = await openRun(finished);
  const { page } = panel;
  const run = finished.id;
  assert.deepEqual(await press(panel, 'another-plan'), [{ type: 'run.fork', run, plan: 'ask' }]);
  assert.deepEqual(await press(panel, 'fork-button'), [{ type: 'run.fork', run }]);
  const task = page.locator(id('plan-task')).first();
  await task.locator('summary').first().click();
  assert.deepEqual(await press(panel, 'task-retry'), [
    { type: 'run.fork', run, task: await task.getAttribute('data-task') },
  ]);
  await panel.forget();
  const rewind = page.locator(id('rewind')).first();
  await rewind.focus();
  await rewind.press('Enter');
  const [rewound] = await panel.posted();
  assert.ok(rewound?.type === 'run.fork' && finished.feed.some(({ id: line }) => line === rewound.at));
  await panel.send(shown({ ...working, id: run, lastSeq: 900 }));
  for (const name of ['another-plan', 'fork-button', 'task-retry', 'rewind'])
    await soon.equal(() => page.locator(id(name)).count(), 0, name);
  await panel.close();
});
