/** What is done with a change after it was applied, at the terminal: a look at the undo, a commit, text for a pull request. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { UndoPreview } from '../../src/core/run/contract.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];

let door: TerminalDoor;
let workspace = '';
let run = '';

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
    cwd: workspace,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();

async function say(code: number, ...args: string[]): Promise<{ out: string; err: string }> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, code, said.err + said.out);
  return said;
}

before(async () => {
  door = await openTerminalDoor();
  workspace = join(door.room, 'work');
  await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'T');
  git('config', 'user.email', 't@example.invalid');
  git('add', '-A');
  git('commit', '-qm', 'first');
  await fs.writeFile(join(workspace, 'mine.txt'), 'staged\n');
  git('add', 'mine.txt');
});
after(() => door.close());

test('a run applies and commits on a branch of its own, and nothing else', async () => {
  const goal = 'Greet everybody, @team | <b>now</b>';
  const how = ['--apply', '--commit', '--branch', 'quartet/greet'];
  const { out, err } = await say(0, 'run', goal, '--workspace', workspace, ...SCRIPT, ...how);
  [run = ''] = await fs.readdir(join(door.storage, 'runs'));
  assert.match(out + err, /Committed as [0-9a-f]{10} on quartet\/greet\. Nothing was pushed\./u);
  assert.equal(git('show', '--name-only', '--format='), 'greet.js');
  const message = git('log', '-1', '--format=%B');
  assert.match(message, /^Greet everybody where there is no name\n\n- /u);
  assert.match(message, /Tests: green; \d+ passed, 0 failed/u);
  assert.ok(message.includes(`Quartet-Run: ${run}`));
  assert.ok(
    message.split('\n').every((line) => line.length <= 80),
    message,
  );
  assert.equal(git('status', '--porcelain'), 'A  mine.txt');
  await say(1, 'commit', run);
});

test('text for a pull request has what, why, evidence and open points', async () => {
  const { out } = await say(0, 'show', run, '--pr');
  for (const part of [
    '# Greet everybody',
    '## What',
    '## Why',
    '## Evidence',
    '## Open points',
    '`greet.js`',
  ])
    assert.ok(out.includes(part), `${part}\n${out}`);
  assert.match(out, /\| \*\*All together\*\* \| finished \| green; /u);
  assert.match(out, /\\\| \\<b\\>now/u);
  assert.doesNotMatch(out, /@team/u);
});

test('an undo is looked at before it is done', async () => {
  const file = join(workspace, 'greet.js');
  const applied = await fs.readFile(file, 'utf8');
  await fs.writeFile(file, `// mine\n${applied}`);
  const { out, err } = await say(0, 'undo', run, '--dry-run');
  assert.match(out + err, /put back +greet\.js \(\+1 -1\); what you changed since is kept/u);
  assert.equal(await fs.readFile(file, 'utf8'), `// mine\n${applied}`);
  const { out: json } = await say(0, 'undo', run, '--dry-run', '--json');
  const preview = JSON.parse(json) as UndoPreview;
  assert.deepEqual([preview.changedSince, preview.conflicts], [['greet.js'], []]);
  await fs.writeFile(file, applied.replace("|| 'everybody'", "?? 'nobody'"));
  const conflict = await say(0, 'undo', run, '--dry-run');
  assert.match(conflict.out + conflict.err, /stays +greet\.js: both sides changed/u);
  const late = await say(1, 'commit', run);
  assert.match(late.out + late.err, /greet\.js changed since the change was applied/u);
  await fs.writeFile(file, applied);
  await say(0, 'undo', run);
  assert.equal(await fs.readFile(file, 'utf8'), await fs.readFile(join(FIXTURE, 'project/greet.js'), 'utf8'));
  await say(1, 'undo', run, '--dry-run');
  await say(1, 'commit', run);
  await say(0, 'replay', run);
});

test('where a file held edits of the person before, that is said before it is committed', async () => {
  const other = join(door.room, 'dirty');
  await fs.cp(join(FIXTURE, 'project'), other, { recursive: true });
  workspace = other;
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'T');
  git('config', 'user.email', 't@example.invalid');
  git('add', '-A');
  git('commit', '-qm', 'first');
  const file = join(other, 'greet.js');
  await fs.writeFile(file, `// mine, not committed\n${await fs.readFile(file, 'utf8')}`);
  const before = new Set(await fs.readdir(join(door.storage, 'runs')));
  await say(0, 'run', 'Greet everybody', '--workspace', other, ...SCRIPT, '--apply');
  const [id = ''] = (await fs.readdir(join(door.storage, 'runs'))).filter((name) => !before.has(name));
  const { out, err } = await say(0, 'commit', id);
  assert.match(err, /greet\.js held changes of yours that were not committed/u);
  assert.match(out, /Committed as/u);
  assert.match(git('show', 'HEAD:greet.js'), /mine, not committed/u);
});

test('what does not fit together is refused', async () => {
  await say(2, 'run', 'x', '--workspace', workspace, ...SCRIPT, '--commit');
});
