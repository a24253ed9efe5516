import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { expandGoal, findPlaces } from '../../src/editor/goal/mentions.ts';
import { changesOf, filesOf, pathOf, type Repository } from '../../src/editor/goal/surroundings.ts';
import { call, script } from '../scenarios/parts.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { api, execute, reach, root, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

suite('what is in front', () => {
  const file = () => vscode.Uri.file(join(root(), 'src', 'discounts.js'));
  const problems = vscode.languages.createDiagnosticCollection('quartet-test');
  suiteSetup(async () => {
    await api();
    const editor = await vscode.window.showTextDocument(file());
    editor.selection = new vscode.Selection(11, 0, 13, 4);
    problems.set(file(), [
      new vscode.Diagnostic(
        new vscode.Range(12, 0, 12, 5),
        'left may be negative',
        vscode.DiagnosticSeverity.Warning,
      ),
    ]);
  });
  suiteTeardown(async () => {
    problems.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('a goal without mentions stays as it is', async () => {
    assert.equal(await expandGoal('Fix issue #12 in C#'), 'Fix issue #12 in C#');
  });

  test('mentions stand for places, and for texts in a fence', async () => {
    const goal = await expandGoal('Look at #selection and #problems, #file:src/money.js and #folder:test.');
    assert.match(goal, /#selection: src\/discounts\.js, lines 12 to 14/);
    assert.match(
      goal,
      /\[data \w+ from problems\]\nsrc\/discounts\.js:13: warning: left may be negative\n\[end/,
    );
    assert.match(goal, /#file:src\/money\.js: the file src\/money\.js/);
    assert.match(goal, /#folder:test: the folder test/);
  });

  test('files and folders are found by a part of their path', async () => {
    const texts = (await findPlaces('disc')).map((found) =>
      'path' in found ? `${found.kind} ${found.path}` : '',
    );
    assert.ok(texts.includes('file src/discounts.js'), texts.join());
    const all = await findPlaces('src');
    assert.ok(all.some((found) => found.kind === 'folder' && found.path === 'src'));
  });

  test('files are found in whatever case and alphabet, and by letters where nothing holds them together', async () => {
    const made = vscode.Uri.file(join(root(), 'src', 'Größe[日本語].ts'));
    await vscode.workspace.fs.writeFile(made, new Uint8Array());
    try {
      for (const [query, path] of [
        ['readme', 'README.md'],
        ['SRC/DISC', 'src/discounts.js'],
        ['dscnt', 'src/discounts.js'],
        ['größe', 'src/Größe[日本語].ts'],
        ['日本', 'src/Größe[日本語].ts'],
        ['[日', 'src/Größe[日本語].ts'],
      ] as const) {
        const found = (await findPlaces(query)).map((place) => ('path' in place ? place.path : ''));
        assert.equal(found[0], path, query);
      }
      assert.deepEqual(await findPlaces('ない'), [], 'nothing is offered for what nothing holds');
    } finally {
      await vscode.workspace.fs.delete(made);
    }
  });

  test('a goal that a command starts with is told what it mentions', async function () {
    this.timeout(RUN_MS);
    const answers = script({
      role: 'researcher',
      replies: [{ content: '', calls: [call('submit_findings', { summary: 'So.' })] }],
    });
    const server = await startModelServer({ answers });
    try {
      await set('endpoints', [{ id: 'one', baseUrl: server.url, model: 'one', contextTokens: 100_000 }]);
      const run = await execute<string>('ask', 'Explain #selection');
      const { goal } = await reach(run, 'it is answered', ({ answer }) => answer !== undefined);
      assert.match(goal, /^Explain #selection\n\n[^\n]*\n\n#selection: src\/discounts\.js, lines 12 to 14$/u);
    } finally {
      await set('endpoints', undefined);
      await execute('newGoal');
      await server.close();
    }
  });

  test('entries of the SCM view stand for their files, once each; without any all is meant', async () => {
    const entry = (path: string) => ({ resourceUri: vscode.Uri.file(join(root(), path)) });
    const [a, b] = [entry('src/a.js'), entry('src/b.js')];
    const paths = (...entries: readonly unknown[]) => filesOf(entries).map(pathOf);
    assert.deepEqual(paths(a, b), ['src/a.js', 'src/b.js']);
    assert.deepEqual(paths({ id: 'workingTree', resourceStates: [a, b] }, a), ['src/a.js', 'src/b.js']);
    assert.deepEqual(paths({ rootUri: vscode.Uri.file(root()) }, undefined), [], 'the view’s own button');
    const repository: Repository = {
      rootUri: vscode.Uri.file(root()),
      diff: () => assert.fail('the others are not asked about'),
      diffWithHEAD: async (path) => (path.endsWith('a.js') ? 'diff --git a/src/a.js b/src/a.js' : ''),
    };
    const elsewhere = { resourceUri: vscode.Uri.file('/elsewhere/c.js') };
    assert.equal(
      await changesOf(repository, filesOf([a, b, elsewhere])),
      'diff --git a/src/a.js b/src/a.js\n?? src/b.js',
    );
  });

  test('problems offer to be fixed and explained', async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file(),
      new vscode.Range(12, 0, 12, 5),
    );
    const titles = actions.map(({ title }) => title);
    assert.ok(titles.includes('Fix with Quartet') && titles.includes('Explain with Quartet'), titles.join());
  });
});
