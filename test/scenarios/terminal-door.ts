/** The terminal door as it ships, in a room of its own: built once, started as processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { doors } from '../../esbuild.js';

/** A terminal process, what it has printed, and how it ends. */
export interface Terminal {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

export interface TerminalDoor {
  readonly room: string;
  /** Where its runs are kept. */
  readonly storage: string;
  start(...args: string[]): Terminal;
  /** Stops what still runs and removes the room. */
  close(): Promise<void>;
}

/** `more` is laid over the environment of every process. */
export async function openTerminalDoor(
  more: (room: string) => Promise<Readonly<Record<string, string>>> = async () => ({}),
): Promise<TerminalDoor> {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-door-'));
  const storage = join(room, 'state');
  const options = { ...doors, entryPoints: { cli: 'src/cli.ts' }, outdir: join(room, 'dist') };
  await esbuild.build(options as esbuild.BuildOptions);
  const children: ChildProcess[] = [];
  const env = { PATH: process.env['PATH'] ?? '', HOME: room, ...(await more(room)) };
  return {
    room,
    storage,
    start(...args) {
      const child = spawn(process.execPath, [join(room, 'dist/cli.cjs'), ...args, '--state-dir', storage], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      const said = { out: '', err: '' };
      child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
      child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      return { child, said, ended };
    },
    async close() {
      for (const child of children) child.kill('SIGINT');
      for (const child of children)
        if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      await fs.rm(room, { recursive: true, force: true });
    },
  };
}
