/** Commands of agents and what holds them: through the terminal door with real commands, and the rules of it in memory. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EventData, JournalLine } from '../../src/protocol/events.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import { ScriptedShell } from '../support/in-memory/shell.ts';
import { WHERE_HELD } from '../support/sandbox.ts';
import { commitAll } from '../support/sample.mjs';
import { play, worldOf, type Scenario } from './check.ts';
import { agent, call, FILES, fix, PLANNER, result, REVIEWER, script } from './parts.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { playTests } from './tap-runner.ts';

let door: TerminalDoor;
before(async () => (door = await openTerminalDoor()));
after(() => door.close());

const PORT = 18_231;
const LOOK = `cat "$HOME/.ssh/id_test"; echo out > "$HOME/escaped"; echo looked`;
const SERVE = `node -e "require('http').createServer((q, s) => s.end('served')).listen(${PORT}, '127.0.0.1')"`;
const FETCH = `node -e "fetch('http://127.0.0.1:${PORT}').then((r) => r.text()).then(console.log)"`;
const CODE = `import { readFileSync, writeFileSync } from 'node:fs';
writeFileSync('left-behind', 'x');
console.log(readFileSync('src/greet.txt', 'utf8').trim().length * Number(readFileSync(0, 'utf8')));`;

/** The coder's calls, by what they are called here. */
const CALLS = {
  look: call('run_command', { command: LOOK }),
  serve: call('run_command', { command: SERVE, background: true }),
  fetch: call('run_command', { command: FETCH }),
  code: call('run_code', { language: 'javascript', code: CODE, stdin: '10' }),
  long: call('run_command', { command: 'seq 1 20000' }),
};

const NODE_TEST = `const { test } = require('node:test');
const { readFileSync } = require('node:fs');
test('greets', () => require('node:assert').match(readFileSync('src/greet.txt', 'utf8'), /hello/));
`;

async function makeProject(name: string): Promise<string> {
  const folder = join(door.room, name);
  const files = { 'src/greet.txt': 'helo\n', 'test/greet.test.js': NODE_TEST, 'package.json': '{}' };
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(join(folder, path, '..'), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
  await commitAll(folder);
  await fs.mkdir(join(door.room, '.ssh'), { recursive: true });
  await fs.writeFile(join(door.room, '.ssh/id_test'), 'key-of-the-person');
  const coder = agent('coder', [[...Object.values(CALLS)], [fix, result()]]);
  await fs.writeFile(join(door.room, 'script.json'), JSON.stringify(script(PLANNER, coder, REVIEWER)));
  return folder;
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  /** What each call of the coder came to. */
  readonly output: (name: keyof typeof CALLS) => Promise<Output>;
  readonly lines: readonly JournalLine[];
}
interface Output {
  readonly state: string;
  readonly text: string;
  readonly whole?: string;
  readonly facts: EventData<'step.finished'>['facts'];
}

async function run(name: string, ...options: readonly string[]): Promise<Ran> {
  const folder = await makeProject(name);
  const terminal = door.start(
    ...['run', 'Greet', '--workspace', folder, '--script', join(door.room, 'script.json')],
    ...['--approve', 'none', '--test-command', 'node --test', ...options],
  );
  const code = await terminal.ended;
  const id = (await fs.readdir(join(door.storage, 'runs'))).sort().at(-1) ?? '';
  const text = await fs.readFile(join(door.storage, 'runs', id, 'journal.jsonl'), 'utf8');
  const { lines } = decodeJournal(text, nodeHasher);
  const output = async (wanted: keyof typeof CALLS): Promise<Output> => {
    const index = Object.keys(CALLS).indexOf(wanted);
    const line = lines.find(
      ({ key, type }) => type === 'step.finished' && key?.endsWith(`turn/1/tool/${index}`),
    );
    assert.ok(line?.type === 'step.finished', `${wanted} ended: ${terminal.said.err}`);
    const { blob, output: inline, facts } = line.data;
    const read: unknown =
      blob === undefined
        ? inline
        : JSON.parse(await fs.readFile(join(door.storage, 'runs', id, 'blobs', blob), 'utf8'));
    return { ...(read as Omit<Output, 'facts'>), facts };
  };
  return { code, out: terminal.said.out + terminal.said.err, output, lines };
}

test(
  'held: nobody is asked, and nothing comes out; servers, code and tests work; each says what held it',
  WHERE_HELD,
  async () => {
    const { code, out, output, lines } = await run('held');
    assert.equal(code, 0, out);
    const look = await output('look');
    assert.equal(look.state, 'ok', look.text);
    assert.match(look.text, /looked/u);
    assert.doesNotMatch(look.text, /key-of-the-person/u);
    await assert.rejects(fs.access(join(door.room, 'escaped')));
    assert.match((await output('serve')).text, /^Handle: bg-[0-9a-f]{8}\nIt is ready/u);
    assert.match((await output('fetch')).text, /^served\n/u);
    assert.match((await output('code')).text, /^40\n/u);
    const long = await output('long');
    assert.match(long.text, /left out\. Read on: read_more/u);
    assert.match(long.whole ?? '', /^1\n2\n[\s\S]*\n9999\n10000\n[\s\S]*\n20000\n/u, 'all of it is kept');
    assert.equal(long.facts?.state, 'ok');
    for (const name of Object.keys(CALLS) as (keyof typeof CALLS)[])
      assert.deepEqual((await output(name)).facts?.enforced, { by: 'bubblewrap', network: 'none' }, name);
    assert.match(out, /^ {2}fix: \[sandboxed: files, network\]$/mu);
    const changed = lines.find(({ type }) => type === 'changes.proposed');
    assert.deepEqual(changed?.type === 'changes.proposed' && changed.data.files.map(({ path }) => path), [
      'src/greet.txt',
    ]);
  },
);

test('not held: what nothing confines is denied, and the badge says so', async () => {
  const { code, out, output } = await run('free', '--sandbox', 'off');
  assert.equal(code, 0, out);
  assert.equal((await output('look')).state, 'denied');
  assert.equal((await output('code')).state, 'denied');
  await assert.rejects(fs.access(join(door.room, 'escaped')));
  assert.deepEqual((await output('long')).facts?.enforced, {
    by: 'none',
    network: 'open',
    why: 'The sandbox is switched off.',
  });
  assert.match(out, /\[not sandboxed\]/u);
  assert.doesNotMatch(out, /\[sandboxed/u);
});

test('a word that is no choice is wrong usage', async () => {
  for (const options of [
    ['--sandbox', 'maybe'],
    ['--network', 'some'],
  ]) {
    const terminal = door.start('run', 'x', ...options);
    assert.equal(await terminal.ended, 2);
    assert.match(terminal.said.err, /takes (auto|none), /u);
  }
});

const held = { by: 'bubblewrap', network: 'none' } as const;
/** A world whose commands are held, or not; it keeps how each command was to be confined. */
function worldHeld(scenario: Scenario, isHeld: boolean) {
  const world = worldOf(scenario);
  const shell = new ScriptedShell((command, signal) => playTests(world.ports.disk)(command, signal));
  if (isHeld) shell.enforced = () => Promise.resolve(held);
  return { shell, world: { ...world, enginePorts: { ...world.enginePorts, shell } } };
}

test('must be held, and cannot: nothing runs, the run pauses and says what to do', async () => {
  const scenario = { files: FILES, script: script(PLANNER), settings: { sandbox: { mode: 'on' as const } } };
  const { shell, world } = worldHeld(scenario, false);
  const { end, lines } = await play(scenario, world);
  assert.deepEqual([end.kind, end.kind === 'paused' && end.reason], ['paused', 'environment']);
  assert.match(end.kind === 'paused' ? end.message : '', /no sandbox/u);
  assert.deepEqual(shell.commands, []);
  assert.ok(!lines.some(({ type }) => type === 'base.taken'));
});

test('what was held as the run began is never run unheld later; what was not may be', async () => {
  const coder = agent('coder', [[call('run_command', { command: 'ls' }), fix, result()]]);
  const scenario = { files: FILES, script: script(PLANNER, coder, REVIEWER) };
  for (const isHeld of [true, false]) {
    const { shell, world } = worldHeld(scenario, isHeld);
    const { end, lines } = await play(scenario, world);
    assert.equal(end.kind === 'finished' && end.outcome, 'done');
    const modes = new Set(shell.commands.map(({ confined }) => confined?.mode));
    assert.deepEqual([...modes], [isHeld ? 'on' : 'auto']);
    const base = lines.find(({ type }) => type === 'base.taken');
    assert.equal(base?.type === 'base.taken' && base.data.enforced?.by, isHeld ? 'bubblewrap' : 'none');
  }
});

const BACKGROUND = { command: 'serve', background: true };

test('background commands have a limit, are read and stopped by handle, and an unknown handle is answered', async () => {
  const start = call('run_command', BACKGROUND);
  const coder = agent('coder', [
    [start, start, call('read_output', { handle: 'bg-00000000' }), call('stop_command', { handle: 'x' })],
    [fix, result()],
  ]);
  const settings = { limits: { background: 1 }, sandbox: { mode: 'auto' as const } };
  const scenario = { files: FILES, script: script(PLANNER, coder, REVIEWER), settings };
  const { world } = worldHeld(scenario, true);
  const { lines } = await play(scenario, world);
  const texts = lines.flatMap((line) =>
    line.type === 'step.finished' && /turn\/1\/tool\/\d+$/u.test(line.key ?? '')
      ? [(line.data.output as { text: string }).text]
      : [],
  );
  assert.match(texts[0] ?? '', /^Handle: bg-[0-9a-f]{8}\n/u);
  assert.match(texts[1] ?? '', /already/u);
  assert.match(texts[2] ?? '', /does not run: .* Start it again/u);
  assert.match(texts[3] ?? '', /a handle that run_command gave/u);
  const limits = lines.filter(({ type }) => type === 'limit.reached');
  assert.deepEqual(
    limits.map((line) => line.type === 'limit.reached' && line.data.limit),
    ['background'],
  );
});

test('a command that wants the network is asked for, also where it is held; with nobody there it is denied', async () => {
  const coder = agent('coder', [[call('run_command', { command: 'ls', network: true }), fix, result()]]);
  const scenario = { files: FILES, script: script(PLANNER, coder, REVIEWER) };
  const denied = worldHeld(scenario, true);
  await play(scenario, denied.world);
  assert.ok(!denied.shell.commands.some(({ command }) => command === 'ls'));

  const asking: Scenario = {
    ...scenario,
    settings: { interactive: true, approvals: { plan: false, commands: true, changes: false } },
    answers: { 'permission/task/fix/attempt/1/coder/round/0/turn/1/tool/0': { allow: true } },
  };
  const allowed = worldHeld(asking, true);
  const { lines } = await play(asking, allowed.world);
  const asked = lines.find((line) => line.type === 'signal.opened' && line.data.kind === 'permission');
  assert.match(asked?.type === 'signal.opened' ? (asked.data.detail ?? '') : '', /it wants the network/u);
  assert.equal(allowed.shell.commands.find(({ command }) => command === 'ls')?.confined?.network, 'all');
});
