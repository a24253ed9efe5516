/** The whole main job in the real extension host, by commands: demo, plan, review, apply. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { reviewSides } from '../../src/editor/review/uris.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { soon } from '../support/soon.ts';
import { api, approved, asks, execute, goesOn, onDisk, reach, root, RUN_MS } from './driving.ts';

suite('the main job by commands', () => {
  const originals = new Map<string, string>();
  const remember = async (view: RunView) => {
    for (const { path, kind } of view.changes?.files ?? []) {
      if (kind !== 'added' && !originals.has(path)) originals.set(path, await onDisk(path));
    }
  };
  // In a browser the editor saves by itself; these tests say when.
  const autoSave = (value: string | undefined) =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);
  suiteSetup(() => autoSave('off'));
  suiteTeardown(() => autoSave(undefined));
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [path, text] of originals) await writeFile(join(root(), path), text);
    originals.clear();
  });

  test('accepted, rejected and edited files: the tree holds exactly that', async function () {
    this.timeout(2 * RUN_MS);
    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    await remember(view);
    assert.equal(view.changes?.verdict, 'green');
    const paths = view.changes.files.map(({ path }) => path);
    const edited = paths.find((path) => path.startsWith('src/')) ?? '';
    const rejected = paths.find((path) => path.endsWith('.md')) ?? '';
    assert.ok(edited !== '' && rejected !== '', paths.join());

    await execute('reviewChanges');
    await execute('openChange', edited);
    const sides = reviewSides(view, edited);
    assert.ok(sides);
    const document = await vscode.workspace.openTextDocument(sides.proposed);
    assert.notEqual(document.getText(), await onDisk(edited));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(sides.proposed, new vscode.Position(0, 0), '// by hand\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    // Not saved: what is typed counts when the review is handed in.
    const proposed = new Map<string, string>();
    for (const path of paths) {
      await execute(path === rejected ? 'rejectFile' : 'acceptFile', path, '');
      const uri = reviewSides(view, path)?.proposed;
      assert.ok(uri);
      proposed.set(path, (await vscode.workspace.openTextDocument(uri)).getText());
    }
    assert.equal(await execute('applyReviewed'), true);
    const left = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ label }) => /proposed/.test(label));
    assert.deepEqual(
      left.map(({ label }) => label),
      [],
      'no tab of the review is left',
    );
    const finished = await reach(run, 'the run is finished', ({ finished: end }) => end !== undefined);
    assert.equal(finished.finished?.outcome, 'done', finished.finished?.message);
    for (const path of paths) {
      const expected = path === rejected ? originals.get(path) : proposed.get(path);
      assert.equal(await onDisk(path), expected, path);
    }
    assert.match(await onDisk(edited), /^\/\/ by hand\n/);
  });

  test('unsaved text is part of what the team works on, and is still there afterwards', async function () {
    this.timeout(2 * RUN_MS);
    const path = 'src/discounts.js';
    originals.set(path, await onDisk(path));
    const uri = vscode.Uri.file(join(root(), path));
    const document = await vscode.workspace.openTextDocument(uri);
    // The editor may still have the text of before, where the last test put the file back behind its back.
    await soon.equal(() => document.getText(), originals.get(path));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(document.getText().length), '// not saved yet\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.isDirty);

    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    await remember(view);
    assert.ok(document.isDirty, 'nothing touched the editor before the review');
    assert.equal(await execute('acceptAll'), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
    const text = await onDisk(path);
    assert.match(text, /\/\/ not saved yet\n$/);
    assert.notEqual(text, `${originals.get(path) ?? ''}// not saved yet\n`);
    assert.equal(document.getText(), text);
    assert.equal(document.isDirty, false);
  });

  test('stopped, resumed, rejected: nothing of it reaches the tree', async function () {
    this.timeout(2 * RUN_MS);
    const run = await approved();
    await execute('stop', run);
    const stopped = await (await api()).view(run);
    assert.equal(stopped.paused?.reason, 'stopped');
    const callsBefore = stopped.spent.calls;
    assert.equal(await execute('resume', run), run);
    await goesOn(run);
    const view = await reach(run, 'changes are offered', asks('review'));
    assert.ok(view.spent.calls > callsBefore);
    await remember(view);
    assert.equal(await execute('rejectAll', true), true);
    const { finished } = await reach(run, 'the run is finished', ({ finished: end }) => end !== undefined);
    assert.equal(finished?.outcome, 'rejected');
    for (const [path, text] of originals) assert.equal(await onDisk(path), text, path);
  });

  test('every run is listed, newest first, as what it is', async () => {
    const runs = await (await api()).runs();
    assert.ok(runs.filter(({ demo }) => demo).length >= 3);
    assert.ok(runs.every(({ origin }) => origin === 'editor'));
    const times = runs.map(({ startedAt }) => startedAt);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
  });
});
