/** `quartet test` and `quartet tests` as they ship, on a project with real tests: no model is asked, and exit codes say how it went. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, edit, result, script } from './parts.ts';

const HEAD = `import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add, sub } from '../src/sums.js';\n`;
const FILES = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
  'src/sums.js': 'export const add = (a, b) => a - b;\nexport const sub = (a, b) => a - b;\n',
  'test/sums.test.js': `${HEAD}test('adds two numbers', () => assert.equal(add(1, 2), 3));\n`,
  'test/other.test.js': `${HEAD}test('takes one away', () => assert.equal(sub(3, 2), 1));\n`,
};

let door: TerminalDoor;
let folder: string;
before(async () => {
  door = await openTerminalDoor();
  folder = join(door.room, 'project');
  for (const path of ['src', 'test']) await fs.mkdir(join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) await fs.writeFile(join(folder, path), text);
});
after(() => door.close());

async function quartet(...words: string[]) {
  const { ended, said } = door.start(...words, '--workspace', folder);
  return { code: await ended, ...said };
}

test('what fails is shown with its place and values, and the exit code says so', async () => {
  const all = await quartet('test');
  assert.equal(all.code, 1, all.err);
  assert.match(all.out, /✗ test\/sums\.test\.js > adds two numbers\n  test\/sums\.test\.js:4\n/);
  assert.match(all.out, /expected: 3\n  actual:   -1/);
  assert.match(all.out, /1 passed, 1 failed, 0 skipped/);
});

test('a part: by file, by name, by what changed since the last commit', async () => {
  const byFile = await quartet('test', '--file', 'test/other.test.js');
  assert.equal(byFile.code, 0, byFile.out);
  assert.match(byFile.out, /Only a part ran: test\/other\.test\.js/);
  const bySource = await quartet('test', '--file', 'src/sums.js');
  assert.match(bySource.out, /Only a part ran: test\/sums\.test\.js/);
  const byName = await quartet('test', '--name', 'takes one away');
  assert.equal(byName.code, 0, byName.out);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
  await fs.writeFile(join(folder, 'test/new.test.js'), FILES['test/other.test.js']);
  const changed = await quartet('test', '--changed');
  assert.match(changed.out, /Only a part ran: test\/new\.test\.js/, changed.err);
  await fs.rm(join(folder, 'test/new.test.js'));
});

test('tests that take long say how far they are, and where their time is up, what was running', async () => {
  const slow = `import test from 'node:test';
import { setTimeout } from 'node:timers/promises';
for (const name of ['first', 'second', 'third']) test(name, () => setTimeout(name === 'third' ? 60_000 : 2700));
`;
  await fs.writeFile(join(folder, 'test/slow.test.js'), slow);
  try {
    const all = await quartet('test', '--file', 'test/slow.test.js', '--test-seconds', '9');
    assert.match(all.out, /^ {2}… tests so far: [12]$/m, all.err);
    assert.match(all.out, /did not end in time[^\n]* after 2 tests\. Still running: "third"\./);
    assert.match(all.out, /The slowest that ended: "[^"]*(first|second)" \(2\.\d s\)/);
    assert.equal(all.code, 5);
  } finally {
    await fs.rm(join(folder, 'test/slow.test.js'));
  }
});

test('nothing that proves anything ends with 5', async () => {
  const none = await quartet('test', '--test-command', 'node --version');
  assert.equal(none.code, 5, none.out);
});

test('the command is found, confirmed, set and forgotten; it is kept beside the runs, not in the project', async () => {
  const found = await quartet('tests');
  assert.match(found.out, /^npm test\n  package\.json has the script "test"[\s\S]*quartet tests --confirm/);
  await quartet('tests', '--confirm');
  assert.match((await quartet('tests')).out, /You confirmed it/);
  await quartet('tests', '--set', 'node --test test/other.test.js');
  const set = await quartet('test');
  assert.equal(set.code, 0, set.out);
  assert.match(set.out, /You set it for this workspace/);
  assert.match((await quartet('tests', '--json')).out, /"said":"set"/);
  await quartet('tests', '--forget');
  assert.match((await quartet('tests')).out, /Say that it is right/);
  assert.deepEqual((await fs.readdir(folder)).sort(), ['.git', 'package.json', 'src', 'test']);
});

test('flaky tests are listed with their evidence and released by name', async () => {
  const sighting = { run: 'run-1', at: 0, passed: 1, failed: 1 };
  const quarantine = [{ id: 'comes by chance', sightings: [sighting] }];
  await fs.writeFile(join(door.storage, 'tests.json'), JSON.stringify({ version: 1, quarantine }));
  const listed = await quartet('tests', '--flaky');
  assert.match(listed.out, /comes by chance\n  1970-01-01 run-1: failed in 1 of 2 runs of the same files/);
  assert.equal((await quartet('tests', '--release', 'another')).code, 2);
  assert.equal((await quartet('tests', '--release', 'comes by chance')).code, 0);
  assert.match((await quartet('tests', '--flaky')).out, /No test is known to depend on chance/);
});

test('--fix starts a run that names what fails, and ends with what that proves', async () => {
  const coder = join(door.room, 'coder.json');
  const replies = [[edit('src/sums.js', 'add = (a, b) => a - b', 'add = (a, b) => a + b'), result()]];
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', replies))));
  const mended = await quartet(
    ...['test', '--fix', '--quick', '--script', coder, '--approve', 'none', '--json'],
  );
  assert.equal(mended.code, 0, mended.err);
  assert.match(
    mended.err,
    /Make these failing tests pass[^]*- test\/sums\.test\.js > adds two numbers \(line 4\)/,
  );
});

test('where the suite is slow, what belongs to the change runs first, and alone makes nothing green', async () => {
  const coder = join(door.room, 'breaks.json');
  const rounds = [
    [edit('src/sums.js', 'sub = (a, b) => a - b', 'sub = (a, b) => b - a')],
    [
      edit('src/sums.js', 'sub = (a, b) => b - a', 'sub = (a, b) => a - b'),
      edit('src/sums.js', 'add = (a, b) => a - b', 'add = (a, b) => a + b'),
    ],
  ];
  const replies = rounds.map((calls) => [...calls, result()]);
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', replies))));
  await fs.rename(join(folder, 'test/other.test.js'), join(folder, 'test/sums-less.test.js'));
  await fs.writeFile(
    join(folder, 'test/sums.test.js'),
    `${FILES['test/sums.test.js']}test('takes away', () => assert.equal(sub(3, 2), 1));\n`,
  );
  const done = await quartet(
    ...['run', 'Make "adds two numbers" pass.', '--quick', '--script', coder, '--approve', 'none', '--json'],
    ...['--changed-first', '0.001'],
  );
  const gates = done.out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as JournalLine)
    .flatMap((line) => (line.type === 'gate.finished' ? [line.data] : []));
  const [first, second] = gates.filter(({ scope }) => scope === 'task');
  assert.equal(first?.report.verdict, 'red', done.err);
  assert.equal(first.report.part, true);
  assert.deepEqual(
    first.report.newlyFailing.map(({ id }) => id),
    ['test/sums.test.js > takes away'],
  );
  assert.equal(second?.report.verdict, 'green', done.err);
  assert.equal(second.report.part, undefined);
  assert.equal(second.report.totals.passed, 3, 'the whole suite');
  assert.equal(second.report.coverage?.covered, 1);
  const [, id = ''] = /^Run (\S+)/m.exec(done.err) ?? [];
  assert.match((await quartet('show', id)).out, /Tests reach 1 of 1 changed lines/);
});

test('packages that the workspace lacks are installed once for its lock file, and lent to working copies', async () => {
  const project = join(door.room, 'fresh');
  await fs.mkdir(join(project, 'tools/dep'), { recursive: true });
  const files = {
    '.gitignore': 'node_modules\n',
    'package.json':
      '{"name":"a","version":"1.0.0","scripts":{"test":"node --test"},"dependencies":{"dep":"file:tools/dep.tgz"}}',
    'tools/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
    'tools/dep/index.js': 'module.exports = 42;\n',
    'dep.test.js': `const test = require('node:test');\nconst assert = require('node:assert');\ntest('has its package', () => assert.equal(require('dep'), 42));\n`,
  };
  for (const [path, text] of Object.entries(files)) await fs.writeFile(join(project, path), text);
  const npm = (...args: string[]) =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: project, stdio: 'pipe' });
  npm('pack', './tools/dep', '--pack-destination', 'tools');
  await fs.rename(join(project, 'tools/dep-1.0.0.tgz'), join(project, 'tools/dep.tgz'));
  npm('install', '--package-lock-only');
  const here = async (...words: string[]) => {
    const { ended, said } = door.start(...words, '--workspace', project);
    return { code: await ended, ...said };
  };
  assert.equal((await here('test')).code, 1, 'without its package it fails');
  assert.match((await here('tests')).out, /not installed here\. .*quartet tests --install/);
  const installed = await here('tests', '--install');
  assert.equal(installed.code, 0, installed.out + installed.err);
  assert.match(installed.out, /npm ci\nInstalled for these lock files/);
  const passed = await here('test');
  assert.equal(passed.code, 0, passed.out);
  assert.match((await here('tests', '--install')).out, /Already installed/);
  assert.ok(!(await fs.readdir(project)).includes('node_modules'), 'nothing is put into the project');
});
