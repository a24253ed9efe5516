/** What can be done with a run that is over, at the terminal: another plan, export, import, verify. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunView } from '../../src/protocol/view.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SECRET = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';

let door: TerminalDoor;
let run = '';
before(async () => {
  door = await openTerminalDoor();
  const workspace = join(door.room, 'work');
  await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
  const script = ['--script', join(FIXTURE, 'script.json'), '--approve', 'none'];
  await say('run', `Greet everybody. The key is ${SECRET}`, '--workspace', workspace, ...script);
  [run = ''] = await fs.readdir(join(door.storage, 'runs'));
});
after(() => door.close());

async function say(...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, 0, said.err + said.out);
  return said.out;
}

async function refused(code: number, ...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, code, said.err + said.out);
  return said.err + said.out;
}

const view = async (id: string): Promise<RunView> => JSON.parse(await say('show', id, '--json')) as RunView;

test('what a run has is told: models and how they did, roles, tools with their versions; for programs as one line', async () => {
  const { ended, said } = door.start('show', run, '--registry');
  assert.equal(await ended, 0, said.err);
  const text = said.out + said.err;
  assert.match(text, /Endpoints\n {2}.*: fine; 0 calls under way; \d+ answered, 0 failed/u);
  assert.match(text, /Roles\n[\s\S]* {2}coder \(1\+[0-9a-f]{8}\): 1 agent/u);
  assert.match(text, /Tools\n[\s\S]* {2}edit_file \(1\+[0-9a-f]{8}\): .*coder/u);
  const { endpoints, agents } = JSON.parse(await say('show', run, '--registry', '--json')) as {
    endpoints: readonly { answered: number }[];
    agents: readonly { role: string }[];
  };
  assert.ok((endpoints[0]?.answered ?? 0) > 0);
  assert.ok(agents.some(({ role }) => role === 'coder'));
});

test(
  'a run goes another way with an edited plan; planning is not paid for again',
  { timeout: 60_000 },
  async () => {
    const { plan } = await view(run);
    assert.ok(plan);
    const file = join(door.room, 'plan.json');
    const tasks = plan.spec.tasks.map((task) => ({ ...task, title: 'As the person wants it' }));
    await fs.writeFile(file, JSON.stringify({ ...plan.spec, tasks }));
    const said = await say('fork', run, '--plan', file);
    const fork = /Forked as (\S+)\./u.exec(said)?.[1] ?? '';
    const forked = await view(fork);
    assert.equal(forked.tasks[0]?.spec.title, 'As the person wants it');
    assert.equal(forked.finished?.outcome, 'done');
    assert.ok(forked.forked !== undefined && forked.forked.spent.calls > 0);
    assert.ok(
      !forked.feed.some(
        (item) => item.kind === 'said' && item.who.role === 'planner' && item.id > (forked.forked?.seq ?? 0),
      ),
    );
    assert.match(await say('replay', fork), /replays as recorded/u);
  },
);

test('a plan that is none, or does not hold, is told and makes no run', async () => {
  const runs = await fs.readdir(join(door.storage, 'runs'));
  const file = join(door.room, 'bad.json');
  assert.match(await refused(2, 'fork', run, '--plan', join(door.room, 'nowhere.json')), /There is no file/u);
  await fs.writeFile(file, '{"summary":"x","tasks":[]}');
  assert.match(await refused(2, 'fork', run, '--plan', file), /holds no plan: tasks/u);
  const task = { id: 'a', title: 'A', description: 'A', role: 'coder', depends_on: ['b'] };
  await fs.writeFile(file, JSON.stringify({ summary: 'x', tasks: [task] }));
  assert.match(await refused(1, 'fork', run, '--plan', file), /The plan does not hold: .*b/u);
  assert.match(await refused(2, 'fork', run, '--plan', file, '--at', '3'), /one of --at, --task and --plan/u);
  assert.deepEqual(await fs.readdir(join(door.storage, 'runs')), runs);
});

test('a run exports without secrets and imports as a run that is whole', async () => {
  const file = join(door.room, 'run.json');
  assert.match(await say('export', run, '--output', file), /Look it over/u);
  const text = await fs.readFile(file, 'utf8');
  assert.ok(!text.includes(SECRET));
  assert.ok(text.includes('[secret:1]'));
  const imported = /Imported as (\S+)\./u.exec(
    await say('import', file, '--workspace', join(door.room, 'work')),
  )?.[1];
  assert.ok(imported !== undefined && imported !== run);
  assert.match(await say('verify', imported), /^Whole: \d+ lines/u);
  assert.match(await say('replay', imported), /replays as recorded/u);
  assert.match(await refused(1, 'export', run, '--output', file), /EEXIST|exists/u);
});

test('a line that was altered and a blob that is gone are told by verify', async () => {
  const file = join(door.room, 'run.json');
  const copy =
    /Imported as (\S+)\./u.exec(await say('import', file, '--workspace', join(door.room, 'work')))?.[1] ?? '';
  const journal = join(door.storage, 'runs', copy, 'journal.jsonl');
  const text = await fs.readFile(journal, 'utf8');
  await fs.writeFile(journal, text.replace('"approved":true', '"approved":false'));
  assert.match(await refused(1, 'verify', copy), /damaged at line \d+/u);
  await fs.writeFile(journal, text);
  const blobs = join(door.storage, 'runs', copy, 'blobs');
  for (const name of await fs.readdir(blobs)) {
    await fs.rename(join(blobs, name), join(door.room, name));
    assert.match(await refused(1, 'verify', copy), new RegExp(`The blob ${name} is missing`, 'u'));
    await fs.writeFile(join(blobs, name), 'altered');
    assert.match(await refused(1, 'verify', copy), new RegExp(`The blob ${name} was altered`, 'u'));
    await fs.rename(join(door.room, name), join(blobs, name));
  }
  assert.match(await say('verify', copy), /^Whole/u);
});

test('a run is looked at along its time, as it was, and word for word', { timeout: 60_000 }, async () => {
  const timeline = await say('show', run, '--timeline');
  const step = /^\s*(\d+) .+ is thinking/mu.exec(timeline)?.[1] ?? '';
  assert.match(timeline, /Tests green/u);
  const prompt = await say('show', run, '--step', step, '--prompt');
  assert.match(prompt, /You are Quartet's[\s\S]+## Calls/u);
  const then = JSON.parse(await say('show', run, '--at', step, '--json')) as RunView;
  assert.equal(then.lastSeq, Number(step));
  assert.equal(then.finished, undefined);
  assert.match(await say('show', run, '--transcript'), /## Conversation[\s\S]+## End/u);
  assert.match(await refused(1, 'show', run, '--at', '99999'), /has no line 99999\.\s+Its last is \d+/u);
});
