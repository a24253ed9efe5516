/** A pseudo-locale in what comes of runs: bodies of review comments, findings of QA, results and messages in the Test Explorer, problems. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import * as z from 'zod';
import { agent, call, edit, plan, script, task } from '../scenarios/parts.ts';
import { command, part, until } from '../support/drive.mjs';
import { pseudo } from '../support/l10n/tables.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { commitAll } from '../support/sample.mjs';
import { journals, readJournal } from '../support/story.mjs';
import { english, leftInEnglish, openPseudo } from './pseudo.ts';

const EXPECTED = "assert.equal(greet(), 'hello');";
const FILES = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
  'greet.js': "export const greet = () => 'hello';\n",
  'test/greet.test.js': `import test from 'node:test';
import assert from 'node:assert/strict';
import { greet } from '../greet.js';

test('greets', () => {
  ${EXPECTED}
});
`,
  'test/fails.test.js': `import test from 'node:test';
import assert from 'node:assert/strict';

test('adds up', () => assert.equal(1 + 1, 3));
`,
  'test/ends.test.js': `import test from 'node:test';

test('ends early', () => process.exit(1));
`,
};

const TITLE = 'Greet louder and adapt the expected values';
const SCRIPT = script(
  agent('planner', [[plan(task({ id: 'greet', title: TITLE, description: `${TITLE}.` }))]]),
  agent('coder', [
    [
      edit('greet.js', "'hello'", "'HELLO'"),
      edit('test/greet.test.js', EXPECTED, EXPECTED.replace('hello', 'HELLO')),
      call('submit_result', { summary: 'It is heard from afar.' }),
    ],
  ]),
  agent('reviewer', [
    [
      call('submit_review', {
        verdict: 'approve',
        comments: [{ path: 'greet.js', line: 1, severity: 'suggestion', body: 'Too loud?' }],
      }),
    ],
  ]),
);

/** What people, models and programs wrote. */
const THEIRS = JSON.stringify([FILES, SCRIPT]);

let editor: Awaited<ReturnType<typeof openPseudo>>;
let server: ModelServer;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-words-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await commitAll(folder);
  server = await startModelServer({ answers: SCRIPT });
  editor = await openPseudo({
    folder,
    settings: {
      'quartet.endpoints': [{ id: 'here', baseUrl: server.url, model: 'scripted' }],
      'quartet.approve.plan': false,
      // So that what a terminal shows is text of the page.
      'terminal.integrated.gpuAcceleration': 'off',
    },
    size: { width: 1600, height: 1200 },
  });
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const latest = () => readJournal(journals(editor.server.data).at(-1) ?? '');

/** What programs printed in a run. */
const Printed = z.object({ output: z.object({ label: z.string(), output: z.string() }) });
const printed = (): string =>
  latest()
    .flatMap(({ data }) => {
      const read = Printed.safeParse(data);
      return read.success ? [read.data.output.label, read.data.output.output] : [];
    })
    .join('\n');

/** What is shown in each of these, every piece of text by itself. */
const texts = (selector: string): Promise<readonly string[]> =>
  editor.page
    .locator(selector)
    .filter({ visible: true })
    .evaluateAll((all) =>
      all.map((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const pieces: string[] = [];
        while (walker.nextNode()) pieces.push(walker.currentNode.textContent ?? '');
        return pieces.join('\n');
      }),
    );

/** Pieces of the rows of a test run's terminal that nobody else wrote: a row may break any word. */
async function checkTerminal(): Promise<void> {
  const bare = (text: string): string => text.replace(/\s/gu, '');
  const theirs = bare(`${THEIRS} ${printed()}`);
  const rows = (await texts('.part.panel .xterm-rows > div')).map(bare);
  assert.ok(rows.join('').includes('⟦'), rows.join('\n'));
  const pieces = rows.flatMap((row) => (theirs.includes(row) ? [] : row.split(/[^\w./'-]+/u)));
  assert.deepEqual(
    pieces.filter((piece) => /[A-Za-z]/u.test(piece) && !theirs.includes(piece)),
    [],
  );
}

/** Threads in sight, once one of them says something of that pattern. */
async function checkThreads(pattern: string): Promise<void> {
  const [body, ...others] = ['.comment-body', '.author', '.isPending', '.review-title .filename'].map(
    (part) => `.review-widget ${part}`,
  );
  const begins = pattern.split('{0}')[0] ?? '';
  await until(begins, async () => (await texts(body ?? '')).join('\n').includes(begins));
  const said = await texts([body, ...others].join(', '));
  assert.deepEqual(leftInEnglish(said, THEIRS), []);
}

/** Rows of a list in the panel of the editor, which has some words of its own there. */
async function checkRows(): Promise<void> {
  const rows = await texts('.part.panel .monaco-list-row:not(:has(.xterm))');
  assert.ok(rows.join('').includes('⟦'), rows.join('\n'));
  assert.deepEqual(
    leftInEnglish(rows, `${THEIRS} ${printed()} Quartet Ln Col older result results Close Test Coverage`),
    [],
  );
}

async function showOutput(): Promise<void> {
  await command(editor.page, 'Test: Show Output');
  await until('the results are there', async () =>
    (await texts('.part.panel .xterm-rows')).join('').includes('⟦'),
  );
}

test('pseudo-locale: threads of a review, with what QA found and what the record tells', async () => {
  const { page } = editor;
  await editor.run('showPanel');
  await (await part(page, 'goal-input')).fill(TITLE);
  await (await part(page, 'run-button')).first().click();
  await (await part(page, 'accept-all', 180_000)).first().waitFor();
  await editor.run('reviewChanges');
  const why = pseudo(english['quartet.askWhy.title'] ?? '');
  const asks = page.locator(`.review-widget:visible .action-label[aria-label^="${why}"]`);
  await asks.first().click({ timeout: 30_000 });
  await checkThreads(pseudo('Task {0}: {1}'));
  await editor.picture('words-threads');
  // What QA found stands at the other file.
  await page.locator('.part.sidebar .monaco-list-row[aria-label*="greet.test.js"]').first().click();
  await checkThreads(pseudo('A test expects something else than "{0}": {1}'));
  await editor.picture('words-found');
});

test('pseudo-locale: what the gates of a run came to', async () => {
  await showOutput();
  await editor.picture('words-gates');
  await checkTerminal();
  await checkRows();
});

test('pseudo-locale: what the tests of the workspace came to, their messages, and the problems that they are', async () => {
  const { page } = editor;
  await editor.run('runTests');
  await until('the run is over', () => latest().at(-1)?.type === 'run.finished', 120_000);
  const message = page.locator('.notification-list-item-message', { hasText: 'Quartet' }).first();
  await message.waitFor();
  assert.deepEqual(leftInEnglish([await message.innerText()], 'Quartet'), []);
  await showOutput();
  await editor.picture('words-results');
  await checkTerminal();
  await checkRows();
  await command(page, 'Problems: Focus on Problems View');
  await page.locator('.markers-panel .monaco-list-row').first().waitFor();
  await editor.picture('words-problems');
  await checkRows();
});
