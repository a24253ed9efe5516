import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { createNodeWorkspace } from '../../../src/node/workspace.ts';
import { workspaceContract } from '../../support/contract/workspace.ts';
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
    assert.deepEqual((await fs.readdir(home)).sort(), ['project']);
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

check(
  'a crash half-way and a person’s edit since: what was written is taken back',
  async ({ workspace, root, storage, write }) => {
    await write('a.ts', 'a');
    await write('b.ts', 'b');
    const changes = [
      { path: 'a.ts', before: bytes('a'), after: bytes('A') },
      { path: 'b.ts', before: bytes('b'), after: bytes('B') },
    ];
    // A crash after the first file: the note is there, one file is written.
    await write('b.ts', 'typed');
    assert.deepEqual(await workspace.apply(changes), { ok: false, moved: ['b.ts'] });
    await write('b.ts', 'b');
    await assert.rejects(crashAfterFirstWrite(root, storage, changes));
    assert.equal(await fs.readFile(join(root, 'a.ts'), 'utf8'), 'A');
    await write('b.ts', 'typed');
    assert.deepEqual(await workspace.apply(changes), { ok: false, moved: ['b.ts'] });
    assert.equal(await fs.readFile(join(root, 'a.ts'), 'utf8'), 'a');
    assert.deepEqual(await fs.readdir(join(storage, 'apply')), []);
  },
);

/** Stands for the process that died: its note is in storage and its first file is written. */
async function crashAfterFirstWrite(
  root: string,
  storage: string,
  changes: Parameters<World['workspace']['apply']>[0],
): Promise<void> {
  let reads = 0;
  const dying = createNodeWorkspace({ root, storage });
  const mortal = changes.map((change, index) => ({
    path: change.path,
    before: change.before,
    mode: '100644',
    get after() {
      reads += 1;
      if (index === 1 && reads > 8) throw new Error('killed');
      return change.after;
    },
  }));
  await dying.apply(mortal);
}
