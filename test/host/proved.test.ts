/**
 * Real projects with real runners in the editor: a coder that fails, then removes the test, then makes it weaker or skips it, then mends
 * the code. Only the mended code turns green, and only it is written once the person accepts it.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../../src/protocol/view.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import {
  coderOf,
  goalOf,
  isThere,
  lay,
  mendedFiles,
  PROVED_PROJECTS,
  PROVED_VERDICTS,
  type ProvedProject,
} from '../support/proved.ts';
import { asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);
const GIT = '.git';

/** Moves all that a folder holds but its history. */
async function moveAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) if (name !== GIT) await rename(join(from, name), join(to, name));
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== GIT) await rm(join(folder, name), { recursive: true, force: true });
}

const gatesOf = ({ feed }: RunView, of: string) =>
  feed.flatMap((item) => (item.kind === 'gate' && item.scope === of ? [item.report] : []));

suite('only the mended code turns green', () => {
  let aside = '';
  let server: ModelServer | undefined;
  // The window has one folder: each project takes its place in turn.
  suiteSetup(async () => {
    aside = await mkdtemp(join(dirname(root()), 'aside-'));
    await moveAll(root(), aside);
  });
  suiteTeardown(async () => {
    await set('endpoints', undefined);
    await set('sandbox.readable', undefined);
    await moveAll(aside, root());
    await rm(aside, { recursive: true, force: true });
  });
  teardown(async () => {
    await execute('configureTests', 'forget');
    await server?.close();
    await empty(root());
  });

  const begin = async (project: ProvedProject): Promise<string> => {
    const { testCommand, readable } = project;
    await lay(project, root());
    server = await startModelServer({ answers: coderOf(project) });
    await set('endpoints', [{ id: 'coder', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 }]);
    await set('sandbox.readable', readable === undefined ? [] : [readable]);
    if (testCommand !== undefined) await execute('configureTests', 'set', testCommand);
    return await execute<string>('quickEdit', goalOf(project));
  };

  for (const project of PROVED_PROJECTS)
    test(project.runner, async function () {
      this.timeout(2 * RUN_MS);
      if (!isThere(project)) this.skip();
      const run = await begin(project);
      const view = await reach(run, 'changes are offered', asks('review'));
      const gates = gatesOf(view, 'task');
      const told = JSON.stringify(gates, undefined, 1);
      assert.deepEqual(
        gates.map(({ verdict }) => verdict),
        PROVED_VERDICTS,
        told,
      );
      const [failed, removed, cheated] = gates;
      assert.equal(failed?.totals.failed, 1, told);
      assert.ok((removed?.removed.length ?? 0) + (removed?.weakened?.length ?? 0) > 0, told);
      assert.ok((cheated?.newlySkipped.length ?? 0) + (cheated?.weakened?.length ?? 0) > 0, told);
      const integrated = gatesOf(view, 'integrated').at(-1);
      assert.equal(integrated?.verdict, 'green', told);
      // Go brings what tells coverage.
      if (project.runner === 'go test')
        assert.deepEqual(integrated.coverage?.files, [{ path: 'add.go', covered: 1, total: 1, missed: [] }]);
      for (const path of Object.keys(mendedFiles(project)))
        assert.equal(await onDisk(path), project.files[path], 'nothing is written before it is accepted');

      assert.equal(await execute('acceptAll'), true);
      const { finished } = await reach(run, 'the run is finished', ({ finished: end }) => end !== undefined);
      assert.equal(finished?.outcome, 'done', finished?.message);
      for (const [path, text] of Object.entries(mendedFiles(project)))
        assert.equal(await onDisk(path), text, path);
    });
});
