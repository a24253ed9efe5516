/** Runs that are too old or too many go when somebody asks for it, and are named with the reason first. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

async function say(...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, 0, said.err);
  return said.out;
}

test('a run and what is left of it is listed, then removed', async () => {
  const workspace = join(door.room, 'work');
  await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
  const script = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
  await say('run', 'Greet everybody', '--workspace', workspace, ...script);
  const [run = ''] = await fs.readdir(join(door.storage, 'runs'));
  const left = join(door.storage, 'copies', `${run}-left`);
  await fs.mkdir(left, { recursive: true });
  await fs.writeFile(join(left, 'file'), 'x'.repeat(100_000));
  const where = ['--workspace', workspace];

  const told = await say('gc', '--dry-run', '--max-size', '0.001', ...where);
  assert.match(
    told,
    new RegExp(`run +[\\d.]+ .B +${run}: the oldest while all runs take [\\d.]+ .B, more than 2 kB`, 'u'),
  );
  assert.match(told, new RegExp(`copy +98 kB +${run}-left: its run has finished or is gone`, 'u'));
  assert.match(told, /0\.1 MB would be removed\./u);
  assert.deepEqual(await fs.readdir(left), ['file']);

  assert.match(await say('gc', '--older-than', '1', '--json', ...where), /^\{"what":"copy",/u);
  await assert.rejects(fs.stat(left), { code: 'ENOENT' });
  assert.match(await say('show', run), /finished/u);
  assert.match(await say('gc', ...where), /removed/u);

  assert.match(await say('gc', '--max-size', '0.001', ...where), new RegExp(`run .*${run}`, 'u'));
  assert.deepEqual(await fs.readdir(join(door.storage, 'runs')), []);
  assert.match(await say('runs', ...where), /No runs in this workspace yet/u);
});

test('a run that is not there is not left out in silence', async () => {
  const { ended, said } = door.start('gc', '--include-unfinished', 'run-1', '--workspace', door.room);
  assert.equal(await ended, 2);
  assert.match(said.err, /There is no run run-1/u);
});

test('one run is deleted by name, with what only it needs; the others stay', async () => {
  const workspace = join(door.room, 'work');
  const script = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
  await say('run', 'Greet everybody', '--workspace', workspace, ...script);
  await say('run', 'Greet everybody', '--workspace', workspace, ...script);
  const runs = join(door.storage, 'runs');
  const [first = '', second = ''] = (await fs.readdir(runs)).sort();
  assert.match(await say('delete', first), new RegExp(`run .*${first}: chosen`, 'u'));
  assert.deepEqual(await fs.readdir(runs), [second]);
  assert.match(
    await say('gc', '--workspace', workspace),
    /In use: 1 run [\d.]+ .B, working copies 0 kB, trees /u,
  );
  const again = door.start('delete', first);
  assert.equal(await again.ended, 2);
  assert.match(again.said.err, new RegExp(`There is no run ${first}`, 'u'));
});

test('what a run left behind goes when another begins', async () => {
  const workspace = join(door.room, 'work');
  const left = join(door.storage, 'copies', 'run-000000001-00000000-task');
  await fs.mkdir(left, { recursive: true });
  const script = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
  await say('run', 'Greet everybody', '--workspace', workspace, ...script);
  assert.deepEqual(await fs.readdir(join(door.storage, 'copies')), []);
});

test('talks are listed alone where that is asked for', async () => {
  const workspace = join(door.room, 'talked');
  await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
  const where = ['--workspace', workspace];
  const file = join(door.room, 'talk.json');
  const answers = [{ calls: [{ tool: 'submit_answer', args: { answer: 'It greets.', sources: [] } }] }];
  await fs.writeFile(
    file,
    JSON.stringify({ title: 'Talk', agents: [{ role: 'researcher', replies: answers }] }),
  );
  const script = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
  await say('run', 'Greet everybody', ...where, ...script);
  assert.match(await say('runs', '--chats', ...where), /No talks in this workspace yet/u);
  // Whatever becomes of the talk, it is one.
  await door.start('ask', 'What does it do?', ...where, '--script', file).ended;
  const talks = await say('runs', '--chats', ...where);
  assert.match(talks, /What does it do\?/u);
  assert.doesNotMatch(talks, /Greet everybody/u);
  assert.match(await say('runs', ...where), /Greet everybody/u);
});
