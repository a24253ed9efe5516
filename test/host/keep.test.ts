/** Keep and Undo after a change was applied: one change is taken back, one is kept, and nothing else is touched. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { hunksOf } from '../../src/core/changes/hunks.ts';
import { approved, asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

/** The changes of a file as the editor's quick diff tells them. */
function changesOf(before: string, after: string) {
  return hunksOf(before, after, 0).map(({ oldStart, oldLines, newStart, newLines }) => ({
    originalStartLineNumber: oldLines === 0 ? oldStart - 1 : oldStart,
    originalEndLineNumber: oldLines === 0 ? 0 : oldStart + oldLines - 1,
    modifiedStartLineNumber: newLines === 0 ? newStart - 1 : newStart,
    modifiedEndLineNumber: newLines === 0 ? 0 : newStart + newLines - 1,
  }));
}

suite('keep and undo', () => {
  const originals = new Map<string, string>();
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [path, text] of originals) await writeFile(join(root(), path), text);
  });

  test('each change that was applied is kept or taken back by itself', async function () {
    this.timeout(2 * RUN_MS);
    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    for (const { path } of view.changes?.files ?? []) originals.set(path, await onDisk(path));
    assert.equal(await execute('acceptAll'), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);

    const compared = async (path: string) => {
      const uri = vscode.Uri.from({ scheme: 'quartet-before', path: `/${path}`, query: run });
      return (await vscode.workspace.openTextDocument(uri)).getText();
    };
    const [undone, keptPath] = ['README.md', 'src/money.js'];
    const before = originals.get(undone) ?? '';
    assert.equal(await compared(undone), before, 'the gutter compares with what was there before');
    const after = await onDisk(undone);
    const uri = vscode.Uri.file(join(root(), undone));
    await execute('undoChange', uri, changesOf(before, after), 0);
    assert.equal(await onDisk(undone), before);
    await execute('undoChange', uri, changesOf(before, after), 0);
    assert.equal(await onDisk(undone), before, 'what is decided is not undone once more');

    const text = await onDisk(keptPath);
    const keptUri = vscode.Uri.file(join(root(), keptPath));
    const changes = changesOf(originals.get(keptPath) ?? '', text);
    await execute('keepChange', keptUri, changes, 0);
    await execute('undoChange', keptUri, changes, 0);
    assert.equal(await onDisk(keptPath), text, 'what is kept stays');
  });
});
