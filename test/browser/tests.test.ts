/** A failing test is run from the Test Explorer and the gutter, read in place, mended by the team, and green. On two runners. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Script } from '../../src/core/models/script.ts';
import { command, openContainer, pick, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { accept, watch } from '../support/main-job.mjs';
import { pathWithPytest } from '../support/pytest.ts';
import { commitAll } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';
import { journals, readJournal } from '../support/story.mjs';

interface Project {
  readonly runner: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code: string;
  readonly tests: string;
  /** What stands at the line, and what the peek shows. */
  readonly inline: RegExp;
  readonly peek: RegExp;
}

const PROJECTS: readonly Project[] = [
  {
    runner: 'node',
    files: {
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
      'src/add.js': 'export const add = (a, b) => a - b;\n',
      'test/add.test.js': `import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add } from '../src/add.js';\n\ntest('adds two numbers', () => {\n  assert.equal(add(1, 2), 3);\n});\ntest('is there', () => assert.ok(add));\n`,
    },
    code: 'src/add.js',
    tests: 'test/add.test.js',
    inline: /-1 != 3/,
    peek: /Expected[\s\S]*Actual/,
  },
  {
    runner: 'pytest',
    files: {
      'pytest.ini': '[pytest]\n',
      'add.py': 'def add(a, b):\n    return a - b\n',
      'test_add.py': `from add import add\n\n\ndef test_adds_two_numbers():\n    assert add(1, 2) == 3\n\n\ndef test_is_there():\n    assert add\n`,
    },
    code: 'add.py',
    tests: 'test_add.py',
    inline: /-1 (!=|==) 3/,
    peek: /-1 == 3|Expected[\s\S]*Actual/,
  },
];

const call = (tool: string, args: object) => ({ tool, args });
const scriptFor = ({ code }: Project) =>
  Script.parse({
    title: 'mends',
    agents: [
      {
        role: 'planner',
        replies: [
          {
            calls: [
              call('submit_plan', {
                summary: 'Mend it.',
                tasks: [{ id: 'fix', title: 'Mend add', description: 'It takes away.', role: 'coder' }],
              }),
            ],
          },
        ],
      },
      {
        role: 'coder',
        replies: [
          {
            calls: [
              call('edit_file', { path: code, edits: [{ old_text: 'a - b', new_text: 'a + b' }] }),
              call('submit_result', { summary: 'It adds.' }),
            ],
          },
        ],
      },
      {
        role: 'reviewer',
        replies: [{ calls: [call('submit_review', { verdict: 'approve', comments: [] })] }],
      },
    ],
  });

const hasPytest = pathWithPytest() === process.env['PATH'];

for (const project of PROJECTS) {
  const skip = project.runner === 'pytest' && !hasPytest && 'python3 on the path has no pytest';
  describe(project.runner, { skip }, () => mends(project));
}

function mends(project: Project): void {
  const { runner, code, tests } = project;
  let editor: Awaited<ReturnType<typeof openEditor>>;
  let server: ModelServer;
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quartet-tests-'));
    for (const [path, text] of Object.entries(project.files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await commitAll(folder);
    server = await startModelServer({ answers: scriptFor(project) });
    editor = await openEditor({
      folder,
      settings: {
        'quartet.endpoints': [
          { id: 'scripted', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 },
        ],
        'quartet.approve.plan': false,
      },
    });
  });
  after(async () => {
    await editor.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const picture = (name: string) => editor.picture(`tests-${runner}-${name}`);
  const stage = () => ({ page: editor.page, picture });
  const rows = () => editor.page.locator('.test-explorer .monaco-list-row');
  const explorerSays = (pattern: RegExp) =>
    until(
      `the Test Explorer says ${String(pattern)}`,
      async () => {
        // The command shows the panel when it begins, which may be after the Test Explorer was opened.
        await openContainer(editor.page, 'Testing');
        return (await labelsOf(rows())).some((label) => pattern.test(label));
      },
      180_000,
    );
  const runs = () => journals(editor.server.data).length;
  const lastLine = () => readJournal(journals(editor.server.data).at(-1) ?? '').at(-1);

  test('the Test Explorer lists by file what ran, and what failed', async () => {
    await command(editor.page, 'Go to File...');
    await pick(editor.page, tests.split('/').at(-1) ?? tests);
    await editor.page.locator('.monaco-editor .view-line').first().waitFor();
    await command(editor.page, 'Quartet: Run Tests with QA');
    await openContainer(editor.page, 'Testing');
    await explorerSays(/add\S* \(Failed\)/);
    await picture('1-explorer');
  });

  test('its menu has one entry of ours, with what can be done', async () => {
    const { page } = editor;
    await page
      .locator('.part.sidebar')
      .getByLabel(/More Actions/u)
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Quartet', exact: true }).hover();
    const entries = page.getByRole('menuitem', { name: /Fix Failing Tests|Find Out Why|Configure Tests/u });
    await until('all are there', async () => (await entries.count()) === 3);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  test('the failing line says what was expected and what came', async () => {
    const { page } = editor;
    const inline = page.locator('.test-error-content-widget').first();
    await inline.waitFor({ timeout: 20_000 });
    await soon.match(() => inline.innerText(), project.inline);
    await command(page, 'Test: Peek Output');
    const peek = page.locator('.test-output-peek').first();
    await peek.waitFor();
    await until('the peek shows the values', async () =>
      project.peek.test(await peek.innerText({ timeout: 1000 })),
    );
    await picture('2-in-place');
    await command(page, 'View: Toggle Problems');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'Quartet' }).first();
    await problem.waitFor({ timeout: 20_000 });
    await command(page, 'View: Toggle Problems');
  });

  test('its sign in the gutter runs it again', async () => {
    const before = runs();
    await editor.page.locator('.testing-run-glyph.codicon-testing-failed-icon').first().click();
    await until('another run of the tests', () => runs() > before, 30_000);
    await until('it is over', () => lastLine()?.type === 'run.finished', 120_000);
  });

  test('Fix at the message starts a run that mends it; what is accepted is green', async () => {
    const { page } = editor;
    await command(page, 'Test: Peek Output');
    const fix = page.locator('.test-output-peek .testing-followup-action, .test-output-peek div', {
      hasText: /^Fix Failing Tests with Quartet$/,
    });
    await fix.last().click();
    await watch(stage());
    await accept(stage());
    await soon.match(() => readFile(join(folder, code), 'utf8'), /a \+ b/);
    await command(page, 'Quartet: Run Tests with QA');
    await openContainer(page, 'Testing');
    await explorerSays(/add\S* \(Passed\)/);
    await picture('3-green');
  });

  test('the gates of that run are among the results, under its goal', async () => {
    const { page } = editor;
    await command(page, 'Test Results: Focus on Test Results View');
    const results = page.locator('.test-output-peek-tree .monaco-list-row');
    const older = results.filter({ hasText: 'older results' });
    await older.locator('.monaco-tl-twistie').click();
    // Tests of a gate are called by file and name; those of the workspace stand below their file.
    await until('a gate is among them', async () =>
      (await labelsOf(results)).some((label) => /add\S* > \S*adds.two.numbers/.test(label)),
    );
    const covered = (await labelsOf(results)).some((label) => /coverage/i.test(label));
    assert.equal(
      covered,
      runner === 'node',
      'changed lines that tests reach are shown where the runner tells',
    );
    await picture('4-results');
  });
}

const labelsOf = (rows: Locator): Promise<string[]> =>
  rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
