import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { draftIn } from '../../../src/node/drafts.ts';
import { createNodeRunStore } from '../../../src/node/run-store.ts';
import { runStoreContract } from '../../support/contract/run-store.ts';
import { draftOfTheDead } from '../../support/drafts.ts';
import { InMemoryRunStore } from '../../support/in-memory/run-store.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const RUN = 'run-00000001-0000';
const code = (expected: string) => (error: unknown) => error instanceof PortError && error.code === expected;

async function world() {
  const storage = await fs.mkdtemp(join(tmpdir(), 'quartet-store-'));
  const log = new InMemoryLog();
  const make = () => createNodeRunStore({ storage, log, lock: { watch: 100 } });
  return {
    storage,
    log,
    store: make(),
    other: make(),
    folder: join(storage, 'runs', RUN),
    end: () => fs.rm(storage, { recursive: true, force: true }),
  };
}
type World = Awaited<ReturnType<typeof world>>;
const check = (what: string, body: (world: World) => Promise<void>): void => {
  test(what, async () => {
    const made = await world();
    try {
      await body(made);
    } finally {
      await made.end();
    }
  });
};

runStoreContract('node', world);
runStoreContract('in memory', async () => {
  const store = new InMemoryRunStore();
  return { store, other: store, end: async () => undefined };
});

check(
  'runs/ holds run folders only, and nothing of the making is left',
  async ({ store, storage, folder }) => {
    const run = await store.create(RUN, 'x\n');
    await assert.rejects(store.create(RUN, 'x\n'), code('run.exists'));
    assert.deepEqual(await fs.readdir(join(storage, 'runs')), [RUN]);
    assert.deepEqual(await fs.readdir(join(storage, 'tmp')), []);
    assert.deepEqual((await fs.readdir(folder)).sort(), ['blobs', 'inbox', 'journal.jsonl', 'lock']);
    await run.close();
    assert.deepEqual((await fs.readdir(folder)).sort(), ['blobs', 'inbox', 'journal.jsonl']);
  },
);

check('the lock of a process that was killed is taken over at once', async ({ store, other, storage }) => {
  const script = `
    import { createNodeRunStore } from ${JSON.stringify(new URL('../../../src/node/run-store.ts', import.meta.url).href)};
    const log = { info() {}, warn() {}, error() {} };
    const run = await createNodeRunStore({ storage: process.argv[1], log }).create('${RUN}', 'x\\n');
    await run.append('y\\n');
    process.stdout.write('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, storage], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  assert.equal(await store.isOwned(RUN), true);
  await assert.rejects(store.own(RUN), code('run.locked'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await store.isOwned(RUN), false);
  const runs = await Promise.allSettled([store.own(RUN), other.own(RUN), store.own(RUN)]);
  const won = runs.filter((one) => one.status === 'fulfilled');
  assert.equal(won.length, 1);
  assert.equal(await won[0]!.value.read(), 'x\ny\n');
  await won[0]!.value.close();
});

check('who owns a run is said, and whom it was taken from', async ({ store, folder }) => {
  const run = await store.create(RUN, 'x\n');
  assert.equal(await store.owner(RUN), run.owner);
  assert.match(run.owner, new RegExp(`^process ${process.pid} on `, 'u'));
  await run.close();
  assert.equal(await store.owner(RUN), undefined);
  const lock = join(folder, 'lock');
  await fs.writeFile(lock, JSON.stringify({ token: 't', pid: 1, host: 'elsewhere' }));
  await assert.rejects(store.own(RUN), /process 1 on elsewhere/u);
  const longAgo = new Date(Date.now() - 3_600_000);
  await fs.utimes(lock, longAgo, longAgo);
  const taken = await store.own(RUN);
  assert.match(taken.takenFrom ?? '', /^process 1 on elsewhere, .* 60 minutes$/u);
  await taken.close();
});

check('half a lock is respected while it is young', async ({ store, folder }) => {
  await (await store.create(RUN, 'x\n')).close();
  const lock = join(folder, 'lock');
  await fs.writeFile(lock, '{"tok');
  await assert.rejects(store.own(RUN), code('run.locked'));
  const before = new Date(Date.now() - 60_000);
  await fs.utimes(lock, before, before);
  await (await store.own(RUN)).close();
});

check('a damaged blob is noticed', async ({ store, folder }) => {
  const hash = createHash('sha256').update('text').digest('hex');
  const run = await store.create(RUN, 'x\n');
  await run.writeBlob(hash, 'text');
  await fs.writeFile(join(folder, 'blobs', hash), 'test');
  await assert.rejects(run.readBlob(hash), code('blob.damaged'));
  await run.close();
});

check('what is no signal is put aside and logged', async ({ store, folder, log }) => {
  const run = await store.create(RUN, 'x\n');
  await fs.writeFile(join(folder, 'inbox', 'a.json'), '{"name": 3}');
  await store.putSignal(RUN, { name: 'stop', value: null, from: 'test' });
  const seen = await new Promise((resolve) => {
    const listening = run.onSignal((signal) => {
      listening.dispose();
      resolve(signal.name);
    });
  });
  assert.equal(seen, 'stop');
  assert.match(log.lines.join('\n'), /a\.json is not a signal/u);
  assert.ok((await fs.readdir(join(folder, 'inbox'))).includes('a.json.invalid'));
  await run.close();
});

check('after closing nothing is written', async ({ store }) => {
  const run = await store.create(RUN, 'x\n');
  await run.close();
  await assert.rejects(run.append('y\n'), code('storage.failed'));
  assert.equal(await store.read(RUN), 'x\n');
});

check('storage that cannot be written is said', async ({ storage, log }) => {
  const file = join(storage, 'file');
  await fs.writeFile(file, '');
  const store = createNodeRunStore({ storage: join(file, 'below'), log });
  await assert.rejects(store.create(RUN, 'x\n'), code('storage.failed'));
});

check('an answer that nobody would read is refused, not lost', async ({ store, folder }) => {
  const run = await store.create(RUN, 'x\n');
  const value = 'x'.repeat(1024 * 1024);
  await assert.rejects(store.putSignal(RUN, { name: 'plan/1', value, from: 'test' }), code('signal.large'));
  assert.deepEqual(await fs.readdir(join(folder, 'inbox')), []);
  await run.close();
});

check(
  'whoever owns a run next clears what a killed process was making in its folder',
  async ({ store, folder }) => {
    await (await store.create(RUN, 'x\n')).close();
    const parts = [folder, join(folder, 'blobs'), join(folder, 'inbox')];
    for (const part of parts) await fs.writeFile(draftOfTheDead(part, '.snapshot.json'), 'half');
    const living = basename(draftIn(parts[2] ?? '', '.signal.json'));
    await fs.writeFile(join(folder, 'inbox', living), 'half');
    const run = await store.own(RUN);
    assert.deepEqual((await fs.readdir(folder)).sort(), ['blobs', 'inbox', 'journal.jsonl', 'lock']);
    assert.deepEqual(await fs.readdir(join(folder, 'blobs')), []);
    assert.deepEqual(await fs.readdir(join(folder, 'inbox')), [living]);
    await run.close();
  },
);
