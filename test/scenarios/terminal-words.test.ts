/** What the terminal door says where something is wrong: what happened, and commands that can be typed as they stand. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseScript } from '../../src/core/models/script.ts';
import { startModelServer, type Answers, type ModelServer } from '../support/model-server/server.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = parseScript(readFileSync(join(FIXTURE, 'script.json'), 'utf8'));
const GOAL = SCRIPT.goal ?? '';

let door: TerminalDoor;
let servers: ModelServer[] = [];

before(async () => {
  door = await openTerminalDoor();
});
after(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  await door.close();
});

async function serve(answers: Answers): Promise<string> {
  const server = await startModelServer({ answers });
  servers.push(server);
  return server.url;
}

function project(name: string): string {
  const folder = join(door.room, name);
  cpSync(join(FIXTURE, 'project'), folder, { recursive: true });
  return folder;
}

async function quartet(...args: string[]) {
  const { ended, said } = door.start(...args);
  return { code: await ended, out: said.out, err: said.err };
}

const newest = (): string => readdirSync(join(door.storage, 'runs')).sort().at(-1) ?? '';
const unasked = ['--approve', 'none', '--apply'];

test('a planner that talks nonsense fails the run, which goes another way with another model', async () => {
  const folder = project('nonsense');
  const nonsense = await serve(() => ({ content: 'Colourless green ideas sleep furiously.' }));
  const failed = await quartet(
    ...['run', GOAL, '--workspace', folder, '--base-url', nonsense, '--model', 'scripted', ...unasked],
  );
  assert.equal(failed.code, 1, failed.err);
  const run = newest();
  assert.match(failed.out, /The planner could not finish/);
  assert.ok(failed.out.includes(`quartet fork ${run} --model ID --state-dir ${door.storage}`), failed.out);
  const good = await serve(SCRIPT);
  const forked = await quartet('fork', run, '--base-url', good, '--model', 'scripted');
  assert.equal(forked.code, 0, forked.out + forked.err);
  assert.match(readFileSync(join(folder, 'greet.js'), 'utf8'), /everybody/);
});

test('a test command that is not there is named, and nothing is called proved', async () => {
  const folder = project('missing');
  const good = await serve(SCRIPT);
  const { code, out } = await quartet(
    ...['run', GOAL, '--workspace', folder, '--base-url', good, '--model', 'scripted', ...unasked],
    ...['--test-command', 'frobnicate --all'],
  );
  assert.equal(code, 5, out);
  assert.match(out, /Tests on the base: no tests ran\n {2}"frobnicate --all" could not be run/);
});

test('a call that policy refuses is told with its reason', async () => {
  const folder = project('refused');
  const planner = SCRIPT.agents.find(({ role }) => role === 'planner');
  assert.ok(planner);
  const [look, ...rest] = planner.replies;
  assert.ok(look);
  const nosy = { ...look, calls: [{ tool: 'read_file', args: { path: 'C:\\Windows\\win.ini' } }] };
  const agents = SCRIPT.agents.map((agent) =>
    agent === planner ? { ...planner, replies: [nosy, ...rest] } : agent,
  );
  const url = await serve({ ...SCRIPT, agents });
  const { code, out } = await quartet(
    ...['run', GOAL, '--workspace', folder, '--base-url', url, '--model', 'scripted', ...unasked],
  );
  assert.equal(code, 0, out);
  assert.match(out, /planner: read_file: Not allowed: drive letters are not allowed/);
});

test('goals are listed on one line each, short and without what steers a terminal', async () => {
  const folder = project('long');
  rmSync(join(folder, 'test'), { recursive: true });
  const goal = `\u001b[31mred ${'x'.repeat(500)}\nand more`;
  await quartet('run', goal, '--workspace', folder, '--base-url', 'http://127.0.0.1:9/v1', '--model', 'm');
  const { out } = await quartet('runs', '--workspace', folder);
  const line = out.split('\n').find((each) => each.includes('red x')) ?? '';
  assert.ok(line.length > 100 && line.length < 180, out);
  assert.ok(!out.includes('\u001b') && !out.includes('and more'));
});

test('an endpoint that refuses the key is said to, before a run begins', async () => {
  const strict = await startModelServer({ answers: SCRIPT, key: 'sk-right' });
  servers.push(strict);
  const before = readdirSync(join(door.storage, 'runs')).length;
  const { code, err } = await quartet('run', GOAL, '--workspace', door.room, '--base-url', strict.url);
  assert.equal(code, 2);
  assert.match(err, /It wants a key, and none is set \(401\)\. Check the address and OPENAI_API_KEY/);
  assert.equal(readdirSync(join(door.storage, 'runs')).length, before);
});
