/** What models say, recorded and played by settings, in the real extension host. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { parseCassette } from '../../src/core/models/cassette.ts';
import { api, approved, asks, execute, reach, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

suite('recordings', () => {
  let folder = '';
  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quartet-recordings-'));
  });
  suiteTeardown(async () => {
    await set('models.record', undefined);
    await set('models.cassette', undefined);
    await rm(folder, { recursive: true, force: true });
  });

  test('what is said is recorded while a folder is named, and speaks for the models of another run', async function () {
    this.timeout(2 * RUN_MS);
    await set('models.record', folder);
    const run = await approved();
    const said = await reach(run, 'changes are offered', asks('review'));
    assert.equal(await execute('rejectAll', true), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
    await set('models.record', undefined);

    const [name = '', ...more] = await readdir(folder);
    assert.deepEqual(more, [], 'one file a window');
    const file = join(folder, name);
    const tape = parseCassette(await readFile(file, 'utf8'), file);
    assert.equal([...tape.values()].flat().length, (await (await api()).view(run)).spent.calls);

    await set('models.cassette', file);
    const again = await execute<string>('startRun', said.goal);
    await reach(again, 'a plan is offered', asks('plan'));
    assert.equal(await execute('approvePlan'), true);
    const played = await reach(again, 'changes are offered', asks('review'));
    assert.equal(played.demo, false);
    assert.equal(played.changes?.verdict, said.changes?.verdict);
    assert.deepEqual(
      played.changes?.files.map(({ path, newBlob }) => [path, newBlob]),
      said.changes?.files.map(({ path, newBlob }) => [path, newBlob]),
    );
    assert.equal(await execute('rejectAll', true), true);
    await reach(again, 'the run is finished', ({ finished }) => finished !== undefined);
    assert.equal((await readdir(folder)).length, 1, 'nothing is recorded any more');
  });
});
