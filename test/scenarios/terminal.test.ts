/** The terminal door as programs and people use it: a built command, a real repository, a real server that plays the model. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import { doors } from '../../esbuild.js';
import { parseScript } from '../../src/core/models/script.ts';
import { EVENT_DATA, type EventType } from '../../src/protocol/events.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = parseScript(readFileSync(join(FIXTURE, 'script.json'), 'utf8'));
const GOAL = SCRIPT.goal ?? '';

let room = '';
let server: ModelServer;

before(async () => {
  room = mkdtempSync(join(tmpdir(), 'quartet-terminal-'));
  const options = { ...doors, entryPoints: { cli: 'src/cli.ts' }, outdir: join(room, 'dist') };
  await esbuild.build(options as esbuild.BuildOptions);
  server = await startModelServer({ answers: SCRIPT, key: 'sk-test-key-of-the-person-0123456789' });
});
after(async () => {
  await server.close();
  rmSync(room, { recursive: true, force: true });
});

/** A repository with the sample's bug, and what people have lying about: changes, new files, other line ends. */
function makeRepository(name: string): string {
  const folder = join(room, name);
  cpSync(join(FIXTURE, 'project'), folder, { recursive: true });
  writeFileSync(join(folder, 'windows file ü.txt'), 'one\r\ntwo\r\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'first');
  writeFileSync(join(folder, 'windows file ü.txt'), 'one\r\ntwo\r\nthree\r\n');
  writeFileSync(join(folder, 'untracked.txt'), 'mine\n');
  return folder;
}

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function quartet(
  args: readonly string[],
  options: { signalAt?: RegExp; signal?: NodeJS.Signals } = {},
): Promise<Result> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: room,
    OPENAI_API_KEY: 'sk-test-key-of-the-person-0123456789',
  };
  const child = spawn(process.execPath, [join(room, 'dist/cli.cjs'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  let sent = false;
  const look = (): void => {
    if (sent || !options.signalAt?.test(out + err)) return;
    sent = true;
    child.kill(options.signal ?? 'SIGINT');
  };
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    look();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
    look();
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      resolve({ code, out, err });
    }),
  );
}

const site = (name: string): string[] => ['--state-dir', join(room, `${name}-state`)];
const model = (): string[] => ['--base-url', server.url, '--model', 'scripted'];
const runOf = (name: string): string => readdirSync(join(room, `${name}-state/runs`))[0] ?? '';

/** Every file of a folder with its bytes, but for its modification times. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(folder, path);
    if (statSync(full).isFile()) hash.update(path).update(readFileSync(full));
  }
  return hash.digest('hex');
}

const statusOf = (folder: string): string =>
  execFileSync('git', ['-c', 'core.quotepath=false', 'status', '--porcelain'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  });

test('a goal, end to end: exit 0, the bug is mended, the tree holds exactly the change, every line is an event', async () => {
  const folder = makeRepository('whole');
  const before = { git: digestOf(join(folder, '.git')), status: statusOf(folder) };
  const asked = server.requests.length;
  const { code, out, err } = await quartet([
    'run',
    GOAL,
    '--workspace',
    folder,
    ...model(),
    ...site('whole'),
    '--approve',
    'none',
    '--apply',
    '--json',
  ]);
  assert.equal(code, 0, err);
  assert.ok(server.requests.length - asked <= 4, 'a small goal takes at most four model calls');
  assert.equal(statusOf(folder), ` M greet.js\n${before.status}`);
  assert.equal(digestOf(join(folder, '.git')), before.git);
  execFileSync(process.execPath, ['--test'], {
    cwd: folder,
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const lines = out.trimEnd().split('\n');
  assert.ok(lines.length > 20);
  for (const [index, line] of lines.entries()) {
    const event = JSON.parse(line) as { seq: number; type: EventType; data: unknown };
    assert.equal(event.seq, index + 1);
    assert.ok(EVENT_DATA[event.type].safeParse(event.data).success, line);
  }
  assert.ok(!`${out}${err}`.includes('sk-test-key'), 'the key is nowhere');
  assert.equal(readdirSync(join(room, 'whole-state/copies')).length, 0);

  const id = runOf('whole');
  const again = await quartet(['resume', id, ...site('whole'), '--json']);
  assert.deepEqual([again.code, again.out], [0, '']);
  assert.match(
    (await quartet(['runs', '--workspace', folder, ...site('whole')])).out,
    new RegExp(`${id} +finished`),
  );
  assert.match((await quartet(['show', id, ...site('whole')])).out, /greet \[coder\] done/);
  assert.equal((await quartet(['replay', id, ...site('whole')])).code, 0);
  assert.match((await quartet(['verify', id, ...site('whole')])).out, /^Whole: \d+ lines/);
  assert.equal((await quartet(['undo', id, ...site('whole')])).code, 0);
  assert.equal(statusOf(folder), before.status);
});

test('without tests it is done, never proved: exit 5', async () => {
  const folder = makeRepository('testless');
  rmSync(join(folder, 'test'), { recursive: true });
  rmSync(join(folder, 'package.json'));
  const { code, out } = await quartet([
    'run',
    GOAL,
    '--workspace',
    folder,
    ...model(),
    ...site('testless'),
    '--approve',
    'none',
    '--apply',
  ]);
  assert.equal(code, 5, out);
  assert.match(out, /not proved/i);
});

test('with nobody there it pauses at each question, is answered, and goes on: 3, 3, 0', async () => {
  const folder = makeRepository('asking');
  const start = await quartet(['run', GOAL, '--workspace', folder, ...model(), ...site('asking'), '--apply']);
  assert.equal(start.code, 3, start.err);
  const id = runOf('asking');
  assert.match(start.out, new RegExp(`quartet answer ${id} plan/1 VALUE`));
  assert.equal((await quartet(['answer', id, 'plan/1', 'approve', ...site('asking')])).code, 0);
  assert.equal((await quartet(['resume', id, ...site('asking')])).code, 3);
  assert.equal((await quartet(['answer', id, 'nothing', 'yes', ...site('asking')])).code, 2);
  assert.ok(!statusOf(folder).includes('greet.js'));
  assert.equal((await quartet(['answer', id, 'review/1', 'apply', ...site('asking')])).code, 0);
  assert.equal((await quartet(['resume', id, ...site('asking')])).code, 0);
  assert.ok(statusOf(folder).includes(' M greet.js'));
});

test('without --apply the accepted change waits: exit 0, then apply', async () => {
  const folder = makeRepository('waiting');
  const { code, out } = await quartet([
    'run',
    GOAL,
    '--workspace',
    folder,
    ...model(),
    ...site('waiting'),
    '--approve',
    'none',
  ]);
  assert.equal(code, 0);
  assert.ok(!statusOf(folder).includes('greet.js'));
  const id = runOf('waiting');
  assert.match(out, new RegExp(`quartet apply ${id}`));
  assert.equal((await quartet(['apply', id, ...site('waiting')])).code, 0);
  assert.ok(statusOf(folder).includes(' M greet.js'));
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const) {
  test(`${signal} in the middle: it goes on where it was, and asks no finished call again`, async () => {
    const name = signal.toLowerCase();
    const folder = makeRepository(name);
    const asked = server.requests.length;
    const stopped = await quartet(
      ['run', GOAL, '--workspace', folder, ...model(), ...site(name), '--approve', 'none', '--apply'],
      { signalAt: /greet: testing/, signal },
    );
    assert.equal(stopped.code, code);
    const before = server.requests.length - asked;
    const { code: end, err } = await quartet(['resume', runOf(name), ...site(name)]);
    assert.equal(end, 0, err);
    assert.ok(
      before >= 2 && server.requests.length - asked <= 5,
      `${before} before, ${server.requests.length - asked} in all`,
    );
    assert.ok(statusOf(folder).includes(' M greet.js'));
  });
}

const WRONG: readonly { name: string; args: () => string[]; code: number; says: RegExp }[] = [
  {
    name: 'no such folder',
    args: () => ['run', 'x', '--workspace', join(room, 'nowhere'), ...model()],
    code: 2,
    says: /There is no folder/,
  },
  { name: 'no such command', args: () => ['dance'], code: 2, says: /no command "dance"/ },
  {
    name: 'no such run',
    args: () => ['show', 'run-nope', ...site('whole')],
    code: 1,
    says: /no run run-nope/i,
  },
  {
    name: 'an address that is none',
    args: () => ['run', 'x', '--workspace', room, '--base-url', 'here', '--model', 'm', ...site('wrong')],
    code: 2,
    says: /--base-url takes an address/,
  },
  {
    name: 'a script that is not there',
    args: () => ['run', 'x', '--workspace', room, '--script', 'nope.json', ...site('wrong')],
    code: 2,
    says: /There is no script/,
  },
];

for (const { name, args, code, says } of WRONG) {
  test(`wrong usage: ${name}`, async () => {
    const result = await quartet(args());
    assert.equal(result.code, code, result.err);
    assert.match(result.err, says);
    assert.ok(!existsSync(join(room, 'wrong-state/runs')));
  });
}

test('a server that rejects the key pauses the run and says what to do: exit 1, resumable', async () => {
  const strict = await startModelServer({ answers: SCRIPT, key: 'another-key' });
  try {
    const folder = makeRepository('key');
    const { code, out } = await quartet([
      'run',
      GOAL,
      '--workspace',
      folder,
      '--base-url',
      strict.url,
      '--model',
      'scripted',
      ...site('key'),
      '--approve',
      'none',
    ]);
    assert.equal(code, 1);
    assert.match(out, /key/i);
    assert.match(out, /Go on with: quartet resume/);
  } finally {
    await strict.close();
  }
});
