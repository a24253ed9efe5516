/** Tests in the Test Explorer: what a real run of the tests told, at its place, by commands. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { TestSetup } from '../../src/core/qa/test-setup.ts';
import type { ToldTest } from '../../src/core/run/views/told-tests.ts';
import { actItems } from '../../src/editor/commands/tests-kept.ts';
import { createItems } from '../../src/editor/tests/items.ts';
import { TestsKept } from '../../src/protocol/tests-kept.ts';
import { workspaceFolder } from '../../src/editor/obstacle.ts';
import { api, execute, root, RUN_MS } from './driving.ts';

const FAILING = `import test from 'node:test';
import assert from 'node:assert/strict';

test('adds up', () => {
  assert.equal(1 + 1, 3);
});
test('stays', () => undefined);
`;

suite('tests in the editor', () => {
  const made = new Set<string>();
  const put = async (path: string, text: string) => {
    made.add(path);
    await mkdir(dirname(join(root(), path)), { recursive: true });
    await writeFile(join(root(), path), text);
  };
  const uriOf = (path: string) => vscode.Uri.file(join(root(), path));
  const problems = (path: string) =>
    vscode.languages
      .getDiagnostics(uriOf(path))
      .filter(({ source }) => source === 'Quartet')
      .map(({ range, message }) => `${range.start.line + 1} ${message.split('\n')[0] ?? ''}`);

  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const path of made) await rm(join(root(), path), { force: true });
    made.clear();
  });

  test('where nothing failed there is nothing to mend, and it is said', async () => {
    assert.equal(await execute('fixTests'), undefined);
    assert.equal(await execute('testFailed'), undefined);
  });

  test('a file that fails is a problem at its line, without a model; mended it is none any more', async function () {
    this.timeout(2 * RUN_MS);
    const path = 'test/sums.test.js';
    await put(path, FAILING);
    const run = await execute<string>('testFile', uriOf(path));
    assert.equal(typeof run, 'string');
    const { view } = await api();
    const red = await view(run);
    assert.equal(red.mode, 'qa');
    assert.equal(red.evidence.integrated?.verdict, 'red');
    assert.deepEqual(red.evidence.integrated.totals, { passed: 1, failed: 1, skipped: 0 });
    assert.equal(red.spent.calls, 0, 'no model was asked');
    assert.equal(problems(path).length, 1, problems(path).join());
    assert.match(problems(path)[0] ?? '', /^5 adds up: /);

    await put(path, FAILING.replace('1 + 1, 3', '1 + 1, 2'));
    const again = await execute<string>('testFailed');
    assert.equal((await view(again)).evidence.integrated?.verdict, 'green');
    assert.deepEqual(problems(path), []);
  });

  test('unsaved text is what is tested, and the test at the cursor is found', async function () {
    this.timeout(2 * RUN_MS);
    const path = 'test/unsaved.test.js';
    await put(path, FAILING);
    const editor = await vscode.window.showTextDocument(uriOf(path));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uriOf(path), new vscode.Range(4, 22, 4, 23), '2');
    assert.ok(await vscode.workspace.applyEdit(edit));
    editor.selection = new vscode.Selection(4, 0, 4, 0);
    const run = await execute<string>('testSelection');
    const { view } = await api();
    assert.equal((await view(run)).evidence.integrated?.verdict, 'green');
    assert.deepEqual(problems(path), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('tests lie below their files and suites, at the lines that declare them; what is gone goes', async () => {
    const path = 'test/items.test.js';
    await put(path, `describe('outer', () => {\n  it('inner', () => {});\n  it('other', () => {});\n});\n`);
    const controller = vscode.tests.createTestController('items-of-a-test', 'Items');
    try {
      const items = createItems(controller, workspaceFolder);
      const told = (name: string, status: ToldTest['status'] = 'passed'): ToldTest => ({
        ...{ id: `${path} > ${name}`, name, file: path, status },
      });
      items.files([path, 'test/none.test.js']);
      await items.take([told('outer > inner', 'failed'), told('outer > other')], 'files');
      const file = items.file(path);
      const [suiteItem] = [...file.children].map(([, item]) => item);
      assert.equal(suiteItem?.label, 'outer');
      assert.equal(suiteItem.range?.start.line, 0);
      const inner = items.item(`${path} > outer > inner`);
      assert.equal(inner?.range?.start.line, 1);
      assert.equal(inner.parent, suiteItem);
      assert.equal(items.told(file).length, 2);
      await items.take([told('outer > other')], 'some');
      assert.equal(items.told(file).length, 2, 'a part takes nothing away');
      await items.take([told('outer > other')], 'files');
      assert.deepEqual(
        items.told(file).map(({ name }) => name),
        ['outer > other'],
      );
      assert.deepEqual(
        items
          .tops()
          .map(({ label }) => label)
          .sort(),
        [path, 'test/none.test.js'].sort(),
      );
    } finally {
      controller.dispose();
    }
  });

  test('how the tests run is confirmed, set, used and found anew; chance is released by name', async function () {
    this.timeout(RUN_MS);
    assert.equal(await execute('configureTests', 'confirm'), 'npm test');
    const command = 'node --test test/discounts.test.js';
    assert.equal(await execute('configureTests', 'set', ` ${command} `), command);
    const run = await execute<string>('runTests');
    const { tests } = await (await api()).view(run);
    assert.deepEqual([tests?.command, tests?.said], [command, 'set']);
    assert.equal(await execute('configureTests', 'forget'), undefined);
    assert.deepEqual(await execute('flakyTests', 'none > of that name'), []);
  });

  test('packages are installed for working copies where the folder has none, once for its lock file', async function () {
    this.timeout(2 * RUN_MS);
    const manifest = join(root(), 'package.json');
    const before = await readFile(manifest, 'utf8');
    const npm = (...args: string[]) =>
      execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: root(), stdio: 'pipe' });
    assert.equal(await execute('installPackages'), 'none');
    try {
      await put('tools/dep/package.json', '{"name":"dep","version":"1.0.0","main":"index.js"}');
      await put('tools/dep/index.js', 'module.exports = 42;\n');
      npm('pack', './tools/dep', '--pack-destination', 'tools');
      await rename(join(root(), 'tools/dep-1.0.0.tgz'), join(root(), 'tools/dep.tgz'));
      const own = JSON.parse(before) as Record<string, unknown>;
      await writeFile(manifest, JSON.stringify({ ...own, dependencies: { dep: 'file:tools/dep.tgz' } }));
      npm('install', '--package-lock-only');
      assert.equal(await execute('installPackages'), 'made');
      assert.equal(await execute('configureTests', 'install'), 'there');
    } finally {
      await writeFile(manifest, before);
      await rm(join(root(), 'package-lock.json'), { force: true });
      await rm(join(root(), 'tools'), { recursive: true, force: true });
    }
  });

  test('Configure Tests offers to install packages where they are missing, and only there', () => {
    const setup: TestSetup = {
      ...{ found: true, runner: 'node', label: 'npm test', command: 'npm test', reportFormat: 'console' },
      env: {},
      why: 'package.json says so.',
      setupCommands: ['npm ci'],
    };
    const acts = (lacking: boolean) =>
      actItems({ setup, said: 'found' }, TestsKept.parse({}), lacking).map(({ act, description }) => [
        act,
        description,
      ]);
    assert.deepEqual(acts(true).at(-1), ['install', 'npm ci']);
    assert.ok(acts(false).every(([act]) => act !== 'install'));
  });

  test('a folder without tests says so, and what to do', async function () {
    this.timeout(RUN_MS);
    await execute('configureTests', 'set', 'node --version');
    const run = await execute<string>('runTests');
    const { finished } = await (await api()).view(run);
    assert.equal(finished?.outcome, 'notProved');
    assert.match(finished.message, /No results could be read/);
    await execute('configureTests', 'forget');
  });
});
