/** One run of the demo team through what a person may do to it: stop, resume, reload the window, review, accept. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { command, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { accept, approvePlan, reach, stateGoal, status, verify, watch } from '../support/main-job.mjs';
import { git } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';
import { journals, readJournal } from '../support/story.mjs';

let editor: Awaited<ReturnType<typeof openEditor>>;
const stage = () => ({ page: editor.page, picture: (name: string) => editor.picture(`run-${name}`) });

const lines = () => readJournal(journals(editor.server.data).at(-1)!);
const finishedModelCalls = () =>
  lines()
    .filter(({ type, key }) => type === 'step.finished' && key?.endsWith('/model') === true)
    .map(({ key }) => key);

before(async () => {
  editor = await openEditor();
});
after(async () => {
  await editor.close();
});

test('a goal becomes a plan, and the plan waits for the person', async () => {
  await stateGoal(stage());
  await (await part(editor.page, 'plan-approve', 60_000)).first().waitFor();
  await soon.equal(() => status(editor.page), 'waiting');
});

test('a reload of the window while the plan waits shows it again', async () => {
  await reloadWindow(editor.page);
  await (await part(editor.page, 'plan-approve', 60_000)).first().waitFor();
  await approvePlan(stage());
});

test('Stop pauses the run, Resume goes on with it', async () => {
  await reach(editor.page, ['working']);
  await (await part(editor.page, 'tool-call', 60_000)).first().waitFor();
  await command(editor.page, 'Quartet: Stop');
  await until('the run is paused', async () => (await status(editor.page)) === 'paused', 30_000);
  await command(editor.page, 'Quartet: Resume');
  await until('the run works again', async () => (await status(editor.page)) === 'working', 30_000);
});

test('a reload of the window in mid-work goes on where it was', async () => {
  const before = finishedModelCalls().length;
  await until('another reply of a model', () => finishedModelCalls().length > before, 60_000);
  await reloadWindow(editor.page);
  await until('the run goes on', async () => (await status(editor.page)) !== 'paused', 60_000);
  await watch(stage());
});

test('no finished model call was asked again', () => {
  const keys = finishedModelCalls();
  assert.deepEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
  );
});

test('until it is accepted nothing in the workspace has changed', async () => {
  assert.equal(await git(editor.folder, 'status', '--porcelain'), '');
});

test('an accepted change set is in the workspace and its tests pass', async () => {
  await accept(stage());
  const { changed } = await verify(editor);
  assert.match(changed, /src\/discounts\.js/);
});
