/** Working copies without git: the contract, and what only they have to take care of. */
import assert from 'node:assert/strict';
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { prune } from '../../../src/node/copies/plain/keeping.ts';
import { createStatCache } from '../../../src/node/copies/plain/seen.ts';
import { createPlainCopies, openPlainStore } from '../../../src/node/plain-copies.ts';
import { createWorkingCopies } from '../../../src/node/working-copies.ts';
import { copiesContract, type CopiesWorld } from '../../support/contract/copies.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const none = new Map<string, string>();
const DAY_MS = 24 * 3_600_000;

interface PlainWorld extends CopiesWorld {
  readonly storage: string;
  /** The folder of the store. */
  store(): Promise<string>;
}

async function plainWorld(): Promise<PlainWorld> {
  const home = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet plain ü-')));
  const [root, storage] = [join(home, 'my project'), join(home, 'storage')];
  await fs.mkdir(root);
  return {
    root,
    storage,
    copies: createPlainCopies({ workspace: root, storage, log: new InMemoryLog() }),
    store: async () => join(storage, 'store', (await fs.readdir(join(storage, 'store')))[0] ?? ''),
    write: async (at, path, text) => {
      await fs.mkdir(dirname(join(at, path)), { recursive: true });
      await fs.writeFile(join(at, path), text);
    },
    remove: (at, path) => fs.rm(join(at, path)),
    text: (at, path) => fs.readFile(join(at, path), 'utf8').catch(() => undefined),
    end: () => fs.rm(home, { recursive: true, force: true }),
  };
}

copiesContract('plain', plainWorld);

const check = (what: string, body: (world: PlainWorld) => Promise<void>): void => {
  test(what, async () => {
    const world = await plainWorld();
    try {
      await body(world);
    } finally {
      await world.end();
    }
  });
};

check('modes and links are kept, and links that lead out are only in the tree', async (world) => {
  const { copies, root, write } = world;
  await write(root, 'run.sh', '#!/bin/sh\n');
  await fs.chmod(join(root, 'run.sh'), 0o755);
  await fs.symlink('run.sh', join(root, 'link'));
  await fs.symlink('/etc', join(root, 'out'));
  const { tree } = await copies.takeBase(none);
  const copy = await copies.create('c', tree);
  assert.equal((await fs.stat(join(copy.root, 'run.sh'))).mode & 0o111, 0o111);
  assert.equal(await fs.readlink(join(copy.root, 'link')), 'run.sh');
  await assert.rejects(fs.lstat(join(copy.root, 'out')));
  assert.equal(await copy.snapshot(), tree);
  await fs.chmod(join(copy.root, 'run.sh'), 0o644);
  const [delta] = await copies.diff(tree, await copy.snapshot());
  assert.deepEqual([delta?.path, delta?.oldMode, delta?.newMode], ['run.sh', '100755', '100644']);
});

check('nothing is written through a link that a command left in a copy', async (world) => {
  const { copies, root, storage, write, text } = world;
  await write(root, 'dir/a.ts', 'a\n');
  await write(root, '.gitignore', 'dir\n');
  await write(root, 'kept/b.ts', 'b\n');
  const base = (await copies.takeBase(none)).tree;
  const tree = await copies.compose(base, new Map([['dir/a.ts', Buffer.from('a\n')]]));
  const copy = await copies.create('c', tree);
  const outside = join(storage, 'outside');
  await fs.mkdir(outside);
  for (const folder of ['dir', 'kept']) {
    await fs.rm(join(copy.root, folder), { recursive: true });
    await fs.symlink(outside, join(copy.root, folder));
  }
  await copy.restore(tree);
  assert.deepEqual(await fs.readdir(outside), []);
  assert.equal(await text(copy.root, 'dir/a.ts'), 'a\n');
  assert.equal(await text(copy.root, 'kept/b.ts'), 'b\n');
});

check('an edit of the same length at once is seen', async ({ copies, root, write }) => {
  await write(root, 'a.ts', '1\n');
  const copy = await copies.create('c', (await copies.takeBase(none)).tree);
  const trees = new Set<string>();
  for (let n = 1; n <= 9; n++) {
    await write(copy.root, 'a.ts', `${n}\n`);
    trees.add(await copy.snapshot());
  }
  assert.equal(trees.size, 9);
});

check('what a process kept of the last base is believed only where it can be', async (world) => {
  const { copies, root, write, store } = world;
  await write(root, 'a.ts', 'a\n');
  const { tree } = await copies.takeBase(none);
  const index = join(await store(), 'indexes', 'base');
  // Written a moment ago: another write could leave the same times.
  assert.doesNotMatch(await fs.readFile(index, 'utf8'), /a\.ts/u);
  for (const damaged of ['damaged', '', 'x\n[["a.ts",["",""]]]']) {
    await fs.writeFile(index, damaged);
    assert.equal((await copies.takeBase(none)).tree, tree);
  }
});

test('a file is not read again only while it looks as it did, and long enough', () => {
  const old = BigInt(Date.now() - DAY_MS);
  const stat = (more: object) => {
    const times = { mtimeMs: old, ctimeMs: old, mtimeNs: old * 1_000_000n, ctimeNs: old * 1_000_000n };
    return { size: 1n, ino: 7n, ...times, ...more } as BigIntStats;
  };
  const cache = createStatCache();
  cache.note('a', stat({}), 'blob');
  assert.equal(cache.known('a', stat({})), 'blob');
  for (const other of [{ size: 2n }, { ino: 8n }, { mtimeNs: 1n }, { ctimeNs: 1n }])
    assert.equal(cache.known('a', stat(other)), undefined);
  const young = { ctimeMs: BigInt(Date.now()) };
  cache.note('a', stat(young), 'blob');
  assert.equal(cache.known('a', stat(young)), undefined);
});

check('a damaged or lost object is a clear refusal', async ({ copies, root, write, store }) => {
  await write(root, 'a.ts', 'a\n');
  const { tree } = await copies.takeBase(none);
  const [delta] = await copies.diff(await copies.compose(tree, new Map([['a.ts', undefined]])), tree);
  const blob = delta?.newBlob ?? '';
  const place = join(await store(), 'blobs', blob.slice(0, 2), blob.slice(2));
  await fs.chmod(place, 0o644);
  await fs.writeFile(place, 'b\n');
  await assert.rejects(copies.read(tree, 'a.ts'), { code: 'store.missing' });
  await fs.rm(place);
  await assert.rejects(copies.create('c', tree), { code: 'store.missing' });
});

check('a path that leads elsewhere, or into a repository, is in no tree', async ({ copies, root, write }) => {
  await write(root, 'a.ts', 'a\n');
  const { tree } = await copies.takeBase(none);
  for (const path of [
    '../up',
    'a/../../up',
    './x',
    '/etc/x',
    'a//b',
    '.git/hooks/pre-commit',
    'sub/.git/config',
  ])
    await assert.rejects(
      copies.compose(tree, new Map([[path, Buffer.from('x')]])),
      { code: 'path.invalid' },
      path,
    );
});

check('what no run needs is collected, what one needs stays', async (world) => {
  const { copies, root, storage, write, store } = world;
  await write(root, 'a.ts', 'a\n');
  const { tree } = await copies.takeBase(none);
  const kept = await copies.compose(tree, new Map([['deep/kept.ts', Buffer.from('kept')]]));
  const lost = await copies.compose(tree, new Map([['deep/lost.ts', Buffer.from('lost')]]));
  await copies.retain('run-1', [kept]);
  await copies.retain('run-2', [lost]);
  await copies.release('run-2');
  const dir = await store();
  const later = createPlainCopies({ workspace: root, storage, log: new InMemoryLog() });
  await prune(dir, (await openPlainStore(storage, dir)).objects);
  assert.ok(await later.read(lost, 'deep/lost.ts'), 'the young stay');
  await prune(dir, (await openPlainStore(storage, dir)).objects, Date.now() + DAY_MS);
  assert.equal(Buffer.from((await later.read(kept, 'deep/kept.ts'))!).toString(), 'kept');
  const last = createPlainCopies({ workspace: root, storage, log: new InMemoryLog() });
  await assert.rejects(last.read(lost, 'deep/lost.ts'), { code: 'store.missing' });
});

check('large files are stored in parts', async ({ copies, root, write }) => {
  const large = Buffer.alloc(17 * 1024 * 1024, 'abc');
  await write(root, 'large.bin', large);
  const { tree } = await copies.takeBase(none);
  assert.ok(large.equals((await copies.read(tree, 'large.bin'))!));
});

check('a run that began without git goes on without it, and the other way round', async (world) => {
  const { root, storage, write } = world;
  await write(root, 'a.ts', 'a\n');
  const options = { workspace: root, storage, log: new InMemoryLog() };
  const [without, withGit] = [
    createWorkingCopies({ ...options, git: 'no-such-git' }),
    createWorkingCopies(options),
  ];
  const plain = await without.takeBase(none);
  assert.match(plain.notes.join(), /Git was not found/u);
  await without.retain('run-1', [plain.tree]);
  assert.deepEqual(await withGit.names(plain.tree, ''), ['a.ts']);
  assert.equal((await withGit.takeBase(none, plain.tree)).tree, plain.tree);
  const git = await withGit.takeBase(none);
  assert.notEqual(git.tree, plain.tree);
  await assert.rejects(without.takeBase(none, git.tree), { code: 'git.missing' });
  await withGit.release('run-1');
});

check('a copy that cannot be removed now spoils nothing', async ({ copies, root, storage, write, text }) => {
  await write(root, 'a.ts', 'a\n');
  const { tree } = await copies.takeBase(none);
  const copy = await copies.create('c', tree);
  // Nothing can be moved out of sight: the place for that is taken.
  await fs.rm(join(storage, 'tmp'), { recursive: true });
  await fs.writeFile(join(storage, 'tmp'), '');
  await copy.remove();
  assert.equal(await text(copy.root, 'a.ts'), 'a\n');
  await fs.rm(join(storage, 'tmp'));
  await copies.discard('c');
  assert.equal(await text(copy.root, 'a.ts'), undefined);
});
