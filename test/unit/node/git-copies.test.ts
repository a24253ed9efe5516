import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortError } from '../../../src/core/ports.ts';
import { seenFrom } from '../../../src/node/copies/excludes.ts';
import { createGitCopies } from '../../../src/node/git-copies.ts';
import { copiesContract, type CopiesWorld } from '../../support/contract/copies.ts';
import { InMemoryCopies } from '../../support/in-memory/copies.ts';
import { FILE_MODE, InMemoryDisk } from '../../support/in-memory/disk.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const none = new Map<string, string>();

interface GitWorld extends CopiesWorld {
  readonly storage: string;
  git(...args: string[]): string;
}

async function gitWorld(): Promise<GitWorld> {
  const home = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet copies ü-')));
  const [root, storage] = [join(home, 'my project'), join(home, 'storage')];
  await fs.mkdir(root);
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return {
    root,
    storage,
    copies: createGitCopies({ workspace: root, storage, log: new InMemoryLog() }),
    git: (...args) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: root,
        env,
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    write: async (at, path, text) => {
      await fs.mkdir(dirname(join(at, path)), { recursive: true });
      await fs.writeFile(join(at, path), text);
    },
    remove: (at, path) => fs.rm(join(at, path)),
    text: (at, path) => fs.readFile(join(at, path), 'utf8').catch(() => undefined),
    end: () => fs.rm(home, { recursive: true, force: true }),
  };
}

copiesContract('git', gitWorld);
copiesContract('in memory', async () => {
  const disk = new InMemoryDisk();
  const root = '/workspace';
  disk.folder(root);
  return {
    root,
    copies: new InMemoryCopies(disk, root),
    write: async (at, path, text) => {
      disk.folder(at).set(path, { bytes: Buffer.from(text), mode: FILE_MODE });
    },
    remove: async (at, path) => void disk.folder(at).delete(path),
    text: async (at, path) => disk.text(at, path),
    end: async () => undefined,
  };
});

const check = (what: string, body: (world: GitWorld) => Promise<void>): void => {
  test(what, async () => {
    const world = await gitWorld();
    try {
      await body(world);
    } finally {
      await world.end();
    }
  });
};

/** Every file below a folder with its bytes, mode and times: what must not change. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of (await fs.readdir(folder, { recursive: true, withFileTypes: true })).sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    const path = join(entry.parentPath, entry.name);
    const { mode, mtimeMs } = await fs.lstat(path);
    hash.update(`${path} ${mode} ${mtimeMs}\n`);
    if (entry.isFile()) hash.update(await fs.readFile(path));
  }
  return hash.digest('hex');
}

check(
  'a dirty repository is taken as it is, and not a byte of it changes',
  async ({ copies, root, write, git, text }) => {
    git('init', '-q');
    await write(root, 'committed.ts', '1\n');
    await write(root, 'staged.ts', '1\n');
    await write(root, 'deleted.ts', '1\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
    await write(root, 'staged.ts', '2\n');
    git('add', 'staged.ts');
    await write(root, 'staged.ts', '3\n');
    await write(root, 'untracked.ts', 'u\n');
    await write(root, '.git/hooks/post-checkout', '#!/bin/sh\ntouch hooked\n');
    await fs.chmod(join(root, '.git/hooks/post-checkout'), 0o755);
    await fs.rm(join(root, 'deleted.ts'));
    git('config', 'core.fsmonitor', './evil');
    const before = await fingerprint(root);

    const { tree, files } = await copies.takeBase(none);
    const copy = await copies.create('c', tree);
    await write(copy.root, 'committed.ts', 'changed\n');
    await copy.snapshot();
    await copy.restore(tree);
    await copies.retain('run-1', [tree]);
    await copy.remove();

    assert.deepEqual(await copies.names(tree, ''), ['committed.ts', 'staged.ts', 'untracked.ts']);
    assert.equal(files, 3);
    assert.equal(Buffer.from((await copies.read(tree, 'staged.ts'))!).toString(), '3\n');
    assert.equal(await fingerprint(root), before);
    assert.equal(await text(root, 'hooked'), undefined);
  },
);

const msOfSecond = () => Date.now() % 1000;

test('a file that changes within the second of its base, at the same length, is in the next base', async (t) => {
  for (let tries = 0; tries < 5; tries += 1) {
    const world = await gitWorld();
    try {
      await sleep(1000 - msOfSecond());
      const second = Math.floor(Date.now() / 1000);
      await world.write(world.root, 'a.ts', '1');
      await world.copies.takeBase(none);
      await world.write(world.root, 'a.ts', '2');
      await world.write(world.root, 'b.ts', '');
      const { mtimeMs } = await fs.stat(join(world.root, 'a.ts'));
      if (Math.floor(mtimeMs / 1000) !== second) continue;
      await sleep(1050 - msOfSecond());
      const { tree } = await world.copies.takeBase(none);
      assert.equal(Buffer.from((await world.copies.read(tree, 'a.ts'))!).toString(), '2');
      return;
    } finally {
      await world.end();
    }
  }
  t.skip('this machine is too slow to do it within a second');
});

check('the person’s later clean-up does not break a run', async ({ copies, root, write, git }) => {
  git('init', '-q');
  await write(root, 'a.ts', 'precious\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  const { tree } = await copies.takeBase(none);
  await write(root, 'a.ts', 'other\n');
  git('add', '-A');
  git('commit', '-q', '--amend', '-m', 'amended');
  git('reflog', 'expire', '--expire=now', '--all');
  git('gc', '-q', '--prune=now');
  assert.equal(Buffer.from((await copies.read(tree, 'a.ts'))!).toString(), 'precious\n');
});

check('a repository without commits, and none at all', async ({ copies, root, write, git }) => {
  await write(root, 'a.ts', 'a\n');
  await write(root, 'node_modules/x/index.js', 'x');
  const bare = await copies.takeBase(none);
  assert.deepEqual(await copies.names(bare.tree, ''), ['a.ts']);
  assert.match(bare.notes.join(), /no \.gitignore/u);
  git('init', '-q');
  assert.equal((await copies.takeBase(none)).tree, bare.tree);
});

check('modes and links are kept', async ({ copies, root, write, git }) => {
  await write(root, 'run.sh', '#!/bin/sh\n');
  await fs.chmod(join(root, 'run.sh'), 0o755);
  await fs.symlink('run.sh', join(root, 'link'));
  const { tree } = await copies.takeBase(none);
  const copy = await copies.create('c', tree);
  assert.equal((await fs.stat(join(copy.root, 'run.sh'))).mode & 0o111, 0o111);
  assert.equal(await fs.readlink(join(copy.root, 'link')), 'run.sh');
  await fs.chmod(join(copy.root, 'run.sh'), 0o644);
  const [delta] = await copies.diff(tree, await copy.snapshot());
  assert.ok(delta);
  assert.equal(delta.oldBlob, git('hash-object', 'run.sh').trim());
  assert.deepEqual([delta.path, delta.oldMode, delta.newMode], ['run.sh', '100755', '100644']);
  const composed = await copies.compose(tree, new Map([['run.sh', Buffer.from('new')]]));
  assert.equal((await copies.diff(tree, composed))[0]?.newMode, '100755');
});

check(
  'rules of the repository, of the person and of folders above are obeyed',
  async ({ root, storage, write, git }) => {
    git('init', '-q');
    const inner = join(root, 'packages', 'app');
    await write(root, '.gitignore', '*.tmp\n/packages/app/build\n/dist\nnode_modules\n!important.tmp\n');
    await write(root, '.git/info/exclude', 'private.txt\n');
    await write(inner, '.gitignore', 'local/\n');
    for (const path of [
      'a.tmp',
      'important.tmp',
      'build/x',
      'dist/x',
      'node_modules/m/x',
      'private.txt',
      'local/x',
      'local/kept',
      'src.ts',
    ]) {
      await write(inner, path, path);
    }
    git('add', '-f', 'packages/app/local/kept');
    const copies = createGitCopies({ workspace: inner, storage, log: new InMemoryLog() });
    const { tree } = await copies.takeBase(none);
    assert.deepEqual(await copies.names(tree, ''), [
      '.gitignore',
      'dist/',
      'important.tmp',
      'local/',
      'src.ts',
    ]);
    assert.deepEqual(await copies.names(tree, 'local'), ['kept']);
  },
);

check(
  'installed packages that the repository holds are part of the base',
  async ({ copies, root, write, git }) => {
    git('init', '-q');
    await write(root, 'test/fixture/node_modules/held/index.js', 'h');
    await write(root, 'node_modules/free/index.js', 'f');
    git('add', 'test');
    const { tree } = await copies.takeBase(none);
    assert.deepEqual(await copies.names(tree, ''), ['test/']);
    assert.deepEqual(await copies.names(tree, 'test/fixture/node_modules/held'), ['index.js']);
  },
);

check('nested repositories do not vanish', async ({ copies, root, write, git }) => {
  git('init', '-q');
  for (const folder of ['with commit', 'without', 'without/in it']) {
    await write(root, `${folder}/file.ts`, folder);
    await write(root, `${folder}/.gitignore`, '*.log\n');
    await write(root, `${folder}/x.log`, 'no');
    execFileSync('git', ['init', '-q'], { cwd: join(root, folder) });
  }
  execFileSync('git', ['add', '-A'], { cwd: join(root, 'with commit') });
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'x'], {
    cwd: join(root, 'with commit'),
  });
  await write(root, 'with commit/later.ts', 'untracked there');
  for (let times = 0; times < 2; times += 1) {
    const { tree, notes } = await copies.takeBase(none);
    assert.deepEqual(await copies.names(tree, ''), ['with commit/', 'without/']);
    assert.deepEqual(await copies.names(tree, 'with commit'), ['.gitignore', 'file.ts', 'later.ts']);
    assert.deepEqual(await copies.names(tree, 'without/in it'), ['.gitignore', 'file.ts']);
    if (times === 0) assert.match(notes.join('\n'), /with commit is a repository of its own/u);
  }
});

check('a repository that an agent makes in a copy is recorded as files', async ({ copies, root, write }) => {
  await write(root, 'a.ts', 'a\n');
  const copy = await copies.create('c', (await copies.takeBase(none)).tree);
  await write(copy.root, 'sub/b.ts', 'b\n');
  execFileSync('git', ['init', '-q'], { cwd: join(copy.root, 'sub') });
  execFileSync('git', ['init', '-q'], { cwd: copy.root });
  const tree = await copy.snapshot();
  assert.deepEqual(await copies.names(tree, ''), ['a.ts', 'sub/']);
  assert.deepEqual(await copies.names(tree, 'sub'), ['b.ts']);
});

check(
  'what a killed process left of an index is no obstacle',
  async ({ copies, root, storage, write, text }) => {
    await write(root, 'a.ts', 'a\n');
    const { tree } = await copies.takeBase(none);
    const copy = await copies.create('c', tree);
    const [store] = await fs.readdir(join(storage, 'store'));
    const indexes = join(storage, 'store', store!, 'indexes');
    for (const name of await fs.readdir(indexes)) await fs.writeFile(join(indexes, `${name}.lock`), '');
    await write(copy.root, 'a.ts', 'half\n');
    const later = createGitCopies({ workspace: root, storage, log: new InMemoryLog() });
    assert.equal((await later.takeBase(none)).tree, tree);
    const again = await later.create('c', tree);
    assert.equal(await text(again.root, 'a.ts'), 'a\n');
    assert.equal(await again.snapshot(), tree);
    await again.remove();
    assert.deepEqual(
      (await fs.readdir(indexes)).filter((name) => name.startsWith('c.')),
      [],
    );
  },
);

check('storage inside the workspace is no part of the base', async ({ root, write }) => {
  await write(root, 'a.ts', 'a\n');
  const storage = join(root, '.state [x]');
  const copies = createGitCopies({ workspace: root, storage, log: new InMemoryLog() });
  for (let times = 0; times < 2; times += 1) {
    assert.deepEqual(await copies.names((await copies.takeBase(none)).tree, ''), ['a.ts']);
  }
});

check('links out of a copy are not followed when it is removed', async ({ copies, root, write, text }) => {
  await write(root, 'a.ts', 'a\n');
  const copy = await copies.create('c', (await copies.takeBase(none)).tree);
  await fs.symlink(root, join(copy.root, 'out'));
  await copy.remove();
  assert.equal(await text(root, 'a.ts'), 'a\n');
});

check('without git the person is told what to do', async ({ root, storage }) => {
  const copies = createGitCopies({ workspace: root, storage, log: new InMemoryLog(), git: 'no-such-git' });
  await assert.rejects(copies.takeBase(none), (error) => {
    return (
      error instanceof PortError && error.code === 'git.missing' && /[Ii]nstall git/u.test(error.advice ?? '')
    );
  });
});

check('a name that could lead out of the storage is no copy', async ({ copies }) => {
  for (const id of ['..', '../x', 'a/b', '', '.hidden']) assert.throws(() => copies.rootOf(id), PortError);
});

test('rules of a folder above are re-written for one below', () => {
  const rules = [
    '# comment',
    '',
    '*.log',
    '/dist',
    '/pkg/app/out',
    'pkg/app/gen/',
    '!pkg/app/gen/keep',
    'pkg/other/x',
    '**/cache',
    'tmp/',
  ];
  assert.deepEqual(seenFrom('pkg/app', rules.join('\n')).split('\n'), [
    '*.log',
    '/out',
    '/gen/',
    '!/gen/keep',
    '**/cache',
    'tmp/',
  ]);
});
