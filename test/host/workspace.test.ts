/** The person's tree through the editor: unsaved text counts, and applying is all or nothing (I5). */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TreeChange, Workspace } from '../../src/core/ports.ts';
import { workspaceFolder } from '../../src/editor/obstacle.ts';
import { createEditorWorkspace } from '../../src/editor/workspace.ts';
import { createNodeWorkspace } from '../../src/node/workspace.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const change = (path: string, before: string | undefined, after: string | undefined): TreeChange => ({
  path,
  before: before === undefined ? undefined : bytes(before),
  after: after === undefined ? undefined : bytes(after),
});
const settings = (section: string) => vscode.workspace.getConfiguration(section);
const setGlobal = (section: string, key: string, value: unknown) =>
  settings(section).update(key, value, vscode.ConfigurationTarget.Global);

suite('workspace in the editor', () => {
  let storage = '';
  let root = '';
  let workspace: Workspace;
  const made = new Set<string>();
  /** Names of two files that no earlier test had open. */
  let a = '';
  let b = '';
  let tests = 0;

  const at = (path: string) => join(root, path);
  const onDisk = async (path: string) => await readFile(at(path), 'utf8').catch(() => undefined);
  const put = async (path: string, text: string) => {
    made.add(path);
    await writeFile(at(path), text);
  };
  const open = async (path: string) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(at(path)));
    await vscode.window.showTextDocument(document);
    return document;
  };
  const type = async (document: vscode.TextDocument, text: string) => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().length), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };

  suiteSetup(async () => {
    await setGlobal('files', 'autoSave', 'off');
    const folder = workspaceFolder();
    assert.ok(folder);
    root = folder.uri.fsPath;
    storage = await mkdtemp(join(tmpdir(), 'quartet-workspace-'));
    workspace = createEditorWorkspace(folder, createNodeWorkspace({ root, storage }));
  });
  setup(async () => {
    tests += 1;
    [a, b] = [`t${tests}-a.txt`, `t${tests}-b.txt`];
    await put(a, 'a1\na2\n');
    await put(b, 'b1\n');
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty) continue;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    for (const path of made) await rm(at(path), { force: true });
    made.clear();
  });
  suiteTeardown(async () => {
    await setGlobal('files', 'autoSave', undefined);
    await rm(storage, { recursive: true, force: true });
  });

  test('unsaved text is told by path, and is what reads', async () => {
    const document = await open(a);
    assert.equal((await workspace.unsaved()).size, 0);
    await type(document, 'unsaved\n');
    assert.deepEqual([...(await workspace.unsaved())], [[a, 'a1\na2\nunsaved\n']]);
    const text = async (path: string) => new TextDecoder().decode(await workspace.read(path));
    assert.equal(await text(a), 'a1\na2\nunsaved\n');
    assert.equal(await text(b), 'b1\n');
    assert.equal(await workspace.read('t-none.txt'), undefined);
  });

  test('files that no editor shows are written, made and removed', async () => {
    made.add('t-new.txt');
    const changes = [
      change(a, 'a1\na2\n', 'A\n'),
      change('t-new.txt', undefined, 'n\n'),
      change(b, 'b1\n', undefined),
    ];
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.deepEqual(
      [await onDisk(a), await onDisk('t-new.txt'), await onDisk(b)],
      ['A\n', 'n\n', undefined],
    );
  });

  test('an open editor takes the change in one step that can be undone, and is saved', async () => {
    const document = await open(a);
    assert.deepEqual(await workspace.apply([change(a, 'a1\na2\n', 'a1\nA2\na3\n')]), { ok: true });
    assert.equal(document.getText(), 'a1\nA2\na3\n');
    assert.equal(document.isDirty, false);
    assert.equal(await onDisk(a), 'a1\nA2\na3\n');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'a1\na2\n');
  });

  test('a change made against unsaved text is applied to it', async () => {
    const document = await open(a);
    await type(document, 'mine\n');
    const result = await workspace.apply([
      change(a, 'a1\na2\nmine\n', 'A1\na2\nmine\n'),
      change(b, 'b1\n', 'B1\n'),
    ]);
    assert.deepEqual(result, { ok: true });
    assert.equal(document.getText(), 'A1\na2\nmine\n');
    assert.deepEqual([await onDisk(a), await onDisk(b)], ['A1\na2\nmine\n', 'B1\n']);
  });

  test('where unsaved text is newer nothing at all is written', async () => {
    const document = await open(a);
    await type(document, 'newer\n');
    const result = await workspace.apply([change(b, 'b1\n', 'B1\n'), change(a, 'a1\na2\n', 'A\n')]);
    assert.deepEqual(result, { ok: false, moved: [a] });
    assert.deepEqual([await onDisk(a), await onDisk(b)], ['a1\na2\n', 'b1\n']);
    assert.equal(document.getText(), 'a1\na2\nnewer\n');
    assert.ok(document.isDirty);
  });

  test('where a file was changed meanwhile nothing at all is written', async () => {
    const document = await open(a);
    await put(b, 'changed meanwhile\n');
    const result = await workspace.apply([change(a, 'a1\na2\n', 'A\n'), change(b, 'b1\n', 'B1\n')]);
    assert.deepEqual(result, { ok: false, moved: [b] });
    assert.deepEqual([await onDisk(a), await onDisk(b)], ['a1\na2\n', 'changed meanwhile\n']);
    assert.equal(document.getText(), 'a1\na2\n');
  });

  test('applying the same again completes what was begun', async () => {
    await open(a);
    const changes = [change(a, 'a1\na2\n', 'A\n'), change(b, 'b1\n', 'B1\n')];
    await put(b, 'B1\n');
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.deepEqual([await onDisk(a), await onDisk(b)], ['A\n', 'B1\n']);
  });

  test('an open file that is deleted is gone, unsaved or not', async () => {
    const document = await open(a);
    await type(document, 'mine\n');
    assert.deepEqual(await workspace.apply([change(a, 'a1\na2\nmine\n', undefined)]), { ok: true });
    assert.equal(await onDisk(a), undefined);
  });

  test('what is on the disk is what was accepted, whatever the editor does on saving', async () => {
    await setGlobal('files', 'trimTrailingWhitespace', true);
    await setGlobal('files', 'insertFinalNewline', true);
    try {
      await open(a);
      const accepted = 'a1  \na2';
      assert.deepEqual(await workspace.apply([change(a, 'a1\na2\n', accepted)]), { ok: true });
      assert.equal(await onDisk(a), accepted);
    } finally {
      await setGlobal('files', 'trimTrailingWhitespace', undefined);
      await setGlobal('files', 'insertFinalNewline', undefined);
    }
  });

  for (const [what, before, after] of [
    ['line ends of Windows', 'a\r\nb\r\n', 'a\r\nB\r\nc\r\n'],
    ['other line ends than before', 'a\r\nb\r\n', 'a\nb\n'],
    ['a byte order mark', '\ufeffa\n', '\ufeffb\n'],
    ['a byte order mark that goes', '\ufeffa\n', 'a\n'],
    ['no final line end', 'a', 'b'],
    ['characters beyond the basic plane', '😀\n', '😁\n'],
    ['bytes that are no text', 'a\n', '\u0000\u0001'],
  ] as const) {
    test(`bytes arrive as accepted: ${what}`, async () => {
      await put(a, before);
      await open(a);
      assert.deepEqual(await workspace.apply([change(a, before, after)]), { ok: true });
      assert.deepEqual(new Uint8Array(await readFile(at(a))), bytes(after));
    });
  }

  test('an open file may become executable', async function () {
    if (process.platform === 'win32') return this.skip();
    await open(a);
    const executable = { ...change(a, 'a1\na2\n', '#!/bin/sh\n'), mode: '100755' };
    assert.deepEqual(await workspace.apply([executable]), { ok: true });
    assert.notEqual((await stat(at(a))).mode & 0o100, 0);
    assert.equal(await onDisk(a), '#!/bin/sh\n');
  });

  test('a path that leads out is refused', async () => {
    await assert.rejects(workspace.apply([change('../outside.txt', undefined, 'x')]), {
      code: 'path.outside',
    });
  });
});
