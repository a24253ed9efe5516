/** Applying onto files that changed meanwhile: what can be merged is, a conflict is resolved in the editable right side. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { conflictSides, reviewSides } from '../../src/editor/review/uris.ts';
import { approved, asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

const CODE = 'src/discounts.js';
const READ = 'README.md';

suite('a conflict', () => {
  const originals = new Map<string, string>();
  const autoSave = (value: string | undefined) =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);
  suiteSetup(() => autoSave('off'));
  suiteTeardown(async () => {
    await autoSave(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [path, text] of originals) await writeFile(join(root(), path), text);
  });

  test('is shown with both versions marked, resolved by hand, tested and written; what merges is merged', async function () {
    this.timeout(3 * RUN_MS);
    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    for (const { path } of view.changes?.files ?? []) originals.set(path, await onDisk(path));

    // On disk, the very line that the team changed; and unsaved, one that nobody else did.
    const sides = reviewSides(view, CODE);
    assert.ok(sides);
    const proposed = (await vscode.workspace.openTextDocument(sides.proposed)).getText();
    const before = (originals.get(CODE) ?? '').split('\n');
    const changed = before.findIndex((line, at) => line !== proposed.split('\n')[at]);
    const mine = before.with(changed, `${before[changed] ?? ''} // mine`).join('\n');
    await writeFile(join(root(), CODE), mine);
    const readme = vscode.Uri.file(join(root(), READ));
    const typing = new vscode.WorkspaceEdit();
    typing.insert(readme, new vscode.Position(0, 0), 'Typed meanwhile.\n\n');
    assert.ok(await vscode.workspace.applyEdit(typing));

    assert.equal(await execute('acceptAll'), true);
    const asked = await reach(run, 'the conflict is asked about', asks('apply'));
    const need = asked.needs.find(({ ask }) => ask.conflict !== undefined);
    assert.deepEqual(need?.ask.conflict?.paths, [CODE]);
    assert.equal(await onDisk(CODE), mine, 'nothing is written before it is resolved');
    assert.equal(await onDisk(READ), originals.get(READ));

    await execute('resolveConflicts');
    const { signal } = need;
    const open = { run, revision: 0, signal, conflict: need.ask.conflict };
    const { proposed: right, base: left } = conflictSides(open, CODE, { ours: false, marked: false });
    const document = await vscode.workspace.openTextDocument(right);
    assert.match(document.getText(), /^<{7} ours$[^]*\/\/ mine[^]*^={7}$[^]*^>{7} theirs$/mu);
    assert.equal((await vscode.workspace.openTextDocument(left)).getText(), mine);
    const resolved = `// both\n${proposed}`;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(right, new vscode.Range(0, 0, document.lineCount, 0), resolved);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(await execute('applyResolved'), true);

    const finished = await reach(run, 'the run is finished', ({ finished: end }) => end !== undefined);
    assert.equal(finished.finished?.outcome, 'done', finished.finished?.message);
    assert.equal(finished.evidence.accepted?.verdict, 'green');
    assert.equal(await onDisk(CODE), resolved);
    const text = await onDisk(READ);
    assert.match(text, /^Typed meanwhile\.\n\n/u);
    assert.notEqual(
      text,
      `Typed meanwhile.\n\n${originals.get(READ) ?? ''}`,
      'the team’s lines are there too',
    );
  });
});
