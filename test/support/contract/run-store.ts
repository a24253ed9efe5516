/** What every RunStore does. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { PortError, type RunStore } from '../../../src/core/ports.ts';

/** A fresh store; `other` is the same storage as another process or window sees it. */
export interface StoreWorld {
  readonly store: RunStore;
  readonly other: RunStore;
  end(): Promise<void>;
}

const RUN = 'run-00000001-0000';
const code = (expected: string) => (error: unknown) => error instanceof PortError && error.code === expected;

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`never happened: ${what}`);
    await wait(5);
  }
}

export function runStoreContract(name: string, make: () => Promise<StoreWorld>): void {
  const check = (what: string, body: (world: StoreWorld) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const world = await make();
      try {
        await body(world);
      } finally {
        await world.end();
      }
    });
  };

  check('a run begins with its first lines and grows by whole appends', async ({ store, other }) => {
    const run = await store.create(RUN, '{"seq":0}\n');
    await run.append('{"seq":1,"text":"ünïcödé 日本"}\n');
    await run.append('{"seq":2}\n{"seq":3}\n');
    const text = '{"seq":0}\n{"seq":1,"text":"ünïcödé 日本"}\n{"seq":2}\n{"seq":3}\n';
    assert.equal(await run.read(), text);
    assert.equal(await other.read(RUN), text);
    assert.deepEqual(await other.list(), [RUN]);
    await run.close();
  });

  check('appends that are not waited for keep their order', async ({ store }) => {
    const run = await store.create(RUN, '');
    const lines = Array.from({ length: 200 }, (_, index) => `${index}\n`);
    await Promise.all(lines.map((line) => run.append(line)));
    assert.equal(await run.read(), lines.join(''));
    await run.close();
  });

  check('a run is made once', async ({ store }) => {
    const run = await store.create(RUN, 'x\n');
    await assert.rejects(store.create(RUN, 'y\n'), code('run.exists'));
    await run.close();
    await assert.rejects(store.create(RUN, 'y\n'), code('run.exists'));
    assert.equal(await store.read(RUN), 'x\n');
  });

  check('a run has one owner', async ({ store, other }) => {
    const run = await store.create(RUN, 'x\n');
    assert.equal(await other.isOwned(RUN), true);
    await assert.rejects(store.own(RUN), code('run.locked'));
    await assert.rejects(other.own(RUN), code('run.locked'));
    await run.close();
    assert.equal(await other.isOwned(RUN), false);
    const again = await other.own(RUN);
    await again.append('y\n');
    assert.equal(await store.read(RUN), 'x\ny\n');
    await again.close();
  });

  check('what is not there is said', async ({ store }) => {
    await assert.rejects(store.own(RUN), code('run.missing'));
    await assert.rejects(store.read(RUN), code('run.missing'));
    await assert.rejects(
      store.putSignal(RUN, { name: 'stop', value: null, from: 'test' }),
      code('run.missing'),
    );
    await assert.rejects(store.own('../../etc'), code('run.missing'));
    assert.equal(await store.isOwned(RUN), false);
    assert.deepEqual(await store.list(), []);
    const run = await store.create(RUN, 'x\n');
    await assert.rejects(run.readBlob('0'.repeat(64)), code('blob.missing'));
    await assert.rejects(store.readBlob(RUN, '0'.repeat(64)), code('blob.missing'));
    await run.close();
  });

  check('a torn tail is cut at a byte, and appends go on there', async ({ store }) => {
    const run = await store.create(RUN, 'whole\n');
    await run.append('torn ünï');
    await run.truncate(6);
    assert.equal(await run.read(), 'whole\n');
    await run.append('next\n');
    assert.equal(await run.read(), 'whole\nnext\n');
    await run.close();
  });

  check('a journal is read from a place on, in whole lines', async ({ store, other }) => {
    const first = '{"text":"ünï"}\n';
    const long = `${'日本'.repeat(400_000)}\n`;
    const run = await store.create(RUN, first);
    const at = Buffer.byteLength(first);
    assert.deepEqual(await other.tail(RUN, 0), { lines: first, next: at, size: at });
    assert.deepEqual(await other.tail(RUN, at), { lines: '', next: at, size: at });
    await run.append(long);
    await run.append('torn');
    const size = at + Buffer.byteLength(long) + 4;
    let text = '';
    let next = 0;
    for (let part = await run.tail(0); part.lines !== ''; part = await other.tail(RUN, next)) {
      assert.equal(part.size, size);
      text += part.lines;
      next = part.next;
    }
    assert.equal(text === first + long, true);
    assert.equal(next, size - 4);
    await run.truncate(at);
    assert.deepEqual(await other.tail(RUN, next), { lines: '', next: at, size: at });
    await run.close();
    await assert.rejects(store.tail('run-00000009-0000', 0), code('run.missing'));
  });

  check('a run may begin with blobs', async ({ store, other }) => {
    const hash = createHash('sha256').update('text').digest('hex');
    await (await store.create(RUN, 'x\ny\n', new Map([[hash, 'text']]))).close();
    assert.equal(await other.read(RUN), 'x\ny\n');
    assert.equal(await other.readBlob(RUN, hash), 'text');
  });

  check('a snapshot is replaced, and may be absent', async ({ store, other }) => {
    assert.equal(await store.readSnapshot(RUN), undefined);
    await (await store.create(RUN, 'x\n')).close();
    assert.equal(await store.readSnapshot(RUN), undefined);
    await store.writeSnapshot(RUN, 'one');
    await other.writeSnapshot(RUN, 'two');
    assert.equal(await store.readSnapshot(RUN), 'two');
  });

  check('blobs are kept by hash', async ({ store, other }) => {
    const text = 'b'.repeat(100_000) + 'ü';
    const hash = createHash('sha256').update(text).digest('hex');
    const run = await store.create(RUN, 'x\n');
    await Promise.all([run.writeBlob(hash, text), run.writeBlob(hash, text)]);
    await run.writeBlob(hash, text);
    assert.equal(await run.readBlob(hash), text);
    assert.equal(await other.readBlob(RUN, hash), text);
    await run.close();
  });

  check('runs are listed newest first', async ({ store }) => {
    for (const id of ['run-00000002-0000', 'run-00000010-0000', 'run-00000001-0000']) {
      await (await store.create(id, 'x\n')).close();
    }
    assert.deepEqual(await store.list(), ['run-00000010-0000', 'run-00000002-0000', 'run-00000001-0000']);
  });

  check(
    'signals reach the owner, those from before it came too, until they are taken',
    async ({ store, other }) => {
      await (await store.create(RUN, 'x\n')).close();
      await other.putSignal(RUN, { name: 'plan', value: { decision: 'approve' }, from: 'a' });
      const first = await store.own(RUN);
      const seen: string[] = [];
      const listening = first.onSignal((_signal, _take, id) => seen.push(id));
      await until('the waiting signal', () => seen.length === 1);
      await other.putSignal(RUN, { name: 'steer', value: 1, from: 'b' });
      await until('the later signal', () => seen.length === 2);
      listening.dispose();
      await first.close();

      const second = await store.own(RUN);
      const given: unknown[] = [];
      const ids: string[] = [];
      let taken = 0;
      const again = second.onSignal((signal, take, id) => {
        given.push(signal);
        ids.push(id);
        void take().then(() => (taken += 1));
      });
      await until('both signals again', () => taken === 2);
      assert.deepEqual(ids, seen);
      assert.deepEqual(given, [
        { name: 'plan', value: { decision: 'approve' }, from: 'a' },
        { name: 'steer', value: 1, from: 'b' },
      ]);
      again.dispose();
      const none: unknown[] = [];
      const third = second.onSignal((signal) => none.push(signal));
      await wait(60);
      assert.deepEqual(none, []);
      third.dispose();
      await second.close();
    },
  );

  check('growth is seen by watchers until they are disposed', async ({ store, other }) => {
    const run = await store.create(RUN, 'x\n');
    let calls = 0;
    const watching = other.watch(RUN, () => (calls += 1));
    await wait(60);
    await run.append('y\n');
    await until('the first growth', () => calls > 0);
    const before = calls;
    await run.append('z\n');
    await until('the second growth', () => calls > before);
    watching.dispose();
    await wait(60);
    const end = calls;
    await run.append('w\n');
    await wait(100);
    assert.equal(calls, end);
    await run.close();
  });

  check('runs that come are seen by watchers of the list', async ({ store, other }) => {
    await (await store.create('run-00000000-0000', 'x\n')).close();
    let calls = 0;
    const watching = other.watch(undefined, () => (calls += 1));
    await wait(60);
    await (await store.create(RUN, 'x\n')).close();
    await until('the new run', () => calls > 0);
    watching.dispose();
  });
}
