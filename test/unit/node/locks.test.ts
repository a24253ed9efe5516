/** Locks that a killed git left in a private store are in nobody's way for ever; those of a living one are waited for. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { despiteLocks } from '../../../src/node/copies/locks.ts';
import { createGitCopies } from '../../../src/node/git-copies.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

async function inRoom(body: (home: string) => Promise<void>): Promise<void> {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-locks-'));
  try {
    await body(home);
  } finally {
    await fs.rm(home, { recursive: true, force: true });
  }
}

/** Leaves a lock that is as old as a crash of an hour ago. */
async function leave(path: string): Promise<void> {
  await fs.mkdir(join(path, '..'), { recursive: true });
  await fs.writeFile(path, '');
  const then = new Date(Date.now() - 3_600_000);
  await fs.utimes(path, then, then);
}

test('a run keeps its trees although a killed git left the lock of their name, and of all names', () =>
  inRoom(async (home) => {
    const [workspace, storage] = [join(home, 'work'), join(home, 'storage')];
    await fs.mkdir(workspace);
    await fs.writeFile(join(workspace, 'file'), 'text');
    const copies = createGitCopies({ workspace, storage, log: new InMemoryLog() });
    const { tree } = await copies.takeBase(new Map());
    const [store = ''] = await fs.readdir(join(storage, 'store'));
    const refs = join(storage, 'store', store);
    await leave(join(refs, 'refs', 'quartet', 'run-1', `${tree}.lock`));
    await copies.retain('run-1', [tree]);
    await leave(join(refs, 'packed-refs.lock'));
    await copies.release('run-1');
    assert.equal(await fs.access(join(refs, 'packed-refs.lock')).then(String, () => 'gone'), 'gone');
  }));

const refusal = (path: string): PortError =>
  new PortError('git.failed', `git update-ref: fatal: Unable to create '${path}': File exists.`);

test('a lock that changes hands is not taken from anybody', () =>
  inRoom(async (home) => {
    const path = join(home, 'packed-refs.lock');
    let tries = 0;
    await despiteLocks(home, async () => {
      tries += 1;
      if (tries === 4) return;
      await fs.rm(path, { force: true });
      await fs.writeFile(`${path}.${tries}`, '');
      await fs.rename(`${path}.${tries}`, path);
      throw refusal(path);
    });
    assert.equal(tries, 4);
    await fs.access(path);
  }));

test('a lock outside the store is not ours', () =>
  inRoom(async (home) => {
    const outside = join(home, 'mine', 'index.lock');
    await leave(outside);
    const fails = () => Promise.reject(refusal(outside));
    await assert.rejects(despiteLocks(join(home, 'store'), fails), { code: 'git.failed' });
    await fs.access(outside);
  }));
