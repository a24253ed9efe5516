import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { run } from '../../support/processes.mjs';

const posix = process.platform !== 'win32';
const processes = JSON.stringify(join(import.meta.dirname, '..', '..', 'support', 'processes.mjs'));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pids: readonly number[]): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!pids.some(alive)) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

/** Starts a process that starts one long-lived child and prints its number; `ending` is how it then goes on. */
function parent(ending: string): ReturnType<typeof spawn> {
  const program = `
    const { start } = await import(${processes});
    const { child } = start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(child.pid);
    ${ending}`;
  const env: NodeJS.ProcessEnv = { ...process.env };
  delete env['QUARTET_PROCESS_MARK'];
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  });
}

/** The numbers that it prints first. */
async function childrenOf({ stdout }: ReturnType<typeof spawn>, count: number): Promise<readonly number[]> {
  const pids: number[] = [];
  for await (const line of createInterface({ input: stdout! })) {
    pids.push(Number(line));
    if (pids.length === count) break;
  }
  assert.equal(pids.length, count);
  return pids;
}
const childOf = async (process: ReturnType<typeof spawn>): Promise<number> =>
  (await childrenOf(process, 1))[0] ?? NaN;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends what was started`, { skip: !posix }, async () => {
    const outer = parent('setInterval(() => {}, 1000);');
    const child = await childOf(outer);
    assert.ok(alive(child));
    outer.kill(signal);
    assert.ok(await gone([child]), 'the child outlived its parent');
  });
}

test('a command that is being ended does not call that a failure', { skip: !posix }, async () => {
  const setup = JSON.stringify(join(import.meta.dirname, '..', '..', 'support', 'setup.mjs'));
  const program = `
    const { start } = await import(${processes});
    const { fail } = await import(${setup});
    const { child, exited } = start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(child.pid);
    await exited;
    await fail(new Error('It ended by itself.'));`;
  const outer = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  outer.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = once(outer, 'close');
  await childOf(outer);
  outer.kill('SIGINT');
  const [code] = (await ended) as [number];
  assert.deepEqual([code, said], [130, '']);
});

test('an uncaught error ends what was started', { skip: !posix }, async () => {
  const outer = parent("setTimeout(() => { throw new Error('bug'); }, 300);");
  const child = await childOf(outer);
  assert.ok(await gone([child]), 'the child outlived its parent');
});

test('a process in a session of its own is ended too', { skip: process.platform !== 'linux' }, async () => {
  const ending = `
    const { spawn } = await import('node:child_process');
    const apart = spawn('setsid', ['sleep', '600'], { stdio: 'ignore', detached: true });
    console.log(apart.pid);
    apart.unref();
    setTimeout(() => process.exit(0), 500);`;
  const outer = parent(ending);
  assert.ok(await gone(await childrenOf(outer, 2)), 'a descendant outlived its ancestor');
});

test('a command that cannot start is an outcome, not a rejection', async () => {
  const { code, output } = await run('no-such-program-here', []);
  assert.equal(code, -1);
  assert.match(output, /ENOENT/);
});

test('a command that takes too long is ended', { skip: !posix }, async () => {
  const began = Date.now();
  const { code } = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 });
  assert.notEqual(code, 0);
  assert.ok(Date.now() - began < 10_000);
});
