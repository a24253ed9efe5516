/** A coder that fails, cheats and mends, watched in the panel: each cheat is red with its finding, the mended code green. By mouse. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { openContainer, part, until, webview } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { accept } from '../support/main-job.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { coderOf, goalOf, lay, mendedFiles, PROVED_PROJECTS } from '../support/proved.ts';
import { commitAll } from '../support/sample.mjs';

const project =
  PROVED_PROJECTS.find(({ runner }) => runner === 'node:test') ?? assert.fail('no such project');
/** What a card of the conversation says of each round. */
const ROUNDS: readonly (readonly [verdict: string, says: RegExp])[] = [
  ['red', /1 passed, 1 failed[\s\S]*Still failing[\s\S]*adds/],
  ['red', /Removed[\s\S]*adds/],
  ['red', /Newly skipped[\s\S]*adds/],
  ['green', /2 passed[\s\S]*Newly passing[\s\S]*adds/],
];

let editor: Awaited<ReturnType<typeof openEditor>>;
let server: ModelServer;
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-proved-'));
  await lay(project, folder);
  await commitAll(folder);
  server = await startModelServer({ answers: coderOf(project) });
  const endpoint = { id: 'coder', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 };
  editor = await openEditor({ folder, settings: { 'quartet.endpoints': [endpoint] } });
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
const picture = (name: string) => editor.picture(`proved-${name}`);
const cardsOf = (frame: Frame): Locator => frame.locator('[data-testid="gate-card"][data-scope="task"]');

test('each cheat is red and says what it did; the mended code is green', async () => {
  const { page } = editor;
  // So high that the cards of all rounds are in sight: rows that are not are not in the page.
  await page.setViewportSize({ width: 1440, height: 3000 });
  await openContainer(page, 'Quartet');
  await (await part(page, 'goal-input', 60_000)).fill(goalOf(project));
  await (await part(page, 'mode-quick')).click();
  await (await part(page, 'run-button')).click();
  for (const [index, [verdict, says]] of ROUNDS.entries())
    await until(
      `round ${index} is ${verdict} and says ${String(says)}`,
      async () => {
        const card = cardsOf(await webview(page, '[data-testid="gate-card"]', 5000)).nth(index);
        if ((await card.count()) === 0) return false;
        assert.equal(await card.getAttribute('data-verdict', { timeout: 1000 }), verdict);
        return says.test(await card.innerText({ timeout: 1000 }));
      },
      120_000,
    );
  const cards = cardsOf(await webview(page, '[data-testid="gate-card"]'));
  for (const index of ROUNDS.keys()) {
    await cards.nth(index).scrollIntoViewIfNeeded();
    await picture(`${index + 1}`);
  }
});

test('nothing is written before it is accepted; then the code is mended and the test stands', async () => {
  const { page } = editor;
  for (const path of Object.keys(mendedFiles(project)))
    assert.equal(await readFile(join(folder, path), 'utf8'), project.files[path]);
  await accept({ page, picture });
  for (const [path, text] of Object.entries(mendedFiles(project)))
    assert.equal(await readFile(join(folder, path), 'utf8'), text);
});
