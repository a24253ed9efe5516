/** The person's repository beside a run: not a byte of it changes, nothing they do to it breaks the run, and none is needed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
const ASKING = [...SCRIPT.slice(0, -1), 'plan'];
const ON_PATH = (process.env['PATH'] ?? '').split(delimiter);

async function say(door: TerminalDoor, ...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, 0, said.err + said.out);
  return said.err + said.out;
}

const runOf = async (door: TerminalDoor): Promise<string> =>
  (await fs.readdir(join(door.storage, 'runs')))[0] ?? '';

/** Every name below a folder with its kind, bytes, mode and times. */
async function fingerprint(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
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

/** The PATH without git: what lies beside it is reached through links. */
async function pathWithoutGit(room: string): Promise<string> {
  const bin = join(room, 'bin');
  await fs.mkdir(bin);
  const free: string[] = [];
  for (const folder of ON_PATH) {
    const names: string[] = await fs.readdir(folder).catch(() => []);
    if (!names.includes('git')) free.push(folder);
    const links = names.includes('git') ? names.filter((name) => !name.startsWith('git')) : [];
    for (const name of links) await fs.symlink(join(folder, name), join(bin, name)).catch(() => undefined);
  }
  return [...free, bin].join(delimiter);
}

test('without git a goal goes to its end, is applied and undone, and the run says so', async () => {
  const door = await openTerminalDoor(async (room) => ({ PATH: await pathWithoutGit(room) }));
  try {
    const workspace = join(door.room, 'work');
    await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
    const before = await fs.readFile(join(workspace, 'greet.js'), 'utf8');
    const said = await say(door, 'run', 'Greet everybody', '--workspace', workspace, ...SCRIPT, '--apply');
    assert.match(said, /Git was not found: working copies are plain copies/u);
    assert.match(said, /The tests prove it/u);
    assert.match(await fs.readFile(join(workspace, 'greet.js'), 'utf8'), /everybody/u);
    const run = await runOf(door);
    await say(door, 'replay', run);
    await say(door, 'undo', run);
    assert.equal(await fs.readFile(join(workspace, 'greet.js'), 'utf8'), before);
    assert.match(await say(door, 'gc', '--workspace', workspace), /In use: 1 run/u);
    await say(door, 'delete', run);
  } finally {
    await door.close();
  }
});

/** A git that notes what it is asked, where, and on which repository. */
async function notingGit(room: string): Promise<string> {
  const bin = join(room, 'noting');
  const real = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\nprintf '%s|%s|%s\\n' "$PWD" "$GIT_DIR" "$*" >> '${room}/asked'\nexec '${real}' "$@"\n`;
  await fs.mkdir(bin);
  await fs.writeFile(join(bin, 'git'), script, { mode: 0o755 });
  return [bin, ...ON_PATH].join(delimiter);
}

test('a run leaves the person’s repository as it is, whatever they do to it later', async () => {
  const door = await openTerminalDoor(async (room) => ({ PATH: await notingGit(room) }));
  try {
    const workspace = join(door.room, 'work');
    await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: workspace,
        stdio: 'pipe',
        encoding: 'utf8',
      });
    git('init', '-q', '-b', 'main');
    await fs.writeFile(join(workspace, 'other.txt'), '1\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
    await fs.writeFile(join(workspace, 'other.txt'), '2\n');
    git('commit', '-qam', 'second');
    await fs.writeFile(join(workspace, 'other.txt'), 'staged\n');
    git('add', 'other.txt');
    await fs.writeFile(join(workspace, 'other.txt'), 'dirty\n');
    await fs.writeFile(join(workspace, 'untracked.txt'), 'mine\n');
    await fs.writeFile(join(workspace, '.git/hooks/post-index-change'), '#!/bin/sh\ntouch hooked\n', {
      mode: 0o755,
    });
    const repository = join(workspace, '.git');
    const before = await fingerprint(repository);
    const begun = door.start('run', 'Greet everybody', '--workspace', workspace, ...ASKING);
    assert.equal(await begun.ended, 3, begun.said.err);
    assert.equal(await fingerprint(repository), before);
    const run = await runOf(door);

    git('stash', '-q');
    git('commit', '-q', '--amend', '-m', 'amended');
    git('rebase', '-q', '--root', '--exec', 'true');
    git('stash', 'pop', '-q', '--index');
    git('reflog', 'expire', '--expire=now', '--all');
    git('gc', '-q', '--prune=now');
    const later = await fingerprint(repository);
    await say(door, 'answer', run, 'plan/1', 'approve');
    // What is accepted waits: without --apply.
    await say(door, 'resume', run);
    await say(door, 'replay', run);
    await say(door, 'apply', run);
    assert.match(await fs.readFile(join(workspace, 'greet.js'), 'utf8'), /everybody/u);
    await say(door, 'undo', run);
    assert.equal(await fs.readFile(join(workspace, 'other.txt'), 'utf8'), 'dirty\n');
    assert.equal(await fingerprint(repository), later);

    const asked = (await fs.readFile(join(door.room, 'asked'), 'utf8')).trim().split('\n');
    assert.ok(asked.length > 10, 'git was asked');
    for (const line of asked) {
      const [, repositoryOf = '', words = ''] = line.split('|');
      const verb = words.replace(/^(-c \S+ )*/u, '').split(' ')[0] ?? '';
      assert.ok(!['reset', 'clean', 'checkout', 'stash', 'switch', 'restore'].includes(verb), line);
      // On the person's repository itself only what reads.
      const reads = ['rev-parse', 'config', 'ls-files', '--version', 'log', 'diff', 'show'];
      assert.ok(repositoryOf.startsWith(join(door.storage, 'store')) || reads.includes(verb), line);
    }
  } finally {
    await door.close();
  }
});
