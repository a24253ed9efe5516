/** Pages in the real editor, which throws them away when they are hidden: one reads where one was, and has open what one had. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { command, openContainer, part, setSideBarWidth, webview } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { soon } from '../support/soon.ts';

let editor: Awaited<ReturnType<typeof openEditor>>;

before(async () => {
  editor = await openEditor();
});
after(async () => {
  await editor.close();
});

/** The part of the talk at the upper edge of what is in sight, and whether the page follows its end. */
async function read() {
  const frame = await webview(editor.page, '.scroller');
  return frame.locator('.scroller').evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    const parts = [...box.querySelectorAll<HTMLElement>('.talk-row')];
    const part = parts.find((each) => each.getBoundingClientRect().bottom > edge + 1);
    return { part: part?.dataset['row'], following: box.getAttribute('data-following') };
  });
}

/** What is open: the graph and not the list, and the costs. */
async function isAsLeft(): Promise<boolean> {
  const frame = await webview(editor.page, '.scroller');
  const counts = ['plan-graph', 'costs'].map((id) =>
    frame.locator(`[data-testid="${id}"]:is(div, [open])`).count(),
  );
  return (await Promise.all(counts)).every((count) => count === 1);
}

/** No page shows it any more. */
async function gone(selector: string): Promise<void> {
  const shows = (frame: Frame) =>
    frame
      .locator(selector)
      .count()
      .catch(() => 0);
  await soon.deepEqual(
    async () => (await Promise.all(editor.page.frames().map(shows))).filter((count) => count > 0),
    [],
  );
}

test('hidden behind the Explorer and moved to the other side, the panel comes back where it was', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Run Demo');
  await (await part(page, 'plan-approve', 60_000)).first().click();
  await (await part(page, 'accept-all', 240_000)).first().waitFor();
  await (await part(page, 'plan-as-graph')).click();
  await (await part(page, 'plan-graph')).waitFor();
  await (await part(page, 'costs')).locator('summary').first().click();
  await (await part(page, 'rows')).first().hover();
  await page.mouse.wheel(0, -200);
  const box = (await webview(page, '.scroller')).locator('.scroller');
  await box.evaluate((element) => {
    const rows = [...element.querySelectorAll('.talk-row')];
    const row = rows[Math.floor(rows.length / 2)];
    element.scrollTop += (row?.getBoundingClientRect().top ?? 0) - element.getBoundingClientRect().top + 6;
  });
  await page.waitForTimeout(1000);
  const before = await read();
  assert.equal(before.following, 'false');
  await soon.ok(isAsLeft, 'the graph is shown and the costs are open');

  await openContainer(page, 'Explorer');
  await gone('.scroller');
  await command(page, 'Quartet: Show Team Panel');
  await soon.deepEqual(read, before);
  await soon.ok(isAsLeft, 'after it was hidden');

  await command(page, 'Quartet: Move the Team to the Secondary Side Bar');
  await page.locator('.part.auxiliarybar').waitFor();
  await soon.deepEqual(read, before);
  await soon.ok(isAsLeft, 'after it was moved');
  await editor.picture('place-aside');
});

test('hidden behind another editor, the run view comes back at the moment that was looked at', async () => {
  const { page } = editor;
  const seen = async () => (await part(page, 'moment')).getAttribute('data-seq');
  const scrubber = async () => (await part(page, 'scrubber', 60_000)).inputValue();
  await command(page, 'Quartet: Open Run View');
  const last = Number(await scrubber());
  await soon.equal(seen, String(last));
  await (await part(page, 'line-back')).click();
  await soon.equal(seen, String(last - 1));

  await command(page, 'File: New Untitled Text File');
  await gone('.rv');
  await command(page, 'View: Close Editor');
  await soon.equal(scrubber, String(last - 1));
  await soon.equal(seen, String(last - 1));
  await (await part(page, 'to-end')).click();
  await soon.equal(seen, String(last));
});

test('in a wide panel the column beside the conversation comes back where it was, too', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Move the Team Back to the Side Bar');
  await setSideBarWidth(page, 950);
  const column = async () => (await webview(page, '.side')).locator('.side');
  const top = async () => (await column()).evaluate((element) => Math.round(element.scrollTop));
  await (await column()).hover();
  await page.mouse.wheel(0, 160);
  await soon.ok(async () => (await top()) > 0, 'it scrolls');
  await page.waitForTimeout(1000);
  const before = await top();
  await openContainer(page, 'Explorer');
  await command(page, 'Quartet: Show Team Panel');
  await soon.equal(top, before);
  await editor.picture('place-beside');
});
