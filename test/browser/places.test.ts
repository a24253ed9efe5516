/** The team is asked from where one is in the editor: the palette's own box, and Source Control. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answer, command, openContainer, part, until } from '../support/drive.mjs';
import { agent, call, script } from '../scenarios/parts.ts';
import { openScripted, type Scripted } from './scripted.ts';

const SCRIPT = script(agent('researcher', [[call('submit_findings', { summary: 'All is well.' })]]));

let editor: Scripted;

before(async () => {
  editor = await openScripted({ script: SCRIPT, files: { 'story.txt': 'once\n', 'poem.txt': 'rose\n' } });
  for (const [path, text] of [
    ['story.txt', 'twice\n'],
    ['poem.txt', 'tulip\n'],
  ] as const)
    await writeFile(join(editor.folder, path), text);
});
after(async () => {
  await editor.close();
});

/** What the models are told once `act` has led to a run that answers. */
async function toldBy(act: () => Promise<void>): Promise<string> {
  const { requests } = editor.models;
  const before = requests.length;
  await act();
  await until('the team is asked', () => requests.length > before, 60_000);
  await (await part(editor.page, 'answer', 60_000)).filter({ hasText: 'All is well.' }).first().waitFor();
  const told = requests.slice(before).map(({ body }) => JSON.stringify(body));
  await command(editor.page, 'Quartet: New Goal');
  return told.join('\n');
}

const review = 'Review My Changes with Quartet';
const both = [/-once\\n\+twice/u, /-rose\\n\+tulip/u] as const;

test('a file that the palette’s own box mentions is told with the goal', async () => {
  const told = await toldBy(async () => {
    await command(editor.page, 'Quartet: Ask the Team…');
    await answer(editor.page, 'Explain #file:story.txt');
  });
  assert.match(told, /Explain #file:story\.txt/u);
  assert.match(told, /#file:story\.txt: the file story\.txt/u);
});

test('the button of Source Control has all that is changed reviewed', async () => {
  const told = await toldBy(async () => {
    await openContainer(editor.page, 'Source Control');
    const row = editor.page.locator('.scm-view .monaco-list-row', { hasText: 'story.txt' });
    await row.first().waitFor({ timeout: 60_000 });
    const button = editor.page.locator(`.part.sidebar .action-label[aria-label^="${review}"]`).first();
    await button.hover();
    await editor.picture('places-scm');
    await button.click();
  });
  for (const pattern of both) assert.match(told, pattern);
});

test('the menu of one changed file has that file reviewed, and no other', async () => {
  const told = await toldBy(async () => {
    await openContainer(editor.page, 'Source Control');
    const row = editor.page.locator('.scm-view .monaco-list-row', { hasText: 'story.txt' });
    await row.first().click({ button: 'right' });
    const entry = editor.page.getByRole('menuitem', { name: review });
    await entry.hover();
    // A menu takes no press that might belong to the one that opened it.
    await editor.page.waitForTimeout(500);
    await entry.click();
  });
  assert.match(told, both[0]);
  assert.doesNotMatch(told, both[1]);
});
