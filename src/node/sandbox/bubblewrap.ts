/** The arguments of bubblewrap (`bwrap`), which gives a command a world of its own on Linux. Pure. */
import { isBelow } from './places.ts';

/**
 * How much of bubblewrap the machine lets start. `sealed`: with a user namespace in which no more can be made. `user`: with one in
 * which they can. `root`: without; only root may.
 */
export type Level = 'sealed' | 'user' | 'root';

export interface Mount {
  readonly path: string;
  /** `nothing`: an empty file in its place. `empty`: a private folder that goes with the command. */
  readonly as: 'readable' | 'writable' | 'empty' | 'nothing';
}

export interface BubblewrapSpec {
  readonly level: Level;
  readonly cwd: string;
  readonly mounts: readonly Mount[];
  /** `shared`: that of the namespace it is started in. */
  readonly network: 'own' | 'shared';
  /** Others may enter its network later. */
  readonly joinable: boolean;
}

/** Bytes that a private folder may hold. */
const PRIVATE_BYTES_MAX = 2 * 1024 ** 3;
/** Where bubblewrap tells the process id of the command's world, in JSON. */
export const INFO_FD = 4;

/** Arguments up to the command itself. */
export function bubblewrapArgs(spec: BubblewrapSpec): readonly string[] {
  return [
    ...namespaces(spec),
    // A leaf of our process: it dies with us, has no terminal to type into, and no rights to regain.
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'sandbox'],
    ...['--info-fd', String(INFO_FD), '--proc', '/proc', ...devices(spec)],
    ...inOrder(spec.mounts).flatMap((mount) => mounted(mount, spec.level)),
    ...['--remount-ro', '/', '--chdir', spec.cwd, '--'],
  ];
}

function namespaces({ level, network, joinable }: BubblewrapSpec): readonly string[] {
  const user = level === 'root' ? [] : ['--unshare-user'];
  // Whoever enters later needs a namespace inside this one.
  const sealed = level === 'sealed' && !joinable ? ['--disable-userns'] : [];
  const rest = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'];
  return [...user, ...sealed, ...rest, ...(network === 'own' ? ['--unshare-net'] : [])];
}

/** Terminals of its own would cost a second user namespace, which nobody could enter. */
function devices({ joinable, level }: BubblewrapSpec): readonly string[] {
  const memory = mounted({ path: '/dev/shm', as: 'empty' }, level);
  if (!joinable) return ['--dev', '/dev', ...memory];
  return [
    ...['--tmpfs', '/dev', ...memory],
    ...['null', 'zero', 'full', 'random', 'urandom'].flatMap((name) => [
      '--dev-bind',
      `/dev/${name}`,
      `/dev/${name}`,
    ]),
    ...['--symlink', '/proc/self/fd', '/dev/fd'],
    ...['stdin', 'stdout', 'stderr'].flatMap((name, fd) => [
      '--symlink',
      `/proc/self/fd/${fd}`,
      `/dev/${name}`,
    ]),
  ];
}

const STRENGTH = { readable: 0, empty: 1, writable: 2, nothing: 3 } as const;

/** Folders before what lies in them; of two for one path the later in strength counts. What a wider one shows already is left out. */
function inOrder(mounts: readonly Mount[]): readonly Mount[] {
  const byPath = new Map<string, Mount>();
  for (const mount of mounts) {
    const other = byPath.get(mount.path);
    if (!other || STRENGTH[mount.as] > STRENGTH[other.as]) byPath.set(mount.path, mount);
  }
  const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.filter((mount) => mount.as !== 'readable' || nearestAbove(mount, sorted)?.as !== 'readable');
}

function nearestAbove({ path }: Mount, sorted: readonly Mount[]): Mount | undefined {
  return sorted.findLast((other) => other.path !== path && isBelow(path, other.path));
}

/** Versions that cannot seal cannot limit a private folder either. */
function mounted({ path, as }: Mount, level: Level): readonly string[] {
  switch (as) {
    case 'readable':
      return ['--ro-bind-try', path, path];
    case 'writable':
      return ['--bind', path, path];
    case 'empty':
      return [...(level === 'sealed' ? ['--size', String(PRIVATE_BYTES_MAX)] : []), '--tmpfs', path];
    case 'nothing':
      return ['--ro-bind', '/dev/null', path];
  }
}
