/** Another process works on a run of this window's storage: it is seen, cannot be deleted, and can be taken over. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { parseScript } from '../../src/core/models/script.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { demoUri } from '../../src/editor/demo.ts';
import { createNodePorts } from '../../src/node/ports.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { api, asks, execute, goesOn, reach, root, RUN_MS } from './driving.ts';

/** The storage folder of this window that holds the run; undefined where the editor keeps it elsewhere. */
function storageOf(run: string): string | undefined {
  // The server of the tests puts its sockets beside its data.
  const data = join(dirname(process.env['XDG_RUNTIME_DIR'] ?? ''), 'data', 'User', 'workspaceStorage');
  const folders = existsSync(data) ? readdirSync(data) : [];
  return folders
    .map((folder) => join(data, folder, 'quartet.quartet'))
    .find((folder) => existsSync(join(folder, 'runs', run)));
}

/** An engine as another process would have it. */
async function elsewhere(storage: string) {
  const extension = vscode.extensions.getExtension('quartet.quartet');
  assert.ok(extension);
  const script = async () =>
    parseScript(
      new TextDecoder().decode(
        await vscode.workspace.fs.readFile(demoUri(extension.extensionUri, 'script.json')),
      ),
    );
  const ports = createNodePorts({ workspaceRoot: root(), storage, log: new InMemoryLog() });
  const scripted = createScriptedModel(script, { clock: ports.clock });
  const models = createRouter({ scripted, openai: undefined, editor: undefined });
  return createEngine({ ...ports, models }, { whenWaiting: 'stay' });
}

suite('a run that another process works on', () => {
  test('it shows as such, is not deleted, and goes on here once it is taken over', async function () {
    this.timeout(3 * RUN_MS);
    const run = await execute<string>('runDemo');
    await reach(run, 'a plan is offered', asks('plan'));
    await execute('stop', run);
    const storage = storageOf(run);
    if (storage === undefined) return this.skip();
    const engine = await elsewhere(storage);
    const theirs = await engine.resume(run);
    await goesOn(run);
    await reach(run, 'the plan is offered there', asks('plan'));

    const { runs, view } = await api();
    const status = async () => (await runs()).find(({ id }) => id === run)?.status;
    assert.equal(await status(), 'waiting');
    assert.equal(await execute('deleteRun', run, true), false);

    assert.equal(await execute('takeOver', run, true), run);
    const end = await theirs.ended;
    assert.equal(end.kind === 'paused' && end.reason, 'stopped');
    await goesOn(run);
    await reach(run, 'the plan is offered here', asks('plan'));
    assert.equal((await view(run)).finished, undefined);
    await execute('stop', run);
    assert.equal(await execute('deleteRun', run, true), true);
    await engine.close();
  });
});
