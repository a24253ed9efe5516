import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PortError, type BackgroundStart, type Shell } from '../../../src/core/ports.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import { until } from '../../support/contract/run-store.ts';
import { WHERE_HELD } from '../../support/sandbox.ts';

const calm = new AbortController().signal;
let folder = '';
before(async () => (folder = await fs.mkdtemp(join(tmpdir(), 'quartet-background-'))));
after(() => fs.rm(folder, { recursive: true, force: true }));

const confinedAs = (mode: 'auto' | 'off') =>
  ({ mode, network: 'local', writable: [folder], readable: [] }) as const;
const startOf = (handle: string, command: string, more: Partial<BackgroundStart> = {}): BackgroundStart => ({
  ...{
    handle,
    command,
    cwd: folder,
    owner: folder,
    ownedMax: 3,
    outputChars: 10_000,
    label: handle,
    readyMs: 10_000,
  },
  confined: confinedAs('off'),
  ...more,
});
async function withShell(body: (shell: Shell) => Promise<void>): Promise<void> {
  const shell = createNodeShell();
  try {
    await body(shell);
  } finally {
    await shell.background.endAll(folder);
  }
}
/** Grows a file for as long as it lives: `writes.<name>`. */
const growing = (name: string) => `echo up and ready; while :; do echo x >> writes.${name}; sleep 0.02; done`;
const sizeOf = (name: string) =>
  fs.stat(join(folder, `writes.${name}`)).then(
    ({ size }) => size,
    () => 0,
  );
/** It wrote before and writes no more. */
async function assertStill(name: string): Promise<void> {
  const before = await sizeOf(name);
  assert.ok(before > 0);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(await sizeOf(name), before, 'it lives on');
}

for (const mode of WHERE_HELD.skip === false ? (['auto', 'off'] as const) : (['off'] as const)) {
  test(`sandbox ${mode}: it goes on after its call, its output is read piece by piece, and stop ends all of it`, () =>
    withShell(async ({ background }) => {
      const name = `a-${mode}`;
      const begun = await background.start(
        startOf(name, growing(name), { confined: confinedAs(mode) }),
        calm,
      );
      assert.deepEqual([begun.running, begun.ready, begun.output], [true, true, 'up and ready\n']);
      await until('it writes', async () => (await sizeOf(name)) > 0);
      assert.equal((await background.read(name))?.output, '');
      const stopped = await background.stop(name);
      assert.equal(stopped?.running, false);
      await assertStill(name);
      assert.equal(await background.read(name), undefined);
      assert.equal(await background.stop(name), undefined);
    }));

  test(`sandbox ${mode}: those of a working copy end together, those of another stay`, () =>
    withShell(async ({ background }) => {
      const confined = confinedAs(mode);
      const [mine, other] = [`b-${mode}`, `c-${mode}`];
      await background.start(startOf(mine, growing(mine), { confined, owner: `${folder}/one` }), calm);
      await background.start(startOf(other, growing(other), { confined, owner: `${folder}/two` }), calm);
      await until('both write', async () => (await sizeOf(mine)) > 0 && (await sizeOf(other)) > 0);
      await background.endAll(`${folder}/one`);
      await assertStill(mine);
      assert.equal(await background.read(mine), undefined);
      assert.equal((await background.read(other))?.running, true);
    }));
}

test('what ends at once says so, with its exit code', () =>
  withShell(async ({ background }) => {
    const state = await background.start(startOf('d', 'echo no such port >&2; exit 4'), calm);
    assert.deepEqual([state.running, state.ready, state.exitCode], [false, false, 4]);
    assert.equal(state.output, 'no such port\n');
  }));

test('its own word of being ready is waited for; without one it is not called ready', () =>
  withShell(async ({ background }) => {
    const saying = 'echo listening; sleep 0.3; echo go on; sleep 60';
    const said = await background.start(startOf('e', saying, { readyWhen: 'go on' }), calm);
    assert.equal(said.ready, true);
    assert.match(said.output, /go on/u);
    const silent = await background.start(startOf('f', 'sleep 60', { readyMs: 100 }), calm);
    assert.deepEqual([silent.running, silent.ready], [true, false]);
  }));

test('no more than a working copy may have; an ended one counts no longer', () =>
  withShell(async ({ background }) => {
    const one = startOf('g', 'echo ready; sleep 60', { ownedMax: 1 });
    await background.start(one, calm);
    await assert.rejects(
      background.start({ ...one, handle: 'h' }, calm),
      (error) => error instanceof PortError && error.code === 'background.limit',
    );
    await background.stop('g');
    assert.equal((await background.start({ ...one, handle: 'h' }, calm)).running, true);
  }));

test('an abort while it gets ready leaves nothing', () =>
  withShell(async ({ background }) => {
    const controller = new AbortController();
    const reason = new Error('stopped by a person');
    const starting = background.start(
      startOf('i', growing('i'), { readyWhen: 'never said' }),
      controller.signal,
    );
    await until('it writes', async () => (await sizeOf('i')) > 0);
    controller.abort(reason);
    await assert.rejects(starting, reason);
    await assertStill('i');
    assert.equal(await background.read('i'), undefined);
  }));

const SERVER = `node -e "require('http').createServer((q, s) => s.end('hello from it')).listen(18123, '127.0.0.1')"`;
const GET = `node -e "fetch('http://127.0.0.1:18123/').then((r) => r.text()).then(console.log, () => console.log('nobody there'))"`;

test('a server is ready once it listens; commands beside it reach it, others do not', WHERE_HELD, () =>
  withShell(async (shell) => {
    const confined = confinedAs('auto');
    const state = await shell.background.start(startOf('j', SERVER, { confined }), calm);
    assert.deepEqual([state.running, state.ready], [true, true]);
    const get = { command: GET, cwd: folder, timeoutMs: 20_000, outputChars: 1000, label: 'get', confined };
    const beside = await shell.run({ ...get, beside: folder }, calm);
    assert.equal(beside.stdout, 'hello from it\n', beside.stderr);
    assert.equal((await shell.run(get, calm)).stdout, 'nobody there\n');
    assert.equal((await shell.run({ ...get, beside: '/another/copy' }, calm)).stdout, 'nobody there\n');
  }),
);

test('nobody gets the network by standing beside one that has it', WHERE_HELD, () =>
  withShell(async (shell) => {
    const open = { ...confinedAs('auto'), network: 'all' } as const;
    await shell.background.start(
      startOf('k', SERVER, { confined: open, readyWhen: 'never', readyMs: 1500 }),
      calm,
    );
    const get = { command: GET, cwd: folder, timeoutMs: 20_000, outputChars: 1000, label: 'get' };
    assert.equal((await shell.run({ ...get, confined: open }, calm)).stdout, 'hello from it\n');
    const held = await shell.run({ ...get, confined: confinedAs('auto'), beside: folder }, calm);
    assert.equal(held.stdout, 'nobody there\n');
    assert.equal(held.enforced.network, 'none');
  }),
);
