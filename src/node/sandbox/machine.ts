/** Looks at the machine once: where programs lie, what is guarded, whether a sandbox starts. */
import { execFile } from 'node:child_process';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Enforced } from '../../protocol/enforced.ts';
import { bubblewrapArgs, type Level } from './bubblewrap.ts';
import { isBelow, visiblePlaces, type Machine } from './places.ts';

/** A start of the sandbox that takes longer than this does not count. */
const PROBE_MS_MAX = 10_000;

/** Interpreters and managers that are often links to somewhere else. */
const PROGRAMS = [
  ...['node', 'npm', 'npx', 'pnpm', 'yarn', 'bun', 'deno', 'python3', 'python', 'pip', 'uv', 'pytest'],
  ...['git', 'rg', 'cargo', 'go', 'java', 'mvn', 'gradle', 'ruby', 'php', 'dotnet', 'make', 'cmake'],
];

/** Hidden from everybody; what only root may read is hidden from commands that root runs too. */
const GUARDED = ['/etc/ssh', '/etc/ssl/private', '/etc/sudoers', '/etc/sudoers.d', '/etc/environment'];

export function lookAtMachine(
  platform: Machine['platform'],
  env: Readonly<Record<string, string | undefined>>,
): Machine {
  const home = env['HOME'] ?? homedir();
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const found = PROGRAMS.flatMap((name) => {
    const real = folders.map((folder) => realOf(join(folder, name))).find((path) => path !== undefined);
    return real === undefined ? [] : [real];
  });
  const own = realOf(process.execPath);
  return { platform, home, env, programs: own === undefined ? found : [...found, own], guarded: guarded() };
}

function guarded(): readonly string[] {
  const secret = process.getuid?.() === 0 ? unreadableIn('/etc', 2) : [];
  const there = GUARDED.filter((path) => realOf(path) !== undefined);
  const all = [...new Set([...there, ...secret])];
  return all.filter((path) => !all.some((other) => other !== path && isBelow(path, other)));
}

/** Files and folders that the world may not read. */
function unreadableIn(folder: string, depth: number): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isFile() && !entry.isDirectory()) return [];
    // What goes away meanwhile needs no cover.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return [];
    if ((stat.mode & 0o004) === 0) return [path];
    return entry.isDirectory() && depth > 1 ? unreadableIn(path, depth - 1) : [];
  });
}

/** Those of the places that are there for this person: bubblewrap takes what is absent, but not what is closed to them. */
export function placesHere(machine: Machine, network: Enforced['network']): readonly string[] {
  return visiblePlaces(machine, network).filter((path) => realOf(path) !== undefined);
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** What starts here, or why nothing does. */
export type Tool =
  | { readonly by: 'bubblewrap'; readonly program: string; readonly level: Level }
  | { readonly by: 'seatbelt'; readonly program: string }
  | { readonly by: 'none'; readonly why: string };

/** One probe a process. */
const probed = new Map<string, Promise<Tool>>();

export function findTool(machine: Machine): Promise<Tool> {
  const key = `${machine.platform}\0${machine.env['PATH'] ?? ''}`;
  const tool =
    probed.get(key) ?? (machine.platform === 'darwin' ? probeSeatbelt() : probeBubblewrap(machine));
  probed.set(key, tool);
  return tool;
}

async function probeSeatbelt(): Promise<Tool> {
  const program = '/usr/bin/sandbox-exec';
  const failed = await run(program, ['-p', '(version 1)(allow default)', '/usr/bin/true']);
  if (failed === undefined) return { by: 'seatbelt', program };
  return { by: 'none', why: `sandbox-exec does not start here: ${failed}.` };
}

/** From the strictest on: a container may refuse one and allow the next. */
async function probeBubblewrap(machine: Machine): Promise<Tool> {
  const program = bubblewrapIn(machine);
  if (program === undefined) return { by: 'none', why: 'bubblewrap (bwrap) is not installed.' };
  const levels: readonly Level[] = process.getuid?.() === 0 ? ['sealed', 'user', 'root'] : ['sealed', 'user'];
  const mounts = placesHere(machine, 'none').map((path) => ({ path, as: 'readable' }) as const);
  let why: string | undefined;
  for (const level of levels) {
    const args = bubblewrapArgs({ level, cwd: '/', mounts, network: 'own', joinable: false });
    // The command's world is told on a descriptor that a shell has to open.
    why = await run('/bin/sh', ['-c', 'exec "$@" 4>/dev/null', 'sh', program, ...args, '/bin/sh', '-c', ':']);
    if (why === undefined) return { by: 'bubblewrap', program, level };
  }
  return { by: 'none', why: `bubblewrap is installed but does not start here: ${why ?? ''}.` };
}

function bubblewrapIn({ env }: Machine): string | undefined {
  const folders = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];
  const onPath = (env['PATH'] ?? '')
    .split(':')
    .filter((folder) => /^\/(opt|nix|gnu|home\/linuxbrew)\//u.test(folder));
  return [...folders, ...onPath].map((folder) => join(folder, 'bwrap')).find((path) => realOf(path));
}

/** undefined where it ended well, else what it said last. */
function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: PROBE_MS_MAX, encoding: 'utf8', env: {} } as const;
    execFile(program, args, options, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(stderr.trim().split('\n').at(-1)?.replace(/\.$/u, '') || error.message);
    });
  });
}
