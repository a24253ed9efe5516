/** Who owns a run, after crashes, on other hosts, and when clocks jump. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PortError } from '../../../src/core/ports.ts';
import { holder, ownName, takeLock, type LockOptions } from '../../../src/node/run-lock.ts';
import { until } from '../../support/contract/run-store.ts';

/** In milliseconds: as the real ones, but a hundred times faster. */
const TIMING = { beat: 40, silence: 1_200, watch: 160 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Room {
  readonly folder: string;
  readonly lock: string;
  readonly lost: PortError[];
  readonly options: LockOptions;
}

function check(what: string, body: (room: Room) => Promise<void>): void {
  test(what, async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'quartet-lock-'));
    const lost: PortError[] = [];
    try {
      const options = { lost: (error: PortError) => void lost.push(error), timing: TIMING };
      await body({ folder, lock: join(folder, 'lock'), lost, options });
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
}

/** A lock of a process that cannot be looked at, last touched so long ago (before now, or after). */
async function foreignLock(lock: string, agoMs: number, more: object = {}): Promise<void> {
  await fs.writeFile(lock, JSON.stringify({ token: 't', pid: 7, host: 'elsewhere', ...more }));
  await touch(lock, agoMs);
}
async function touch(lock: string, agoMs: number): Promise<void> {
  const at = new Date(Date.now() - agoMs);
  await fs.utimes(lock, at, at);
}

check('an owner is named, here and to others', async ({ folder, options }) => {
  const lock = await takeLock(folder, options);
  assert.equal(lock.takenFrom, undefined);
  assert.equal(await holder(folder), ownName());
  assert.match(ownName(), new RegExp(`^process ${process.pid} on `, 'u'));
  await assert.rejects(takeLock(folder, options), {
    code: 'run.locked',
    message: `The run is owned by ${ownName()}.`,
  });
  await lock.release();
  assert.equal(await holder(folder), undefined);
});

check('of many at once one wins', async ({ folder, lock, options }) => {
  await foreignLock(lock, DAY, { host: hostname(), pid: 4_194_304 });
  const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder, options)));
  const won = taken.filter((one) => one.status === 'fulfilled');
  assert.equal(won.length, 1);
  await won[0]?.value.release();
  assert.deepEqual(await fs.readdir(folder), []);
});

check('of many at once one wins, whenever they come', async ({ folder, lock, options }) => {
  for (let round = 0; round < 40; round += 1) {
    await foreignLock(lock, DAY, { host: hostname(), pid: 4_194_304 });
    const taken = await Promise.allSettled(
      Array.from({ length: 6 }, async (_, at) => {
        await new Promise((resolve) => setTimeout(resolve, at % 3));
        return takeLock(folder, options);
      }),
    );
    const won = taken.filter((one) => one.status === 'fulfilled');
    assert.equal(won.length, 1, `round ${round}`);
    await won[0]?.value.release();
    assert.deepEqual(await fs.readdir(folder), []);
  }
});

check(
  'what a process left that died while it removed a stale lock is in nobody’s way for long',
  async (room) => {
    const { folder, lock, options } = room;
    await foreignLock(lock, DAY, { host: hostname(), pid: 4_194_304 });
    const judged = createHash('sha256')
      .update(await fs.readFile(lock))
      .digest('hex')
      .slice(0, 12);
    const claim = `${lock}.stale-${judged}`;
    await fs.writeFile(claim, '');
    await assert.rejects(takeLock(folder, options), { code: 'run.locked' });
    await touch(claim, HOUR);
    await (await takeLock(folder, options)).release();
    assert.deepEqual(await fs.readdir(folder), []);
  },
);

check(
  'another host that was silent for long is given up, and it is said',
  async ({ folder, lock, options }) => {
    await foreignLock(lock, HOUR);
    const taken = await takeLock(folder, options);
    assert.equal(taken.takenFrom, 'process 7 on elsewhere, which gave no sign of life for 60 minutes');
    await taken.release();
  },
);

check('a dead process of this host is no news', async ({ folder, lock, options }) => {
  await foreignLock(lock, 0, { host: hostname(), pid: 4_194_304 });
  assert.equal(await holder(folder), undefined);
  const taken = await takeLock(folder, options);
  assert.equal(taken.takenFrom, undefined);
  await taken.release();
});

for (const [jump, agoMs] of [
  ['a day forwards here', DAY],
  ['an hour backwards here', -HOUR],
] as const) {
  check(
    `a living owner elsewhere is left alone when the clock jumps ${jump}`,
    async ({ folder, lock, options }) => {
      await foreignLock(lock, agoMs);
      let beats = 0;
      // It touches its lock with its own idea of the time.
      const beating = setInterval(() => void touch(lock, agoMs - (beats += 1) * TIMING.beat), TIMING.beat);
      try {
        await assert.rejects(takeLock(folder, options), { code: 'run.locked' });
      } finally {
        clearInterval(beating);
      }
    },
  );

  check(
    `a dead owner elsewhere is given up although the clock jumped ${jump}`,
    async ({ folder, lock, options }) => {
      await foreignLock(lock, agoMs);
      await (await takeLock(folder, options)).release();
    },
  );
}

check('a process with the id of the dead owner is not the owner', async ({ folder, lock, options }) => {
  await foreignLock(lock, 0, { host: hostname(), pid: process.pid, started: 'another boot/1' });
  assert.equal(await holder(folder), undefined);
  await (await takeLock(folder, options)).release();
});

check('a lock that was deleted by hand is put back', async ({ folder, lock, lost, options }) => {
  const taken = await takeLock(folder, options);
  await fs.rm(lock);
  await until('the lock', async () => (await holder(folder)) !== undefined);
  assert.deepEqual(lost, []);
  await taken.release();
  assert.deepEqual(await fs.readdir(folder), []);
});

check(
  'an owner whose lock another has is told once, and leaves that lock alone',
  async ({ folder, lock, lost, options }) => {
    const taken = await takeLock(folder, options);
    await foreignLock(lock, 0);
    await until('the loss', () => lost.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 3 * TIMING.beat));
    assert.deepEqual(
      lost.map(({ code, message }) => [code, message]),
      [['run.locked', 'The run was taken over by process 7 on elsewhere.']],
    );
    await taken.release();
    assert.equal(await holder(folder), 'process 7 on elsewhere');
  },
);

check('an owner whose folder is gone is told', async ({ folder, lost, options }) => {
  await takeLock(folder, options);
  await fs.rm(folder, { recursive: true });
  await until('the loss', () => lost.length > 0);
  assert.equal(lost[0]?.code, 'run.locked');
});
