/** Suites of several processes share one limit: really several processes, one of which may die with its turn. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createSuiteSlots } from '../../../src/node/suite-slots.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const FROM = pathToFileURL(resolve(import.meta.dirname, '../../../src/node/suite-slots.ts')).href;

/** Takes a turn, says so, and ends it when it is told to. */
const OTHER = `
const [folder, max] = process.argv.slice(1);
const { createSuiteSlots } = await import(${JSON.stringify(FROM)});
const say = (text) => process.stdout.write(text + '\\n');
const log = { info: () => say('waits'), warn: say, error: say };
const turn = await createSuiteSlots({ folder, log }).take(Number(max), new AbortController().signal);
say(turn.beside ?? 'has it');
process.stdin.once('data', async () => {
  await turn.end();
  say('ended');
  process.exit(0);
});
`;

interface Other {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function other(context: TestContext, folder: string, max = 1): Other {
  const child = spawn(process.execPath, ['--input-type=module', '-e', OTHER, folder, String(max)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString();
  });
  context.after(() => void child.kill('SIGKILL'));
  return { child, said: () => text };
}

async function room(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-suites-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'suites');
}

async function waitFor(what: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!what()) {
    assert.ok(Date.now() < end, 'it did not come to that');
    await wait(50);
  }
}

const never = new AbortController().signal;
const log = new InMemoryLog();

test('a suite waits for that of another process, and begins when it ends', async (context) => {
  const folder = await room(context);
  const first = other(context, folder);
  await waitFor(() => first.said().includes('has it'));
  const second = other(context, folder);
  await waitFor(() => second.said().includes('waits'));
  assert.ok(!second.said().includes('has it'));
  first.child.stdin?.write('end\n');
  await waitFor(() => second.said().includes('has it'));
  assert.match(first.said(), /ended/);
});

test('two fit where two may run, a third does not', async (context) => {
  const folder = await room(context);
  const [one, two] = [other(context, folder, 2), other(context, folder, 2)];
  await waitFor(() => one.said().includes('has it') && two.said().includes('has it'));
  const third = createSuiteSlots({ folder, log, waitMs: 50 });
  const beside = await third.take(2, never);
  assert.match(beside.beside ?? '', /did not end within/);
  await beside.end();
  const fourth = await third.take(3, never);
  assert.equal(fourth.beside, undefined, 'where more may run there is room');
  await fourth.end();
});

test('what a dead process held is free at once', async (context) => {
  const folder = await room(context);
  const dying = other(context, folder);
  await waitFor(() => dying.said().includes('has it'));
  dying.child.kill('SIGKILL');
  await once(dying.child, 'close');
  const turn = await createSuiteSlots({ folder, log, waitMs: 60_000 }).take(1, never);
  assert.equal(turn.beside, undefined);
  await turn.end();
});

test('who waits can be stopped, and leaves nothing behind', async (context) => {
  const folder = await room(context);
  const first = other(context, folder);
  await waitFor(() => first.said().includes('has it'));
  const stop = new AbortController();
  const slots = createSuiteSlots({ folder, log });
  const waiting = slots.take(1, stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(waiting);
  first.child.stdin?.write('end\n');
  await waitFor(() => first.said().includes('ended'));
  const turn = await slots.take(1, never);
  assert.equal(turn.beside, undefined);
  await turn.end();
});

test('where nothing can be written the limit holds in this process, and that is said', async (context) => {
  const folder = await room(context);
  await writeFile(folder, 'a file in its place');
  const own = new InMemoryLog();
  const slots = createSuiteSlots({ folder, log: own });
  const first = await slots.take(1, never);
  let hasBegun = false;
  const second = slots.take(1, never).then((turn) => {
    hasBegun = true;
    return turn;
  });
  await new Promise((done) => setImmediate(done));
  assert.equal(hasBegun, false);
  await first.end();
  await (await second).end();
  assert.match(own.lines.join('\n'), /cannot be counted/);
});
