/** A long suite watched and stopped, results after a reload, a test released from quarantine, failures explained: by mouse. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { TestsKept } from '../../src/protocol/tests-kept.ts';
import { agent, call, script } from '../scenarios/parts.ts';
import {
  command,
  notifications,
  openContainer,
  part,
  reloadWindow,
  until,
  webview,
} from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { commitAll } from '../support/sample.mjs';
import { journals, readJournal } from '../support/story.mjs';

const TESTS = `import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const waits = existsSync(new URL('../long', import.meta.url));
for (const name of ['one', 'two', 'three']) test(name, () => assert.ok(name));
test('the last', () => waits ? setTimeout(600_000) : assert.equal(1, 2));
`;
const FILES = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
  'test/parts.test.js': TESTS,
};

let editor: Awaited<ReturnType<typeof openEditor>>;
let server: ModelServer;
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-qa-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await commitAll(folder);
  const causes = [{ test: 'the last', cause: 'One is not two.', suggestion: 'Expect one.' }];
  const answers = script(
    agent('qa', [[call('submit_diagnosis', { summary: 'The test is wrong.', causes })]]),
  );
  server = await startModelServer({ answers });
  const endpoint = { id: 'qa', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 };
  editor = await openEditor({ folder, settings: { 'quartet.endpoints': [endpoint] } });
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
const picture = (name: string) => editor.picture(`qa-${name}`);
const lastLine = () => readJournal(journals(editor.server.data).at(-1) ?? '').at(-1);
const explorer = () => editor.page.locator('.test-explorer .monaco-list-row');
const labels = () => explorer().evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
const explorerSays = (...patterns: readonly RegExp[]) =>
  until(
    `the Test Explorer says ${patterns.map(String).join(' and ')}`,
    async () => {
      await openContainer(editor.page, 'Testing');
      const folded = explorer().and(editor.page.locator('[aria-expanded="false"]'));
      if ((await folded.count()) > 0)
        await folded.first().locator('.monaco-tl-twistie').click({ timeout: 2000 });
      const said = await labels();
      return patterns.every((pattern) => said.some((label) => pattern.test(label)));
    },
    120_000,
  );

test('what failed is explained at the press of a button', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Run Tests with QA');
  await (await part(page, 'after-tests', 120_000)).first().waitFor();
  await picture('1-red');
  await (await part(page, 'tests-diagnose')).first().click();
  await until(
    'the cause is told in the panel',
    async () => {
      const frame = await webview(page, '[data-testid="run-status"]', 5000);
      return /One is not two\./.test(await frame.locator('body').innerText({ timeout: 1000 }));
    },
    120_000,
  );
  await picture('2-why');
});

test('a long suite says how far it is, in the panel and the status bar, and tests are marked as they end', async () => {
  const { page } = editor;
  await writeFile(join(folder, 'long'), '');
  await command(page, 'Quartet: Run Tests with QA');
  const progress = (await part(page, 'test-progress', 120_000)).first();
  await until(
    'three tests have ended',
    async () => (await progress.innerText({ timeout: 1000 })) === 'tests so far: 3',
    60_000,
  );
  await picture('3-progress');
  const status = page.locator('.statusbar-item', { hasText: 'tests so far: 3' });
  await status.waitFor();
  await explorerSays(/three \(Passed\)/, /the last \(Running\)/);
  await picture('4-running');
});

test('it is stopped in the Test Explorer', async () => {
  const { page } = editor;
  const stop = page
    .locator('.part.sidebar .codicon-run-errors, .part.sidebar .codicon-testing-cancel-icon')
    .first();
  await page.locator('.part.sidebar .pane-header, .part.sidebar .composite.title').first().hover();
  await stop.click();
  await until('the run is paused', () => lastLine()?.type === 'run.paused', 60_000);
  await until('nothing spins any more', async () => !(await labels()).some((label) => /Running/.test(label)));
  await picture('5-stopped');
  await rm(join(folder, 'long'));
});

test('after a reload of the window the tests are there, to be run one by one', async () => {
  const { page } = editor;
  await reloadWindow(page);
  await explorerSays(/three/, /the last/);
  await picture('6-reloaded');
  assert.ok(
    !(await notifications(page)).some((text) => /is paused/.test(text)),
    'it is not offered to be resumed',
  );
});

test('a test that depends on chance is released by name', async () => {
  const { page } = editor;
  const kept = join(dirname(dirname(dirname(journals(editor.server.data)[0] ?? ''))), 'tests.json');
  const sightings = [{ run: 'run-1', at: Date.now(), passed: 1, failed: 1 }];
  const quarantine = ['first', 'second'].map((id) => ({ id: `test/parts.test.js > ${id}`, sightings }));
  await writeFile(kept, JSON.stringify({ version: 1, quarantine }));
  await command(page, 'Quartet: Tests That Depend on Chance…');
  const quick = page.locator('.quick-input-widget');
  const row = quick.locator('.monaco-list-row', { hasText: 'second' });
  await row.waitFor();
  assert.match(await row.innerText(), /failed in 1 of 2 runs of the same files/);
  await picture('7-chance');
  await row.click();
  await quick.getByRole('button', { name: 'OK' }).click();
  await until('it is kept no more', async () => {
    const now = TestsKept.parse(JSON.parse(await readFile(kept, 'utf8')));
    return now.quarantine.map(({ id }) => id).join() === 'test/parts.test.js > first';
  });
  assert.ok((await notifications(page)).some((text) => text.startsWith('Quartet: Released')));
});
