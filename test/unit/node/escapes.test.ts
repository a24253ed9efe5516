/** Ways out of the sandbox, tried for real. Each states what must happen; where nothing holds commands here, all are skipped. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { ShellCommand, ShellResult } from '../../../src/core/ports.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import { WHERE_HELD } from '../../support/sandbox.ts';

const SECRET = 'the-secret-of-the-person';
const calm = new AbortController().signal;

/** A person's machine in small: a home with keys, a project, the storage of other runs, a server, a process. */
interface Room {
  readonly home: string;
  readonly workspace: string;
  readonly storage: string;
  readonly copy: string;
  readonly lent: string;
  readonly port: number;
  /** Process id of a program of the person's that does nothing. */
  readonly victim: number;
}
let room: Room;
let closeRoom: () => Promise<void> = () => Promise.resolve();

async function put(path: string, text: string): Promise<void> {
  await fs.mkdir(join(path, '..'), { recursive: true });
  await fs.writeFile(path, text);
}

before(async () => {
  // Not below a folder that a sandbox empties for everybody, or hiding it would prove nothing.
  const base = await fs
    .mkdtemp(join(WHERE_HELD.skip === false ? '/opt' : tmpdir(), 'quartet-escape-'))
    .catch(() => fs.mkdtemp(join(tmpdir(), 'quartet-escape-')));
  const [home, workspace, storage] = ['home', 'project', 'storage'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  const copy = join(storage, 'copies', 'run-1-fix');
  const lent = join(storage, 'cache', 'lent');
  const KEYS = ['.ssh/id_ed25519', '.aws/credentials', '.gnupg/key', '.config/gh/hosts.yml', '.npmrc'];
  for (const path of [
    ...KEYS,
    '.mozilla/firefox/logins.json',
    '.cargo/credentials.toml',
    '.docker/config.json',
  ])
    await put(join(home, path), SECRET);
  await fs.mkdir(join(home, '.docker/run'));
  await put(join(home, '.docker/bin/docker-tool'), '#!/bin/sh\necho tool\n');
  await fs.chmod(join(home, '.docker/bin/docker-tool'), 0o755);
  await put(join(workspace, '.env'), SECRET);
  await put(join(workspace, 'package.json'), '{}');
  await put(join(storage, 'runs/run-2/journal.jsonl'), SECRET);
  await put(join(storage, 'copies/run-2-other/file'), SECRET);
  await put(join(lent, 'key/node_modules/pkg/index.js'), 'lent');
  await put(join(copy, 'src/file'), 'mine');
  const server = createServer((socket) => socket.end(SECRET)).listen(0, '127.0.0.1');
  const unix = createServer((socket) => socket.end(SECRET)).listen(join(home, '.docker/run/docker.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  const victim = spawn('sleep', ['600'], { stdio: 'ignore', env: { ...process.env, SECRET } });
  const { port } = server.address() as { port: number };
  room = { home, workspace, storage, copy, lent, port, victim: victim.pid ?? 0 };
  closeRoom = async () => {
    server.close();
    unix.close();
    victim.kill();
    await fs.rm(base, { recursive: true, force: true });
  };
});
after(() => closeRoom());

function attempt(command: string, more: Partial<ShellCommand> = {}): Promise<ShellResult> {
  const { home, workspace, storage, copy, lent } = room;
  const shell = createNodeShell({
    environment: {
      ...process.env,
      HOME: home,
      PATH: `${join(home, '.docker/bin')}:${process.env['PATH'] ?? ''}`,
    },
    hidden: [workspace, storage],
    lent: [lent],
  });
  const confined = { mode: 'on', network: 'local', writable: [copy], readable: [] } as const;
  const limits = { timeoutMs: 20_000, outputChars: 20_000, label: 'escape' };
  return shell.run({ command, cwd: copy, confined, ...limits, ...more }, calm);
}

/** What a command must neither print nor change. `{home}` and the like stand for places of the room. */
const MUST_FAIL: Readonly<Record<string, string>> = {
  'read a private key': 'cat {home}/.ssh/id_ed25519',
  'read cloud credentials': 'cat {home}/.aws/credentials',
  'read a keyring': 'cat {home}/.gnupg/key',
  'read a token of the forge': 'cat {home}/.config/gh/hosts.yml',
  'read a token of the registry': 'cat {home}/.npmrc',
  'read a profile of a browser': 'cat {home}/.mozilla/firefox/logins.json',
  'read a token beside a tool on the PATH': 'cat {home}/.docker/config.json {home}/.cargo/credentials.toml',
  'read by another spelling': 'cat {home}/../home/./.ssh//id_ed25519',
  'read through a link it makes': 'ln -s {home}/.ssh/id_ed25519 link; cat link',
  'read through a hard link it makes': 'ln {home}/.ssh/id_ed25519 hard; cat hard',
  'read secrets of the workspace': 'cat {workspace}/.env',
  'read the journal of another run': 'cat {storage}/runs/run-2/journal.jsonl',
  'read another working copy': 'cat {storage}/copies/run-2-other/file',
  'read through the root of another process':
    'cat /proc/{victim}/root{home}/.ssh/id_ed25519 /proc/1/root{home}/.ssh/id_ed25519',
  'read the environment of another process': 'cat /proc/{victim}/environ /proc/*/environ | tr "\\0" "\\n"',
  'reach a server of this machine': 'exec 3<>/dev/tcp/127.0.0.1/{port}; cat <&3',
  'reach a server of this machine by node':
    "node -e \"require('net').connect({port}, '127.0.0.1').on('data', (d) => console.log(String(d)))\"",
  'speak to a socket in the file system':
    "node -e \"require('net').connect('{home}/.docker/run/docker.sock').on('data', (d) => console.log(String(d)))\"",
  'mount something': 'mount --bind / /tmp; cat /tmp{home}/.ssh/id_ed25519',
  'take the cover off': 'umount {home}; umount -l {workspace}; cat {home}/.ssh/id_ed25519 {workspace}/.env',
  'make another world': 'unshare -Urm sh -c "umount -l {home}; cat {home}/.ssh/id_ed25519"',
  'enter the world outside': 'nsenter -t 1 -m cat {home}/.ssh/id_ed25519',
  'read memory of the kernel or the disk':
    'cat /proc/kcore /dev/mem /dev/sda /dev/vda | head -c 100 | grep -c . && echo ' + SECRET,
};

const filled = (command: string): string =>
  command.replace(/\{(\w+)\}/gu, (_, name: string) => String(room[name as keyof Room]));

for (const [name, command] of Object.entries(MUST_FAIL))
  test(`it cannot ${name}`, WHERE_HELD, async () => {
    const result = await attempt(`bash -c ${quoted(filled(command))}`);
    assert.equal(result.enforced.by === 'none', false);
    assert.doesNotMatch(result.stdout + result.stderr.replaceAll(command, ''), new RegExp(SECRET, 'u'));
  });

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Where a command must leave everything as it is. */
const MUST_NOT_WRITE: Readonly<Record<string, string>> = {
  'the home folder': 'echo evil > {home}/.bashrc; echo evil >> {home}/.ssh/authorized_keys',
  'the workspace':
    'mkdir -p {workspace}/.vscode; echo evil > {workspace}/.vscode/settings.json; rm -rf {workspace}/package.json',
  'the journal of a run': 'echo evil > {storage}/runs/run-2/journal.jsonl; mkdir -p {storage}/runs/run-3',
  'what is lent': 'echo evil > {lent}/key/node_modules/pkg/index.js',
  'what is lent, through a link':
    'ln -s {lent}/key/node_modules node_modules; echo evil > node_modules/pkg/index.js',
  'what is lent, through a hard link': 'ln {lent}/key/node_modules/pkg/index.js hard; echo evil > hard',
  'another working copy': 'echo evil > ../run-2-other/file; touch ../run-3',
  'the real temporary folder':
    'echo evil > /tmp/quartet-escape-marker; echo evil > /var/tmp/quartet-escape-marker',
  'the system': 'touch /usr/quartet-escape-marker /etc/quartet-escape-marker /quartet-escape-marker',
  'settings of the kernel': 'echo 1 > /proc/sys/kernel/panic; echo core > /proc/sys/kernel/core_pattern',
};

/** Every file of the room but the command's own copy, with its text. */
async function picture(): Promise<Readonly<Record<string, string>>> {
  const base = join(room.home, '..');
  const entries = await fs.readdir(base, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const others = paths.filter((path) => !path.startsWith(room.copy)).sort();
  const outside = ['/tmp', '/var/tmp', '/usr', '/etc', '/'].map((folder) =>
    join(folder, 'quartet-escape-marker'),
  );
  const kernel = ['/proc/sys/kernel/panic', '/proc/sys/kernel/core_pattern'];
  const texts = [...others, ...outside, ...kernel].map(
    async (path) => [path, await fs.readFile(path, 'utf8').catch(() => 'absent')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

for (const [name, command] of Object.entries(MUST_NOT_WRITE))
  test(`it cannot change ${name}`, WHERE_HELD, async () => {
    const before = await picture();
    await attempt(filled(command));
    assert.deepEqual(await picture(), before);
  });

test('it cannot end a process that is not its own', WHERE_HELD, async () => {
  const { stdout } = await attempt(
    `kill -9 ${room.victim} -1 2>&1; ls -d /proc/[0-9]* | wc -l; echo ${process.pid}; kill -9 ${process.pid} 2>&1`,
  );
  process.kill(room.victim, 0);
  const processes = Number(stdout.split('\n').find((line) => /^\d+$/u.test(line)));
  assert.ok(processes < 10, `it sees ${processes} processes`);
});

test('a daemon that leaves its group and session dies with the command', WHERE_HELD, async () => {
  const time = `7${process.pid}`;
  const { exitCode } = await attempt(
    `setsid sh -c '(setsid sleep ${time} &) &' </dev/null >/dev/null 2>&1; sleep 0.1`,
  );
  assert.equal(exitCode, 0);
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'stat=,args=']);
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.endsWith(`sleep ${time}`)),
    [],
  );
});

test(
  'it has no rights to gain: no capability, no set-uid, no terminal to type into',
  WHERE_HELD,
  async () => {
    const { stdout } = await attempt('cat /proc/self/status; (echo x > /dev/tty) 2>&1; echo "tty:$?"');
    assert.match(stdout, /^NoNewPrivs:\t1$/mu);
    for (const kind of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
      assert.match(stdout, new RegExp(`^Cap${kind}:\\t0+$`, 'mu'));
    assert.match(stdout, /^tty:[^0]/mu);
  },
);

test('sockets of the desktop and of services are not there', WHERE_HELD, async () => {
  const places = '/run/docker.sock /var/run/docker.sock /run/dbus /run/user /tmp/.X11-unix /run/systemd';
  const { stdout } = await attempt(`ls -d ${places} 2>/dev/null; env; cat /proc/net/unix | wc -l`);
  assert.doesNotMatch(stdout, /docker\.sock|dbus|X11|XDG_RUNTIME_DIR|DISPLAY|SSH_AUTH_SOCK/u);
  assert.equal(stdout.trim().split('\n').at(-1), '1', 'no socket of another is listed');
});

test(
  'it does its work: writes its copy, reads what is lent, runs tools, serves itself',
  WHERE_HELD,
  async () => {
    const { stdout, stderr } = await attempt(
      [
        `echo mine > src/new; cat ${room.lent}/key/node_modules/pkg/index.js; echo; docker-tool`,
        `echo temp > "$TMPDIR/x" && cat "$TMPDIR/x"; mkdir -p ~/.cache/x && echo home`,
        `node -e "const s = require('net').createServer((c) => c.end('served')).listen(0, '127.0.0.1', () => require('net').connect(s.address().port).on('data', (d) => { console.log(String(d)); process.exit() }))"`,
      ].join('\n'),
    );
    assert.equal(stdout, 'lent\ntool\ntemp\nhome\nserved\n', stderr);
    assert.equal(await fs.readFile(join(room.copy, 'src/new'), 'utf8'), 'mine\n');
  },
);

test('with the network it reaches servers, and still sees no key', WHERE_HELD, async () => {
  const { copy, port, home } = room;
  const confined = { mode: 'on', network: 'all', writable: [copy], readable: [] } as const;
  const { stdout, enforced } = await attempt(
    `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3'; cat ${home}/.ssh/id_ed25519`,
    { confined },
  );
  assert.equal(stdout, SECRET);
  assert.deepEqual(enforced, { by: enforced.by, network: 'open' });
});

test('what may be read is read, and not written', WHERE_HELD, async () => {
  const { copy, workspace } = room;
  const confined = {
    mode: 'on',
    network: 'none',
    writable: [copy],
    readable: [join(workspace, 'package.json')],
  } as const;
  const { stdout } = await attempt(
    `cat ${workspace}/package.json; echo evil > ${workspace}/package.json; cat ${workspace}/.env`,
    { confined },
  );
  assert.equal(stdout, '{}');
  assert.equal(await fs.readFile(join(workspace, 'package.json'), 'utf8'), '{}');
});
