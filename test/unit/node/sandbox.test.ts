import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bubblewrapArgs, type BubblewrapSpec, type Mount } from '../../../src/node/sandbox/bubblewrap.ts';
import { placesOf, visiblePlaces, type Machine } from '../../../src/node/sandbox/places.ts';
import { createSandbox } from '../../../src/node/sandbox/sandbox.ts';
import { seatbeltProfile } from '../../../src/node/sandbox/seatbelt.ts';
import { badgeOf, confines, type Enforced } from '../../../src/protocol/enforced.ts';
import { WHERE_HELD } from '../../support/sandbox.ts';

const spec: BubblewrapSpec = { level: 'sealed', cwd: '/copy', mounts: [], network: 'own', joinable: false };
const argsOf = (more: Partial<BubblewrapSpec>) => bubblewrapArgs({ ...spec, ...more });
const mount = (as: Mount['as'], path: string): Mount => ({ as, path });

test('bubblewrap: every command is in a world of its own, with no rights and no terminal, and dies with us', () => {
  for (const level of ['sealed', 'user', 'root'] as const)
    for (const joinable of [false, true]) {
      const args = argsOf({ level, joinable });
      const needed = [
        '--unshare-pid',
        '--unshare-ipc',
        '--unshare-net',
        '--die-with-parent',
        '--new-session',
      ];
      for (const option of needed) assert.ok(args.includes(option), `${level} ${option}`);
      assert.equal(args[args.indexOf('--cap-drop') + 1], 'ALL');
      assert.equal(args.includes('--unshare-user'), level !== 'root');
      assert.equal(args.includes('--disable-userns'), level === 'sealed' && !joinable);
      assert.equal(args.at(-1), '--');
    }
  assert.ok(!argsOf({ network: 'shared' }).includes('--unshare-net'));
});

/** Mounts as they are given, and as bubblewrap gets them. */
const ORDERS: Readonly<Record<string, readonly [readonly Mount[], readonly string[]]>> = {
  'a folder before what lies in it': [
    [mount('writable', '/s/copies/a'), mount('empty', '/s'), mount('readable', '/s/cache')],
    ['--tmpfs /s', '--ro-bind-try /s/cache /s/cache', '--bind /s/copies/a /s/copies/a'],
  ],
  'the stronger of two for one path': [
    [mount('writable', '/tmp'), mount('empty', '/tmp'), mount('readable', '/tmp')],
    ['--bind /tmp /tmp'],
  ],
  'what a wider one shows is not repeated': [
    [mount('readable', '/usr/local/bin'), mount('readable', '/usr')],
    ['--ro-bind-try /usr /usr'],
  ],
  'what a narrower one hides stays hidden': [
    [mount('nothing', '/etc/shadow'), mount('readable', '/etc'), mount('empty', '/etc/ssh')],
    ['--ro-bind-try /etc /etc', '--ro-bind /dev/null /etc/shadow', '--tmpfs /etc/ssh'],
  ],
  'what is shown in what is hidden': [
    [mount('readable', '/home/me/.nvm'), mount('readable', '/home'), mount('empty', '/home/me')],
    ['--ro-bind-try /home /home', '--tmpfs /home/me', '--ro-bind-try /home/me/.nvm /home/me/.nvm'],
  ],
  'a name that only begins alike is another folder': [
    [mount('readable', '/opt'), mount('readable', '/optional')],
    ['--ro-bind-try /opt /opt', '--ro-bind-try /optional /optional'],
  ],
};
for (const [name, [mounts, expected]] of Object.entries(ORDERS))
  test(`bubblewrap mounts ${name}`, () => {
    const args = argsOf({ mounts, level: 'user' });
    const text = args.slice(args.indexOf('/dev/shm') + 1, args.indexOf('--remount-ro')).join(' ');
    assert.equal(text, expected.join(' '));
  });

/** Folders of programs, and what of them is shown to a command. The home folder is /home/me. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  '/usr/local/bin': ['/usr/local'],
  '/opt/node/bin/': ['/opt/node'],
  '/home/me/.nvm/versions/node/v24/bin': ['/home/me/.nvm/versions/node/v24'],
  '/home/me/project/node_modules/.bin': ['/home/me/project/node_modules'],
  '/home/me/tools': ['/home/me/tools'],
  // Keys lie beside the programs.
  '/home/me/.docker/bin': ['bin', 'lib', 'lib64', 'libexec', 'include'].map(
    (name) => `/home/me/.docker/${name}`,
  ),
  // Whole homes are never shown.
  '/home/me/bin': ['/home/me/bin'],
  '/home/me': [],
  '/home/me/.': [],
  '/home': [],
  '/': [],
  'node_modules/.bin': [],
};
for (const [folder, expected] of Object.entries(PLACES))
  test(`shown of the PATH entry ${folder}`, () => {
    assert.deepEqual(placesOf(folder, '/home/me'), expected);
  });

const machine: Machine = {
  platform: 'linux',
  home: '/home/me',
  env: { PATH: '/usr/bin:/home/me/.local/bin:.:', JAVA_HOME: '/jdk', GOROOT: '/home/me', NVM_DIR: '/home' },
  programs: ['/home/me/.local/node-24/bin/node'],
  guarded: [],
};

test('visible: tools and caches, and of the home nothing else', () => {
  for (const platform of ['linux', 'darwin'] as const) {
    const places = visiblePlaces({ ...machine, platform }, 'none');
    for (const path of ['/usr', '/jdk', '/home/me/.local/node-24', '/home/me/.cargo/registry'])
      assert.ok(places.includes(path), path);
    const homes = [
      '/home/me',
      '/home',
      '/',
      '/root',
      '/home/me/.local',
      '/home/me/.cargo',
      '/home/me/.config',
    ];
    for (const path of homes) assert.ok(!places.includes(path), path);
    for (const path of places)
      assert.doesNotMatch(path, /\.(ssh|aws|gnupg|npmrc|netrc|docker|kube|mozilla)|keyring|Keychain/u);
  }
});

test('visible: with the network no cache of the person is, and names are resolved', () => {
  const places = visiblePlaces(machine, 'open');
  assert.ok(places.includes('/run/systemd/resolve'));
  assert.ok(!places.some((path) => path.includes('registry') || path.includes('_cacache')));
});

test('seatbelt: denied unless named; the last rule that fits counts', () => {
  const profile = seatbeltProfile({
    readable: ['/usr', '/a "quoted" \\ path'],
    hidden: ['/usr/storage'],
    lent: ['/usr/storage/lent'],
    writable: ['/usr/storage/copy', '/private/tmp/x'],
    network: 'none',
  });
  const lines = profile.split('\n');
  assert.deepEqual(lines.slice(0, 2), ['(version 1)', '(deny default)']);
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  const order = [
    '(subpath "/usr")',
    '(deny file-read* (subpath "/usr/storage"))',
    '"/usr/storage/lent"',
    '"/usr/storage/copy"',
  ].map(at);
  assert.ok(
    order.every((line, index) => line > (order[index - 1] ?? 0)),
    profile,
  );
  assert.match(profile, /\(subpath "\/a \\"quoted\\" \\\\ path"\)/u);
  assert.doesNotMatch(profile, /network/u);
  const writes = lines.filter((line) => line.includes('file-write*'));
  assert.deepEqual(writes, [
    '(allow file-read* file-write* (subpath "/usr/storage/copy") (subpath "/private/tmp/x"))',
    '(allow file-read* file-write* (subpath "/dev/fd"))',
  ]);
  let depth = 0;
  for (const char of profile.replace(/"(\\.|[^"\\])*"/gu, ''))
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
  assert.equal(depth, 0);
});

test('seatbelt: the network as far as it is allowed', () => {
  const of = (network: 'none' | 'loopback' | 'open') =>
    seatbeltProfile({ readable: [], hidden: [], lent: [], writable: ['/w'], network });
  assert.match(of('loopback'), /network-outbound \(remote ip "localhost:\*"\)/u);
  assert.doesNotMatch(of('loopback'), /network\*/u);
  assert.match(of('open'), /system-socket network\*/u);
});

const BADGES: readonly (readonly [Enforced, string, boolean])[] = [
  [{ by: 'bubblewrap', network: 'none' }, 'sandboxed: files, network', true],
  [{ by: 'seatbelt', network: 'loopback' }, 'sandboxed: files, network but this machine', false],
  [{ by: 'bubblewrap', network: 'open' }, 'sandboxed: files', false],
  [{ by: 'none', network: 'open', why: 'It is not installed.' }, 'not sandboxed', false],
  // What says none but reaches none has still every right on files.
  [{ by: 'none', network: 'none' }, 'not sandboxed', false],
];
test('badges say what was held, and only what holds both files and network confines', () => {
  for (const [enforced, badge, holds] of BADGES) {
    assert.equal(badgeOf(enforced), badge);
    assert.equal(confines(enforced), holds, badge);
  }
  assert.equal(confines(undefined), false);
});

const nowhere = { env: { PATH: '/nowhere', HOME: '/home/me' }, hidden: [], lent: [] };

test('switched off is said, and no command is changed', async () => {
  const sandbox = createSandbox(nowhere);
  const off = { mode: 'off', network: 'none', writable: [], readable: [] } as const;
  const confined = await sandbox.confine({ ...off, command: 'ls', cwd: '/', joinable: false });
  assert.deepEqual(confined.argv, ['/bin/sh', '-c', 'ls']);
  assert.deepEqual(confined.enforced, { by: 'none', network: 'open', why: 'The sandbox is switched off.' });
});

test('what is enforced is what the settings ask for, and no more is said', WHERE_HELD, async () => {
  const sandbox = createSandbox({ ...nowhere, env: process.env });
  const of = async (network: 'none' | 'local' | 'all') =>
    (await sandbox.enforced({ mode: 'on', network })).network;
  assert.equal(await of('none'), 'none');
  assert.equal(await of('all'), 'open');
});
