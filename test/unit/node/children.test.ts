/** What a killed process left running is found and ended; what belongs to somebody else is left alone. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChildren, type Children } from '../../../src/node/children.ts';
import { createNodePorts } from '../../../src/node/ports.ts';
import { nameOf, startByPs, thisProcess } from '../../../src/node/processes.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import { until } from '../../support/contract/run-store.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const RUN = 'run-00000001-0000';
const linux = process.platform === 'linux' ? {} : { skip: 'start times of processes are read from /proc' };
const DEAD = { pid: 4_194_304, host: hostname(), started: 'long ago' };

async function within(body: (folder: string, children: Children) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'quartet-children-'));
  try {
    await body(folder, createChildren(folder, new InMemoryLog()));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** A group of two: a shell and what it waits for. */
async function startGroup(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('/bin/sh', ['-c', 'sleep 300; true'], { detached: true, stdio: 'ignore' });
  await until('the child', () => child.pid !== undefined);
  return child as ChildProcess & { readonly pid: number };
}

const note = (folder: string, content: unknown): Promise<void> =>
  fs.writeFile(join(folder, '1-2.json'), JSON.stringify(content));
/** Whether a process is there and not merely unnoticed by its parent. */
const works = async (pid: number): Promise<boolean> => {
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) Z');
  return !/\) [ZX]/u.test(stat);
};

/** Owns a run and runs a long command with a child of its own; prints the ids of both. */
const OWNER = `
  import { createNodePorts } from ${JSON.stringify(new URL('../../../src/node/ports.ts', import.meta.url).href)};
  const [storage] = process.argv.slice(1);
  const log = { info() {}, warn() {}, error() {} };
  const ports = createNodePorts({ workspaceRoot: storage, storage, log, onOutput: (_, text) => {
    if (/^[0-9]+ [0-9]+/.test(text)) process.stdout.write(text);
  } });
  await ports.store.create('${RUN}', 'x\\n');
  const command = 'sh -c "sleep 300; true" & echo $$ $!; sleep 300; true';
  const confined = { mode: 'off', network: 'all', writable: [], readable: [] };
  await ports.shell.run({ command, confined, cwd: storage, timeoutMs: 300000, outputChars: 1000, label: 'l' }, new AbortController().signal);
`;

const alive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

test('the group that a dead process left is ended, and its note removed', linux, () =>
  within(async (folder, children) => {
    const child = await startGroup();
    await note(folder, { child: nameOf(child.pid), owner: DEAD, mark: '' });
    await children.endLeftOver();
    await until('its end', () => !alive(child));
    assert.deepEqual(await fs.readdir(folder), []);
  }),
);

/** What a shell leaves running in its group, by its id. */
async function startLeaderless(env: Record<string, string>): Promise<{ leader: number; left: number }> {
  const child = spawn('/bin/sh', ['-c', 'sleep 300 & echo $!; exit'], { detached: true, env });
  const left = Number(await new Promise((resolve) => child.stdout.on('data', resolve)));
  await until('the end of the leader', () => !alive(child));
  return { leader: child.pid ?? 0, left };
}

test('a group whose leader is gone is ended if what is left of it has the mark', linux, () =>
  within(async (folder, children) => {
    const mark = children.mark();
    const [ours, others] = [await startLeaderless(mark), await startLeaderless({})];
    for (const { leader, left } of [ours, others]) {
      const child = { ...nameOf(leader), started: 'long ago' };
      await note(folder, { child, owner: DEAD, mark: Object.values(mark)[0] });
      await children.endLeftOver();
      assert.deepEqual(await fs.readdir(folder), []);
      assert.equal(await works(left), left === others.left);
    }
    process.kill(others.left, 'SIGKILL');
  }),
);

test('what a killed owner ran is ended when its run is owned again', linux, () =>
  within(async (storage) => {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', OWNER, storage], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = String(await new Promise((resolve) => owner.stdout.on('data', resolve)))
      .trim()
      .split(' ')
      .map(Number);
    assert.equal(pids.length, 2);
    owner.kill('SIGKILL');
    await until('its end', () => !alive(owner));
    for (const pid of pids) assert.equal(await works(pid), true);
    const ports = createNodePorts({ workspaceRoot: storage, storage, log: new InMemoryLog() });
    const run = await ports.store.own(RUN);
    for (const pid of pids) assert.equal(await works(pid), false);
    assert.deepEqual(await fs.readdir(join(storage, 'children')), []);
    await run.close();
  }),
);

test('a command does not begin before it is noted, nor if its owner is gone by then', linux, () =>
  within(async (folder) => {
    const made = createChildren(folder, new InMemoryLog());
    const order: string[] = [];
    const marker = join(folder, 'began');
    const children = {
      ...made,
      note: (pid: number, mark: Record<string, string>) => {
        const end = Date.now() + 200;
        while (Date.now() < end);
        order.push(existsSync(marker) ? 'began, then noted' : 'noted');
        return made.note(pid, mark);
      },
    };
    const command = {
      command: `touch ${marker}`,
      cwd: folder,
      timeoutMs: 5_000,
      outputChars: 100,
      label: 'test',
    };
    await createNodeShell({ children }).run(command, new AbortController().signal);
    assert.deepEqual(order, ['noted']);
    assert.ok(existsSync(marker));
    await fs.rm(marker);
    const dying = {
      ...made,
      note: () => {
        throw new Error('dies before it is noted');
      },
    };
    await assert.rejects(
      createNodeShell({ children: dying }).run(command, new AbortController().signal),
      /dies/u,
    );
    assert.equal(existsSync(marker), false);
  }),
);

test('children of a process that lives, and processes that only have the id, are left alone', linux, () =>
  within(async (folder, children) => {
    const child = await startGroup();
    try {
      await note(folder, { child: nameOf(child.pid), owner: thisProcess(), mark: '' });
      await children.endLeftOver();
      assert.equal((await fs.readdir(folder)).length, 1);
      await note(folder, { child: nameOf(child.pid), owner: { ...DEAD, host: 'elsewhere' }, mark: '' });
      await children.endLeftOver();
      await note(folder, { child: { ...nameOf(child.pid), started: 'long ago' }, owner: DEAD, mark: '' });
      await children.endLeftOver();
      assert.deepEqual(await fs.readdir(folder), []);
      assert.ok(alive(child));
    } finally {
      process.kill(-child.pid, 'SIGKILL');
    }
  }),
);

test('notes that cannot be read go, and a folder that is not there is none', () =>
  within(async (folder, children) => {
    await fs.writeFile(join(folder, '1-2.json'), '{"child":');
    await children.endLeftOver();
    assert.deepEqual(await fs.readdir(folder), []);
    await createChildren(join(folder, 'none'), new InMemoryLog()).endLeftOver();
  }));

test('a note lies there as long as the child lives', () =>
  within(async (folder, children) => {
    const forget = children.note(process.pid, children.mark());
    assert.equal((await fs.readdir(folder)).length, 1);
    forget();
    assert.deepEqual(await fs.readdir(folder), []);
  }));

test('a note of another host is dropped in the end', () =>
  within(async (folder, children) => {
    const owner = { ...DEAD, host: 'elsewhere' };
    await note(folder, { child: owner, owner, mark: '' });
    await children.endLeftOver();
    assert.equal((await fs.readdir(folder)).length, 1);
    const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
    await fs.utimes(join(folder, '1-2.json'), longAgo, longAgo);
    await children.endLeftOver();
    assert.deepEqual(await fs.readdir(folder), []);
  }));

test('ps tells when a process began', { skip: process.platform === 'win32' }, () => {
  assert.match(startByPs(process.pid) ?? '', /\d+:\d+:\d+/u);
  assert.equal(startByPs(process.pid), startByPs(process.pid));
  assert.equal(startByPs(DEAD.pid), undefined);
});
