import assert from 'node:assert/strict';
import test from 'node:test';
import { desktopEditor, launchLine } from '../../support/desktop-editor.mjs';

interface Case {
  readonly name: string;
  readonly platform: string;
  readonly env: Record<string, string>;
  readonly there: readonly string[];
  readonly found: string | undefined;
}

const screen = { DISPLAY: ':0' };
const insidersPath = 'C:\\Programs\\bin\\code-insiders.cmd';
const windowsPath = 'C:\\Users\\a\\AppData\\Local\\Programs\\Microsoft VS Code\\bin\\code.cmd';
const macPath = '/Users/a/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';

const cases: readonly Case[] = [
  {
    name: 'first on PATH wins',
    platform: 'linux',
    env: { ...screen, PATH: '/a:/b' },
    there: ['/b/code', '/a/codium'],
    found: '/b/code',
  },
  {
    name: 'a usual place where PATH has none',
    platform: 'linux',
    env: { ...screen, PATH: '/a' },
    there: ['/snap/bin/code'],
    found: '/snap/bin/code',
  },
  {
    name: 'Linux without a screen cannot show it',
    platform: 'linux',
    env: { PATH: '/a' },
    there: ['/a/code'],
    found: undefined,
  },
  {
    name: 'Wayland is a screen',
    platform: 'linux',
    env: { WAYLAND_DISPLAY: 'wayland-0', PATH: '/a' },
    there: ['/a/code'],
    found: '/a/code',
  },
  {
    name: 'macOS, below the home folder',
    platform: 'darwin',
    env: { PATH: '/a' },
    there: [macPath],
    found: macPath,
  },
  {
    name: 'Windows, installed for one person',
    platform: 'win32',
    env: { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local', Path: 'C:\\Windows' },
    there: [windowsPath],
    found: windowsPath,
  },
  {
    name: 'Windows spells it Path and launches .cmd',
    platform: 'win32',
    env: { Path: 'C:\\Windows;C:\\Programs\\bin' },
    there: [insidersPath],
    found: insidersPath,
  },
  { name: 'nothing there', platform: 'linux', env: { ...screen, PATH: '' }, there: [], found: undefined },
];

for (const { name, platform, env, there, found } of cases) {
  test(`desktop VS Code: ${name}`, () => {
    const exists = (path: string): boolean => there.includes(path);
    assert.equal(desktopEditor({ platform, env, exists, home: '/Users/a' }), found);
  });
}

test('on Windows every word of the launcher is quoted for its shell; elsewhere none is, and there is no shell', () => {
  assert.deepEqual(launchLine(windowsPath, ['--wait', 'C:\\Users\\A B\\sample'], 'win32'), {
    command: `"${windowsPath}"`,
    args: ['"--wait"', '"C:\\Users\\A B\\sample"'],
    shell: true,
  });
  assert.deepEqual(launchLine(macPath, ['--wait', '/a b'], 'darwin'), {
    command: macPath,
    args: ['--wait', '/a b'],
    shell: false,
  });
});
