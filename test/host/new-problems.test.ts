/** What language servers newly find in files that were changed: with the editor's own JSON server, a slow one, and through a whole run. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Workspace } from '../../src/core/ports.ts';
import { workspaceFolder } from '../../src/editor/obstacle.ts';
import { AppliedProblems, type NewProblem } from '../../src/editor/review/applied-problems.ts';
import { createEditorWorkspace } from '../../src/editor/workspace.ts';
import { createNodeWorkspace } from '../../src/node/workspace.ts';
import { approved, asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

const WAIT_MS = 60_000;
const bytes = (text: string) => new TextEncoder().encode(text);
const at = (path: string) => join(root(), path);

async function until<T>(what: string, read: () => T | Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const ends = Date.now() + WAIT_MS;
  for (;;) {
    const value = await read();
    if (fits(value)) return value;
    assert.ok(Date.now() < ends, `${what}: waited in vain; it is ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const linesOf = (found: readonly NewProblem[]) =>
  found.map(({ path, line, perhapsOld }) => `${path}:${line + 1}${perhapsOld ? ' perhaps old' : ''}`);

suite('new problems of a change', () => {
  let storage = '';
  let problems: AppliedProblems;
  let workspace: Workspace;
  let collection: vscode.DiagnosticCollection;
  let listening: vscode.Disposable = new vscode.Disposable(() => undefined);
  const made = new Map<string, string | undefined>();

  suiteSetup(async () => {
    const folder = workspaceFolder();
    assert.ok(folder);
    storage = await mkdtemp(join(tmpdir(), 'quartet-problems-'));
    problems = new AppliedProblems(workspaceFolder);
    workspace = problems.around(
      createEditorWorkspace(folder, createNodeWorkspace({ root: root(), storage })),
    );
    collection = vscode.languages.createDiagnosticCollection('slow');
  });
  teardown(() => {
    listening.dispose();
    collection.clear();
  });
  suiteTeardown(async () => {
    problems.dispose();
    collection.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [path, text] of made)
      await (text === undefined ? rm(at(path), { force: true }) : writeFile(at(path), text));
    await rm(storage, { recursive: true, force: true });
  });
  const put = async (path: string, text: string) => {
    made.set(path, undefined);
    await writeFile(at(path), text);
  };
  const apply = async (path: string, before: string | undefined, after: string) => {
    made.set(path, undefined);
    const old = before === undefined ? undefined : bytes(before);
    assert.deepEqual(await workspace.apply([{ path, before: old, after: bytes(after) }]), { ok: true });
  };
  const settled = () => until('servers are done', () => problems.isSettled, Boolean);

  test('the JSON server’s: what was there and moved is not new, what came is', async function () {
    this.timeout(3 * WAIT_MS);
    const before = '{\n  "a": 1,\n}\n';
    await put('problems-1.json', before);
    const uri = vscode.Uri.file(at('problems-1.json'));
    await vscode.window.showTextDocument(uri);
    await until(
      'the JSON server speaks',
      () => vscode.languages.getDiagnostics(uri).length,
      (count) => count > 0,
    );
    await problems.look(['problems-1.json']);
    await apply('problems-1.json', before, '{\n\n  "b": x,\n  "a": 1,\n}\n');
    assert.deepEqual(problems.found, [], 'nothing is told before servers had their time');
    await settled();
    const found = await until(
      'it is found',
      () => problems.found,
      (all) => all.length > 0,
    );
    assert.deepEqual(linesOf(found), ['problems-1.json:3']);
    await apply('problems-1.json', '{\n\n  "b": x,\n  "a": 1,\n}\n', '{\n  "b": 2,\n  "a": 1\n}\n');
    await settled();
    await until(
      'all is mended',
      () => problems.found,
      (all) => all.length === 0,
    );
  });

  test('a server that had not spoken of a file before: what it finds on lines that are not new may be older', async function () {
    this.timeout(3 * WAIT_MS);
    const flag = (document: vscode.TextDocument): void => {
      if (!/problems-\d\.slow$/.test(document.uri.path)) return;
      const range = new vscode.Range(1, 0, 1, 1);
      setTimeout(() => {
        collection.set(document.uri, [new vscode.Diagnostic(range, 'It is slow.')]);
      }, 1000);
    };
    await put('problems-2.slow', 'a\nb\n');
    listening = vscode.workspace.onDidOpenTextDocument(flag);
    await apply('problems-2.slow', 'a\nb\n', 'c\nb\n');
    await settled();
    assert.deepEqual(linesOf(problems.found), ['problems-2.slow:2 perhaps old']);
    await apply('problems-3.slow', undefined, 'a\nb\n');
    await settled();
    assert.deepEqual(linesOf(problems.found), ['problems-3.slow:2']);
    problems.forget();
    assert.deepEqual(problems.found, []);
  });

  test('a run that was applied: its new problems are told until it is kept', async function () {
    this.timeout(2 * RUN_MS + WAIT_MS);
    const path = 'src/money.js';
    const original = await onDisk(path);
    const known = new Set(original.split('\n'));
    const flag = (document: vscode.TextDocument): void => {
      if (document.uri.fsPath !== at(path)) return;
      const lines = document.getText().split('\n');
      const fresh = lines.findIndex((line) => !known.has(line));
      const flagged = [0, ...(fresh < 0 ? [] : [fresh])];
      collection.set(
        document.uri,
        flagged.map((line) => new vscode.Diagnostic(new vscode.Range(line, 0, line, 1), 'Not so.')),
      );
    };
    const opened = vscode.workspace.onDidOpenTextDocument(flag);
    const changed = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      flag(document);
    });
    listening = vscode.Disposable.from(opened, changed);
    flag(await vscode.workspace.openTextDocument(vscode.Uri.file(at(path))));
    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    for (const file of view.changes?.files ?? []) made.set(file.path, await onDisk(file.path));
    assert.equal(await execute('acceptAll'), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
    const shown = async () =>
      (await execute<readonly NewProblem[]>('showNewProblems')).filter((each) => each.path === path);
    const found = await until('it is told', shown, (all) => all.length > 0);
    assert.equal(found.length, 1, 'what was there before is not told');
    assert.equal(found[0]?.perhapsOld, false);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await execute('keepAllChanges');
    assert.deepEqual(await shown(), []);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });
});
