import assert from 'node:assert/strict';
import type { FileHandle } from 'node:fs/promises';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { createAppender } from '../../../src/node/appender.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A file in memory that knows what is durable, takes three bytes at a time and fails as told. */
function disk() {
  const state = {
    bytes: Buffer.alloc(0),
    durable: '',
    syncs: 0,
    failWrites: undefined as Error | undefined,
    failSyncs: undefined as Error | undefined,
    failTruncates: undefined as Error | undefined,
  };
  const handle = {
    stat: async () => ({ size: state.bytes.length }),
    write: async (bytes: Buffer, at: number, length: number, position: number) => {
      await Promise.resolve();
      const taken = Math.min(3, length);
      state.bytes = Buffer.concat([state.bytes.subarray(0, position), bytes.subarray(at, at + taken)]);
      if (state.failWrites) throw state.failWrites;
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
  return { state, appender: createAppender(handle as unknown as FileHandle, 0) };
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

test('a full disk loses no line that was durable and leaves no half line', async () => {
  const { state, appender } = disk();
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

test('lines that another process wrote are not written over', async () => {
  const { state, appender } = disk();
  await appender.append('mine\n');
  state.bytes = Buffer.concat([state.bytes, Buffer.from('theirs\n')]);
  await assert.rejects(appender.append('more\n'), { code: 'run.locked' });
  await assert.rejects(appender.append('again\n'), { code: 'run.locked' });
  assert.equal(state.bytes.toString(), 'mine\ntheirs\n');
});
