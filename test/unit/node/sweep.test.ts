/** What runs left behind goes; what anybody may need, or a person owns, stays. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { draftIn } from '../../../src/node/drafts.ts';
import { takeLock } from '../../../src/node/run-lock.ts';
import { sweepLeftovers } from '../../../src/node/retention/sweep.ts';
import { draftOfTheDead } from '../../support/drafts.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const [OPEN, DONE, GONE] = ['run-000000001-aaaaaaaa', 'run-000000002-bbbbbbbb', 'run-000000003-cccccccc'];

interface Room {
  readonly storage: string;
  readonly outside: string;
  readonly log: InMemoryLog;
  put(path: string, text?: string): Promise<void>;
  sweep(more?: { dryRun?: boolean }): Promise<readonly string[]>;
  names(path: string): Promise<readonly string[]>;
  asked: number;
}

/** A storage with an unfinished and a finished run. */
function check(what: string, body: (room: Room) => Promise<void>): void {
  test(what, async () => {
    const home = await fs.mkdtemp(join(tmpdir(), 'quartet-sweep-'));
    const [storage, outside] = [join(home, 'storage'), join(home, 'outside')];
    const log = new InMemoryLog();
    const room: Room = {
      storage,
      outside,
      log,
      asked: 0,
      async put(path, text = 'text') {
        await fs.mkdir(join(storage, path, '..'), { recursive: true });
        await fs.writeFile(join(storage, path), text);
      },
      async sweep(more = {}) {
        const unfinished = async () => {
          room.asked += 1;
          return new Set([OPEN]);
        };
        const gone = await sweepLeftovers({ storage, log, unfinished, ...more });
        return gone.map(({ path }) => path.slice(storage.length + 1)).sort();
      },
      names: async (path) => (await fs.readdir(join(storage, path))).sort(),
    };
    try {
      await fs.mkdir(outside);
      await fs.writeFile(join(outside, 'mine'), 'mine');
      for (const run of [OPEN, DONE]) await room.put(`runs/${run}/journal.jsonl`);
      await body(room);
    } finally {
      await fs.rm(home, { recursive: true, force: true });
    }
  });
}

check('copies and scratch folders of runs that are over go, those of others stay', async (room) => {
  await room.put(`copies/${OPEN}-task-fix/a`);
  await room.put(`copies/${DONE}-task-fix/deep/er/a`);
  await room.put(`copies/${GONE}-integrated/a`);
  await room.put(`tmp/scratch/${OPEN}-1/a`);
  await room.put(`tmp/scratch/${DONE}-1/a`);
  await room.put(`store/0123456789abcdef.git/indexes/${DONE}-task-fix.0123456789ab`);
  await room.put(`store/0123456789abcdef.git/indexes/${OPEN}-task-fix.0123456789ab`);
  const expected = [`copies/${DONE}-task-fix`, `copies/${GONE}-integrated`, `tmp/scratch/${DONE}-1`];
  assert.deepEqual(await room.sweep({ dryRun: true }), expected);
  assert.deepEqual((await room.names('copies')).length, 3);
  assert.deepEqual(await room.sweep(), expected);
  assert.deepEqual(await room.names('copies'), [`${OPEN}-task-fix`]);
  assert.deepEqual(await room.names('tmp/scratch'), [`${OPEN}-1`]);
  assert.deepEqual(await room.names('tmp'), ['scratch']);
  assert.deepEqual(await room.names('store/0123456789abcdef.git/indexes'), [`${OPEN}-task-fix.0123456789ab`]);
  assert.deepEqual(await room.names(`runs/${DONE}`), ['journal.jsonl']);
  assert.deepEqual(await room.sweep(), []);
});

check('where nothing lies nobody is asked', async (room) => {
  assert.deepEqual(await room.sweep(), []);
  assert.equal(room.asked, 0);
});

check('what does not carry the name of a run stays', async (room) => {
  for (const name of ['mine', 'run-', 'running-late-x', 'run-1', DONE]) await room.put(`copies/${name}/a`);
  await room.put('copies/file');
  assert.deepEqual(await room.sweep(), []);
  assert.equal((await room.names('copies')).length, 6);
});

check('nothing behind a link goes, and no link is taken for a folder', async (room) => {
  await room.put(`copies/${DONE}-a/file`);
  await fs.symlink(room.outside, join(room.storage, `copies/${DONE}-a/link`));
  await fs.symlink(room.outside, join(room.storage, `copies/${DONE}-linked`));
  assert.deepEqual(await room.sweep(), [`copies/${DONE}-a`]);
  assert.deepEqual(await fs.readdir(room.outside), ['mine']);
  assert.deepEqual(await room.names('copies'), [`${DONE}-linked`]);
});

check('a copies folder that is a link itself is left alone', async (room) => {
  await fs.mkdir(join(room.outside, `${DONE}-a`));
  await fs.symlink(room.outside, join(room.storage, 'copies'));
  assert.deepEqual(await room.sweep(), []);
  assert.deepEqual((await fs.readdir(room.outside)).sort(), ['mine', `${DONE}-a`].sort());
});

check('a finished run that is owned once more keeps its folders', async (room) => {
  await room.put(`copies/${DONE}-later/a`);
  const lock = await takeLock(join(room.storage, 'runs', DONE), { lost: () => undefined });
  assert.deepEqual(await room.sweep(), []);
  await lock.release();
  assert.deepEqual(await room.sweep(), [`copies/${DONE}-later`]);
  assert.deepEqual(await room.names(`runs/${DONE}`), ['journal.jsonl']);
});

check('folders that were made read-only go too', async (room) => {
  await room.put(`copies/${DONE}-a/sealed/deep/file`);
  await fs.chmod(join(room.storage, `copies/${DONE}-a/sealed/deep`), 0o500);
  await fs.chmod(join(room.storage, `copies/${DONE}-a/sealed`), 0o500);
  assert.deepEqual(await room.sweep(), [`copies/${DONE}-a`]);
  assert.deepEqual(await room.names('tmp'), []);
});

check('what an earlier removal left goes the next time', async (room) => {
  await room.put('tmp/gone.0123456789abcdef/a');
  await room.sweep();
  assert.deepEqual(await room.names('tmp'), []);
});

check('drafts of a dead process go, those of a living one stay', async (room) => {
  const places = [draftIn('tmp', OPEN), draftIn('tmp'), draftIn('cache/lent', '.key')];
  const dead = places.map((path) => path.replace(/\.p\d+-/u, '.p2147483646-'));
  const restarted = places.map((path) => path.replace(/-[0-9a-f]{8}(?=-[0-9a-f]{12}$)/u, '-00000000'));
  for (const path of [...places, ...dead, ...restarted]) await room.put(`${path}/a`);
  await room.put(`${dead[0] ?? ''}0`);
  await room.put('tmp/draft.mine/a');
  const file = draftIn('tmp').replace(/\.p\d+-/u, '.p2147483646-');
  await room.put(file);
  await room.sweep();
  const tmp = [...places.slice(0, 2), 'tmp/draft.mine', `${dead[0] ?? ''}0`];
  assert.deepEqual(await room.names('tmp'), tmp.map((path) => basename(path)).sort());
  assert.deepEqual(await room.names('cache/lent'), [basename(places[2] ?? '')]);
});

check('drafts of another host stay for a day', async (room) => {
  const far = draftIn('tmp').replace(/-[0-9a-f]{8}-/u, '-00000000-');
  for (const [hours, left] of [
    [23, 1],
    [25, 0],
  ] as const) {
    await room.put(`${far}/a`);
    const at = new Date(Date.now() - hours * 3_600_000);
    await fs.utimes(join(room.storage, far), at, at);
    await room.sweep();
    assert.equal((await room.names('tmp')).length, left);
  }
});

check(
  'what a killed process was making goes wherever it was made; what a living one makes stays',
  async (room) => {
    const store = 'store/0123456789abcdef.git';
    const folders = ['tmp', 'apply', 'cache/lent', store, `${store}/info`, `${store}/indexes`];
    const mine: string[] = [];
    for (const folder of folders) {
      const at = basename(draftIn(folder, 'base'));
      const dead = basename(draftOfTheDead(folder, 'base'));
      mine.push(`${folder}/${at}`);
      for (const name of [at, dead, `${dead}.lock`, `${dead}.kept`]) await room.put(`${folder}/${name}`);
      await room.put(`${folder}/kept`);
    }
    await room.sweep();
    for (const [index, folder] of folders.entries())
      assert.deepEqual(
        await room.names(folder),
        [...files(folder), basename(mine[index] ?? ''), 'kept'].sort(),
        folder,
      );

    function files(folder: string): readonly string[] {
      return folder === store ? ['indexes', 'info'] : [];
    }
  },
);

check('an index goes when its working copy is not there, whosever it was', async (room) => {
  const indexes = 'store/0123456789abcdef.git/indexes';
  await room.put(`copies/${OPEN}-here/a`);
  for (const name of [`${OPEN}-here`, `${OPEN}-lost`, `${DONE}-lost`]) {
    await room.put(`${indexes}/${name}.0123456789ab`);
    await room.put(`${indexes}/${name}.0123456789ab.lock`);
  }
  await room.put(`${indexes}/base`);
  await room.sweep();
  assert.deepEqual(await room.names(indexes), [
    'base',
    `${OPEN}-here.0123456789ab`,
    `${OPEN}-here.0123456789ab.lock`,
  ]);
});
