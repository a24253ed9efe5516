/** Where browsers that speak Chrome's protocol lie, by system. Pure but for the look at the disk. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, posix, win32 } from 'node:path';
import { PortError } from '../../core/ports.ts';

type Env = Readonly<Record<string, string | undefined>>;

const NAMES = [
  ...['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable'],
  ...['microsoft-edge', 'chrome', 'brave-browser'],
];
const APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const ON_WINDOWS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
] as const;

/** Absolute paths, best first. On Linux the PATH counts before the usual places. */
export function browserPlaces(platform: NodeJS.Platform, env: Env): readonly string[] {
  if (platform === 'darwin')
    return ['', env['HOME'] ?? ''].flatMap((base, index) =>
      index > 0 && base === ''
        ? []
        : APPS.map((app) => posix.join('/', base, 'Applications', `${app}.app`, 'Contents', 'MacOS', app)),
    );
  if (platform === 'win32')
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((base) =>
      base === undefined ? [] : ON_WINDOWS.map((parts) => win32.join(base, ...parts)),
    );
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [
    ...NAMES.flatMap((name) => folders.map((folder) => posix.join(folder, name))),
    ...['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
  ];
}

/** The browser to start. Errors: `browser.missing`. */
export function findBrowser(named: string | undefined, env: Env = process.env): string {
  if (named !== undefined) {
    if (isAbsolute(named) && isProgram(named)) return named;
    throw missing(`${named} is no program that can be started`);
  }
  const found = browserPlaces(process.platform, env).find(isProgram);
  if (found !== undefined) return found;
  throw missing('no Chrome, Chromium or Edge was found on this machine');
}

const missing = (why: string): PortError =>
  new PortError(
    'browser.missing',
    `There is no browser: ${why}. The person can name one by its absolute path (quartet.browse.browser, --browser).`,
  );

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
