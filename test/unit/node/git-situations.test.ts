/** Whatever state a person's repository is in: the base holds the files as they are, and not a byte of the repository changes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createWorkingCopies } from '../../../src/node/working-copies.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const none = new Map<string, string>();
const linux = process.platform === 'linux';

async function world() {
  const room = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet situations-')));
  const root = join(room, 'project');
  await fs.mkdir(root);
  const git = (...args: string[]): string => gitIn(root, ...args);
  const gitIn = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], HOME: room, GIT_CONFIG_NOSYSTEM: '1', GIT_ALLOW_PROTOCOL: 'file' },
    });
  const write = async (path: string, text: string): Promise<void> => {
    await fs.mkdir(dirname(join(root, path)), { recursive: true });
    await fs.writeFile(join(root, path), text);
  };
  const commit = (): void => {
    git('add', '-A');
    git('commit', '-qm', 'x');
  };
  return { room, root, git, gitIn, write, commit };
}
type World = Awaited<ReturnType<typeof world>>;

interface Situation {
  readonly name: string;
  /** Makes it; the folder that is opened, where it is not the project. */
  readonly make: (world: World) => Promise<string | undefined>;
  readonly holds: Readonly<Record<string, string>>;
  readonly lacks?: readonly string[];
  readonly notes?: RegExp;
  /** Told by git alone. */
  readonly gitOnly?: boolean;
  readonly skip?: boolean;
}

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';

const SITUATIONS: readonly Situation[] = [
  {
    name: 'committed, staged, dirty, deleted and untracked files',
    make: async ({ git, write, commit, root }) => {
      git('init', '-q');
      for (const path of ['same', 'staged', 'gone']) await write(path, '1\n');
      commit();
      await write('staged', '2\n');
      git('add', 'staged');
      await write('staged', '3\n');
      await write('untracked', 'u\n');
      await fs.rm(join(root, 'gone'));
      return undefined;
    },
    holds: { same: '1\n', staged: '3\n', untracked: 'u\n' },
    lacks: ['gone'],
  },
  {
    name: 'a submodule',
    make: async ({ room, git, gitIn, write, commit }) => {
      const other = join(room, 'other');
      await fs.mkdir(other);
      await fs.writeFile(join(other, 'lib.ts'), 'lib\n');
      gitIn(other, 'init', '-q');
      gitIn(other, 'add', '-A');
      gitIn(other, 'commit', '-qm', 'x');
      git('init', '-q');
      await write('a.ts', 'a\n');
      git('submodule', '--quiet', 'add', other, 'sub dir');
      commit();
      await write('sub dir/more.ts', 'dirty there\n');
      return undefined;
    },
    holds: { 'a.ts': 'a\n', 'sub dir/lib.ts': 'lib\n', 'sub dir/more.ts': 'dirty there\n' },
    lacks: ['sub dir/.git'],
  },
  {
    name: 'a linked worktree',
    make: async ({ room, git, write, commit }) => {
      git('init', '-q');
      await write('.gitignore', '*.log\n');
      await write('a.ts', 'a\n');
      commit();
      const tree = join(room, 'linked tree');
      git('worktree', 'add', '-q', '-b', 'side', tree);
      await fs.writeFile(join(tree, 'b.ts'), 'b\n');
      await fs.writeFile(join(tree, 'x.log'), 'no\n');
      return tree;
    },
    holds: { 'a.ts': 'a\n', 'b.ts': 'b\n' },
    lacks: ['.git', 'x.log'],
  },
  {
    name: 'a sparse checkout',
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('src/a.ts', 'a\n');
      await write('docs/b.md', 'b\n');
      commit();
      git('sparse-checkout', 'set', 'src');
      return undefined;
    },
    holds: { 'src/a.ts': 'a\n' },
    lacks: ['docs/b.md'],
  },
  {
    name: 'pointers of LFS where LFS is not installed',
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('big.bin', POINTER);
      commit();
      await write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
      for (const what of ['clean', 'smudge', 'process']) git('config', `filter.lfs.${what}`, 'no-such-lfs');
      git('config', 'filter.lfs.required', 'true');
      return undefined;
    },
    holds: { 'big.bin': POINTER },
  },
  {
    name: 'line ends that git is told to convert',
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('crlf.txt', 'a\r\nb\r\n');
      await write('lf.txt', 'a\nb\n');
      await write('mixed.txt', 'a\r\nb\n');
      commit();
      git('config', 'core.autocrlf', 'true');
      git('config', 'core.safecrlf', 'true');
      await write('.gitattributes', '*.txt text eol=crlf working-tree-encoding=UTF-16\n');
      return undefined;
    },
    holds: { 'crlf.txt': 'a\r\nb\r\n', 'lf.txt': 'a\nb\n', 'mixed.txt': 'a\r\nb\n' },
  },
  {
    name: 'names that differ by case, or by how they are composed',
    skip: !linux,
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('A.ts', 'upper\n');
      await write('a.ts', 'lower\n');
      await write('u\u0308.ts', 'two\n');
      await write('\u00fc.ts', 'one\n');
      commit();
      return undefined;
    },
    holds: { 'A.ts': 'upper\n', 'a.ts': 'lower\n', 'u\u0308.ts': 'two\n', '\u00fc.ts': 'one\n' },
  },
  {
    name: 'no commit yet',
    make: async ({ git, write }) => {
      git('init', '-q');
      await write('a.ts', 'a\n');
      await write('.gitignore', 'out/\n');
      await write('out/x', 'no\n');
      return undefined;
    },
    holds: { 'a.ts': 'a\n' },
    lacks: ['out/x'],
  },
  {
    name: 'a folder inside a repository',
    make: async ({ root, git, write, commit }) => {
      git('init', '-q');
      await write('.gitignore', '/packages/app/build\n*.log\n');
      await write('packages/app/a.ts', 'a\n');
      await write('packages/other/b.ts', 'b\n');
      commit();
      await write('packages/app/build/x', 'no\n');
      await write('packages/app/x.log', 'no\n');
      await write('.git/info/exclude', 'secret\n');
      await write('packages/app/secret', 'no\n');
      return join(root, 'packages/app');
    },
    holds: { 'a.ts': 'a\n' },
    lacks: ['build/x', 'x.log', 'secret', 'b.ts'],
  },
  {
    name: 'a file that is held in spite of a rule',
    gitOnly: true,
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('.env.example', 'KEY=\n');
      commit();
      await write('.gitignore', '.env*\n');
      await write('.env', 'KEY=1\n');
      return undefined;
    },
    holds: { '.env.example': 'KEY=\n' },
    lacks: ['.env'],
  },
  {
    name: 'a bare repository',
    make: async ({ git }) => {
      git('init', '-q', '--bare', '.');
      return undefined;
    },
    holds: { HEAD: 'ref: refs/heads/master\n' },
  },
  {
    name: 'a damaged index',
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('.gitignore', '*.log\n');
      await write('a.ts', 'a\n');
      commit();
      await write('x.log', 'no\n');
      await write('.git/index', 'not an index at all');
      return undefined;
    },
    holds: { 'a.ts': 'a\n' },
    lacks: ['x.log'],
  },
  {
    name: 'an index that somebody holds',
    make: async ({ git, write, commit }) => {
      git('init', '-q');
      await write('a.ts', 'a\n');
      commit();
      await write('a.ts', 'b\n');
      await write('.git/index.lock', '');
      return undefined;
    },
    holds: { 'a.ts': 'b\n' },
  },
  {
    name: 'names that are not UTF-8',
    skip: !linux,
    notes: /not UTF-8/u,
    make: async ({ root, git, write }) => {
      git('init', '-q');
      await write('a.ts', 'a\n');
      await fs.writeFile(
        Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from('.ts')]),
        'x\n',
      );
      return undefined;
    },
    holds: { 'a.ts': 'a\n' },
  },
];

/** Every repository below a folder with its bytes, modes and times. */
async function repositories(room: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await fs.readdir(room, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (path.startsWith(join(room, 'state')) || path.includes('\uFFFD')) continue;
    const { mode, mtimeMs } = await fs.lstat(path);
    const sum = entry.isFile()
      ? createHash('sha256')
          .update(await fs.readFile(path))
          .digest('hex')
      : '';
    lines.push(`${path} ${mode} ${mtimeMs} ${sum}`);
  }
  return lines.sort().join('\n');
}

for (const kind of ['git', 'plain'] as const)
  for (const { name, make, holds, lacks = [], notes, gitOnly = false, skip = false } of SITUATIONS) {
    if (kind === 'plain' && gitOnly) continue;
    test(`${kind}: ${name}`, { skip }, async () => {
      const made = await world();
      try {
        const workspace = (await make(made)) ?? made.root;
        const before = await repositories(made.room);
        const how = kind === 'plain' ? { git: 'no-such-git' } : {};
        const storage = join(made.room, 'state');
        const copies = createWorkingCopies({ workspace, storage, log: new InMemoryLog(), ...how });
        const base = await copies.takeBase(none);
        for (const [path, text] of Object.entries(holds))
          assert.equal(Buffer.from((await copies.read(base.tree, path)) ?? []).toString(), text, path);
        for (const path of lacks) assert.equal(await copies.read(base.tree, path), undefined, path);
        if (notes) assert.match(base.notes.join('\n'), notes);
        assert.equal((await copies.takeBase(none)).tree, base.tree, 'the second base');
        const copy = await copies.create('run-1-task', base.tree);
        assert.equal(await copy.snapshot(), base.tree, 'the working copy');
        for (const file of await fs.readdir(copy.root, { encoding: 'buffer' }))
          if (file.includes(0xff))
            await fs.writeFile(Buffer.concat([Buffer.from(`${copy.root}/`), file]), 'y\n');
        await fs.writeFile(join(copy.root, 'added.ts'), 'added\n');
        const [delta, ...more] = await copies.diff(base.tree, await copy.snapshot());
        assert.deepEqual([delta?.path, more.length], ['added.ts', 0]);
        await copy.remove();
        assert.equal(await repositories(made.room), before);
      } finally {
        await fs.rm(made.room, { recursive: true, force: true });
      }
    });
  }
