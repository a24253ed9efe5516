import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openRecord } from '../../src/editor/run-view/documents.ts';
import { api, approved, asks, execute, reach, RUN_MS } from './driving.ts';

/** Tabs come a moment after their page. */
async function until(there: () => boolean): Promise<void> {
  const ends = Date.now() + 10_000;
  while (!there() && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 50));
}

suite('looking at a run', () => {
  let run = '';
  suiteSetup(async function () {
    this.timeout(RUN_MS);
    run = await approved();
    await reach(run, 'the change set is offered', asks('review'));
  });
  suiteTeardown(async () => {
    await execute('rejectAll', true);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const tabs = () =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('quartet.runView'),
      );

  test('the run view opens in a tab of its own, once a run', async () => {
    assert.equal(await execute('openRunView', run), run);
    assert.equal(await execute('openRunView', run), run);
    await until(() => tabs().length > 0);
    assert.equal(tabs().length, 1);
    assert.match(tabs()[0]?.label ?? '', /^Run: /);
  });

  test('what a model was told and said, and what a tool answered, open as documents', async () => {
    const { feed } = await (await api()).view(run);
    const said = feed.find((item) => item.kind === 'said');
    const tool = feed.find((item) => item.kind === 'tool' && item.tool === 'read_file');
    assert.ok(said && tool);
    const textOf = async (seq: number, part: 'prompt' | 'output' | 'line') => {
      await openRecord(run, seq, part);
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.scheme, 'quartet-record');
      return document.getText();
    };
    assert.match(await textOf(said.id, 'prompt'), /You are Quartet's planner/);
    assert.match(await textOf(said.id, 'output'), /## Reply/);
    assert.match(await textOf(tool.id, 'output'), /## Call[\s\S]+## Result/);
    assert.match(await textOf(1, 'line'), /"run\.started"/);
    assert.match(await textOf(1, 'prompt'), /has no prompt/);
  });

  test('what a task changed opens as a diff of its files, each side as it was around the merge', async () => {
    const view = await (await api()).view(run);
    const merged = view.merges?.find(({ verdict }) => verdict !== 'red');
    assert.ok(merged);
    assert.equal(await execute('showTaskDiff', run, merged.unit), merged.unit);
    const diffs = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs: all }) => all)
        .filter(({ label }) => label.includes('(what the task changed)'));
    await until(() => diffs().length > 0);
    assert.equal(diffs().length, 1);
    assert.equal(await execute('showTaskDiff', run, 'nobody'), undefined, 'nothing of it is merged');
  });

  test('the transcript is saved as Markdown and shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quartet-transcript-'));
    const target = vscode.Uri.file(join(folder, 'run.md'));
    assert.equal(String(await execute('exportTranscript', run, target)), String(target));
    assert.match(await readFile(target.fsPath, 'utf8'), /## Conversation[\s\S]+Planner|planner/);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, target.fsPath);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await rm(folder, { recursive: true });
  });
});
