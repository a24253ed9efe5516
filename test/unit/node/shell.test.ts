import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { PortError, type ShellCommand } from '../../../src/core/ports.ts';
import { commandEnvironment } from '../../../src/node/environment.ts';
import { createCappedOutput } from '../../../src/node/output.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import { badgeOf } from '../../../src/protocol/enforced.ts';
import { until } from '../../support/contract/run-store.ts';
import { WHERE_HELD } from '../../support/sandbox.ts';

const shell = createNodeShell();
const calm = new AbortController().signal;
const run = (command: string, more: Partial<ShellCommand> = {}, signal = calm) =>
  shell.run(
    { command, cwd: tmpdir(), timeoutMs: 20_000, outputChars: 10_000, label: 'test', ...more },
    signal,
  );

async function scratch(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'quartet-shell-'));
  try {
    await body(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
/** A program that sleeps for a time that no other one sleeps, and whether it lives: seen from here, in a sandbox or not. */
function sleeper(): { readonly command: string; lives(): Promise<boolean> } {
  const command = `sleep 6${randomInt(10_000, 99_999)}`;
  return {
    command,
    lives: async () => {
      const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'stat=,args=']);
      return stdout.split('\n').some((line) => !line.startsWith('Z') && line.endsWith(command));
    },
  };
}
/** With and without the system's sandbox, where there is one. */
const held = (cwd: string, mode: 'auto' | 'off'): Partial<ShellCommand> => ({
  cwd,
  confined: { mode, network: 'local', writable: [cwd], readable: [] },
});
const MODES = WHERE_HELD.skip === false ? (['auto', 'off'] as const) : (['off'] as const);

test('a command has its exit code, both outputs and no input', async () => {
  const result = await run('cat; echo out; echo err >&2; exit 3');
  assert.equal(result.exitCode, 3);
  assert.equal(result.stdout, 'out\n');
  assert.equal(result.stderr, 'err\n');
  assert.equal(result.timedOut, false);
});

test('a command that a signal ended has no exit code', async () => {
  assert.equal((await run('kill -9 $$', held(tmpdir(), 'off'))).exitCode, null);
});

for (const mode of MODES) {
  test(`sandbox ${mode}: a time limit ends the whole family, also those that ignore being asked`, async () => {
    await scratch(async (folder) => {
      const { command, lives } = sleeper();
      const family = `trap "" TERM; sh -c 'trap "" TERM; while :; do ${command}; done' & echo started; wait`;
      const result = await run(family, { ...held(folder, mode), timeoutMs: 800 });
      assert.equal(result.timedOut, true);
      assert.equal(result.exitCode, null);
      assert.equal(result.stdout, 'started\n');
      assert.equal(await lives(), false);
    });
  });

  test(`sandbox ${mode}: what a command leaves running ends with it`, async () => {
    await scratch(async (folder) => {
      const { command, lives } = sleeper();
      const result = await run(`${command} & echo done`, held(folder, mode));
      assert.equal(result.exitCode, 0);
      assert.ok(result.durationMs < 10_000);
      assert.equal(await lives(), false);
    });
  });

  test(`sandbox ${mode}: abort rejects with the reason, when everything is dead`, async () => {
    await scratch(async (folder) => {
      const controller = new AbortController();
      const { command, lives } = sleeper();
      const running = run(`touch began; ${command}`, held(folder, mode), controller.signal);
      await until('it runs', async () => (await fs.readdir(folder)).length > 0 && (await lives()));
      const reason = new Error('stopped by a person');
      controller.abort(reason);
      await assert.rejects(running, reason);
      assert.equal(await lives(), false);
      await assert.rejects(run('touch never', held(folder, mode), AbortSignal.abort(reason)), reason);
      assert.deepEqual(await fs.readdir(folder), ['began']);
    });
  });
}

test('a command that cannot start is said', async () => {
  await assert.rejects(run('ls', { cwd: join(tmpdir(), 'no such folder') }), (error) => {
    return error instanceof PortError && error.code === 'shell.failed';
  });
  assert.equal((await run('no-such-command-anywhere')).exitCode, 127);
});

test('long output keeps head and tail and says what is missing', async () => {
  const { stdout } = await run('echo first; seq 1 200000; echo last', { outputChars: 1000 });
  assert.ok(stdout.length < 1100);
  assert.match(stdout, /^first\n1\n/u);
  assert.match(stdout, /\[… \d+ characters left out …\]/u);
  assert.match(stdout, /200000\nlast\n$/u);
});

test('a question that is never answered is seen as one', async () => {
  const asking = await run('printf "Overwrite? [y/N] "; sleep 60', { timeoutMs: 400 });
  assert.deepEqual([asking.timedOut, asking.waitedForInput], [true, true]);
  const working = await run('echo compiling; sleep 60', { timeoutMs: 400 });
  assert.deepEqual([working.timedOut, working.waitedForInput], [true, false]);
});

test('secrets of the environment stay here; what tools need goes along', async () => {
  const own = {
    PATH: process.env['PATH'],
    HOME: '/home/me',
    OPENAI_API_KEY: 'sk-1',
    GITHUB_TOKEN: 't',
    AWS_SECRET_ACCESS_KEY: 's',
    NODE_OPTIONS: '--require=/evil.js',
    LD_PRELOAD: '/evil.so',
    SSH_AUTH_SOCK: '/agent',
    GOPROXY: 'https://me:secret@host',
    SOMETHING: 'else',
  };
  const env = commandEnvironment(own, { EXTRA: '1' });
  assert.deepEqual(
    Object.keys(env)
      .filter((name) => name in own)
      .sort(),
    ['HOME', 'PATH'],
  );
  assert.deepEqual([env['CI'], env['TERM'], env['EXTRA']], ['true', 'dumb', '1']);
  const result = await createNodeShell({ environment: own }).run(
    { command: 'env', cwd: tmpdir(), timeoutMs: 9000, outputChars: 9000, label: 'x', env: { MORE: '2' } },
    calm,
  );
  assert.match(result.stdout, /^MORE=2$/mu);
  assert.doesNotMatch(result.stdout, /sk-1|evil|agent/u);
});

test('people see the command and its output as it comes', async () => {
  const seen: string[] = [];
  const visible = createNodeShell({ onOutput: (label, text) => seen.push(`${label}|${text}`) });
  await visible.run(
    { command: 'echo hi', cwd: tmpdir(), timeoutMs: 9000, outputChars: 100, label: 'coder' },
    calm,
  );
  const badge = badgeOf(await visible.enforced({ mode: 'auto', network: 'local' }));
  assert.deepEqual(seen, [`coder|$ echo hi\n[${badge}]\n`, 'coder|hi\n']);
});

test('a character that is split over chunks is whole', () => {
  const output = createCappedOutput(100);
  const bytes = Buffer.from('aü日b');
  const shown = [...bytes].map((byte) => output.add(Uint8Array.of(byte))).join('');
  assert.equal(shown, 'aü日b');
  assert.equal(output.text(), 'aü日b');
  const cut = createCappedOutput(100);
  cut.add(bytes.subarray(0, 2));
  assert.equal(cut.text(), 'a\ufffd');
});

test('whatever the chunks, head and tail are exact and the count is right', () => {
  for (const size of [1, 7, 100, 5000]) {
    const text = Array.from({ length: 3000 }, (_, index) => String(index % 10)).join('');
    const output = createCappedOutput(100);
    for (let at = 0; at < text.length; at += size) output.add(Buffer.from(text.slice(at, at + size)));
    assert.equal(output.text(), `${text.slice(0, 40)}\n[… 2900 characters left out …]\n${text.slice(-60)}`);
  }
});

test('what came since is told once, and what was dropped is counted', () => {
  const output = createCappedOutput(100);
  output.add(Buffer.from('a'.repeat(30)));
  assert.equal(output.since(20), 'a'.repeat(10));
  assert.equal(output.length(), 30);
  output.add(Buffer.from('b'.repeat(5000)));
  assert.equal(output.since(output.length()), '');
  assert.equal(output.length(), 5030);
  const told = output.since(30);
  assert.match(told, /^b{10}\n\[… \d+ characters left out …\]\nb+$/u);
  const [, dropped = ''] = /… (\d+) /u.exec(told) ?? [];
  assert.equal(told.replace(/\n.*\n/u, '').length + Number(dropped), 5000);
});
