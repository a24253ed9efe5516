/** A shell on the disk in memory whose commands really run: folders are written out for a command, and what it wrote read back. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ShellResult } from '../../src/core/ports.ts';
import { FILE_MODE, type DiskFolder, type InMemoryDisk } from '../support/in-memory/disk.ts';
import type { Play } from '../support/in-memory/shell.ts';

/** Files below a real folder, by path. */
export async function readFolder(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const),
    ),
  );
}

/** Roots that a command names are real folders while it runs; their paths are replaced in its text and environment. */
export function realCommands(disk: InMemoryDisk): Play {
  return async ({ command, cwd, env = {}, timeoutMs }) => {
    const home = await mkdtemp(join(tmpdir(), 'quartet-play-'));
    const named = [...disk.roots.keys()].filter(
      (root) => root === cwd || [command, ...Object.values(env)].some((text) => text.includes(root)),
    );
    const real = (text: string): string => named.reduce((so, root) => so.replaceAll(root, home + root), text);
    try {
      for (const root of named) await writeOut(disk.folder(root), home + root);
      const realEnv = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, real(value)]));
      const result = await run(real(command), { cwd: home + cwd, env: realEnv, timeoutMs });
      for (const root of named) await readBack(home, root, disk.folder(root));
      const { exitCode, stdout, stderr } = result;
      return { exitCode, stdout: stdout.replaceAll(home, ''), stderr: stderr.replaceAll(home, '') };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  };
}

async function writeOut(from: DiskFolder, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const [path, { bytes }] of from) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), bytes);
  }
}

/** Where a file tells where it lay, it tells the root in memory. */
async function readBack(home: string, root: string, to: DiskFolder): Promise<void> {
  const files = await readFolder(home + root);
  for (const path of [...to.keys()]) if (!files.has(path)) to.delete(path);
  for (const [path, bytes] of files) {
    const told = bytes.includes(home) ? Buffer.from(bytes.toString('utf8').replaceAll(home, '')) : bytes;
    to.set(path, { bytes: told, mode: to.get(path)?.mode ?? FILE_MODE });
  }
}

type Ran = Pick<ShellResult, 'exitCode' | 'stdout' | 'stderr'>;

interface Running {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

function run(command: string, { cwd, env, timeoutMs }: Running): Promise<Ran> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const options = { cwd, env: { PATH: path, HOME: cwd, ...env }, timeout: timeoutMs };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', command], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ exitCode, stdout, stderr });
    });
  });
}
