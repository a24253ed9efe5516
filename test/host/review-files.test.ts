import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createReviewProgress } from '../../src/editor/review/progress.ts';
import { ReviewFileSystem } from '../../src/editor/review/files.ts';
import type { ReviewAddress } from '../../src/editor/review/uris.ts';

const SCHEMES = { base: 'quartet-test-base', proposed: 'quartet-test-proposed' };
const texts: Readonly<Record<string, string>> = {
  'old/src/a.js': 'one\ntwo\nthree\n',
  'new/src/a.js': 'one\n2\nthree\n',
  'old/gone.js': 'gone\n',
  'new/data.bin': 'a\u0000b',
};
const round = { run: 'r', revision: 1 };

function sides(path: string) {
  const uri = (scheme: string, tree: string) => {
    const absent = texts[`${tree}/${path}`] === undefined ? '&absent=1' : '';
    return vscode.Uri.from({ scheme, path: `/${path}`, query: `run=r&revision=1&tree=${tree}${absent}` });
  };
  return { base: uri(SCHEMES.base, 'old'), proposed: uri(SCHEMES.proposed, 'new') };
}

suite('review files', () => {
  const kept = new Map<string, unknown>();
  const progress = createReviewProgress({
    get: <T>(key: string) => kept.get(key) as T | undefined,
    update: async (key, value) => void kept.set(key, value),
  });
  const edited: ReviewAddress[] = [];
  const ends: vscode.Disposable[] = [];

  suiteSetup(() => {
    const copies = {
      read: async (tree: string, path: string) => {
        const text = texts[`${tree}/${path}`];
        return text === undefined ? undefined : new TextEncoder().encode(text);
      },
      names: async (_tree: string, path: string) => (path === 'src' || path === '' ? [] : undefined),
    };
    const needs = {
      copies: async () => copies,
      progress,
      edited: (address: ReviewAddress) => void edited.push(address),
    };
    const register = (scheme: string, isProposed: boolean) =>
      vscode.workspace.registerFileSystemProvider(scheme, new ReviewFileSystem(needs, isProposed), {
        isCaseSensitive: true,
        isReadonly: !isProposed,
      });
    ends.push(register(SCHEMES.base, false), register(SCHEMES.proposed, true));
  });
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    vscode.Disposable.from(...ends).dispose();
  });

  test('both sides read as their trees', async () => {
    const { base, proposed } = sides('src/a.js');
    assert.equal((await vscode.workspace.openTextDocument(base)).getText(), 'one\ntwo\nthree\n');
    const document = await vscode.workspace.openTextDocument(proposed);
    assert.equal(document.getText(), 'one\n2\nthree\n');
    assert.equal(document.languageId, 'javascript');
  });

  test('an edit is kept when saved, and taken back when undone', async () => {
    const { proposed } = sides('src/a.js');
    const document = await vscode.workspace.openTextDocument(proposed);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(proposed, new vscode.Range(1, 0, 1, 1), 'zwei');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(progress.file(round, 'src/a.js').edited, undefined, 'not before it is saved');
    assert.ok(await document.save());
    assert.equal(progress.file(round, 'src/a.js').edited, 'one\nzwei\nthree\n');
    assert.deepEqual(
      edited.map(({ path, run, revision }) => [path, run, revision]),
      [['src/a.js', 'r', 1]],
    );
    const read = await vscode.workspace.fs.readFile(proposed);
    assert.equal(new TextDecoder().decode(read), 'one\nzwei\nthree\n');

    const back = new vscode.WorkspaceEdit();
    back.replace(proposed, new vscode.Range(1, 0, 1, 4), '2');
    assert.ok(await vscode.workspace.applyEdit(back));
    assert.ok(await document.save());
    assert.equal(progress.file(round, 'src/a.js').edited, undefined);
  });

  test('the base, a deleted file and bytes cannot be written', async () => {
    const bytes = new TextEncoder().encode('x');
    for (const uri of [sides('src/a.js').base, sides('gone.js').proposed]) {
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, bytes));
    }
    const { permissions } = await vscode.workspace.fs.stat(sides('data.bin').proposed);
    assert.equal(permissions, vscode.FilePermission.Readonly);
  });

  test('a deleted file is empty on the right side', async () => {
    const { base, proposed } = sides('gone.js');
    assert.equal((await vscode.workspace.openTextDocument(base)).getText(), 'gone\n');
    assert.equal((await vscode.workspace.openTextDocument(proposed)).getText(), '');
  });

  test('text that is not UTF-8 is refused, and nothing is kept', async () => {
    const { proposed } = sides('src/a.js');
    await assert.rejects(
      async () => vscode.workspace.fs.writeFile(proposed, new Uint8Array([0xff, 0xfe, 0x41])),
      /UTF-8/,
    );
    assert.equal(progress.file(round, 'src/a.js').edited, undefined);
  });

  test('an address that is not ours, or of no file, is not found', async () => {
    const bare = vscode.Uri.from({ scheme: SCHEMES.proposed, path: '/src/a.js' });
    const missing = sides('src/a.js').proposed.with({ path: '/src/none.js' });
    for (const uri of [bare, missing]) {
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri), { code: 'FileNotFound' });
    }
  });

  test('the native diff opens with an editable right side', async () => {
    const { base, proposed } = sides('src/a.js');
    await vscode.commands.executeCommand('vscode.diff', base, proposed, 'a.js');
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.modified.toString(), proposed.toString());
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), proposed.toString());
  });
});
