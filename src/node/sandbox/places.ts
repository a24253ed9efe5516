/**
 * What a confined command sees of the machine. Nothing is visible that does not stand here: the system's programs and libraries, the
 * places of tools that the person put on the PATH or named in the environment, and the caches that builds need. Pure.
 */
import { basename, dirname, join } from 'node:path/posix';

/** What is asked of the disk: found once, so that the rest is a function of it. */
export interface Machine {
  readonly platform: 'linux' | 'darwin';
  /** Absolute. */
  readonly home: string;
  /** The environment that commands get. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Real paths of interpreters that may lie elsewhere than the PATH says. */
  readonly programs: readonly string[];
  /** What only the system's administrator may read, where it exists. */
  readonly guarded: readonly string[];
}

const SYSTEM = {
  linux: [
    ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/opt', '/snap'],
    ...['/nix/store', '/gnu/store', '/run/current-system', '/var/lib/ca-certificates'],
    ...['/sys/devices/system/cpu', '/sys/fs/cgroup'],
  ],
  darwin: [
    ...['/usr', '/bin', '/sbin', '/etc', '/private/etc', '/opt', '/nix/store', '/System', '/Library'],
    ...['/Applications', '/dev', '/private/var/db/timezone', '/private/var/select', '/var/select'],
  ],
} as const;

/** How names become addresses, where that does not lie in /etc. */
const RESOLVERS = ['/run/systemd/resolve', '/run/NetworkManager', '/private/var/run/resolv.conf'];

/** Places of tools below the home folder. None of them holds keys. */
const TOOLS = [
  ...['.nvm', '.volta', '.fnm', '.local/share/fnm', '.asdf', '.local/share/mise', '.pyenv', '.rbenv'],
  ...['.rustup', '.cargo/bin', '.local/bin', '.local/lib', '.local/share/uv', '.local/pipx', '.bun/bin'],
  ...['.deno/bin', '.sdkman/candidates', '.jenv', '.nodenv', '.goenv', '.dotnet', 'go/bin', 'n'],
  ...['.cache/ms-playwright', 'Library/Caches/ms-playwright', 'Library/Python', '.opam', '.ghcup/bin'],
];

/** Caches of package managers. They are read where there is no network; with it a command fills an empty one of its own. */
const CACHES = [
  ...['.npm/_cacache', '.cache/yarn', '.local/share/pnpm', 'Library/pnpm', '.bun/install/cache'],
  ...['.cache/pip', 'Library/Caches/pip', '.cache/uv', '.cargo/registry', '.cargo/git', 'go/pkg/mod'],
  ...['.m2/repository', '.gradle/caches', '.nuget/packages', '.cache/go-build', '.cache/deno'],
];

/** Variables that name the place of a tool. */
const NAMED =
  /^(NVM_DIR|VOLTA_HOME|FNM_DIR|ASDF_(DIR|DATA_DIR)|MISE_DATA_DIR|N_PREFIX|PYENV_ROOT|RBENV_ROOT|GOROOT|RUSTUP_HOME|JAVA_HOME|M2_HOME|MAVEN_HOME|ANDROID_(HOME|SDK_ROOT)|DOTNET_ROOT|PNPM_HOME|CONDA_PREFIX|VCPKG_ROOT|SDKROOT|DEVELOPER_DIR|PLAYWRIGHT_BROWSERS_PATH)$/u;

/** Folders that a confined command may read. Those that do not exist do no harm. */
export function visiblePlaces(machine: Machine, network: 'none' | 'loopback' | 'open'): readonly string[] {
  const { platform, home, env } = machine;
  const named = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && NAMED.test(name) && isPlace(value, home) ? [value] : [],
  );
  const onPath = (env['PATH'] ?? '').split(':').filter((entry) => entry.startsWith('/'));
  const places = [
    ...SYSTEM[platform],
    ...(network === 'open' ? RESOLVERS : CACHES.map((path) => join(home, path))),
    ...TOOLS.map((path) => join(home, path)),
    ...named,
    ...onPath.flatMap((folder) => placesOf(folder, home)),
    ...machine.programs.flatMap((program) => placesOf(dirname(program), home)),
  ];
  return [...new Set(places.map(tidy))].filter((path) => path !== '/');
}

/** A folder of programs, and what belongs to it: `<prefix>/bin` needs `<prefix>/lib`. */
export function placesOf(folder: string, home: string): readonly string[] {
  const path = tidy(folder);
  if (!isPlace(path, home)) return [];
  const prefix = dirname(path);
  if (basename(path) === '.bin' && basename(prefix) === 'node_modules') return [prefix];
  if (!/^(bin|sbin|shims)$/u.test(basename(path)) || !isPlace(prefix, home)) return [path];
  // What lies right in the home folder, such as ~/.docker, has keys beside its programs.
  if (dirname(prefix) !== tidy(home)) return [prefix];
  return [path, ...['lib', 'lib64', 'libexec', 'include'].map((name) => join(prefix, name))];
}

/** Neither the home folder nor one that holds it. */
function isPlace(path: string, home: string): boolean {
  const at = tidy(path);
  return at.startsWith('/') && at !== '/' && at !== tidy(home) && !isBelow(tidy(home), at);
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

const tidy = (path: string): string => join(path, '.').replace(/(?<=.)\/+$/u, '');
