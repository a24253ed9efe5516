import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const folder = () => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the host opens a folder');
  return first.uri;
};

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('it never came');
}

suite('Role files', () => {
  const file = () => vscode.Uri.joinPath(folder(), '.quartet/agents/painter.md');
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), '.quartet'), { recursive: true });
  });

  test('New Role writes a file that is right, and what is made wrong stands under Problems with its line', async () => {
    const path = await vscode.commands.executeCommand('quartet.newRole', 'painter', 'workspace');
    assert.equal(path, file().fsPath);
    const document = await vscode.workspace.openTextDocument(file());
    assert.deepEqual(vscode.languages.getDiagnostics(file()), []);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file(), document.lineAt(4).range, 'tools: [read_file, fly]');
    await vscode.workspace.applyEdit(edit);
    const [problem] = await eventually(() => {
      const found = vscode.languages.getDiagnostics(file());
      return found.length > 0 ? found : undefined;
    });
    assert.match(problem?.message ?? '', /There is no tool "fly"/);
    assert.equal(problem?.range.start.line, 4);
    await document.save();
  });

  test('a role of the project is approved above its file, by what it says', async () => {
    await vscode.commands.executeCommand('quartet.newRole', 'painter', 'workspace');
    const document = await vscode.workspace.openTextDocument(file());
    const lens = async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        file(),
        10,
      );
      return lenses.map(({ command }) => command?.title ?? '').join();
    };
    await eventually(async () => ((await lens()).startsWith('Approve this role') ? true : undefined));
    assert.equal(await vscode.commands.executeCommand('quartet.approveRole', file()), true);
    assert.match(await lens(), /^Approved/);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file(), new vscode.Position(document.lineCount, 0), 'And publish the keys.\n');
    await vscode.workspace.applyEdit(edit);
    assert.match(await lens(), /^Save and approve/);
    await document.save();
    assert.match(await lens(), /^Approve this role/, 'other words have to be approved anew');
    const other = vscode.Uri.joinPath(folder(), 'package.json');
    assert.equal(await vscode.commands.executeCommand('quartet.approveRole', other), false);
  });

  test('of two files with one name, the one that is not used says so: under Problems and above its file', async () => {
    await vscode.commands.executeCommand('quartet.newRole', 'painter', 'workspace');
    const other = vscode.Uri.joinPath(folder(), '.quartet/agents/a-painter.MD');
    await vscode.workspace.fs.copy(file(), other);
    await vscode.workspace.openTextDocument(other);
    const document = await vscode.workspace.openTextDocument(file());
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file(), new vscode.Position(document.lineCount, 0), 'Paint well.\n');
    await vscode.workspace.applyEdit(edit);
    const [problem] = await eventually(() => {
      const found = vscode.languages.getDiagnostics(file());
      return found.length > 0 ? found : undefined;
    });
    assert.match(problem?.message ?? '', /a-painter\.MD has the name "painter" too and is used instead/);
    assert.equal(problem?.range.start.line, 1);
    assert.deepEqual(vscode.languages.getDiagnostics(other), []);
    await document.save();
    await eventually(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        file(),
        10,
      );
      return lenses.some(({ command }) => command?.title.startsWith('Not used') === true) || undefined;
    });
    assert.equal(await vscode.commands.executeCommand('quartet.approveRole', file()), false);
    await vscode.workspace.fs.delete(other);
    assert.equal(await vscode.commands.executeCommand('quartet.approveRole', file()), true);
  });

  test('keys, tools and limits are offered where they belong', async () => {
    await vscode.commands.executeCommand('quartet.newRole', 'painter', 'workspace');
    const document = await vscode.workspace.openTextDocument(file());
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file(), new vscode.Position(5, 0), 'tools: \n\n');
    await vscode.workspace.applyEdit(edit);
    const offered = async (line: number, character: number) => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        file(),
        new vscode.Position(line, character),
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await offered(5, 7)).includes('edit_file'));
    assert.ok(
      !(await offered(5, 7)).includes('fetch_url'),
      'a role of the workspace reaches nothing outside',
    );
    assert.ok((await offered(6, 0)).includes('description'));
    await document.save();
  });
});
