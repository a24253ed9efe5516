import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { expandGoal, findPlaces } from '../../src/editor/goal/mentions.ts';
import { api, root } from './driving.ts';

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
