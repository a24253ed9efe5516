import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sharedStorage, storageOfFolder } from '../../../src/node/shared-storage.ts';

let room = '';
before(async () => {
  room = await mkdtemp(join(tmpdir(), 'quartet-shared-'));
  for (const place of ['8f3a', '8f3a-1', '-71b0', '-71b0-2', 'alone-1']) await mkdir(join(room, place));
});
after(() => rm(room, { recursive: true, force: true }));

const CASES: readonly (readonly [what: string, place: string, used: string])[] = [
  ['the first window keeps its own', '8f3a', '8f3a'],
  ['a second window uses the first one’s', '8f3a-1', '8f3a'],
  ['also where the name begins with a dash', '-71b0-2', '-71b0'],
  ['a name that begins with a dash is no second window', '-7', '-7'],
  ['a name that only looks like one keeps its own', 'alone-1', 'alone-1'],
];

for (const [what, place, used] of CASES) {
  test(what, async () => {
    assert.equal(
      await sharedStorage(join(room, place, 'quartet.quartet')),
      join(room, used, 'quartet.quartet'),
    );
  });
}

test('in a window of several folders each has a place of its own, the same in every window', async () => {
  const room = await mkdtemp(join(tmpdir(), 'quartet-folders-'));
  try {
    for (const name of ['a', 'b', 'storage/1/quartet', 'storage/1-1/quartet'])
      await mkdir(join(room, name), { recursive: true });
    const at = (window: string, folder: string) =>
      storageOfFolder(join(room, 'storage', window, 'quartet'), join(room, folder));
    assert.notEqual(await at('1', 'a'), await at('1', 'b'));
    assert.equal(await at('1-1', 'a'), await at('1', 'a'));
  } finally {
    await rm(room, { recursive: true, force: true });
  }
});
