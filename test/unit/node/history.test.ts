/** The person's history as agents read it, in repositories that try to make git do more than read. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readRevision } from '../../../src/core/policy/revisions.ts';
import { PortError, type History } from '../../../src/core/ports.ts';
import { createHistory } from '../../../src/node/history.ts';

const signal = new AbortController().signal;
const ALL = { paths: [], charsMax: 100_000 };

describe('revisions', () => {
  const good = [
    'HEAD',
    'HEAD~3',
    'HEAD^2~1',
    '@',
    '@{u}',
    'HEAD@{2}',
    'main',
    'feature/a-b_c',
    'v1.2.3',
    'deadbeef',
  ];
  for (const text of good)
    test(`${text} is read`, () => assert.deepEqual(readRevision(text), { ok: true, revision: text }));
  const bad = [
    ['', 'is no revision'],
    ['--output=/tmp/x', 'option'],
    ['-c', 'option'],
    ['HEAD..main', 'range'],
    ['a...b', 'range'],
    ['HEAD:.env', 'plain'],
    [':/secret', 'plain'],
    ['HEAD^{/message}', 'plain'],
    ['HEAD^{tree}', 'plain'],
    ['^main', 'plain'],
    ['main --output=x', 'plain'],
    ['main\n--output=x', 'plain'],
    ['main\u0000x', 'plain'],
    ['$(id)', 'plain'],
    ['`id`', 'plain'],
    ['a;b', 'plain'],
    ['m\u0430in', 'plain'],
    ['main@{yesterday}', 'plain'],
    ['refs/heads/x.lock', 'takes'],
    ['a//b', 'takes'],
    ['x'.repeat(300), 'is no revision'],
  ] as const;
  for (const [text, why] of bad)
    test(`${JSON.stringify(text.slice(0, 30))} is refused`, () => {
      const read = readRevision(text);
      assert.ok(!read.ok && read.why.includes(why), JSON.stringify(read));
    });
});

describe('history', () => {
  let home = '';
  let root = '';
  let history: History;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const write = (path: string, text: string | Buffer) => fs.writeFile(join(root, path), text);

  before(async () => {
    home = await fs.mkdtemp(join(tmpdir(), 'quartet-history-'));
    root = join(home, 'project ü');
    await fs.mkdir(join(root, 'sub'), { recursive: true });
    git('init', '-q', '-b', 'main');
    await write('a.txt', 'one\n');
    await write('sub/b.txt', 'two\n');
    await write('.env', 'TOKEN=hunter2hunter2\n');
    git('add', '-A');
    git('commit', '-qm', 'first\n\nwith a body');
    await write('a.txt', 'one\nmore\n');
    await write('.env', 'TOKEN=changed-secret\n');
    await write('bin', Buffer.from([0, 1, 2]));
    await write('long.txt', 'line\n'.repeat(6000));
    git('add', '-A');
    git('commit', '-qm', 'second');
    history = createHistory({ workspace: root });
  });
  after(() => fs.rm(home, { recursive: true, force: true }));

  test('log tells commits with their messages, newest first, and of one path only', async () => {
    const all = await history.log({ ...ALL, from: 'HEAD', max: 10 }, signal);
    assert.match(all, /second[\s\S]*first[\s\S]*with a body/);
    const one = await history.log({ ...ALL, paths: ['sub'], from: 'HEAD', max: 10 }, signal);
    assert.doesNotMatch(one, /second/);
    assert.doesNotMatch(await history.log({ ...ALL, from: 'HEAD', max: 1 }, signal), /first/);
  });

  test('show tells what changed; keys, binaries and very long changes are named only', async () => {
    const text = await history.show({ ...ALL, commit: 'HEAD', patch: true }, signal);
    assert.match(text, /\+more/);
    assert.match(text, /\[\.env: a place where keys are kept; not shown\]/);
    assert.match(text, /\[bin: binary; not shown\]/);
    assert.match(text, /\[long\.txt: \+6000 -0; not shown\]/);
    assert.doesNotMatch(text, /changed-secret/);
    const first = await history.show({ ...ALL, commit: 'HEAD~1', patch: false }, signal);
    assert.match(first, /a\.txt: \+1 -0/);
    assert.doesNotMatch(first, /@@/);
  });

  test('diff compares two commits, below one path, within its length', async () => {
    const text = await history.diff({ ...ALL, from: 'HEAD~1', to: 'HEAD', paths: ['a.txt'] }, signal);
    assert.match(text, /\+more/);
    assert.doesNotMatch(text, /bin/);
    const short = await history.diff({ paths: [], charsMax: 50, from: 'HEAD~1', to: 'main' }, signal);
    assert.match(short, /characters left out/);
  });

  test('a file that is called as a pattern is told as itself, with nothing that it would stand for', async () => {
    git('checkout', '-qb', 'patterns');
    await write('*', 'star\n');
    await write('.e*', 'dot\n');
    await write('.env', 'TOKEN=pattern-secret\n');
    git('add', '-A');
    git('commit', '-qm', 'patterns');
    const told = await history.show({ ...ALL, commit: 'HEAD', patch: true }, signal);
    assert.match(told, /\+star/);
    assert.doesNotMatch(told, /pattern-secret/);
    const one = await history.show({ ...ALL, commit: 'HEAD', patch: true, paths: ['*'] }, signal);
    assert.doesNotMatch(one, /pattern-secret|\.env/);
    git('checkout', '-q', 'main');
  });

  const failing = [
    ['no such revision', 'history.unknown', () => history.log({ ...ALL, from: 'nowhere', max: 1 }, signal)],
    [
      'no repository',
      'history.none',
      async () => {
        const bare = await fs.mkdtemp(join(home, 'none-'));
        return createHistory({ workspace: bare }).log({ ...ALL, from: 'HEAD', max: 1 }, signal);
      },
    ],
    [
      'a folder that poses as a bare repository',
      'history.none',
      async () => {
        const bare = join(home, 'posing');
        execFileSync('git', ['init', '-q', '--bare', bare]);
        return createHistory({ workspace: bare }).log({ ...ALL, from: 'HEAD', max: 1 }, signal);
      },
    ],
  ] as const;
  for (const [name, code, run] of failing)
    test(`${name} is ${code}`, () =>
      assert.rejects(run, (error) => error instanceof PortError && error.code === code));

  test('a hostile repository gets nothing run, fetched or written', async () => {
    const ran = join(home, 'ran');
    const helper = join(home, 'helper.sh');
    await fs.writeFile(helper, `#!/bin/sh\necho "$0 $*" >> '${ran}'\ncat\n`, { mode: 0o755 });
    for (const [key, value] of Object.entries({
      'core.fsmonitor': helper,
      'core.pager': helper,
      'core.hooksPath': home,
      'core.sshCommand': helper,
      'diff.external': helper,
      'diff.x.textconv': helper,
      'diff.x.command': helper,
      'diff.x.cachetextconv': 'true',
      'filter.x.clean': helper,
      'filter.x.smudge': helper,
      'filter.x.process': helper,
      'gpg.program': helper,
      'log.showSignature': 'true',
      'pager.log': helper,
      'pager.diff': helper,
      'pager.show': helper,
      'alias.log': `!${helper}`,
      'alias.show': `!${helper}`,
      'credential.helper': `!${helper}`,
      'remote.o.url': `ext::${helper}`,
      'remote.o.promisor': 'true',
      'extensions.partialClone': 'o',
      'interactive.diffFilter': helper,
    }))
      git('config', key, value);
    await fs.writeFile(join(root, '.git/info/attributes'), '* diff=x filter=x\n');
    const [tree, parent] = [git('rev-parse', 'HEAD^{tree}').trim(), git('rev-parse', 'HEAD').trim()];
    const signed = `tree ${tree}\nparent ${parent}\nauthor t <t@t> 1 +0000\ncommitter t <t@t> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n\nsigned\n`;
    const id = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      cwd: root,
      input: signed,
      encoding: 'utf8',
    }).trim();
    execFileSync('git', ['update-ref', 'refs/heads/signed', id], { cwd: root });
    await fs.rm(ran, { force: true });
    const before = await listing(join(root, '.git'));

    await history.log({ ...ALL, from: 'signed', max: 10 }, signal);
    assert.match(await history.show({ ...ALL, commit: 'HEAD', patch: true }, signal), /\+more/);
    await history.show({ ...ALL, commit: 'signed', patch: true }, signal);
    await history.diff({ ...ALL, from: 'HEAD~1', to: 'HEAD' }, signal);
    await history
      .log({ ...ALL, from: 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef', max: 1 }, signal)
      .catch(() => undefined);

    assert.equal(await fs.readFile(ran, 'utf8').catch(() => 'nothing'), 'nothing');
    assert.deepEqual(await listing(join(root, '.git')), before);
  });
});

async function listing(folder: string): Promise<readonly string[]> {
  const names = await fs.readdir(folder, { recursive: true });
  return Promise.all(
    names.sort().map(async (name) => `${name} ${String((await fs.stat(join(folder, name))).mtimeMs)}`),
  );
}
