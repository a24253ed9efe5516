/** Code in replies and calls: coloured when there is time, never other than it was written, and copied whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { code } from '../../support/panel-states/code.ts';
import { working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { THEMES } from './harness.ts';
import { faint, unfold } from './looks.ts';
import { id, usePanelPages } from './run-page.ts';

const { openRun, pages } = usePanelPages();

const who = { role: 'coder', agent: 'coder-2', task: 'truncate' };
const said = (text: string): RunView => ({
  ...working,
  active: [],
  feed: [...working.feed, { kind: 'said', id: 900, at: 1, who, text }],
});
const fenced = (language: string, code: string) => `Here:\n\n\`\`\`${language}\n${code}\n\`\`\``;
const lastBlock = (page: Page) => page.locator(`${id('conversation')} .code-block`).last();

/** Pages of this address have no clipboard: this one remembers. */
const withClipboard = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const copied: string[] = [];
    Object.assign(window, { copied });
    const writeText = async (text: string): Promise<void> => void copied.push(text);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
  });
const copied = (page: Page) => page.evaluate(() => (window as unknown as { copied: string[] }).copied.at(-1));

const CODE = "const name = 'Ada'; // who\nreturn name.length > 3;";

test('code is coloured, reads as it was written, and is copied whole', async () => {
  const panel = await openRun(said(fenced('js', CODE)), { height: 1200 });
  const { page } = panel;
  const block = lastBlock(page);
  await block.locator('.hljs-keyword').first().waitFor();
  await soon.equal(() => block.locator('code').textContent(), CODE);
  await soon.equal(() => block.locator('.hljs-comment').textContent(), '// who');
  await withClipboard(page);
  await block.hover();
  await block.getByRole('button', { name: 'Copy' }).click();
  await block.getByRole('button', { name: 'Copied' }).waitFor();
  await soon.equal(() => copied(page), CODE);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('of an unknown language, and of none, it stays plain; what is no code in it stays text', async () => {
  const evil = '<img src=x onerror="window.pwned=1"><span class="hljs-x" style="position:fixed">x</span>';
  for (const language of ['klingon', '', 'html', 'js']) {
    const panel = await openRun(said(fenced(language, evil)), { height: 1200 });
    const { page } = panel;
    await soon.equal(() => lastBlock(page).locator('code').textContent(), evil);
    if (language === 'html' || language === 'js')
      await lastBlock(page).locator('code span').first().waitFor();
    await soon.equal(() => page.locator('.code-block :is(img, [style])').count(), 0, language);
    await soon.equal(() => page.evaluate(() => 'pwned' in window), false);
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  }
});

test('what is still being written shows at once, and is coloured once it stays', async () => {
  const panel = await openRun(working, { height: 1200 });
  const { page } = panel;
  const piece = (text: string): PanelUpdate => ({
    ...{ type: 'stream', run: working.id, key: working.active.at(-1)?.key ?? '', role: 'coder' },
    ...{ task: 'truncate', text },
  });
  await panel.send(piece('```js\nconst a'));
  let written = 'const a';
  for (let number = 0; number < 20; number += 1) {
    await panel.send(piece(`${number},`));
    written += `${number},`;
    await soon.equal(() => page.locator(`${id('live')} code`).textContent(), written);
  }
  await page.locator(`${id('live')} .hljs-keyword`).waitFor();
  await panel.send(piece('b'));
  await soon.match(async () => (await page.locator(`${id('live')} code`).textContent()) ?? '', /19,b$/);
  await panel.close();
});

test('grammars are loaded when code is shown, not before', () => {
  const { files } = pages();
  assert.ok(!(files['panel.js'] ?? '').includes('doctag'));
  const chunks = Object.entries(files).filter(
    ([path, text]) => path.startsWith('chunks/') && text.includes('doctag'),
  );
  assert.equal(chunks.length, 1);
  assert.ok((chunks[0]?.[1].length ?? 0) < 130_000);
});

test('a call that edits shows the lines that went and came, one that writes the text in its colours', async () => {
  const edits = [{ old_text: 'a\nb\n', new_text: 'a\nB\nc\n' }];
  const call = (seq: number, tool: string, args: object): FeedItem => ({
    ...{ kind: 'tool', id: seq, at: seq, who, tool, args: JSON.stringify(args) },
    ...{ title: `${tool} x`, state: 'ok', result: 'done' },
  });
  const feed = [
    ...working.feed,
    call(901, 'edit_file', { path: 'a.js', edits }),
    call(902, 'write_file', { path: 'b.py', content: 'def f():\n    return 1\n' }),
  ];
  const panel = await openRun({ ...working, feed }, { height: 1400 });
  const { page } = panel;
  for (const tool of ['edit_file', 'write_file'])
    await page
      .locator(`${id('tool-call')}[data-tool="${tool}"] summary`)
      .last()
      .click();
  const lines = page.locator(`${id('difference')} .difference-line`);
  await soon.deepEqual(() => lines.allTextContents(), ['@@\n', ' a\n', '-b\n', '+B\n', '+c\n']);
  await soon.deepEqual(
    () => lines.evaluateAll((all) => all.map((line) => (line as HTMLElement).dataset['kind'])),
    ['mark', 'same', 'gone', 'new', 'new'],
  );
  const written = page.locator(`${id('tool-call')}[data-tool="write_file"]`).last();
  await soon.equal(() => written.locator('.hljs-keyword').first().textContent(), 'def');
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

/** Classes of words that some theme may colour. */
const COLOURED = ['keyword', 'string', 'number', 'comment', 'literal', 'built_in', 'attr', 'meta', 'title'];

test('code, what changed in it and what tests say of it can be read in every theme', async () => {
  const problems: string[] = [];
  for (const theme of THEMES) {
    const panel = await openRun(code, { theme, height: 3000 });
    const { page } = panel;
    await unfold(page);
    for (const name of COLOURED) await page.locator(`.hljs-${name}`).first().waitFor();
    for (const kind of ['new', 'gone', 'mark', 'same'])
      await page.locator(`.difference-line[data-kind="${kind}"]`).first().waitFor();
    await page.locator('.expected dd').first().waitFor();
    const found = await faint(page, 'pre, .markdown, .expected, .test, .tool');
    problems.push(...found.map((text) => `${theme}: ${text}`));
    await panel.close();
  }
  assert.deepEqual(problems, []);
});
