import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { createNodeFiles } from '../../../src/node/files.ts';
import { filesContract } from '../../support/contract/files.ts';
import { InMemoryDisk, LINK_MODE } from '../../support/in-memory/disk.ts';
import { InMemoryFiles } from '../../support/in-memory/files.ts';

async function nodeWorld() {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-files-'));
  const root = join(home, 'root');
  await fs.mkdir(root);
  return {
    home,
    root,
    files: createNodeFiles({ storage: join(home, 'storage') }),
    link: async (path: string, target: string) => {
      await fs.mkdir(dirname(join(root, path)), { recursive: true });
      await fs.symlink(target, join(root, path));
    },
    end: () => fs.rm(home, { recursive: true, force: true }),
  };
}

filesContract('node', nodeWorld);
filesContract('in memory', async () => {
  const disk = new InMemoryDisk();
  disk.folder('/root');
  return {
    root: '/root',
    files: new InMemoryFiles(disk),
    link: async (path, target) => disk.put('/root', path, target, LINK_MODE),
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

check('a mode survives a write, and nothing is left beside the file', async ({ files, root }) => {
  await files.write(root, 'run.sh', Buffer.from('1'));
  await fs.chmod(join(root, 'run.sh'), 0o755);
  await files.write(root, 'run.sh', Buffer.from('2'));
  assert.equal((await fs.stat(join(root, 'run.sh'))).mode & 0o777, 0o755);
  assert.deepEqual(await fs.readdir(root), ['run.sh']);
});

check('a pipe and a device are no files, and do not block', async ({ files, root }) => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  assert.equal(await files.read(root, 'pipe'), undefined);
  assert.equal(await files.stat(root, 'pipe'), undefined);
  await assert.rejects(files.write(root, 'pipe', Buffer.from('x')), PortError);
});

check(
  'a folder that becomes a link while it is used never leads a write or read out',
  async ({ files, root, home }) => {
    const [inner, other, victim] = [join(root, 'd'), join(root, 'd2'), join(home, 'victim')];
    await fs.mkdir(victim);
    await fs.writeFile(join(victim, 'file'), 'secret');
    await fs.mkdir(inner);
    await fs.writeFile(join(inner, 'file'), 'public');
    let over = false;
    const flip = (async () => {
      while (!(over as boolean)) {
        await fs.rename(inner, other).catch(() => undefined);
        await fs.symlink(victim, inner).catch(() => undefined);
        await fs.unlink(inner).catch(() => undefined);
        await fs.rename(other, inner).catch(() => undefined);
      }
    })();
    for (let round = 0; round < 300; round += 1) {
      const found = await files.read(root, 'd/file').catch(() => undefined);
      if (found) assert.equal(Buffer.from(found).toString(), 'public');
      await files.write(root, 'd/file', Buffer.from('public')).catch(() => undefined);
      await files.write(root, `d/new`, Buffer.from('x')).catch(() => undefined);
    }
    over = true;
    await flip;
    assert.deepEqual(await fs.readdir(victim), ['file']);
    assert.equal(await fs.readFile(join(victim, 'file'), 'utf8'), 'secret');
  },
);

check('a sibling whose name begins like the root is outside', async ({ files, root, home, link }) => {
  await fs.mkdir(join(home, 'root2'));
  await fs.writeFile(join(home, 'root2', 'x'), 'x');
  await link('sibling', '../root2/x');
  await assert.rejects(files.read(root, 'sibling'), PortError);
});
