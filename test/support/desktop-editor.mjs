// Where a person's own desktop VS Code is.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

const names = ['code', 'code-insiders', 'codium'];

/** Places outside PATH where installers put it, per platform. */
function usualPlaces(platform, env, home) {
  if (platform === 'darwin') {
    return ['', home].flatMap((base) =>
      ['Visual Studio Code', 'Visual Studio Code - Insiders', 'VSCodium'].map(
        (name) =>
          `${base}/Applications/${name}.app/Contents/Resources/app/bin/${name === 'VSCodium' ? 'codium' : 'code'}`,
      ),
    );
  }
  if (platform === 'win32') {
    return [env.LOCALAPPDATA && `${env.LOCALAPPDATA}\\Programs`, env.PROGRAMFILES]
      .filter(Boolean)
      .map((base) => `${base}\\Microsoft VS Code\\bin\\code.cmd`);
  }
  return ['/usr/share/code/bin/code', '/snap/bin/code', '/usr/bin/codium'];
}

/**
 * How a launcher is started. Windows runs `code.cmd` through its shell, which takes words with blanks only in quotes.
 * @param {string} executable
 * @param {readonly string[]} args
 * @param {string} [platform]
 * @returns {{command: string, args: string[], shell: boolean}}
 */
export function launchLine(executable, args, platform = process.platform) {
  if (platform !== 'win32') return { command: executable, args: [...args], shell: false };
  const quoted = (word) => `"${word}"`;
  return { command: quoted(executable), args: args.map(quoted), shell: true };
}

/**
 * The command line launcher of a desktop VS Code, or undefined: none found, or no screen to show it on.
 * @param {object} [world] for tests
 * @param {string} [world.platform]
 * @param {Record<string, string | undefined>} [world.env]
 * @param {(path: string) => boolean} [world.exists]
 * @param {string} [world.home]
 * @returns {string | undefined}
 */
export function desktopEditor({
  platform = process.platform,
  env = process.env,
  exists = existsSync,
  home = homedir(),
} = {}) {
  const screen = platform !== 'linux' || env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  if (!screen) return undefined;
  const { join, delimiter } = platform === 'win32' ? win32 : posix;
  const suffix = platform === 'win32' ? '.cmd' : '';
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return [...onPath, ...usualPlaces(platform, env, home)].find((path) => exists(path));
}
