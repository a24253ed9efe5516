/** Quartet in a real workbench, before any run: what a person finds when it has just been installed. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  command,
  offers,
  notifications,
  openContainer,
  part,
  reloadWindow,
  setTheme,
  themes,
  until,
} from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
});
after(async () => {
  await editor.close();
});

test('the Team panel opens from the activity bar and takes a goal', async () => {
  await openContainer(editor.page, 'Quartet');
  const goal = await part(editor.page, 'goal-input');
  await goal.fill('Make the total never negative');
  await soon.equal(() => goal.inputValue(), 'Make the total never negative');
});

test('without a model the panel offers to configure one and the demo', async () => {
  await soon.equal(async () => (await part(editor.page, 'demo-offer')).count(), 1);
  await soon.ok(async () => (await (await part(editor.page, 'configure-models')).count()) > 0);
});

for (const theme of Object.keys(themes)) {
  test(`the panel follows the ${theme} theme`, async () => {
    await setTheme(editor.page, theme);
    const goal = await part(editor.page, 'goal-input');
    await until(`text that can be read in ${theme}`, async () => {
      const [text, behind] = await goal.evaluate((box: HTMLElement) => {
        const { color, backgroundColor } = getComputedStyle(box);
        return [color, backgroundColor] as const;
      });
      return text !== behind && (await goal.isVisible());
    });
    await editor.picture(`panel-${theme}`);
  });
}

test('the palette offers what can be done now, and nothing that needs a run', async () => {
  await soon.equal(() => offers(editor.page, 'Quartet: Start Run…'), true);
  await soon.equal(() => offers(editor.page, 'Quartet: Stop'), false);
  await soon.equal(() => offers(editor.page, 'Quartet: Approve Plan'), false);
  await soon.deepEqual(() => notifications(editor.page), []);
});

test('the panel loads nothing from elsewhere and breaks no rule of its page', () => {
  const broken = editor.said.filter((line) => /Content Security Policy/i.test(line) && /quartet/i.test(line));
  assert.deepEqual(broken, []);
});

test('a reload of the window keeps what was typed', async () => {
  await (await part(editor.page, 'goal-input')).fill('A goal not yet run');
  await editor.page.waitForTimeout(500);
  await reloadWindow(editor.page);
  await until(
    'the typed goal is back',
    async () => {
      const goal = await part(editor.page, 'goal-input', 30_000);
      return (await goal.inputValue({ timeout: 2000 })) === 'A goal not yet run';
    },
    60_000,
  );
});

/** Where the panel is, in pixels from the window's left, and where the editors begin and end. */
async function places() {
  const panel = await (await part(editor.page, 'goal-input')).boundingBox();
  const editors = await editor.page.locator('.part.editor').boundingBox();
  assert.ok(panel && editors);
  return { panel: panel.x, editors: { left: editors.x, right: editors.x + editors.width } };
}

test('the Team moves to the secondary side bar and back, and takes along what was typed', async () => {
  await command(editor.page, 'Quartet: Move the Team to the Secondary Side Bar');
  await soon.ok(async () => {
    const { panel, editors } = await places();
    return panel > editors.right;
  }, 'the panel is right of the editors');
  await soon.equal(async () => (await part(editor.page, 'goal-input')).inputValue(), 'A goal not yet run');
  await editor.picture('panel-aside');
  const bar = editor.page.locator('.part.auxiliarybar');
  await bar.locator('.title').first().hover();
  await bar.locator('[aria-label*="More Actions"]').first().click();
  await editor.page.getByRole('menuitem', { name: 'Move the Team Back to the Side Bar' }).click();
  await soon.ok(async () => {
    const { panel, editors } = await places();
    return panel < editors.left;
  }, 'the panel is left of the editors');
  await soon.equal(async () => (await part(editor.page, 'goal-input')).inputValue(), 'A goal not yet run');
});
