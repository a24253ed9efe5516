/** What a killed process left running is found and ended; what belongs to somebody else is left alone. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChildren, type Children } from '../../../src/node/children.ts';
import { nameOf, thisProcess } from '../../../src/node/processes.ts';
import { until } from '../../support/contract/run-store.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

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
const alive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

test('the group that a dead process left is ended, and its note removed', linux, () =>
  within(async (folder, children) => {
    const child = await startGroup();
    await note(folder, { child: nameOf(child.pid), owner: DEAD });
    await children.endLeftOver();
    await until('its end', () => !alive(child));
    assert.deepEqual(await fs.readdir(folder), []);
  }),
);

test('a group whose leader is gone is ended too', linux, () =>
  within(async (folder, children) => {
    const child = spawn('/bin/sh', ['-c', 'sleep 300 & echo $!; exit'], { detached: true });
    const left = Number(await new Promise((resolve) => child.stdout.on('data', resolve)));
    await until('the end of the leader', () => !alive(child));
    await note(folder, { child: { ...nameOf(child.pid ?? 0), started: 'long ago' }, owner: DEAD });
    await children.endLeftOver();
    await until('the end of the rest', async () => {
      const stat = await fs.readFile(`/proc/${left}/stat`, 'utf8').catch(() => 'gone) Z');
      return /\) [ZX]/u.test(stat);
    });
  }),
);

test('children of a process that lives, and processes that only have the id, are left alone', linux, () =>
  within(async (folder, children) => {
    const child = await startGroup();
    try {
      await note(folder, { child: nameOf(child.pid), owner: thisProcess() });
      await children.endLeftOver();
      assert.equal((await fs.readdir(folder)).length, 1);
      await note(folder, { child: nameOf(child.pid), owner: { ...DEAD, host: 'elsewhere' } });
      await children.endLeftOver();
      await note(folder, { child: { ...nameOf(child.pid), started: 'long ago' }, owner: DEAD });
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
    const forget = children.note(process.pid);
    assert.equal((await fs.readdir(folder)).length, 1);
    forget();
    assert.deepEqual(await fs.readdir(folder), []);
  }));
