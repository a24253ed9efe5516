/** What can be done with a run that is over, by commands: replay, verify, undo, another way, export and import. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { RunView } from '../../src/protocol/view.ts';
import { api, approved, asks, execute, onDisk, reach, RUN_MS } from './driving.ts';

suite('a run that is over', () => {
  let run = '';
  let view: RunView;
  const before = new Map<string, string>();

  suiteSetup(async function () {
    this.timeout(2 * RUN_MS);
    run = await approved();
    view = await reach(run, 'changes are offered', asks('review'));
    for (const { path, kind } of view.changes?.files ?? [])
      if (kind !== 'added') before.set(path, await onDisk(path));
    assert.equal(await execute('acceptAll'), true);
    view = await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
  });

  test('it replays as recorded and is whole', async () => {
    assert.equal(await execute('replayRun', run), true);
    assert.equal(await execute('verifyRun', run), true);
  });

  test('its change is committed on a branch of its own, and told of', async () => {
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
    if (git('rev-parse', '--git-dir') !== '.git') throw new Error('The sample is no repository.');
    git('config', 'user.name', 'T');
    git('config', 'user.email', 't@example.invalid');
    const head = git('symbolic-ref', '--short', 'HEAD');
    assert.equal(await execute('commitChange', run, 'quartet/past'), true);
    const { changes } = await reach(run, 'it is committed', (now) => now.changes?.committed !== undefined);
    assert.equal(changes?.committed?.branch, 'quartet/past');
    assert.equal(git('rev-parse', 'HEAD'), changes.committed.commit);
    const files = git('show', '--name-only', '--format=', 'HEAD').split('\n').sort();
    assert.deepEqual(files, changes.applied?.map(({ path }) => path).sort());
    assert.equal(await execute('commitChange', run, ''), false, 'there is nothing more to commit');
    assert.equal(await execute('copyPullRequest', run), true);
    assert.match(await vscode.env.clipboard.readText(), /^# .+\n[^]*## Evidence[^]*## Open points/u);
    git('symbolic-ref', 'HEAD', `refs/heads/${head}`);
    git('read-tree', 'HEAD');
  });

  test('its change is taken back, exactly, and once only', async () => {
    for (const [path, text] of before) assert.notEqual(await onDisk(path), text, path);
    assert.equal(await execute('undo', run, true), true);
    for (const [path, text] of before) assert.equal(await onDisk(path), text, path);
    assert.equal(await execute('undo', run, true), false);
  });

  test('another way from before its last task pays only for what comes after', async function () {
    this.timeout(2 * RUN_MS);
    const fork = await execute<string>('forkRun', run, { task: 'readme', instruction: '' });
    assert.equal(typeof fork, 'string');
    const offered = await reach(fork, 'changes are offered', asks('review'));
    assert.equal(offered.forked?.run, run);
    assert.ok(
      offered.spent.calls < view.spent.calls / 2,
      `${offered.spent.calls} of ${view.spent.calls} calls`,
    );
    assert.equal(await execute('rejectAll', true), true);
    await reach(fork, 'the fork is finished', ({ finished }) => finished !== undefined);
    for (const [path, text] of before) assert.equal(await onDisk(path), text, path);
  });

  test('with another plan it goes another way, and asks about the plan where it is to', async function () {
    this.timeout(2 * RUN_MS);
    const asked = await execute<string>('forkRun', run, { plan: 'ask', instruction: '' });
    const open = await reach(asked, 'the plan is offered once more', asks('plan'));
    assert.equal(open.spent.calls, 0, 'planning was paid for by the first run');
    await execute('stop', asked);
    const spec = view.plan?.spec;
    assert.ok(spec);
    const tasks = spec.tasks.map((task) => ({ ...task, title: `Mine: ${task.title}` }));
    const mine = await execute<string>('forkRun', run, { plan: { ...spec, tasks }, instruction: '' });
    const going = await reach(mine, 'the plan is carried out', ({ plan }) => plan?.decided === 'approved');
    assert.ok(going.tasks.every(({ spec: { title } }) => title.startsWith('Mine: ')));
    await execute('stop', mine);
    for (const fork of [asked, mine]) assert.equal(await execute('deleteRun', fork, true), true);
  });

  test('it exports to a file, and imports as a run of its own', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'exported-run.json');
    try {
      await execute('exportRun', run, file);
      const imported = await execute<string>('importRun', file);
      assert.notEqual(imported, run);
      assert.deepEqual((await (await api()).view(imported)).tasks, view.tasks);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });
});
