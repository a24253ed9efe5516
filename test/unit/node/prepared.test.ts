/** Packages that are installed for working copies: once for their lock files, whole or not at all, and they go again. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { installPackages, type Installing } from '../../../src/core/run/gate/install.ts';
import { isPrepared, preparedFolder, preparePackages } from '../../../src/node/copies/prepared.ts';
import { createNodePorts } from '../../../src/node/ports.ts';
import { collectPrepared } from '../../../src/node/retention/prepared.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const DAY = 24 * 3_600_000;
const INSTALLS = 'mkdir node_modules && echo one > node_modules/pkg.js';

async function world() {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-prepared-'));
  const [storage, workspace] = [join(home, 'state'), join(home, 'work')];
  await fs.mkdir(workspace);
  await fs.writeFile(join(workspace, '.gitignore'), 'node_modules\n');
  await fs.writeFile(join(workspace, 'package-lock.json'), '{}');
  const log = new InMemoryLog();
  const ports = createNodePorts({ workspaceRoot: workspace, storage, log });
  const { copies } = ports;
  const said: string[] = [];
  return {
    ...{ home, storage, workspace, said },
    install: (commands: readonly string[], signal: AbortSignal = new AbortController().signal) => {
      const installing: Installing = {
        ...{ ports, signal, sandbox: { mode: 'off', network: 'none', readable: [] } },
        prepare: (tree, install) => preparePackages({ storage, copies, tree, install }),
        began: (command) => void said.push(command),
        failed: (output) => void said.push(output),
      };
      return installPackages({ setupCommands: [...commands] }, installing);
    },
    names: () => fs.readdir(preparedFolder(storage)).catch(() => []),
    collect: (
      how: { readonly now?: number; readonly dryRun?: boolean; readonly preparedBytesMax?: number } = {},
    ) => collectPrepared({ storage, log, ...how }, how.now ?? Date.now()),
    /** An installation that was used last so long ago. */
    async put(name: string, days: number, { isWhole = true, bytes = 100 } = {}) {
      const folder = join(preparedFolder(storage), name);
      await fs.mkdir(folder, { recursive: true });
      await fs.writeFile(join(folder, 'file'), 'x'.repeat(bytes));
      if (isWhole) await fs.writeFile(`${folder}.done`, '');
      const at = new Date(Date.now() - days * DAY);
      await fs.utimes(isWhole ? `${folder}.done` : folder, at, at);
    },
  };
}
type World = Awaited<ReturnType<typeof world>>;

function check(what: string, body: (made: World) => Promise<void>): void {
  test(what, async () => {
    const made = await world();
    try {
      await body(made);
    } finally {
      await fs.rm(made.home, { recursive: true, force: true });
    }
  });
}

check('they are installed once for the lock files, and anew for others', async (made) => {
  assert.equal(await made.install([]), 'none');
  assert.equal(await isPrepared(made.storage, made.workspace), false);
  assert.equal(await made.install([INSTALLS]), 'made');
  assert.equal(await isPrepared(made.storage, made.workspace), true);
  assert.equal(await made.install([INSTALLS]), 'there');
  assert.deepEqual(made.said, [INSTALLS]);
  await fs.writeFile(join(made.workspace, 'package-lock.json'), '{"other":1}');
  assert.equal(await isPrepared(made.storage, made.workspace), false);
  assert.equal(await made.install([INSTALLS]), 'made');
  assert.deepEqual((await fs.readdir(made.workspace)).sort(), ['.gitignore', 'package-lock.json']);
});

check('what fails or is stopped leaves nothing', async (made) => {
  assert.equal(await made.install([INSTALLS, 'echo no such package; exit 3']), 'failed');
  assert.match(made.said.at(-1) ?? '', /no such package/);
  assert.deepEqual(await made.names(), []);
  const stop = new AbortController();
  const stopped = made.install([INSTALLS, 'sleep 100'], stop.signal);
  const until = Date.now() + 30_000;
  while (!made.said.includes('sleep 100') && Date.now() < until)
    await new Promise((done) => setTimeout(done, 20));
  stop.abort(new Error('stopped'));
  await assert.rejects(stopped, /stopped/);
  assert.deepEqual(await made.names(), []);
});

check('what was not used for long goes, and so does what was cut off', async (made) => {
  await made.put('fresh', 29);
  await made.put('old', 31);
  await made.put('broken', 2, { isWhole: false });
  await made.put('under-way', 0, { isWhole: false });
  const gone = await made.collect({ dryRun: true });
  assert.deepEqual(gone.map(({ name, why }) => [name, why]).sort(), [
    ['broken', 'packages whose installation was cut off'],
    ['old', 'installed packages, not used for 31 days'],
  ]);
  assert.equal((await made.names()).length, 6, 'only looked');
  await made.collect();
  assert.deepEqual((await made.names()).sort(), ['fresh', 'fresh.done', 'under-way']);
});

check('where they are too much the oldest go, but not what a working copy may use', async (made) => {
  await made.put('first', 1, { bytes: 600 });
  await made.put('second', 2, { bytes: 600 });
  await made.put('third', 3, { bytes: 600 });
  const began = (Date.now() - 2.5 * DAY).toString(36).slice(0, 9).padStart(9, '0');
  const copy = join(
    made.storage,
    'copies',
    `run-${began.split('.')[0]?.padStart(9, '0') ?? ''}-00000000-task`,
  );
  await fs.mkdir(copy, { recursive: true });
  const gone = await made.collect({ preparedBytesMax: 1000 });
  assert.deepEqual(
    gone.map(({ name, bytes }) => [name, bytes]),
    [['third', 600]],
  );
  assert.match(gone[0]?.why ?? '', /older than others/);
  await fs.rm(copy, { recursive: true });
  assert.deepEqual(
    (await made.collect({ preparedBytesMax: 1000 })).map(({ name }) => name),
    ['second'],
  );
});

check('using them tells that they are in use', async (made) => {
  await made.install([INSTALLS]);
  const [done = ''] = (await made.names()).filter((name) => name.endsWith('.done'));
  const path = join(preparedFolder(made.storage), done);
  const long = new Date(Date.now() - 365 * DAY);
  await fs.utimes(path, long, long);
  assert.equal(await made.install([INSTALLS]), 'there');
  assert.ok((await fs.stat(path)).mtimeMs > Date.now() - DAY);
  assert.deepEqual(await made.collect(), []);
});
