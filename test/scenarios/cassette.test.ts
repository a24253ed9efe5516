/** A run that was recorded at a real server plays again without one, in the terminal door as it ships. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseScript } from '../../src/core/models/script.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = parseScript(readFileSync(join(FIXTURE, 'script.json'), 'utf8'));

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

function project(name: string): string {
  const folder = join(door.room, name);
  cpSync(join(FIXTURE, 'project'), folder, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: folder });
  return folder;
}

/** Every file with its text, but git's own. */
const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('.git') && statSync(join(folder, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );

const run = async (name: string, ...options: readonly string[]) => {
  const workspace = project(name);
  const process = door.start(
    'run',
    SCRIPT.goal ?? '',
    '--workspace',
    workspace,
    '--approve',
    'none',
    '--apply',
    ...options,
  );
  const code = await process.ended;
  return { code, said: process.said, workspace };
};

test('what a server said is recorded, and plays the same run when the server is gone', async () => {
  const tape = join(door.room, 'tape.jsonl');
  const server = await startModelServer({ answers: SCRIPT });
  const live = await run('live', '--base-url', server.url, '--model', 'scripted', '--record', tape);
  const asked = server.requests.length;
  await server.close();
  assert.equal(live.code, 0, live.said.err);
  assert.equal(readFileSync(tape, 'utf8').trim().split('\n').length, asked + 1);

  const played = await run('played', '--cassette', tape);
  assert.equal(played.code, 0, played.said.err);
  const id = /Run (run-\S+)/.exec(played.said.out + played.said.err)?.[1] ?? '';
  const shown = door.start('show', id);
  await shown.ended;
  assert.match(shown.said.out + shown.said.err, /coder: context \d+ of 128000 tokens/);
  assert.deepEqual(filesIn(played.workspace), filesIn(live.workspace));
  assert.notDeepEqual(filesIn(played.workspace), filesIn(join(FIXTURE, 'project')));
});

test('a recording never overwrites, and one that is not there is told', async () => {
  const there = join(door.room, 'there.jsonl');
  cpSync(join(FIXTURE, 'script.json'), there);
  const over = await run('over', '--script', join(FIXTURE, 'script.json'), '--record', there);
  assert.deepEqual([over.code, /is there already/.test(over.said.err)], [2, true], over.said.err);
  const none = await run('none', '--cassette', join(door.room, 'nowhere.jsonl'));
  assert.deepEqual([none.code, /There is no cassette/.test(none.said.err)], [2, true], none.said.err);
  const wrong = await run('wrong', '--cassette', there);
  assert.match(wrong.said.out + wrong.said.err, /cannot be played: its first line/);
});
