/** What a command costs over starting it bare: noted and ended with its group, and in the sandbox. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Shell } from '../../src/core/ports.ts';
import { createNodeShell } from '../../src/node/shell.ts';
import { figure, median, timed } from './figures.ts';

const TIMES = 15;
/** Most that a sandbox may add to a command, in milliseconds: nobody should want to switch it off. */
const SANDBOX_MS_MAX = 150;

/** Median time of one command, in milliseconds. */
async function each(shell: Shell, mode: 'auto' | 'off', cwd: string): Promise<number> {
  const confined = { mode, network: 'local', writable: [cwd], readable: [] } as const;
  const limits = { timeoutMs: 60_000, outputChars: 1000, label: 'bench' };
  const { signal } = new AbortController();
  return median(TIMES, () => timed(() => shell.run({ command: 'true', cwd, confined, ...limits }, signal)));
}

const folder = await fs.mkdtemp(join(process.env['QUARTET_BENCH'] ?? tmpdir(), 'tools-'));
try {
  const shell = createNodeShell();
  const began = performance.now();
  const { by, why } = await shell.enforced({ mode: 'auto', network: 'local' });
  figure(`find out what holds commands here (${by})`, performance.now() - began, 'ms');
  const bare = await median(TIMES, () => timed(() => promisify(execFile)('/bin/sh', ['-c', 'true'])));
  figure('a command, bare', bare, 'ms');
  const free = await each(shell, 'off', folder);
  figure('a command of an agent without a sandbox', free, 'ms');
  if (by === 'none') console.log(`  no sandbox: ${why ?? ''}`);
  else {
    const held = await each(shell, 'auto', folder);
    figure('a command of an agent in the sandbox', held, 'ms');
    figure('what the sandbox adds', held - free, 'ms', { max: SANDBOX_MS_MAX });
  }
} finally {
  await fs.rm(folder, { recursive: true, force: true });
}
