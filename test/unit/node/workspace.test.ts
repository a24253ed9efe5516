import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { createNodeWorkspace } from '../../../src/node/workspace.ts';
import { workspaceContract } from '../../support/contract/workspace.ts';
import { draftOfTheDead } from '../../support/drafts.ts';
import { InMemoryDisk } from '../../support/in-memory/disk.ts';
import { InMemoryWorkspace } from '../../support/in-memory/workspace.ts';

async function nodeWorld() {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-workspace-'));
  const [root, storage] = [join(home, 'project'), join(home, 'storage')];
  await fs.mkdir(root);
  return {
    home,
    root,
    storage,
    workspace: createNodeWorkspace({ root, storage }),
    write: async (path: string, text: string) => {
      await fs.mkdir(dirname(join(root, path)), { recursive: true });
      await fs.writeFile(join(root, path), text);
    },
    remove: (path: string) => fs.rm(join(root, path)),
    end: () => fs.rm(home, { recursive: true, force: true }),
  };
}
workspaceContract('node', nodeWorld);
workspaceContract('in memory', async () => {
  const disk = new InMemoryDisk();
  const workspace = new InMemoryWorkspace(disk);
  return {
    workspace,
    write: async (path, text) => disk.put(workspace.root, path, text),
    remove: async (path) => void disk.folder(workspace.root).delete(path),
    end: async () => undefined,
  };
});

type World = Awaited<ReturnType<typeof nodeWorld>>;
const check = (what: string, body: (world: World) => Promise<void>): void => {
  test(what, async () => {
    const world = await nodeWorld();
    try {
      await body(world);
    } finally {
      await world.end();
    }
  });
};
const bytes = (text: string) => Buffer.from(text);
const mode = async (path: string) => (await fs.stat(path)).mode & 0o777;

check('permissions are kept, and the right to run follows git’s mode', async ({ workspace, root, write }) => {
  await write('kept.sh', '1');
  await write('now-runs.sh', '1');
  await write('only-mode.sh', '1');
  await fs.chmod(join(root, 'kept.sh'), 0o750);
  await fs.chmod(join(root, 'now-runs.sh'), 0o640);
  const outcome = await workspace.apply([
    { path: 'kept.sh', before: bytes('1'), after: bytes('2') },
    { path: 'now-runs.sh', before: bytes('1'), after: bytes('2'), mode: '100755' },
    { path: 'only-mode.sh', before: bytes('1'), after: bytes('1'), mode: '100755' },
    { path: 'new.sh', before: undefined, after: bytes('1'), mode: '100755' },
  ]);
  assert.deepEqual(outcome, { ok: true });
  assert.equal(await mode(join(root, 'kept.sh')), 0o750);
  assert.equal(await mode(join(root, 'now-runs.sh')), 0o750);
  assert.equal((await mode(join(root, 'only-mode.sh'))) & 0o111, 0o111);
  assert.equal((await mode(join(root, 'new.sh'))) & 0o100, 0o100);
});

check(
  'links are written as links, never through one, and never out',
  async ({ workspace, root, home, write }) => {
    await write('target.ts', 't');
    assert.deepEqual(
      await workspace.apply([
        { path: 'd/link', before: undefined, after: bytes('../target.ts'), mode: '120000' },
      ]),
      { ok: true },
    );
    assert.equal(await fs.readlink(join(root, 'd/link')), '../target.ts');
    assert.equal(Buffer.from((await workspace.read('d/link'))!).toString(), '../target.ts');
    const out = workspace.apply([
      { path: 'bad', before: undefined, after: bytes('../../etc'), mode: '120000' },
    ]);
    await assert.rejects(out, (error) => error instanceof PortError && error.code === 'path.outside');
    await fs.symlink(home, join(root, 'way-out'));
    const through = workspace.apply([{ path: 'way-out/x', before: undefined, after: bytes('x') }]);
    await assert.rejects(through, (error) => error instanceof PortError && error.code === 'path.outside');
    assert.deepEqual((await fs.readdir(home)).sort(), ['project', 'storage']);
  },
);

check('a failure in the middle takes back what was written', async ({ workspace, root, storage, write }) => {
  await write('a.ts', 'a');
  await write('blocked', 'file');
  const changes = [
    { path: 'a.ts', before: bytes('a'), after: bytes('A') },
    { path: 'gone/b.ts', before: undefined, after: bytes('B') },
    { path: 'blocked/c.ts', before: undefined, after: bytes('C') },
  ];
  await assert.rejects(workspace.apply(changes), PortError);
  assert.equal(await fs.readFile(join(root, 'a.ts'), 'utf8'), 'a');
  assert.deepEqual((await fs.readdir(root)).sort(), ['a.ts', 'blocked']);
  assert.deepEqual(await fs.readdir(join(storage, 'apply')).catch(() => []), []);
});

check('a process killed half-way: the same call completes or takes back', async (world) => {
  const { workspace, root, storage, write } = world;
  const text = (path: string) => fs.readFile(join(root, path), 'utf8');
  const changes = [
    { path: 'a.ts', before: bytes('a'), after: bytes('A') },
    { path: 'b.ts', before: bytes('b'), after: bytes('B') },
  ];
  for (const typed of [false, true]) {
    await write('a.ts', 'a');
    await write('b.ts', 'b');
    assert.equal(await killedAfterFirstWrite(root, storage), 'SIGKILL');
    assert.deepEqual([await text('a.ts'), await text('b.ts')], ['A', 'b']);
    assert.equal((await fs.readdir(join(storage, 'apply'))).length, 1);
    if (typed) await write('b.ts', 'typed');
    assert.deepEqual(await workspace.apply(changes), typed ? { ok: false, moved: ['b.ts'] } : { ok: true });
    assert.deepEqual([await text('a.ts'), await text('b.ts')], typed ? ['a', 'typed'] : ['A', 'B']);
    assert.deepEqual(await fs.readdir(join(storage, 'apply')), []);
  }
});

/** Applies the changes in a process that kills itself once the first file is written; how that ended. */
async function killedAfterFirstWrite(root: string, storage: string): Promise<string | null> {
  const script = `
    import { readFileSync } from 'node:fs';
    import { createNodeWorkspace } from ${JSON.stringify(new URL('../../../src/node/workspace.ts', import.meta.url).href)};
    const [root, storage] = process.argv.slice(1);
    const second = {
      path: 'b.ts',
      before: Buffer.from('b'),
      get after() {
        if (readFileSync(root + '/a.ts', 'utf8') === 'A') process.kill(process.pid, 'SIGKILL');
        return Buffer.from('B');
      },
    };
    const first = { path: 'a.ts', before: Buffer.from('a'), after: Buffer.from('A') };
    await createNodeWorkspace({ root, storage }).apply([first, second]);`;
  const args = ['--input-type=module', '-e', script, root, storage];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

check('what a killed process was about to put into the folder goes with the next apply', async (world) => {
  await world.write('src/a.txt', '1');
  const left = draftOfTheDead(join(world.root, 'src'), '.quartet');
  await fs.writeFile(left, '2');
  await fs.writeFile(join(world.root, 'src', '.quartet-mine'), 'mine');
  const change = { path: 'src/a.txt', before: bytes('1'), after: bytes('2') };
  assert.deepEqual(await world.workspace.apply([change]), { ok: true });
  assert.deepEqual((await fs.readdir(join(world.root, 'src'))).sort(), ['.quartet-mine', 'a.txt']);
});
