/** Commands in the sandbox of the operating system: bubblewrap on Linux, Seatbelt on macOS, none elsewhere, which is said. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortError, type Confinement } from '../../core/ports.ts';
import type { Enforced } from '../../protocol/enforced.ts';
import { bubblewrapArgs, type Level, type Mount } from './bubblewrap.ts';
import { findTool, isFolder, lookAtMachine, placesHere, realOf, type Tool } from './machine.ts';
import { isBelow, type Machine } from './places.ts';
import { seatbeltProfile } from './seatbelt.ts';

export interface SandboxOptions {
  /** The environment that commands get, before what each adds. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folders that stay hidden wherever they lie: the person's workspace, the storage folder. */
  readonly hidden: readonly string[];
  /** Absolute folders that may always be read: what is lent to working copies. */
  readonly lent: readonly string[];
}

export interface ToConfine extends Confinement {
  readonly command: string;
  readonly cwd: string;
  /** Others may enter its network later. */
  readonly joinable: boolean;
  /** Process id of a joinable world whose network it enters. */
  readonly joins?: number;
}

/** What is to be started instead of the command alone. */
export interface Confined {
  readonly argv: readonly string[];
  /** Added to the command's environment; undefined takes one away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly enforced: Enforced;
  /** True where the world's process id comes on `INFO_FD`. */
  readonly tellsPid: boolean;
  /** Removes what was made for it. */
  cleanUp(): Promise<void>;
}

export interface Sandbox {
  /** Errors: `sandbox.missing`. */
  enforced(wish: Pick<Confinement, 'mode' | 'network'>): Promise<Enforced>;
  /** Errors: `sandbox.missing`. */
  confine(command: ToConfine): Promise<Confined>;
}

const NSENTER = '/usr/bin/nsenter';

export function createSandbox(options: SandboxOptions): Sandbox {
  let machine: Machine | undefined;
  const look = (platform: Machine['platform']) => (machine ??= lookAtMachine(platform, options.env));
  const tool = async (mode: Confinement['mode']): Promise<Tool> => {
    if (mode === 'off') return { by: 'none', why: 'The sandbox is switched off.' };
    const found = await toolOf(look);
    if (found.by === 'none' && mode === 'on') throw missing(found.why);
    return found;
  };
  return {
    enforced: async ({ mode, network }) => enforcedBy(await tool(mode), network),
    confine: async (command) => {
      const found = await tool(command.mode);
      const enforced = enforcedBy(found, command.network);
      if (found.by === 'none') return unconfined(command.command, enforced);
      if (found.by === 'seatbelt')
        return seatbelt(command, { tool: found, machine: look('darwin'), options, enforced });
      return bubblewrap(command, { tool: found, machine: look('linux'), options, enforced });
    },
  };
}

function toolOf(look: (platform: Machine['platform']) => Machine): Promise<Tool> {
  const { platform } = process;
  if (platform === 'linux' || platform === 'darwin') return findTool(look(platform));
  return Promise.resolve({ by: 'none', why: 'This system has no sandbox that can be used here.' });
}

function missing(why: string): PortError {
  return new PortError('sandbox.missing', `Commands must run in a sandbox, and there is none: ${why}`, {
    advice: 'Install bubblewrap (Linux), or set quartet.sandbox.mode (--sandbox) to auto or off.',
  });
}

/** Linux gives a command a loopback of its own; macOS that of the machine or none. */
function enforcedBy(tool: Tool, network: Confinement['network']): Enforced {
  if (tool.by === 'none') return { by: 'none', network: 'open', why: tool.why };
  if (network === 'all') return { by: tool.by, network: 'open' };
  return { by: tool.by, network: tool.by === 'seatbelt' && network === 'local' ? 'loopback' : 'none' };
}

const NOTHING_TO_DO = () => Promise.resolve();

function unconfined(command: string, enforced: Enforced): Confined {
  return {
    argv: ['/bin/sh', '-c', command],
    env: {},
    enforced,
    tellsPid: false,
    cleanUp: NOTHING_TO_DO,
  };
}

interface World<T> {
  readonly tool: T;
  readonly machine: Machine;
  readonly options: SandboxOptions;
  readonly enforced: Enforced;
}

type Bubblewrap = World<Tool & { by: 'bubblewrap' }>;

function bubblewrap(command: ToConfine, { tool, machine, options, enforced }: Bubblewrap): Confined {
  const joins = realOf(NSENTER) === undefined ? undefined : command.joins;
  const args = bubblewrapArgs({
    level: tool.level,
    cwd: command.cwd,
    mounts: mountsFor(command, { machine, options, enforced }),
    network: enforced.network === 'open' || joins !== undefined ? 'shared' : 'own',
    joinable: command.joinable,
  });
  return {
    argv: [...entering(joins, tool.level), tool.program, ...args, '/bin/sh', '-c', command.command],
    env: { TMPDIR: '/tmp', TEMP: undefined, TMP: undefined, XDG_RUNTIME_DIR: undefined },
    enforced,
    tellsPid: true,
    cleanUp: NOTHING_TO_DO,
  };
}

function entering(pid: number | undefined, level: Level): readonly string[] {
  if (pid === undefined) return [];
  const user = level === 'root' ? [] : ['-U', '--preserve-credentials'];
  return [NSENTER, '-t', String(pid), ...user, '-n', '--'];
}

function mountsFor(
  command: ToConfine,
  { machine, options, enforced }: Omit<Bubblewrap, 'tool'>,
): readonly Mount[] {
  const as = (kind: Mount['as'], paths: readonly string[]): readonly Mount[] =>
    paths.map((path) => ({ path, as: kind }));
  const visible = [
    ...placesHere(machine, enforced.network),
    ...options.lent,
    ...command.readable.filter((path) => path.startsWith('/')),
  ];
  const inSight = options.hidden.filter((path) => visible.some((other) => isBelow(path, other)));
  const home = machine.home === '/' ? [] : [machine.home];
  return [
    ...as('readable', visible),
    ...as('empty', ['/tmp', '/var/tmp', ...home, ...inSight, ...machine.guarded.filter(isFolder)]),
    ...as(
      'nothing',
      machine.guarded.filter((path) => !isFolder(path)),
    ),
    ...as('writable', command.writable),
  ];
}

async function seatbelt(
  command: ToConfine,
  { tool, machine, options, enforced }: World<Tool & { by: 'seatbelt' }>,
): Promise<Confined> {
  const temp = await fs.mkdtemp(join(tmpdir(), 'quartet-'));
  const real = (paths: readonly string[]) => [...new Set(paths.map((path) => realOf(path) ?? path))];
  const profile = seatbeltProfile({
    readable: real(placesHere(machine, enforced.network)),
    lent: real([...options.lent, ...command.readable.filter((path) => path.startsWith('/'))]),
    writable: real([...command.writable, temp]),
    hidden: real([...options.hidden, ...machine.guarded]),
    network: enforced.network,
  });
  return {
    argv: [tool.program, '-p', profile, '/bin/sh', '-c', command.command],
    env: { TMPDIR: temp, npm_config_cache: join(temp, 'npm'), XDG_CACHE_HOME: join(temp, 'cache') },
    enforced,
    tellsPid: false,
    cleanUp: () => fs.rm(temp, { recursive: true, force: true }),
  };
}
