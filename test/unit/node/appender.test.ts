import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { createAppender, openToAppend, type Appendable } from '../../../src/node/appender.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A file in memory that knows what is durable, takes three bytes at a time and fails as told. */
function disk(isSynced = false) {
  const state = {
    bytes: Buffer.alloc(0),
    durable: '',
    syncs: 0,
    failWrites: undefined as Error | undefined,
    failSyncs: undefined as Error | undefined,
    failTruncates: undefined as Error | undefined,
  };
  const handle = {
    isSynced,
    size: () => state.bytes.length,
    write: async (bytes: Buffer, at: number, length: number, position: number) => {
      await Promise.resolve();
      const taken = Math.min(3, length);
      state.bytes = Buffer.concat([state.bytes.subarray(0, position), bytes.subarray(at, at + taken)]);
      if (state.failWrites) throw state.failWrites;
      if (isSynced) state.durable = state.bytes.toString();
      return { bytesWritten: taken };
    },
    datasync: async () => {
      await new Promise(setImmediate);
      if (state.failSyncs) throw state.failSyncs;
      state.syncs += 1;
      state.durable = state.bytes.toString();
    },
    truncate: async (length: number) => {
      if (state.failTruncates) throw state.failTruncates;
      state.bytes = state.bytes.subarray(0, length);
    },
    close: async () => undefined,
  };
  return { state, appender: createAppender(handle as unknown as Appendable) };
}
const code = (expected: string) => (error: unknown) => error instanceof PortError && error.code === expected;

test('what is asked for during a sync shares the next one, and each promise means durable', async () => {
  const { state, appender } = disk();
  const done = Array.from({ length: 64 }, async (_, index) => {
    await appender.append(`line ${index}\n`);
    assert.ok(state.durable.includes(`line ${index}\n`));
  });
  await Promise.all(done);
  assert.equal(state.durable, Array.from({ length: 64 }, (_, index) => `line ${index}\n`).join(''));
  assert.ok(state.syncs <= 2, `${state.syncs} syncs`);
});

for (const isSynced of [false, true])
  test(`a full disk loses no line that was durable and leaves no half line (${isSynced ? 'synced with the write' : 'synced after it'})`, async () => {
    const { state, appender } = disk(isSynced);
    await appender.append('one\n');
    state.failWrites = failure('ENOSPC');
    await assert.rejects(appender.append('two\n'), code('storage.full'));
    assert.equal(state.bytes.toString(), 'one\n');
    state.failWrites = undefined;
    await appender.append('three\n');
    assert.equal(state.durable, 'one\nthree\n');
  });

test('after a failed sync, or a write that cannot be taken back, nothing more is written', async () => {
  for (const fault of ['sync', 'truncate'] as const) {
    const { state, appender } = disk();
    await appender.append('one\n');
    if (fault === 'sync') state.failSyncs = failure('EIO');
    else state.failWrites = state.failTruncates = failure('EIO');
    await assert.rejects(appender.append('two\n'), code('storage.failed'));
    state.failSyncs = state.failWrites = state.failTruncates = undefined;
    await assert.rejects(appender.append('three\n'), code('storage.failed'));
    assert.equal(state.durable, 'one\n');
  }
});

test('where writes are durable as they return, nothing is synced again, and a failed one may be a failed sync', async () => {
  const { state, appender } = disk(true);
  await appender.append('one\n');
  assert.deepEqual([state.durable, state.syncs], ['one\n', 0]);
  state.failWrites = failure('EIO');
  await assert.rejects(appender.append('two\n'), code('storage.failed'));
  state.failWrites = undefined;
  await assert.rejects(appender.append('three\n'), code('storage.failed'));
  assert.equal(state.durable, 'one\n');
});

test('a file that is opened to append is there, whole, and as long as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-append-'));
  try {
    const path = join(folder, 'journal.jsonl');
    await writeFile(path, 'one\n');
    const file = await openToAppend(path);
    assert.equal(file.isSynced, process.platform === 'linux');
    const appender = createAppender(file);
    await Promise.all(['two\n', 'three\n'].map((line) => appender.append(line)));
    assert.equal(file.size(), 14);
    await appender.close();
    assert.equal(await readFile(path, 'utf8'), 'one\ntwo\nthree\n');
    await assert.rejects(openToAppend(join(folder, 'none')), { code: 'ENOENT' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('lines that another process wrote are not written over', async () => {
  const { state, appender } = disk();
  await appender.append('mine\n');
  state.bytes = Buffer.concat([state.bytes, Buffer.from('theirs\n')]);
  await assert.rejects(appender.append('more\n'), { code: 'run.locked' });
  await assert.rejects(appender.append('again\n'), { code: 'run.locked' });
  assert.equal(state.bytes.toString(), 'mine\ntheirs\n');
});
