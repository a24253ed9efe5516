/** Commits in the person's repository: exactly the files named, and nothing else of theirs moves. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createCommits } from '../../../src/node/commits.ts';

async function world(within = '.') {
  const room = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet-commits-')));
  const root = join(room, 'project ü');
  const workspace = join(root, within);
  await fs.mkdir(workspace, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: workspace,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  const write = async (path: string, text: string) => {
    await fs.mkdir(dirname(join(workspace, path)), { recursive: true });
    await fs.writeFile(join(workspace, path), text);
  };
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root });
  git('config', 'user.name', 'T');
  git('config', 'user.email', 't@example.invalid');
  const commits = createCommits({ workspace, storage: join(room, 'state') });
  return { room, root, workspace, git, write, commits };
}
type World = Awaited<ReturnType<typeof world>>;

function check(what: string, body: (made: World) => Promise<void>, within?: string): void {
  test(what, async () => {
    const made = await world(within);
    try {
      await body(made);
    } finally {
      await fs.rm(made.room, { recursive: true, force: true });
    }
  });
}

const MESSAGE = 'Title\n\n# not a comment\n\nQuartet-Run: run-1\n';

for (const within of ['.', 'packages/a b'])
  check(
    `only the files named are committed, in ${within}`,
    async ({ workspace, git, write, commits }) => {
      for (const path of ['mine.ts', 'edited.ts', 'gone.ts', 'staged.ts']) await write(path, '1\n');
      git('add', '-A');
      git('commit', '-qm', 'first');
      await write('staged.ts', 'staged\n');
      git('add', 'staged.ts');
      await write('staged.ts', 'dirty\n');
      await write('mine.ts', 'mine\n');
      await write('untracked.ts', 'u\n');
      await write('edited.ts', '2\n');
      await write('new/[x] ü.ts', 'n\n');
      git('rm', '-q', '--cached', 'gone.ts');
      await fs.rm(join(workspace, 'gone.ts'));
      const paths = ['edited.ts', 'new/[x] ü.ts', 'gone.ts'];
      const made = await commits.commit({ paths, message: MESSAGE });
      assert.equal(made.branch, 'main');
      assert.equal(made.commit, git('rev-parse', 'HEAD'));
      assert.equal(`${git('log', '-1', '--format=%B')}\n`.trim(), MESSAGE.trim());
      const changed = git('-c', 'core.quotepath=false', 'show', '--name-status', '--format=', '--relative');
      assert.deepEqual(changed.split('\n').sort(), ['A\tnew/[x] ü.ts', 'D\tgone.ts', 'M\tedited.ts']);
      assert.deepEqual(
        git('status', '--porcelain', '.')
          .split('\n')
          .map((line) => line.slice(0, 2))
          .sort(),
        [' M', '??', 'MM'],
      );
      assert.equal(git('show', ':./staged.ts'), 'staged');
      await assert.rejects(commits.commit({ paths, message: MESSAGE }), { code: 'commit.nothing' });
    },
    within,
  );

check('the first commit of a repository, on a branch of its own', async ({ git, write, commits }) => {
  await write('a.ts', 'a\n');
  await write('b.ts', 'b\n');
  const made = await commits.commit({ paths: ['a.ts'], message: MESSAGE, branch: 'team/first' });
  assert.equal(made.branch, 'team/first');
  assert.equal(git('ls-tree', '--name-only', 'HEAD'), 'a.ts');
});

check(
  'a hook that refuses leaves branch, index and files as they were',
  async ({ root, git, write, commits }) => {
    await write('a.ts', '1\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
    await write('a.ts', '2\n');
    for (const words of ['echo no good >&2; exit 1', 'exit 1']) {
      await fs.writeFile(join(root, '.git/hooks/pre-commit'), `#!/bin/sh\n${words}\n`, { mode: 0o755 });
      const before = [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('branch', '-a')];
      await assert.rejects(commits.commit({ paths: ['a.ts'], message: MESSAGE, branch: 'b' }), {
        code: 'commit.failed',
        message: words === 'exit 1' ? /without a word/u : /no good/u,
      });
      assert.deepEqual([git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('branch', '-a')], before);
    }
  },
);

check('hooks of the person run, and see only what is committed', async ({ root, git, write, commits }) => {
  await write('a.ts', '1\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  await write('mine.ts', 'mine\n');
  git('add', 'mine.ts');
  await write('a.ts', '2\n');
  const hook = '#!/bin/sh\ngit diff --cached --name-only > .git/seen\n';
  await fs.writeFile(join(root, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
  await commits.commit({ paths: ['a.ts'], message: MESSAGE });
  assert.equal(await fs.readFile(join(root, '.git/seen'), 'utf8'), 'a.ts\n');
});

check('where it cannot be, it says why', async ({ root, git, write, commits }) => {
  await write('a.ts', '1\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  await write('a.ts', '2\n');
  for (const branch of ['main', 'a..b', '-x', '@{-1}'])
    await assert.rejects(commits.commit({ paths: ['a.ts'], message: MESSAGE, branch }), {
      code: 'commit.branch',
    });
  await fs.writeFile(join(root, '.git/MERGE_HEAD'), `${git('rev-parse', 'HEAD')}\n`);
  await assert.rejects(commits.commit({ paths: ['a.ts'], message: MESSAGE }), { code: 'commit.busy' });
  await fs.rm(join(root, '.git/MERGE_HEAD'));
  await write('inner/x.ts', 'x\n');
  execFileSync('git', ['init', '-q'], { cwd: join(root, 'inner') });
  await assert.rejects(commits.commit({ paths: ['inner/x.ts'], message: MESSAGE }), {
    code: 'commit.nested',
  });
  await fs.rm(join(root, '.git'), { recursive: true });
  await assert.rejects(commits.commit({ paths: ['a.ts'], message: MESSAGE }), { code: 'commit.none' });
  assert.equal(await commits.branch(), undefined);
});

for (const within of ['.', 'packages/a b'])
  check(
    `what differed from the last commit is told by what git would commit of it, in ${within}`,
    async ({ git, write, commits }) => {
      const bytes = (text: string) => new TextEncoder().encode(text);
      const files = new Map([
        ['same.ts', bytes('1\n')],
        ['lines.txt', bytes('a\r\nb\r\n')],
        ['mine ü.ts', bytes('2\n')],
        ['untracked.ts', bytes('u\n')],
        ['removed.ts', undefined],
        ['absent.ts', undefined],
      ]);
      assert.deepEqual(
        await commits.differing(files),
        ['same.ts', 'lines.txt', 'mine ü.ts', 'untracked.ts'],
        'before the first commit',
      );
      await write('.gitattributes', '*.txt text\n');
      await write('lines.txt', 'a\nb\n');
      for (const path of ['same.ts', 'mine ü.ts', 'removed.ts']) await write(path, '1\n');
      git('add', '-A');
      git('commit', '-qm', 'first');
      const status = git('status', '--porcelain');
      assert.deepEqual(await commits.differing(files), ['mine ü.ts', 'untracked.ts', 'removed.ts']);
      assert.equal(git('status', '--porcelain'), status);
    },
    within,
  );

test('where there is no repository, nothing differs from a commit', async () => {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-commits-'));
  try {
    const commits = createCommits({ workspace: room, storage: join(room, 'state') });
    assert.deepEqual(await commits.differing(new Map([['a', new Uint8Array()]])), []);
  } finally {
    await fs.rm(room, { recursive: true, force: true });
  }
});
